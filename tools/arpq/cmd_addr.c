/* SPDX-License-Identifier: MIT */
/* arpq addr: changes and prints addresses of this machine, with the words of ip-address(8). */
#include "cmd_addr.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "arguments.h"
#include "cmd_if.h"
#include "device.h"
#include "json.h"
#include "link.h"
#include "number_name.h"
#include "report.h"
#include "targets.h"
#include "values.h"

/* One run of the command. */
struct address_request {
    const struct tool *t;
    struct arpq_address address;
    uint32_t flags; /* ARPQ_CHANGE_* */
    bool scope_given, valid_given, preferred_given, local_given;
    char broadcast_sign; /* '+', '-' or 0 */
    const char *text;    /* the address as given */
};

/* ---- Words ---- */

static enum status wrong_word(const char *word, const char *value, const char *wrong)
{
    report_value(word, value, wrong);
    fputs("Try 'arpq addr --help'.\n", stderr);
    return USAGE;
}

static bool parse_uint32(const char *text, uint32_t most, uint32_t *number)
{
    uint64_t value;

    if (!value_number(text, most, &value))
        return false;
    *number = (uint32_t)value;
    return true;
}

static bool find_number(const struct number_name *names, const char *text, uint32_t *number)
{
    for (; names->name; names++)
        if (strcmp(names->name, text) == 0) {
            *number = names->number;
            return true;
        }
    return false;
}

/* Parses an address; also a prefix length or a netmask, unless length is NULL. */
static bool parse_address(const char *text, struct arpq_ip *ip, uint32_t *length)
{
    char address[ARPQ_IP_STRLEN + ARPQ_IFNAME_SIZE];
    const char *slash = strchr(text, '/');
    size_t size = slash ? (size_t)(slash - text) : strlen(text);
    uint8_t bits;

    if (size >= sizeof address || (slash && !length))
        return false;
    memcpy(address, text, size);
    address[size] = '\0';
    if (arpq_ip_parse(address, ip, 0) != 0)
        return false;
    if (!slash)
        return true;
    if (value_prefix_length(slash + 1, ip->family, &bits)) {
        *length = bits;
        return true;
    }
    /* A length that is too long is for the library to refuse. */
    return !strchr(slash + 1, '.') && parse_uint32(slash + 1, UINT32_MAX, length);
}

/* "+" sets the host bits of the address, "-" clears them; as in ip(8) they do nothing where a
 * prefix has no broadcast address (/31, /32). */
static bool take_broadcast(struct address_request *r, const char *text)
{
    struct arpq_ip *to = &r->address.broadcast;

    if (strcmp(text, "+") != 0 && strcmp(text, "-") != 0)
        return parse_address(text, to, NULL);
    if (r->address.ip.family != AF_INET)
        return false;
    r->broadcast_sign = text[0];
    return true;
}

/* The prefix length may come after the word. */
static void set_broadcast(struct address_request *r)
{
    struct arpq_ip *to = &r->address.broadcast;

    if (r->broadcast_sign == 0 || r->address.prefix_length > 30)
        return;
    *to = r->address.ip;
    for (unsigned bit = r->address.prefix_length; bit < 32; bit++)
        if (r->broadcast_sign == '+')
            to->bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
        else
            to->bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
}

/* The prefix length of the peer replaces that of the address. */
static bool take_peer(struct address_request *r, const char *text)
{
    if (strchr(text, '/') != NULL && strcmp(strchr(text, '/'), "/0") == 0)
        r->flags |= ARPQ_CHANGE_PREFIX;
    return parse_address(text, &r->address.peer, &r->address.prefix_length);
}

static bool take_anycast(struct address_request *r, const char *text)
{
    return parse_address(text, &r->address.anycast, NULL);
}

static bool take_label(struct address_request *r, const char *text)
{
    /* The library refuses a label that is too long. */
    memset(r->address.label, 0, sizeof r->address.label);
    memcpy(r->address.label, text, strnlen(text, sizeof r->address.label));
    return text[0] != '\0';
}

static bool take_scope(struct address_request *r, const char *text)
{
    r->scope_given = true;
    return find_number(link_scope_names, text, &r->address.scope) ||
           parse_uint32(text, UINT8_MAX, &r->address.scope);
}

static bool take_lifetime(const char *text, uint32_t *seconds)
{
    if (strcmp(text, "forever") == 0) {
        *seconds = ARPQ_FOREVER;
        return true;
    }
    return parse_uint32(text, ARPQ_FOREVER, seconds);
}

static bool take_valid(struct address_request *r, const char *text)
{
    r->valid_given = true;
    return take_lifetime(text, &r->address.valid_s) && r->address.valid_s != 0;
}

static bool take_preferred(struct address_request *r, const char *text)
{
    r->preferred_given = true;
    return take_lifetime(text, &r->address.preferred_s);
}

static bool take_metric(struct address_request *r, const char *text)
{
    return parse_uint32(text, UINT32_MAX, &r->address.metric);
}

static bool take_protocol(struct address_request *r, const char *text)
{
    uint32_t number;

    if (!find_number(link_address_protocol_names, text, &number) &&
        !parse_uint32(text, UINT8_MAX, &number))
        return false;
    r->address.protocol = (uint8_t)number;
    return true;
}

static bool take_local(struct address_request *r, const char *text)
{
    if (r->local_given || !parse_address(text, &r->address.ip, &r->address.prefix_length))
        return false;
    if (r->address.prefix_length == 0 && strchr(text, '/') != NULL)
        r->flags |= ARPQ_CHANGE_PREFIX;
    r->local_given = true;
    r->text = text;
    return true;
}

static const struct word {
    const char *name;
    bool (*take)(struct address_request *r, const char *value);
    const char *wrong; /* what is said of a value that is not valid */
} words[] = {
    {"local", take_local, "not an IP address, or a second one"},
    {"peer", take_peer, "not an IP address or prefix"},
    {"remote", take_peer, "not an IP address or prefix"},
    {"broadcast", take_broadcast, "not an IPv4 address, + or -"},
    {"brd", take_broadcast, "not an IPv4 address, + or -"},
    {"anycast", take_anycast, "not an IP address"},
    {"label", take_label, "a label has 1 to 15 bytes"},
    {"scope", take_scope, "not global, site, link, host or a number to 255"},
    {"valid_lft", take_valid, "not a number of seconds from 1 on, or forever"},
    {"preferred_lft", take_preferred, "not a number of seconds, or forever"},
    {"metric", take_metric, "not a number"},
    {"priority", take_metric, "not a number"},
    {"proto", take_protocol, "not a protocol of addresses, nor a number to 255"},
};

/* Takes a word and its value. */
static enum status take_word(struct address_request *r, const char *name, const char *value)
{
    uint32_t ifindex;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, name) == 0) {
            if (!value)
                return report_usage("%s: needs a value", name);
            return words[i].take(r, value) ? FOUND : wrong_word(name, value, words[i].wrong);
        }
    if (arpq_name_to_index(r->t->h, name, &ifindex) == 0)
        return report_usage("'%s': an interface is named with the word dev: dev %s", name, name);
    return report_usage("'%s': no word of this command", name);
}

/* The address may stand alone, anywhere. */
static enum status take_words(struct address_request *r, int count, char **args)
{
    enum status status = FOUND;
    uint32_t flag;

    for (int i = 0; i < count && status == FOUND; i++) {
        const char *value = i + 1 < count ? args[i + 1] : NULL;

        if (strcmp(args[i], "create") == 0) {
            r->flags |= ARPQ_CHANGE_CREATE;
        } else if (find_number(link_address_flag_names, args[i], &flag)) {
            r->address.flags |= flag;
        } else if (strcmp(args[i], "dev") == 0) {
            if (!value)
                return report_usage("dev: needs the name of an interface");
            status = arguments_device(r->t, r->t->json, value, &r->address.ifindex);
            i++;
        } else if (!r->local_given && strpbrk(args[i], ".:") && !take_local(r, args[i])) {
            status = wrong_word("address", args[i], "not an IP address or prefix");
        } else if (r->text != args[i]) {
            status = take_word(r, args[i], value);
            i++;
        }
    }
    return status;
}

/* The defaults of ip(8): 127.0.0.0/8 has scope host, and the preferred lifetime equals the
 * valid lifetime. */
static enum status set_defaults(struct address_request *r)
{
    if (r->address.ifindex == 0)
        return report_usage("an interface is needed: dev NAME");
    set_broadcast(r);
    if (!r->scope_given && r->address.ip.family == AF_INET && r->address.ip.bytes[0] == 127)
        r->address.scope = ARPQ_SCOPE_HOST;
    if (!r->valid_given)
        r->address.valid_s = ARPQ_FOREVER;
    if (!r->preferred_given)
        r->address.preferred_s = r->address.valid_s;
    return FOUND;
}

/* ---- Change ---- */

static const char *address_error_message(const struct address_request *r, int code)
{
    switch (code) {
    case -EPERM:
    case -EACCES:
        return "changing addresses needs CAP_NET_ADMIN";
    case -EEXIST:
        return "the interface has this address; 'arpq addr replace' changes it";
    case -ENOENT:
        return "the interface does not have this address; 'arpq addr show' lists the addresses";
    case -ENAMETOOLONG:
        return "a label has up to 15 bytes";
    case -ERANGE:
        return r->address.preferred_s > r->address.valid_s
                   ? "an address cannot be preferred for longer than it is valid"
                   : "the prefix is longer than the address";
    case -EINVAL:
        return "the kernel refuses this address here";
    case -EOPNOTSUPP:
        return "the kernel does not support setting or changing this";
    default:
        return NULL;
    }
}

/* Prints the address as the kernel has it now; as it was given if it is gone. */
static void print_changed_address(const struct address_request *r)
{
    struct json_object *object = json_new();
    const struct arpq_address *now = &r->address;
    struct arpq_interfaces *list = NULL;
    char name[ARPQ_IFNAME_SIZE];

    if (arpq_interfaces_get(r->t->h, ARPQ_INTERFACES_READ, &list) == 0)
        for (uint32_t n = 0; n < arpq_interfaces_address_count(list); n++) {
            const struct arpq_address *a = arpq_interfaces_address_at(list, n);

            if (a->ifindex == r->address.ifindex && address_equal(&a->ip, &r->address.ip))
                now = a;
        }
    device_name(r->t, r->address.ifindex, name);
    json_number(object, "ifindex", r->address.ifindex);
    json_text(object, "ifname", name);
    link_json_address(object, now);
    json_print(object);
    arpq_interfaces_free(list);
}

typedef int change_function(struct arpq *h, const struct arpq_address *address, uint32_t flags);

static enum status change_address(change_function *change, struct address_request *r)
{
    int code = change(r->t->h, &r->address, r->flags);
    struct failure f = {"local", r->text, code, address_error_message(r, code),
                        arpq_detail(r->t->h)};

    if (code == 0 && r->t->json)
        print_changed_address(r);
    if (code == 0)
        return FOUND;
    /* -EOPNOTSUPP means NOT_FOUND for a lookup, but it is an error here. */
    return status_worst(code == -EOPNOTSUPP ? ERROR : FOUND, report_failure(r->t->json, &f));
}

static enum status run_change(struct tool *t, int count, char **args, change_function *function,
                              uint32_t flags)
{
    struct address_request r = {.t = t, .address = {.ifindex = t->ifindex}, .flags = flags};
    enum status status = take_words(&r, count, args);

    if (status == FOUND && !r.local_given)
        status = report_usage("an address is needed: IP[/LENGTH]");
    if (status == FOUND)
        status = set_defaults(&r);
    return status == FOUND ? change_address(function, &r) : status;
}

static enum status run_add(struct tool *t, int count, char **args)
{
    return run_change(t, count, args, arpq_address_add, 0);
}

static enum status run_modify(struct tool *t, int count, char **args)
{
    return run_change(t, count, args, arpq_address_modify, 0);
}

static enum status run_replace(struct tool *t, int count, char **args)
{
    return run_change(t, count, args, arpq_address_modify, ARPQ_CHANGE_CREATE);
}

static enum status run_delete(struct tool *t, int count, char **args)
{
    return run_change(t, count, args, arpq_address_remove, 0);
}

/* ---- Show and flush ---- */

/* Takes the words that select addresses: [dev] NAME, [to] PREFIX, scope SCOPE. */
struct address_filter {
    uint32_t ifindex;
    const char *dev;
    struct prefix prefix; /* family 0: all */
    uint32_t scope;
    bool scope_given;
};

static enum status take_filter(struct tool *t, int count, char **args, struct address_filter *f)
{
    enum status status = FOUND;

    *f = (struct address_filter){.ifindex = t->ifindex, .dev = t->dev};
    for (int i = 0; i < count && status == FOUND; i++) {
        const char *word = args[i], *value = i + 1 < count ? args[i + 1] : NULL;
        const bool dev = strcmp(word, "dev") == 0, to = strcmp(word, "to") == 0,
                   scope = strcmp(word, "scope") == 0;
        const char *wrong = NULL;

        if ((dev || to || scope) && !value)
            return report_usage("%s: needs a value", word);
        i += dev || to || scope;
        if (to || (!dev && !scope && strpbrk(word, "./:") && !value_prefix(word, &f->prefix))) {
            wrong = value_prefix(to ? value : word, &f->prefix);
            status = wrong ? wrong_word("to", value, wrong) : FOUND;
        } else if (scope) {
            f->scope_given = true;
            if (!find_number(link_scope_names, value, &f->scope) &&
                !parse_uint32(value, UINT8_MAX, &f->scope))
                status = wrong_word("scope", value, "not global, site, link, host or a number");
        } else {
            f->dev = dev ? value : word;
            status = arguments_device(t, false, f->dev, &f->ifindex);
        }
    }
    return status;
}

static bool is_selected(const struct tool *t, struct address_filter *f,
                        const struct arpq_address *a)
{
    const struct targets one = {.prefixes = &f->prefix, .count = 1};

    return (f->ifindex == 0 || a->ifindex == f->ifindex) &&
           (t->filter.family == 0 || a->ip.family == t->filter.family) &&
           (!f->scope_given || a->scope == f->scope) &&
           (f->prefix.ip.family == 0 || targets_contain(&one, &a->ip));
}

static void print_addresses_removed(const struct tool *t, uint32_t removed)
{
    if (!t->json) {
        printf("%u address%s removed\n", removed, removed == 1 ? "" : "es");
        return;
    }
    struct json_object *object = json_new();

    json_number(object, "removed", removed);
    json_print(object);
}

/* A secondary address may be removed by the kernel with its primary one: -ENOENT then. */
static enum status run_address_flush(struct tool *t, int count, char **args)
{
    struct arpq_interfaces *list;
    struct address_filter f;
    uint32_t removed = 0;
    enum status status = take_filter(t, count, args, &f);

    if (status != FOUND)
        return status;
    if (f.ifindex == 0 && f.prefix.ip.family == 0)
        return report_usage("addr flush needs an interface or a prefix: dev NAME, to PREFIX");
    int code = arpq_interfaces_get(t->h, ARPQ_INTERFACES_READ, &list);
    if (code != 0)
        return report_kernel(t, "cannot list addresses", code);
    for (uint32_t n = 0; n < arpq_interfaces_address_count(list); n++) {
        struct address_request r = {.t = t, .address = *arpq_interfaces_address_at(list, n)};

        if (!is_selected(t, &f, &r.address))
            continue;
        code = arpq_address_remove(t->h, &r.address, 0);
        removed += code == 0;
        if (code == 0 || code == -ENOENT)
            continue;
        char text[ARPQ_IP_STRLEN];
        const struct failure failure = {"local", address_format(&r.address.ip, text), code,
                                        address_error_message(&r, code), arpq_detail(t->h)};
        status = status_worst(status, report_failure(t->json, &failure));
        if (code == -EPERM || code == -EACCES)
            break;
    }
    if (status == FOUND || removed != 0)
        print_addresses_removed(t, removed);
    arpq_interfaces_free(list);
    return status != FOUND ? status : removed != 0 ? FOUND : NOT_FOUND;
}

/* The list of interfaces, as arpq if prints it. */
static enum status run_address_show(struct tool *t, int count, char **args)
{
    if (count > 0 && strcmp(args[0], "dev") == 0) {
        args++;
        count--;
    }
    return cmd_if.run(t, count, args);
}

/* ---- The command ---- */

static const struct verb {
    const char *name;
    command_function *run;
} verbs[] = {
    {"add", run_add},           {"change", run_modify},     {"replace", run_replace},
    {"del", run_delete},        {"delete", run_delete},     {"flush", run_address_flush},
    {"show", run_address_show}, {"list", run_address_show}, {"ls", run_address_show},
};

static enum status run_addr(struct tool *t, int count, char **args)
{
    if (count == 0)
        return run_address_show(t, 0, args);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, args[0]) == 0)
            return verbs[i].run(t, count - 1, args + 1);
    return report_usage("'%s': not add, change, replace, del, flush or show", args[0]);
}

const struct command cmd_addr = {
    .name = "addr",
    .synopsis = "add|change|replace|del IP[/LENGTH] dev NAME [WORD...]\n"
                "       arpq addr flush dev NAME [to PREFIX] [scope SCOPE]\n"
                "       arpq addr show [NAME...]",
    .summary = "Change or print the addresses of this machine",
    .help = "WORDs, as in ip-address(8): peer IP[/LENGTH], broadcast IP|+|-, anycast IP,\n"
            "label NAME, scope SCOPE, metric N, proto N, valid_lft SECONDS|forever,\n"
            "preferred_lft SECONDS|forever, nodad, optimistic, home, mngtmpaddr, noprefixroute,\n"
            "autojoin; of change: create (if the interface does not have the address).\n"
            "LENGTH may be a netmask. All but show need CAP_NET_ADMIN.\n",
    .run = run_addr,
    .most = INT_MAX,
    .takes = OPTIONS_ALWAYS | BIT(DEV) | OPTIONS_FAMILY | BIT(STATS),
    .has_words = true,
};

/* SPDX-License-Identifier: MIT */
/* arpq addr: changes and prints addresses of this machine, with the words of ip-address(8). */
#include "cmd_addr.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "address_words.h"
#include "arguments.h"
#include "cmd_if.h"
#include "device.h"
#include "json.h"
#include "link.h"
#include "output.h"
#include "report.h"
#include "targets.h"
#include "values.h"

/* ---- Change ---- */

/* Returns how much of the wanted address the other one has: 0 if it is another address. An
 * interface may have an address several times, with different prefix lengths or peers. */
static int likeness(const struct arpq_address *wanted, const struct arpq_address *a)
{
    if (a->ifindex != wanted->ifindex || !address_equal(&a->ip, &wanted->ip))
        return 0;
    if (a->prefix_length != wanted->prefix_length)
        return 1;
    return address_equal(&a->peer, &wanted->peer) ? 3 : 2;
}

/* Copies the address as the interface has it; if there is none with the prefix length and the peer
 * of the request, one that differs in these. */
static bool find_address(const struct address_request *r, struct arpq_address *found)
{
    struct arpq_interfaces *list;
    int best = 0;

    if (arpq_interfaces_get(r->t->h, ARPQ_INTERFACES_READ, &list) != 0)
        return false;
    for (uint32_t n = 0; n < arpq_interfaces_address_count(list); n++) {
        const struct arpq_address *a = arpq_interfaces_address_at(list, n);
        const int how = likeness(&r->address, a);

        if (how > best) {
            *found = *a;
            best = how;
        }
    }
    arpq_interfaces_free(list);
    return best != 0;
}

/* Returns the word whose value the kernel does not take for any address of the family, or NULL. */
static const char *refused_word(const struct arpq_address *wanted)
{
    const bool v6 = wanted->ip.family == AF_INET6;
    const uint32_t only_v6 = ARPQ_ADDRESS_NO_DAD | ARPQ_ADDRESS_OPTIMISTIC | ARPQ_ADDRESS_HOME |
                             ARPQ_ADDRESS_MANAGE_TEMP;

    if (wanted->anycast.family != 0)
        return "anycast";
    if (v6 && wanted->label[0] != '\0')
        return "label";
    if (v6 && wanted->broadcast.family != 0)
        return "broadcast";
    if (v6)
        return wanted->scope != 0 ? "scope" : NULL;
    for (const struct number_name *f = link_address_flag_names; f->name; f++)
        if (wanted->flags & only_v6 & f->number)
            return f->name;
    return NULL;
}

/* Returns the word that would change what the kernel keeps for the life of an address, or NULL. */
static const char *unchangeable_word(const struct arpq_address *now,
                                     const struct arpq_address *wanted)
{
    if (now->ip.family == AF_INET6)
        return NULL;
    if (wanted->label[0] != '\0' && strcmp(now->label, wanted->label) != 0)
        return "label";
    if (wanted->broadcast.family != 0 && !address_equal(&now->broadcast, &wanted->broadcast))
        return "broadcast";
    if (wanted->scope != 0 && now->scope != wanted->scope)
        return "scope";
    for (const struct number_name *f = link_address_flag_names; f->name; f++)
        if (wanted->flags & ~now->flags & f->number)
            return f->name;
    return wanted->protocol != now->protocol ? "proto" : NULL;
}

/* Returns text, with the word that the kernel does not take. */
static const char *explain_unsupported(const struct address_request *r, char *text, size_t size)
{
    struct arpq_address now;
    const char *word = refused_word(&r->address);

    if (word) {
        snprintf(text, size, "the kernel does not support the word %s for an IPv%c address", word,
                 r->address.ip.family == AF_INET ? '4' : '6');
        return text;
    }
    if (find_address(r, &now))
        word = unchangeable_word(&now, &r->address);
    if (!word)
        return "the kernel does not support setting or changing this";
    snprintf(text, size,
             "the kernel cannot change the %s of an address; 'arpq addr del' and 'arpq addr add' "
             "do",
             word);
    return text;
}

static const char *address_error_message(int code)
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
        return "an address cannot be preferred for longer than it is valid";
    case -EINVAL:
        return "the kernel refuses this address here";
    default:
        return NULL;
    }
}

static void print_address(const struct tool *t, const struct arpq_address *a)
{
    struct json_object *object = json_new();
    char name[ARPQ_IFNAME_SIZE];

    device_name(t, a->ifindex, name);
    json_number(object, "ifindex", a->ifindex);
    json_text(object, "ifname", name);
    link_json_address(object, a);
    json_print(object);
}

/* Prints the address as the kernel has it now. If the kernel does not have it, prints the address
 * as the user gave it. */
static void print_changed_address(const struct address_request *r)
{
    struct arpq_address now;

    print_address(r->t, find_address(r, &now) ? &now : &r->address);
}

typedef int change_function(struct arpq_handle *h, const struct arpq_address *address,
                            uint32_t flags);

/* -EOPNOTSUPP means NOT_FOUND for a lookup, but it is an error here. */
static enum status report_change(const struct address_request *r, int code)
{
    char text[120];
    struct failure f = {"local", r->text, code, address_error_message(code), arpq_detail(r->t->h)};

    if (code == -EOPNOTSUPP)
        f.message = explain_unsupported(r, text, sizeof text);
    return status_worst(code == -EOPNOTSUPP ? ERROR : FOUND, report_failure(r->t->json, &f));
}

static enum status change_address(change_function *change, struct address_request *r)
{
    int code = change(r->t->h, &r->address, r->flags);

    if (code == 0 && r->t->json)
        print_changed_address(r);
    return code == 0 ? FOUND : report_change(r, code);
}

static enum status run_change(struct tool *t, int count, char **args, change_function *function,
                              uint32_t flags)
{
    struct address_request r = {.t = t, .address = {.ifindex = t->ifindex}, .flags = flags};
    const enum status status = address_words_take(&r, count, args);

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
    return run_change(t, count, args, arpq_address_modify, ARPQ_ADDRESS_EDIT_CREATE);
}

/* Writes the address as the interface has it if only the prefix length differs, else "". */
static void find_other_length(const struct address_request *r, char *text, size_t size)
{
    char ip[ARPQ_IP_STRLEN];
    struct arpq_address now;

    text[0] = '\0';
    if (find_address(r, &now) && now.prefix_length != r->address.prefix_length)
        snprintf(text, size, "the interface has it as %s/%u", address_format(&now.ip, ip),
                 now.prefix_length);
}

/* JSON output shows the address as it was before its removal, as that of arpq del does. */
static enum status run_delete(struct tool *t, int count, char **args)
{
    struct address_request r = {.t = t, .address = {.ifindex = t->ifindex}};
    enum status status = address_words_take(&r, count, args);
    char text[ARPQ_IP_STRLEN + 40];
    struct arpq_address before;

    if (status != FOUND)
        return status;
    if (!t->json || !find_address(&r, &before))
        before = r.address;
    int code = arpq_address_remove(t->h, &r.address, r.flags);
    if (code == 0 && t->json)
        print_address(t, &before);
    if (code == 0)
        return FOUND;
    if (code == -ENOENT) {
        find_other_length(&r, text, sizeof text);
        const struct failure f = {"local", r.text, code, text, ""};

        if (text[0] != '\0')
            return report_failure(t->json, &f);
    }
    return report_change(&r, code);
}

/* ---- Show and flush ---- */

/* Takes the words that select addresses: dev NAME, [to] PREFIX, scope SCOPE. */
struct address_filter {
    uint32_t ifindex;
    struct prefix prefix; /* family 0: all */
    uint32_t scope;
    bool scope_given;
};

static enum status take_filter(struct tool *t, int count, char **args, struct address_filter *f)
{
    enum status status = FOUND;

    *f = (struct address_filter){.ifindex = t->ifindex};
    for (int i = 0; i < count && status == FOUND; i++) {
        const char *word = args[i], *value = i + 1 < count ? args[i + 1] : NULL;
        const bool dev = strcmp(word, "dev") == 0, to = strcmp(word, "to") == 0,
                   scope = strcmp(word, "scope") == 0;
        const char *wrong = NULL;

        if ((dev || to || scope) && !value)
            return report_usage("%s: needs an argument, %s", word,
                                dev  ? "NAME"
                                : to ? "PREFIX"
                                     : "SCOPE");
        i += dev || to || scope;
        if (to || (!dev && !scope && strpbrk(word, "./:") && !value_prefix(word, &f->prefix))) {
            wrong = value_prefix(to ? value : word, &f->prefix);
            status = wrong ? address_words_error("to", value, wrong) : FOUND;
        } else if (scope) {
            f->scope_given = true;
            if (!link_scope_value(value, &f->scope) &&
                !address_words_number(value, UINT8_MAX, &f->scope))
                status =
                    address_words_error("scope", value, "not global, site, link, host or a number");
        } else if (!dev) { /* a stray word must not remove all addresses of an interface */
            status = address_words_unknown(t, word);
        } else if (f->ifindex != 0) {
            status = address_words_error("dev", value, "the interface is given twice");
        } else {
            status = arguments_device(t, false, value, &f->ifindex);
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

/* -ENOENT is not an error: the kernel may remove a secondary address together with its primary
 * one. */
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
        r.text = address_format(&r.address.ip, text);
        status = status_worst(status, report_change(&r, code));
        if (code == -EPERM || code == -EACCES)
            break;
    }
    if (status == FOUND || removed != 0)
        output_removed(t, removed, "address", "addresses");
    arpq_interfaces_free(list);
    return status != FOUND ? status : removed != 0 ? FOUND : NOT_FOUND;
}

/* Prints the list of interfaces, as "arpq if" does. */
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
    for (size_t i = 0; i < LENGTH(verbs); i++)
        if (strcmp(verbs[i].name, args[0]) == 0)
            return verbs[i].run(t, count - 1, args + 1);
    return report_usage("'%s': not add, change, replace, del, flush or show", args[0]);
}

const struct command cmd_addr = {
    .name = "addr",
    .synopsis = "add|change|replace|del IP[/LENGTH] dev NAME [WORD...]\n"
                "       arpq addr flush [dev NAME] [to PREFIX] [scope SCOPE]\n"
                "       arpq addr show [up | NAME...]",
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

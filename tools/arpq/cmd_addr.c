/* SPDX-License-Identifier: MIT */
/* arpq addr add|change|del: changes addresses of this machine, with the words of ip-address(8). */
#include "cmd_addr.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "escape.h"
#include "link.h"
#include "number_name.h"
#include "report.h"
#include "usage.h"
#include "values.h"

/* One run of the command. */
struct address_request {
    const struct tool *t;
    struct arpq_address address;
    uint32_t flags; /* ARPQ_CHANGE_* */
    bool scope_given, valid_given, preferred_given;
};

/* ---- Words ---- */

static enum status wrong_word(const char *word, const char *value)
{
    char *safe = escape_text(value, false);

    fprintf(stderr, "arpq: %s: '%s' makes no sense there\n", word, safe);
    free(safe);
    return usage_error(NULL);
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

/* Parses an address; also a prefix length, unless length is NULL. */
static bool parse_address(const char *text, struct arpq_ip *ip, uint32_t *length)
{
    char address[ARPQ_IP_STRLEN + ARPQ_IFNAME_SIZE];
    const char *slash = strchr(text, '/');
    size_t size = slash ? (size_t)(slash - text) : strlen(text);

    if (size >= sizeof address || (slash && !length))
        return false;
    memcpy(address, text, size);
    address[size] = '\0';
    if (slash && !parse_uint32(slash + 1, UINT32_MAX, length))
        return false;
    return arpq_ip_parse(address, ip, 0) == 0;
}

/* "+" sets the host bits of the address, "-" clears them. */
static bool parse_broadcast(struct address_request *r, const char *text)
{
    struct arpq_ip *to = &r->address.broadcast;

    if (strcmp(text, "+") != 0 && strcmp(text, "-") != 0)
        return parse_address(text, to, NULL);
    *to = r->address.ip;
    for (unsigned bit = r->address.prefix_length; bit < 32 && to->family == AF_INET; bit++)
        if (text[0] == '+')
            to->bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
        else
            to->bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
    return to->family == AF_INET && r->address.prefix_length < 31;
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

static const struct word {
    const char *name;
    bool (*take)(struct address_request *r, const char *value);
} words[] = {
    {"peer", take_peer},       {"broadcast", parse_broadcast},
    {"brd", parse_broadcast},  {"anycast", take_anycast},
    {"label", take_label},     {"scope", take_scope},
    {"valid_lft", take_valid}, {"preferred_lft", take_preferred},
    {"metric", take_metric},   {"proto", take_protocol},
};

static enum status take_word(struct address_request *r, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, name) == 0) {
            if (!value)
                return wrong_word(name, "");
            return words[i].take(r, value) ? FOUND : wrong_word(name, value);
        }
    return wrong_word("addr", name);
}

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
        } else if (strcmp(args[i], "dev") == 0 && value) {
            status = arguments_device(r->t, r->t->json, value, &r->address.ifindex);
            i++;
        } else {
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
        return usage_error("addr needs an interface: dev NAME");
    if (!r->scope_given && r->address.ip.family == AF_INET && r->address.ip.bytes[0] == 127)
        r->address.scope = ARPQ_SCOPE_HOST;
    if (!r->valid_given)
        r->address.valid_s = ARPQ_FOREVER;
    if (!r->preferred_given)
        r->address.preferred_s = r->address.valid_s;
    return FOUND;
}

/* ---- Command ---- */

static const struct verb {
    const char *name;
    int (*change)(struct arpq *h, const struct arpq_address *address, uint32_t flags);
} verbs[] = {
    {"add", arpq_address_add},
    {"change", arpq_address_modify},
    {"del", arpq_address_remove},
};

static const char *address_error_message(const struct address_request *r, int code)
{
    switch (code) {
    case -EEXIST:
        return "the interface has this address";
    case -ENOENT:
        return "the interface does not have this address";
    case -ENAMETOOLONG:
        return "a label has up to 15 characters";
    case -ERANGE:
        return r->address.preferred_s > r->address.valid_s
                   ? "it cannot be preferred for longer than it is valid"
                   : "the prefix is longer than the address";
    case -EOPNOTSUPP:
        return "the kernel does not let that be set, or changed";
    default:
        return NULL;
    }
}

static enum status change_address(const struct verb *verb, struct address_request *r,
                                  const char *text)
{
    int code = verb->change(r->t->h, &r->address, r->flags);
    struct failure f = {"local", text, code, address_error_message(r, code), arpq_detail(r->t->h)};

    if (code == 0)
        return FOUND;
    /* -EOPNOTSUPP means NOT_FOUND for a lookup, but it is an error here. */
    return status_worst(code == -EOPNOTSUPP ? ERROR : FOUND, report_failure(r->t->json, &f));
}

enum status cmd_addr(const struct tool *t, int count, char **args)
{
    struct address_request r = {.t = t, .address = {.ifindex = t->ifindex}};
    const struct verb *verb = verbs, *end = verbs + sizeof verbs / sizeof verbs[0];
    enum status status;

    while (verb < end && (count == 0 || strcmp(verb->name, args[0]) != 0))
        verb++;
    if (verb == end || count < 2)
        return usage_error("addr takes add, change or del, and an address");
    if (!parse_address(args[1], &r.address.ip, &r.address.prefix_length))
        return wrong_word(verb->name, args[1]);
    if (r.address.prefix_length == 0 && strchr(args[1], '/') != NULL)
        r.flags |= ARPQ_CHANGE_PREFIX;
    status = take_words(&r, count - 2, args + 2);
    if (status == FOUND)
        status = set_defaults(&r);
    return status == FOUND ? change_address(verb, &r, args[1]) : status;
}

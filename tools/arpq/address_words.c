/* SPDX-License-Identifier: MIT */
#include "address_words.h"

#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "link.h"
#include "report.h"
#include "values.h"

enum status address_words_error(const char *word, const char *value, const char *wrong)
{
    report_value(word, value, wrong);
    fputs("Try 'arpq addr --help'.\n", stderr);
    return USAGE;
}

bool address_words_number(const char *text, uint32_t most, uint32_t *number)
{
    uint64_t value;

    if (!value_number(text, most, &value))
        return false;
    *number = (uint32_t)value;
    return true;
}

bool address_words_find(const struct number_name *names, const char *text, uint32_t *number)
{
    for (; names->name; names++)
        if (strcmp(names->name, text) == 0) {
            *number = names->number;
            return true;
        }
    return false;
}

/* Parses an address. If length is not NULL, also accepts a prefix length or a netmask after a
 * slash. Sets *length only if there is a slash. */
static bool parse_address(const char *text, struct arpq_ip *ip, uint32_t *length)
{
    if (!strchr(text, '/'))
        return arpq_ip_parse(text, ip, 0) == 0;
    return length && arpq_prefix_parse(text, ip, length, 0) == 0;
}

static enum status report_local(const char *text)
{
    struct prefix prefix;
    const char *wrong = value_prefix(text, &prefix);

    return address_words_error("address", text, wrong ? wrong : "not an IP address or prefix");
}

/* "+" sets the host bits of the address, "-" clears them. As in ip(8), both do nothing if the
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

/* Runs after all words are parsed, because the prefix length may come after the word broadcast. */
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

/* The prefix length of the peer replaces the prefix length of the address. */
static bool take_peer(struct address_request *r, const char *text)
{
    if (strchr(text, '/') != NULL && strcmp(strchr(text, '/'), "/0") == 0)
        r->flags |= ARPQ_ADDRESS_EDIT_PREFIX;
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
    return link_scope_value(text, &r->address.scope) ||
           address_words_number(text, UINT8_MAX, &r->address.scope);
}

static bool take_lifetime(const char *text, uint32_t *seconds)
{
    if (strcmp(text, "forever") == 0) {
        *seconds = ARPQ_FOREVER;
        return true;
    }
    return address_words_number(text, ARPQ_FOREVER, seconds);
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
    return address_words_number(text, UINT32_MAX, &r->address.metric);
}

static bool take_protocol(struct address_request *r, const char *text)
{
    uint32_t number;

    if (arpq_value(ARPQ_NAMES_ADDRESS_PROTOCOL, text, &number) != 0 &&
        !address_words_number(text, UINT8_MAX, &number))
        return false;
    r->address.protocol = (uint8_t)number;
    return true;
}

static bool take_local(struct address_request *r, const char *text)
{
    if (r->local_given || !parse_address(text, &r->address.ip, &r->address.prefix_length))
        return false;
    if (r->address.prefix_length == 0 && strchr(text, '/') != NULL)
        r->flags |= ARPQ_ADDRESS_EDIT_PREFIX;
    r->local_given = true;
    r->text = text;
    return true;
}

static const struct word {
    const char *name;
    bool (*take)(struct address_request *r, const char *value);
    const char *wrong; /* the error message for a value that is not valid */
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

enum status address_words_unknown(const struct tool *t, const char *word)
{
    uint32_t ifindex;

    if (arpq_interface_index(t->h, word, &ifindex) == 0)
        return report_usage("'%s': an interface is named with the word dev: dev %s", word, word);
    return report_usage("'%s': no word of this command", word);
}

/* Takes a word and its value. */
static enum status take_word(struct address_request *r, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, name) == 0) {
            if (!value)
                return report_usage("%s: needs a value", name);
            return words[i].take(r, value) ? FOUND
                                           : address_words_error(name, value, words[i].wrong);
        }
    return address_words_unknown(r->t, name);
}

/* The address may be anywhere among the words, and the word local before it is optional. */
static enum status take_address_words(struct address_request *r, int count, char **args)
{
    enum status status = FOUND;
    uint32_t flag;

    for (int i = 0; i < count && status == FOUND; i++) {
        const char *value = i + 1 < count ? args[i + 1] : NULL;

        if (strcmp(args[i], "create") == 0) {
            r->flags |= ARPQ_ADDRESS_EDIT_CREATE;
        } else if (address_words_find(link_address_flag_names, args[i], &flag)) {
            r->address.flags |= flag;
        } else if (strcmp(args[i], "dev") == 0) {
            if (!value)
                return report_usage("dev: needs an argument, NAME");
            if (r->address.ifindex != 0)
                return address_words_error("dev", value, "the interface is given twice");
            status = arguments_device(r->t, r->t->json, value, &r->address.ifindex);
            i++;
        } else if (!r->local_given && strpbrk(args[i], ".:") && !take_local(r, args[i])) {
            status = report_local(args[i]);
        } else if (r->text != args[i]) {
            status = take_word(r, args[i], value);
            i++;
        }
    }
    return status;
}

/* Sets the defaults of ip(8): an address in 127.0.0.0/8 has scope host, and the preferred lifetime
 * equals the valid lifetime. */
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

enum status address_words_take(struct address_request *r, int count, char **args)
{
    enum status status = take_address_words(r, count, args);

    if (status == FOUND && !r->local_given)
        status = report_usage("an address is needed: IP[/LENGTH]");
    return status == FOUND ? set_defaults(r) : status;
}

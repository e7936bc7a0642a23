/* SPDX-License-Identifier: MIT */
#include "targets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "memory.h"
#include "report.h"

/* The IPv4 addresses from first to last, or an IPv6 prefix. */
struct range {
    uint32_t first, last;
    struct prefix prefix;
};

/* ---- IPv4 addresses as numbers ---- */

static uint32_t number_of(const struct arpq_ip *ip)
{
    return (uint32_t)ip->bytes[0] << 24 | (uint32_t)ip->bytes[1] << 16 |
           (uint32_t)ip->bytes[2] << 8 | ip->bytes[3];
}

static struct arpq_ip ip_of(uint32_t number)
{
    struct arpq_ip ip = {.family = AF_INET};

    for (int i = 3; i >= 0; i--, number >>= 8)
        ip.bytes[i] = (uint8_t)number;
    return ip;
}

static uint32_t host_bits(uint8_t length)
{
    return length == 0 ? UINT32_MAX : (uint32_t)((UINT64_C(1) << (32 - length)) - 1);
}

static struct range range_of(const struct prefix *prefix)
{
    struct range range = {.prefix = *prefix};

    if (prefix->ip.family == AF_INET) {
        range.first = number_of(&prefix->ip) & ~host_bits(prefix->length);
        range.last = range.first | host_bits(prefix->length);
    }
    return range;
}

uint64_t targets_size(const struct prefix *prefix)
{
    return prefix->ip.family == AF_INET ? (uint64_t)host_bits(prefix->length) + 1 : 1;
}

/* ---- The list ---- */

void targets_add_prefix(struct targets *targets, const struct prefix *prefix)
{
    if (targets->count == targets->capacity) {
        targets->capacity = targets->capacity == 0 ? 16 : 2 * targets->capacity;
        targets->prefixes =
            memory_check(realloc(targets->prefixes, targets->capacity * sizeof *prefix));
    }
    targets->prefixes[targets->count++] = *prefix;
}

/* Adds a range, which is part of a target, as the smallest number of prefixes. */
static void add_range(struct targets *targets, uint32_t first, uint32_t last,
                      const struct prefix *target)
{
    uint64_t next = first;

    while (next <= last) {
        struct prefix prefix = *target;

        prefix.ip = ip_of((uint32_t)next);
        prefix.length = 32;
        while (prefix.length > 0 && (next & host_bits((uint8_t)(prefix.length - 1))) == 0 &&
               (next | host_bits((uint8_t)(prefix.length - 1))) <= last)
            prefix.length--;
        targets_add_prefix(targets, &prefix);
        next += targets_size(&prefix);
    }
}

static bool is_ipv4(const struct prefix *prefix)
{
    return prefix->ip.family == AF_INET;
}

static void remove_range(struct targets *targets, const struct range *range)
{
    struct targets old = *targets;

    *targets = (struct targets){0};
    for (size_t i = 0; i < old.count; i++) {
        const struct range one = range_of(&old.prefixes[i]);

        if (!is_ipv4(&old.prefixes[i]) || one.last < range->first || one.first > range->last) {
            targets_add_prefix(targets, &old.prefixes[i]);
            continue;
        }
        if (one.first < range->first)
            add_range(targets, one.first, range->first - 1, &old.prefixes[i]);
        if (one.last > range->last)
            add_range(targets, range->last + 1, one.last, &old.prefixes[i]);
    }
    free(old.prefixes);
}

bool targets_contain(const struct targets *targets, const struct arpq_ip *ip)
{
    for (size_t i = 0; i < targets->count; i++)
        if (arpq_prefix_contains(&targets->prefixes[i].ip, targets->prefixes[i].length, ip))
            return true;
    return false;
}

void targets_free(struct targets *targets)
{
    free(targets->prefixes);
    *targets = (struct targets){0};
}

/* ---- Text ---- */

/* Parses "192.0.2.1-192.0.2.9" and "192.0.2.1-9". Returns NULL, or an error message. *is_range
 * becomes false if text has another form, such as the name of a host. */
static const char *parse_range(const char *text, struct range *range, bool *is_range)
{
    const char *dash = strchr(text, '-');
    char first[ARPQ_IP_STRLEN] = "";
    struct arpq_ip from, to;
    uint64_t last;

    *is_range = false;
    if (!dash || (size_t)(dash - text) >= sizeof first)
        return NULL;
    memcpy(first, text, (size_t)(dash - text));
    if (arpq_ip_parse(first, &from, 0) != 0 || from.family != AF_INET)
        return NULL;
    *is_range = true;
    range->first = number_of(&from);
    if (value_number(dash + 1, 255, &last))
        range->last = (range->first & ~UINT32_C(0xff)) | (uint32_t)last;
    else if (arpq_ip_parse(dash + 1, &to, 0) == 0 && to.family == AF_INET)
        range->last = number_of(&to);
    else
        return "a range ends with an IPv4 address, or with a number from 0 to 255";
    range->prefix.ip = from;
    return range->last < range->first ? "the range ends before it begins" : NULL;
}

/* Returns NULL, or an error message with its error code. */
static const char *parse_target(const struct tool *t, const char *text, struct range *range,
                                int *code)
{
    bool is_range;
    const char *wrong = parse_range(text, range, &is_range);

    *code = -EINVAL;
    if (is_range)
        return wrong;
    if (strcmp(text, "-") == 0)
        return "a range is written without spaces, such as 192.0.2.1-9";
    struct prefix prefix = {0};
    wrong = value_prefix(text, &prefix);
    if (wrong && !strchr(text, '/')) {
        wrong = arguments_parse_address(t, text, &prefix.ip, code);
        prefix.length = prefix.ip.family == AF_INET ? 32 : 128;
    }
    if (wrong == value_no_interface)
        *code = -ENODEV;
    *range = range_of(&prefix);
    return wrong;
}

const char *targets_key(const char *text)
{
    struct range range;
    bool is_range;

    (void)parse_range(text, &range, &is_range);
    return is_range || strchr(text, '/') ? "prefix" : "dst";
}

static const char *check_family(const struct tool *t, const struct range *range)
{
    if (t->filter.family == 0 || t->filter.family == range->prefix.ip.family)
        return NULL;
    return t->filter.family == AF_INET ? "is of the family that -4 excludes"
                                       : "is of the family that -6 excludes";
}

static void include(struct targets *targets, const struct range *range)
{
    struct targets all = {0};

    if (range->prefix.ip.family != AF_INET) {
        targets_add_prefix(targets, &range->prefix);
        return;
    }
    add_range(&all, range->first, range->last, &range->prefix);
    for (size_t i = 0; i < targets->count; i++) {
        const struct range earlier = range_of(&targets->prefixes[i]);

        if (is_ipv4(&targets->prefixes[i]))
            remove_range(&all, &earlier);
    }
    for (size_t i = 0; i < all.count; i++)
        targets_add_prefix(targets, &all.prefixes[i]);
    targets_free(&all);
}

static void exclude(struct targets *targets, const struct range *range)
{
    if (range->prefix.ip.family == AF_INET)
        remove_range(targets, range);
}

/* A bad argument of an option concerns every target, so it is not reported as JSON. */
static enum status each_target(const struct tool *t, struct targets *targets, const char *text,
                               bool json,
                               void (*one)(struct targets *targets, const struct range *range))
{
    char *copy = memory_check(strdup(text)), *rest = copy, *word;
    enum status status = FOUND;

    while ((word = strsep(&rest, ",")) != NULL) {
        const char *subject = word[0] != '\0' ? word : text;
        struct failure f = {.key = targets_key(subject), .subject = subject, .detail = ""};
        struct range range = {0};

        f.message = parse_target(t, word, &range, &f.code);
        if (!f.message && (f.message = check_family(t, &range)) != NULL)
            f.code = -EINVAL;
        if (subject[0] == '\0' && !json)
            f.subject = "''";
        range.prefix.text = text + (word - copy);
        range.prefix.text_length = strlen(word);
        if (f.message)
            status = status_worst(status, report_failure(json, &f));
        else
            one(targets, &range);
    }
    free(copy);
    return status;
}

enum status targets_add(const struct tool *t, struct targets *targets, const char *text)
{
    return each_target(t, targets, text, t->json, include);
}

enum status targets_remove(const struct tool *t, struct targets *targets, const char *text)
{
    return each_target(t, targets, text, false, exclude);
}

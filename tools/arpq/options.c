/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "memory.h"
#include "option_table.h"
#include "report.h"
#include "values.h"

#define MOST_32_BITS "not a number from 1 to 4294967295"

/* Options whose argument is a number, and the member of struct tool that receives it. */
static const struct {
    enum option_row row;
    uint64_t least, most;
    size_t at;
    const char *wrong;
} numbers[] = {
    {OPTION_COUNT, 1, UINT32_MAX, offsetof(struct tool, count), MOST_32_BITS},
    {OPTION_RATE, 1, UINT32_MAX, offsetof(struct tool, rate), MOST_32_BITS},
    {OPTION_VLAN, 1, 4094, offsetof(struct tool, vlan), "not a number from 1 to 4094"},
    {OPTION_ATTEMPTS, 1, 32, offsetof(struct tool, attempts), "not a number from 1 to 32"},
    {OPTION_SIZE, 0, 65000, offsetof(struct tool, size), "not a number from 0 to 65000"},
    {OPTION_TTL, 1, 255, offsetof(struct tool, ttl), "not a number from 1 to 255"},
    {OPTION_PID, 1, INT32_MAX, offsetof(struct tool, pid), "not the number of a process"},
};

static const struct {
    enum option_row row;
    int64_t least; /* in milliseconds */
    size_t at;
    const char *wrong;
} times[] = {
    {OPTION_TIMEOUT, 0, offsetof(struct tool, timeout_ms), "not a number of seconds"},
    {OPTION_DEADLINE, 1, offsetof(struct tool, deadline_ms), "not a number of seconds above 0"},
    {OPTION_INTERVAL, 0, offsetof(struct tool, interval_ms), "not a number of seconds"},
    {OPTION_MAX_AGE, 0, offsetof(struct tool, max_age_ms), "not a number of seconds"},
};

/* Options whose argument is kept as it is. */
static const struct {
    enum option_row row;
    size_t at;
} texts[] = {
    {OPTION_DEV, offsetof(struct tool, dev)},
    {OPTION_MASTER, offsetof(struct tool, master)},
    {OPTION_SOURCE, offsetof(struct tool, source_text)},
    {OPTION_NETNS, offsetof(struct tool, netns)},
    {OPTION_OUTPUT, offsetof(struct tool, output)},
};

/* Options without argument that set a flag. */
static const struct {
    enum option_row row;
    uint32_t flag;
    size_t at;
} flags[] = {
    {OPTION_GATEWAY, ARPQ_LOOKUP_VIA_GATEWAY, offsetof(struct tool, lookup_flags)},
    {OPTION_GATEWAY, ARPQ_RESOLVE_VIA_GATEWAY, offsetof(struct tool, resolve_flags)},
    {OPTION_EXISTING, ARPQ_WATCH_EXISTING, offsetof(struct tool, watch_flags)},
    {OPTION_INTERFACES, ARPQ_WATCH_INTERFACES, offsetof(struct tool, watch_flags)},
    {OPTION_ADDRESSES, ARPQ_WATCH_ADDRESSES, offsetof(struct tool, watch_flags)},
    {OPTION_PROXY, ARPQ_FILTER_PROXY, offsetof(struct tool, filter.flags)},
    {OPTION_ROUTER, ARPQ_NEIGH_ROUTER, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_MANAGED, ARPQ_NEIGH_MANAGED, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_EXTERN_LEARN, ARPQ_NEIGH_EXT_LEARNED, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_EXTERN_VALID, ARPQ_NEIGH_EXT_VALIDATED, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_CREATE, ARPQ_NEIGH_SET_CREATE, offsetof(struct tool, set_flags)},
    {OPTION_REPLACE, ARPQ_NEIGH_SET_REPLACE, offsetof(struct tool, set_flags)},
    {OPTION_INSIST, ARPQ_NEIGH_SET_INSIST, offsetof(struct tool, set_flags)},
    {OPTION_REVALIDATE, ARPQ_RESOLVE_REVALIDATE, offsetof(struct tool, resolve_flags)},
    {OPTION_FORCE, ARPQ_SWEEP_FORCE, offsetof(struct tool, sweep_flags)},
    {OPTION_NO_SOURCE, ARPQ_SWEEP_NO_SOURCE, offsetof(struct tool, sweep_flags)},
    {OPTION_NO_RAW, ARPQ_SWEEP_NO_RAW, offsetof(struct tool, sweep_flags)},
    {OPTION_ARP, ARPQ_SNIFFER_ARP, offsetof(struct tool, sniff_flags)},
    {OPTION_NDP, ARPQ_SNIFFER_NDP, offsetof(struct tool, sniff_flags)},
    {OPTION_CLAIMS, ARPQ_SNIFFER_CLAIMS, offsetof(struct tool, sniff_flags)},
    {OPTION_OUTGOING, ARPQ_SNIFFER_OUTGOING, offsetof(struct tool, sniff_flags)},
    {OPTION_PROMISCUOUS, ARPQ_SNIFFER_PROMISCUOUS, offsetof(struct tool, sniff_flags)},
};

static void *tool_member(struct tool *t, size_t at)
{
    return (char *)t + at;
}

/* ---- One option ---- */

static enum status take_prefix(struct arpq_filter *filter, const char *name, const char *text)
{
    struct prefix prefix;
    const char *wrong = value_prefix(text, &prefix);

    filter->prefix = prefix.ip;
    filter->prefix_length = prefix.length;
    if (!wrong)
        return FOUND;
    report_value(name, text, wrong);
    return wrong == value_no_interface ? ERROR : USAGE;
}

/* arp(7) accepts two netmasks for a proxy entry: 255.255.255.255 for one address, and 0.0.0.0 for
 * all addresses. */
static enum status take_netmask(struct tool *t, const char *name, const char *text)
{
    if (strcmp(text, "0.0.0.0") == 0)
        t->set_flags |= ARPQ_NEIGH_SET_NETMASK;
    else if (strcmp(text, "255.255.255.255") != 0)
        return report_value(name, text, "a proxy has the netmask 255.255.255.255 or 0.0.0.0");
    return FOUND;
}

/* Takes an option of one of the tables numbers, times and texts. */
static enum status take_figure(struct tool *t, enum option_row row, const char *name,
                               const char *text)
{
    for (size_t i = 0; i < LENGTH(texts); i++)
        if (texts[i].row == row)
            *(const char **)tool_member(t, texts[i].at) = text;
    for (size_t i = 0; i < LENGTH(numbers); i++)
        if (numbers[i].row == row) {
            uint64_t *number = tool_member(t, numbers[i].at);

            if (value_number(text, numbers[i].most, number) && *number >= numbers[i].least)
                return FOUND;
            return report_value(name, text, numbers[i].wrong);
        }
    for (size_t i = 0; i < LENGTH(times); i++)
        if (times[i].row == row) {
            int64_t *ms = tool_member(t, times[i].at);

            if (value_seconds(text, ms) && *ms >= times[i].least)
                return FOUND;
            return report_value(name, text, times[i].wrong);
        }
    return FOUND;
}

static void add_exclude(struct tool *t, const char *text)
{
    t->excludes = memory_check(realloc(t->excludes, (t->exclude_count + 1) * sizeof *t->excludes));
    t->excludes[t->exclude_count++] = text;
}

static enum status take_option_argument(struct tool *t, enum option_row row, const char *name,
                                        const char *text)
{
    switch (row) {
    case OPTION_STATE:
        if (value_states(text, &t->filter.states))
            return FOUND;
        return report_value(name, text,
                            "not a state (none, incomplete, reachable, stale, delay, probe, "
                            "failed, noarp, permanent or all)");
    case OPTION_PREFIX:
        return take_prefix(&t->filter, name, text);
    case OPTION_MAC:
        if (value_mac(text, &t->filter.mac))
            return FOUND;
        return report_value(name, text, "not a MAC address, such as 02:00:00:00:00:01");
    case OPTION_PROTO:
        if (value_protocol(text, &t->filter.protocol))
            return FOUND;
        return report_value(name, text, "not a protocol of ip-route(8), nor 1 to 255");
    case OPTION_NETMASK:
        return take_netmask(t, name, text);
    case OPTION_EXCLUDE:
        add_exclude(t, text);
        return FOUND;
    default:
        return take_figure(t, row, name, text);
    }
}

enum status options_take(struct tool *t, enum option_row row, const char *name, const char *text)
{
    const bool again = options_given(t, row);
    char own[32];

    snprintf(own, sizeof own, "--%s", option_table_entry(row)->name);
    if (!name)
        name = own;

    t->given |= OPTION_BIT(row);
    if (!option_table_entry(row)->argument)
        return FOUND; /* options_combine handles it */
    if (again && row != OPTION_STATE && row != OPTION_EXCLUDE)
        return report_value(name, text, "the option is given twice");
    return take_option_argument(t, row, name, text);
}

/* ---- All options together ---- */

static enum status combine_filter(struct tool *t)
{
    struct arpq_filter *filter = &t->filter;

    if (options_given(t, OPTION_IPV4) || options_given(t, OPTION_IPV6))
        filter->family = options_given(t, OPTION_IPV4) ? AF_INET : AF_INET6;
    if (filter->states == ALL_STATES)
        filter->states = 0;
    if (filter->prefix.family != 0) {
        if (filter->family != 0 && filter->family != filter->prefix.family)
            return report_usage("the prefix is of the family that -%c excludes",
                                options_given(t, OPTION_IPV4) ? '4' : '6');
        filter->family = filter->prefix.family;
    }
    return FOUND;
}

/* gethostname(2) may leave a name that it cuts without its final null byte. */
static enum status combine_host(const struct tool *t)
{
    static char name[HOST_NAME_MAX + 1];

    if (!options_given(t, OPTION_HOST))
        return FOUND;
    if (!t->json)
        return report_usage("--host needs --json");
    if (gethostname(name, sizeof name - 1) != 0) {
        report_message("cannot read the name of this machine: %s", strerror(errno));
        return ERROR;
    }
    json_begin_lines("host", name);
    return FOUND;
}

static enum status check_exclusions(const struct tool *t)
{
    static const struct {
        enum option_row one, other;
    } pairs[] = {
        {OPTION_CREATE, OPTION_REPLACE}, {OPTION_SOURCE, OPTION_NO_SOURCE},
        {OPTION_SOURCE, OPTION_NO_RAW},  {OPTION_NO_SOURCE, OPTION_NO_RAW},
        {OPTION_VLAN, OPTION_NO_RAW},    {OPTION_NETNS, OPTION_PID},
        {OPTION_NAMES, OPTION_NUMERIC},
    };

    if (options_given(t, OPTION_IPV4) && options_given(t, OPTION_IPV6))
        return report_usage("-4 and -6 exclude each other");
    for (size_t i = 0; i < LENGTH(pairs); i++)
        if (options_given(t, pairs[i].one) && options_given(t, pairs[i].other))
            return report_usage("--%s and --%s exclude each other",
                                option_table_entry(pairs[i].one)->name,
                                option_table_entry(pairs[i].other)->name);
    return FOUND;
}

enum status options_combine(struct tool *t)
{
    t->json = options_given(t, OPTION_JSON);
    t->vendor = options_given(t, OPTION_VENDOR);
    t->names = options_given(t, OPTION_NAMES);
    t->quiet = options_given(t, OPTION_QUIET);
    for (size_t i = 0; i < LENGTH(flags); i++)
        if (options_given(t, flags[i].row))
            *(uint32_t *)tool_member(t, flags[i].at) |= flags[i].flag;
    enum status status = check_exclusions(t);
    if (status == FOUND)
        status = combine_host(t);
    return status == FOUND ? combine_filter(t) : status;
}

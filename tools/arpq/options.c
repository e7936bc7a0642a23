/* SPDX-License-Identifier: MIT */
/* The table of subcommands in main.c says which subcommand accepts an option. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "usage.h"
#include "values.h"

#define LONG_ONLY(row) (256 + (row))
static const struct option long_options[] = {
    [OPTION_DEV] = {"dev", required_argument, NULL, 'i'},
    [OPTION_GATEWAY] = {"gateway", no_argument, NULL, 'g'},
    [OPTION_JSON] = {"json", no_argument, NULL, 'j'},
    [OPTION_IPV4] = {"ipv4", no_argument, NULL, '4'},
    [OPTION_IPV6] = {"ipv6", no_argument, NULL, '6'},
    [OPTION_MASTER] = {"master", required_argument, NULL, LONG_ONLY(OPTION_MASTER)},
    [OPTION_STATE] = {"state", required_argument, NULL, LONG_ONLY(OPTION_STATE)},
    [OPTION_PROXY] = {"proxy", no_argument, NULL, LONG_ONLY(OPTION_PROXY)},
    [OPTION_PREFIX] = {"prefix", required_argument, NULL, LONG_ONLY(OPTION_PREFIX)},
    [OPTION_MAC] = {"mac", required_argument, NULL, LONG_ONLY(OPTION_MAC)},
    [OPTION_VENDOR] = {"vendor", no_argument, NULL, LONG_ONLY(OPTION_VENDOR)},
    [OPTION_NAMES] = {"names", no_argument, NULL, LONG_ONLY(OPTION_NAMES)},
    [OPTION_EXISTING] = {"existing", no_argument, NULL, LONG_ONLY(OPTION_EXISTING)},
    [OPTION_INTERFACES] = {"interfaces", no_argument, NULL, LONG_ONLY(OPTION_INTERFACES)},
    [OPTION_ADDRESSES] = {"addresses", no_argument, NULL, LONG_ONLY(OPTION_ADDRESSES)},
    [OPTION_TIMEOUT] = {"timeout", required_argument, NULL, LONG_ONLY(OPTION_TIMEOUT)},
    [OPTION_COUNT] = {"count", required_argument, NULL, LONG_ONLY(OPTION_COUNT)},
    [OPTION_PROTO] = {"proto", required_argument, NULL, LONG_ONLY(OPTION_PROTO)},
    [OPTION_ROUTER] = {"router", no_argument, NULL, LONG_ONLY(OPTION_ROUTER)},
    [OPTION_MANAGED] = {"managed", no_argument, NULL, LONG_ONLY(OPTION_MANAGED)},
    [OPTION_EXTERN_LEARN] = {"extern-learn", no_argument, NULL, LONG_ONLY(OPTION_EXTERN_LEARN)},
    [OPTION_CREATE] = {"create", no_argument, NULL, LONG_ONLY(OPTION_CREATE)},
    [OPTION_REPLACE] = {"replace", no_argument, NULL, LONG_ONLY(OPTION_REPLACE)},
    [OPTION_INSIST] = {"insist", no_argument, NULL, LONG_ONLY(OPTION_INSIST)},
    [OPTION_NETMASK] = {"netmask", required_argument, NULL, LONG_ONLY(OPTION_NETMASK)},
    [OPTION_REVALIDATE] = {"revalidate", no_argument, NULL, LONG_ONLY(OPTION_REVALIDATE)},
    [OPTION_MAX_AGE] = {"max-age", required_argument, NULL, LONG_ONLY(OPTION_MAX_AGE)},
    [OPTION_RATE] = {"rate", required_argument, NULL, LONG_ONLY(OPTION_RATE)},
    [OPTION_ATTEMPTS] = {"attempts", required_argument, NULL, LONG_ONLY(OPTION_ATTEMPTS)},
    [OPTION_FORCE] = {"force", no_argument, NULL, LONG_ONLY(OPTION_FORCE)},
    [OPTION_NO_SOURCE] = {"no-source", no_argument, NULL, LONG_ONLY(OPTION_NO_SOURCE)},
    [OPTION_NO_RAW] = {"no-raw", no_argument, NULL, LONG_ONLY(OPTION_NO_RAW)},
    [OPTION_INTERVAL] = {"interval", required_argument, NULL, LONG_ONLY(OPTION_INTERVAL)},
    [OPTION_SIZE] = {"size", required_argument, NULL, LONG_ONLY(OPTION_SIZE)},
    [OPTION_TTL] = {"ttl", required_argument, NULL, LONG_ONLY(OPTION_TTL)},
    [OPTION_ARP] = {"arp", no_argument, NULL, LONG_ONLY(OPTION_ARP)},
    [OPTION_NDP] = {"ndp", no_argument, NULL, LONG_ONLY(OPTION_NDP)},
    [OPTION_CLAIMS] = {"claims", no_argument, NULL, LONG_ONLY(OPTION_CLAIMS)},
    [OPTION_OUTGOING] = {"outgoing", no_argument, NULL, LONG_ONLY(OPTION_OUTGOING)},
    [OPTION_PROMISCUOUS] = {"promiscuous", no_argument, NULL, LONG_ONLY(OPTION_PROMISCUOUS)},
    [OPTION_STATS] = {"stats", no_argument, NULL, LONG_ONLY(OPTION_STATS)},
    [OPTION_HELP] = {"help", no_argument, NULL, 'h'},
    [OPTION_VERSION] = {"version", no_argument, NULL, 'V'},
    [OPTION_ROWS] = {NULL, 0, NULL, 0},
};

/* Options whose argument is a number, and the member of struct tool that receives it. */
static const struct {
    enum option_row row;
    uint64_t least, most;
    size_t at;
    const char *wrong;
} numbers[] = {
    {OPTION_COUNT, 1, UINT32_MAX, offsetof(struct tool, count), "not a number from 1 on"},
    {OPTION_RATE, 1, UINT32_MAX, offsetof(struct tool, rate), "not a number from 1 on"},
    {OPTION_ATTEMPTS, 1, 32, offsetof(struct tool, attempts), "not a number from 1 to 32"},
    {OPTION_SIZE, 0, 65000, offsetof(struct tool, size), "not a number from 0 to 65000"},
    {OPTION_TTL, 1, 255, offsetof(struct tool, ttl), "not a number from 1 to 255"},
};

static const struct {
    enum option_row row;
    size_t at;
} times[] = {
    {OPTION_TIMEOUT, offsetof(struct tool, timeout_ms)},
    {OPTION_INTERVAL, offsetof(struct tool, interval_ms)},
    {OPTION_MAX_AGE, offsetof(struct tool, max_age_ms)},
};

/* Options without argument that set a flag. */
static const struct {
    enum option_row row;
    uint32_t flag;
    size_t at;
} flags[] = {
    {OPTION_GATEWAY, ARPQ_VIA_GATEWAY, offsetof(struct tool, flags)},
    {OPTION_GATEWAY, ARPQ_VIA_GATEWAY, offsetof(struct tool, resolve_flags)},
    {OPTION_EXISTING, ARPQ_WATCH_EXISTING, offsetof(struct tool, watch_flags)},
    {OPTION_INTERFACES, ARPQ_WATCH_INTERFACES, offsetof(struct tool, watch_flags)},
    {OPTION_ADDRESSES, ARPQ_WATCH_ADDRESSES, offsetof(struct tool, watch_flags)},
    {OPTION_PROXY, ARPQ_FILTER_PROXY, offsetof(struct tool, filter.flags)},
    {OPTION_ROUTER, ARPQ_NEIGH_ROUTER, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_MANAGED, ARPQ_NEIGH_MANAGED, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_EXTERN_LEARN, ARPQ_NEIGH_EXT_LEARNED, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_CREATE, ARPQ_SET_CREATE, offsetof(struct tool, set_flags)},
    {OPTION_REPLACE, ARPQ_SET_REPLACE, offsetof(struct tool, set_flags)},
    {OPTION_INSIST, ARPQ_SET_INSIST, offsetof(struct tool, set_flags)},
    {OPTION_REVALIDATE, ARPQ_RESOLVE_REVALIDATE, offsetof(struct tool, resolve_flags)},
    {OPTION_FORCE, ARPQ_SWEEP_FORCE, offsetof(struct tool, sweep_flags)},
    {OPTION_NO_SOURCE, ARPQ_SWEEP_NO_SOURCE, offsetof(struct tool, sweep_flags)},
    {OPTION_NO_RAW, ARPQ_SWEEP_NO_RAW, offsetof(struct tool, sweep_flags)},
    {OPTION_ARP, ARPQ_SNIFF_ARP, offsetof(struct tool, sniff_flags)},
    {OPTION_NDP, ARPQ_SNIFF_NDP, offsetof(struct tool, sniff_flags)},
    {OPTION_CLAIMS, ARPQ_SNIFF_CLAIMS, offsetof(struct tool, sniff_flags)},
    {OPTION_OUTGOING, ARPQ_SNIFF_OUTGOING, offsetof(struct tool, sniff_flags)},
    {OPTION_PROMISCUOUS, ARPQ_SNIFF_PROMISCUOUS, offsetof(struct tool, sniff_flags)},
};
#define LENGTH(table) (sizeof table / sizeof((table)[0]))

static void *tool_member(struct tool *t, size_t at)
{
    return (char *)t + at;
}

const char *options_name(enum option_row row)
{
    static char name[32];

    snprintf(name, sizeof name, "--%s", long_options[row].name);
    return name;
}

static enum status take_prefix(struct arpq_filter *filter, const char *text)
{
    struct prefix prefix;
    enum status status = value_prefix(text, &prefix);

    filter->prefix = prefix.ip;
    filter->prefix_length = prefix.length;
    return status;
}

/* arp(7) accepts two netmasks for a proxy: one address, and all addresses. */
static enum status take_netmask(struct tool *t, const char *text)
{
    if (strcmp(text, "0.0.0.0") == 0)
        t->set_flags |= ARPQ_SET_NETMASK;
    else if (strcmp(text, "255.255.255.255") != 0)
        return value_error(text, -EINVAL, "a proxy's netmask is 255.255.255.255 or 0.0.0.0");
    return FOUND;
}

/* Takes the options of the tables of numbers and times. */
static enum status take_figure(struct tool *t, enum option_row row, const char *text)
{
    for (size_t i = 0; i < LENGTH(numbers); i++)
        if (numbers[i].row == row) {
            uint64_t *number = tool_member(t, numbers[i].at);

            if (value_number(text, numbers[i].most, number) && *number >= numbers[i].least)
                return FOUND;
            return value_error(text, -EINVAL, numbers[i].wrong);
        }
    for (size_t i = 0; i < LENGTH(times); i++)
        if (times[i].row == row && !value_seconds(text, tool_member(t, times[i].at)))
            return value_error(text, -EINVAL, "not a number of seconds");
    return FOUND;
}

static enum status take_option(struct tool *t, enum option_row row, const char *text)
{
    switch (row) {
    case OPTION_DEV:
        t->dev = text;
        return FOUND;
    case OPTION_MASTER:
        t->master = text;
        return FOUND;
    case OPTION_STATE:
        if (value_state(text, &t->filter.states))
            return FOUND;
        return value_error(text, -EINVAL, "not a state of neighbour entries");
    case OPTION_PREFIX:
        return take_prefix(&t->filter, text);
    case OPTION_MAC:
        if (arpq_mac_parse(text, &t->filter.mac) == 0)
            return FOUND;
        return value_error(text, -EINVAL, "not a MAC address");
    case OPTION_PROTO:
        if (value_protocol(text, &t->filter.protocol))
            return FOUND;
        return value_error(text, -EINVAL, "not a protocol of ip-route(8), nor 1 to 255");
    case OPTION_NETMASK:
        return take_netmask(t, text);
    default: /* combine_options handles options without argument */
        return take_figure(t, row, text);
    }
}

/* Applies options without argument, and refuses options that exclude each other. */
static enum status combine_options(struct tool *t)
{
    struct arpq_filter *filter = &t->filter;

    t->json = options_given(t, OPTION_JSON);
    t->vendor = options_given(t, OPTION_VENDOR);
    t->names = options_given(t, OPTION_NAMES);
    for (size_t i = 0; i < LENGTH(flags); i++)
        if (options_given(t, flags[i].row))
            *(uint32_t *)tool_member(t, flags[i].at) |= flags[i].flag;
    if (options_given(t, OPTION_IPV4) && options_given(t, OPTION_IPV6))
        return usage_error("-4 and -6 exclude each other");
    if (options_given(t, OPTION_CREATE) && options_given(t, OPTION_REPLACE))
        return usage_error("--create and --replace exclude each other");
    if (options_given(t, OPTION_IPV4) || options_given(t, OPTION_IPV6))
        filter->family = options_given(t, OPTION_IPV4) ? AF_INET : AF_INET6;
    if (filter->states == ALL_STATES)
        filter->states = 0;
    if (filter->prefix.family != 0) {
        if (filter->family != 0 && filter->family != filter->prefix.family)
            return usage_error("the prefix is of the family that -4 or -6 leaves out");
        filter->family = filter->prefix.family;
    }
    if (filter->flags != 0 && (filter->states != 0 || filter->mac.length != 0))
        return usage_error("proxy entries have neither a MAC address nor a state");
    return FOUND;
}

static enum option_row row_of(int option)
{
    enum option_row row = OPTION_DEV;

    while (row < OPTION_ROWS && long_options[row].val != option)
        row++;
    return row;
}

enum status options_parse(struct tool *t, int argc, char **argv, int *first)
{
    int option;

    t->filter.size = sizeof t->filter;
    t->timeout_ms = t->interval_ms = t->max_age_ms = -1;
    while ((option = getopt_long(argc, argv, "46i:gjhV", long_options, NULL)) != -1) {
        enum option_row row = row_of(option);

        if (row == OPTION_ROWS)
            return usage_error(NULL);
        t->given |= OPTION_BIT(row);
        if (row == OPTION_HELP || row == OPTION_VERSION)
            return FOUND;
        enum status status = take_option(t, row, optarg);
        if (status != FOUND)
            return status;
    }
    *first = optind;
    return combine_options(t);
}

/* SPDX-License-Identifier: MIT */
/* The options of all commands. */
#ifndef ARPQ_TOOL_OPTIONS_H
#define ARPQ_TOOL_OPTIONS_H

#include "tool.h"

/* The options, as indices of the table in option_table.c, in the order of the help. */
enum option_row {
    OPTION_DEV,
    OPTION_SOURCE,
    OPTION_GATEWAY,
    OPTION_ALL,
    OPTION_RESOLVE,
    OPTION_IPV4,
    OPTION_IPV6,
    OPTION_PREFIX,
    OPTION_MAC,
    OPTION_MASTER,
    OPTION_STATE,
    OPTION_PROTO,
    OPTION_ROUTER,
    OPTION_MANAGED,
    OPTION_EXTERN_LEARN,
    OPTION_EXTERN_VALID,
    OPTION_PROXY,
    OPTION_NETMASK,
    OPTION_CREATE,
    OPTION_REPLACE,
    OPTION_INSIST,
    OPTION_STATS,
    OPTION_EXISTING,
    OPTION_INTERFACES,
    OPTION_ADDRESSES,
    OPTION_COUNT,
    OPTION_INTERVAL,
    OPTION_TIMEOUT,
    OPTION_DEADLINE,
    OPTION_REVALIDATE,
    OPTION_MAX_AGE,
    OPTION_EXCLUDE,
    OPTION_VLAN,
    OPTION_RATE,
    OPTION_ATTEMPTS,
    OPTION_FORCE,
    OPTION_NO_SOURCE,
    OPTION_NO_RAW,
    OPTION_SIZE,
    OPTION_TTL,
    OPTION_ARP,
    OPTION_NDP,
    OPTION_CLAIMS,
    OPTION_OUTGOING,
    OPTION_PROMISCUOUS,
    OPTION_QUIET,
    OPTION_VENDOR,
    OPTION_NAMES,
    OPTION_NUMERIC,
    OPTION_JSON,
    OPTION_OPENMETRICS,
    OPTION_OUTPUT,
    OPTION_HOST,
    OPTION_NETNS,
    OPTION_PID,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_ROWS
};
#define OPTION_BIT(row) (UINT64_C(1) << (row))

static inline bool options_given(const struct tool *t, enum option_row row)
{
    return (t->given & OPTION_BIT(row)) != 0;
}

/* Takes one option; text is NULL if it has no argument. Reports its errors, with the name as the user
 * wrote it; NULL means the name of the table. */
enum status options_take(struct tool *t, enum option_row row, const char *name, const char *text);

/* Applies options without argument, and refuses options that exclude each other. */
enum status options_combine(struct tool *t);

#endif

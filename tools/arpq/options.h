/* SPDX-License-Identifier: MIT */
/* Parses the options of the command line. */
#ifndef ARPQ_TOOL_OPTIONS_H
#define ARPQ_TOOL_OPTIONS_H

#include "tool.h"

/* The options, as indices of the table in options.c. */
enum option_row {
    OPTION_DEV,
    OPTION_GATEWAY,
    OPTION_JSON,
    OPTION_IPV4,
    OPTION_IPV6,
    OPTION_MASTER,
    OPTION_STATE,
    OPTION_PROXY,
    OPTION_PREFIX,
    OPTION_MAC,
    OPTION_VENDOR,
    OPTION_NAMES,
    OPTION_EXISTING,
    OPTION_INTERFACES,
    OPTION_ADDRESSES,
    OPTION_TIMEOUT,
    OPTION_COUNT,
    OPTION_PROTO,
    OPTION_ROUTER,
    OPTION_MANAGED,
    OPTION_EXTERN_LEARN,
    OPTION_CREATE,
    OPTION_REPLACE,
    OPTION_INSIST,
    OPTION_NETMASK,
    OPTION_REVALIDATE,
    OPTION_MAX_AGE,
    OPTION_RATE,
    OPTION_ATTEMPTS,
    OPTION_FORCE,
    OPTION_NO_SOURCE,
    OPTION_NO_RAW,
    OPTION_INTERVAL,
    OPTION_SIZE,
    OPTION_TTL,
    OPTION_ARP,
    OPTION_NDP,
    OPTION_CLAIMS,
    OPTION_OUTGOING,
    OPTION_PROMISCUOUS,
    OPTION_STATS,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_ROWS
};
#define OPTION_BIT(row) (UINT64_C(1) << (row))

static inline bool options_given(const struct tool *t, enum option_row row)
{
    return (t->given & OPTION_BIT(row)) != 0;
}

/* Fills t from the options. Returns FOUND and, in *first, the index of the first argument
 * that is no option; or USAGE after printing an error. --help and --version end the parsing. */
enum status options_parse(struct tool *t, int argc, char **argv, int *first);
const char *options_name(enum option_row row); /* "--dev" */

#endif

/* SPDX-License-Identifier: MIT */
/* One run of the tool: its command, its options and its handle. */
#ifndef ARPQ_TOOL_TOOL_H
#define ARPQ_TOOL_TOOL_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

/* Exit statuses. With several arguments, the highest status counts. If a signal ends a command
 * before it is complete, the status is 128 plus the number of the signal, as in a shell. UNREAD is
 * that of SIGPIPE: the reader of stdout has closed it. */
enum status {
    FOUND = 0,
    NOT_FOUND = 1,
    USAGE = 2,
    ERROR = 3,
    INTERRUPTED = 130,
    UNREAD = 141,
    TERMINATED = 143
};

static inline enum status status_worst(enum status a, enum status b)
{
    return a > b ? a : b;
}

struct tool {
    struct arpq_handle *h;
    const struct command *command;
    uint64_t given;    /* OPTION_BIT of every option on the command line */
    const char *dev;   /* the argument of --dev, or NULL */
    const char *loose; /* the argument of ping -i: an interface, an address or an interval */
    uint32_t ifindex;  /* the interface that dev names, or 0 */
    bool json;
    bool several; /* the command has more than one argument */
    bool vendor;
    bool names;
    bool quiet;
    const char *master;      /* the argument of --master, or NULL */
    const char *source_text; /* the argument of --source, or NULL */
    struct arpq_ip source;   /* family 0 if --source is not given */
    const char *output;      /* the argument of --output, or NULL */
    const char *netns;       /* the argument of --netns, or NULL */
    const char **excludes;   /* the arguments of --exclude */
    uint32_t exclude_count;
    struct arpq_filter filter; /* built from all options that select entries */
    uint32_t lookup_flags;     /* ARPQ_LOOKUP_* */
    uint32_t watch_flags;      /* ARPQ_WATCH_* */
    uint32_t set_flags;        /* ARPQ_NEIGH_SET_* */
    uint32_t resolve_flags;    /* ARPQ_RESOLVE_* */
    uint32_t sweep_flags;      /* ARPQ_SWEEP_* */
    uint32_t sniff_flags;      /* ARPQ_SNIFFER_* */
    int64_t timeout_ms;        /* this member and the next three are -1 if not given */
    int64_t deadline_ms;
    int64_t interval_ms;
    int64_t max_age_ms;
    uint64_t count; /* lines or requests; this member and the next five are 0 if not given */
    uint64_t rate;
    uint64_t attempts;
    uint64_t vlan;
    uint64_t ttl;
    uint64_t pid;
    uint64_t size; /* 0 is a valid argument: see options_given */
};

#endif

/* SPDX-License-Identifier: MIT */
/* The resolver: one object for each arpq_resolver. */
#ifndef AQ_RESOLVE_RESOLVER_H
#define AQ_RESOLVE_RESOLVER_H

#include "kernel/rtnl_event.h"
#include "kernel/rtnl_neigh.h"
#include "kernel/solicit.h"
#include "kernel/wakeup.h"
#include "resolve/budget.h"
#include "resolve/pending.h"

#define AQ_RESOLVE_FLAGS (ARPQ_RESOLVE_VIA_GATEWAY | ARPQ_RESOLVE_REVALIDATE)

/* Returns the flags of a lookup that has the same target. */
static inline uint32_t aq_resolve_lookup_flags(uint32_t flags)
{
    return flags & ARPQ_RESOLVE_VIA_GATEWAY ? ARPQ_LOOKUP_VIA_GATEWAY : 0;
}

/* Addresses whose requests go into one datagram. */
struct aq_resolver_batch {
    unsigned count;
    struct aq_wait *waits[AQ_RTNL_BATCH];
    int codes[AQ_RTNL_BATCH];
    struct aq_neigh_key keys[AQ_RTNL_BATCH];
    struct arpq_neigh neighs[AQ_RTNL_BATCH];
    struct aq_solicit solicits[AQ_RTNL_BATCH];
};

/* An entry that the resolver added and has to remove. */
struct aq_removal {
    struct aq_neigh_key key;
    uint64_t solicited_us;
};

struct arpq_resolver {
    struct arpq_handle *h;
    uint32_t epoch; /* of the handle in the process that opened the resolver */
    uint32_t flags; /* flags of struct arpq_resolve_options */
    uint32_t max_age_ms;
    uint32_t window;
    uint64_t timeout_us;  /* AQ_NEVER: no timeout */
    uint64_t progress_us; /* last time that the kernel was asking or a result arrived */
    bool refused;         /* the kernel refuses netlink requests: solicit by datagram */
    bool events_lost;     /* events were lost by an overrun */
    bool unfinished;      /* the last aq_work ran out of time */
    bool keeps_entries;   /* closing removes no entries: the kernel goes on resolving them */
    struct aq_wakeup wakeup;
    struct aq_rtnl event;
    struct aq_rtnl_buffers *buffers;
    struct aq_budget budgets[2]; /* IPv4, IPv6 */
    struct aq_pending pending;
    struct aq_resolver_batch batch;
    unsigned removal_count; /* entries to remove */
    struct aq_removal removals[AQ_RTNL_BATCH];
};

#endif

/* SPDX-License-Identifier: MIT */
/* The addresses that a resolver works on: a list for each stage, a hash table by target, and a
 * queue of lookups. */
#ifndef AQ_RESOLVE_PENDING_H
#define AQ_RESOLVE_PENDING_H

#include "kernel/solicit.h"
#include "neigh/target.h"

/* The stage that an address has reached. */
enum aq_stage {
    AQ_STAGE_NEW,     /* added, not processed yet */
    AQ_STAGE_LOOKUP,  /* the resolver has to look up its entry */
    AQ_STAGE_READY,   /* waits for a place in the window */
    AQ_STAGE_BUDGET4, /* waits for a place in the window and for budget in the IPv4 table */
    AQ_STAGE_BUDGET6,
    AQ_STAGE_ASKED, /* the kernel is sending requests */
    AQ_STAGE_DONE,  /* the result is ready */
    AQ_STAGES
};

/* One address. */
struct aq_wait {
    struct aq_wait *next, *previous; /* next and previous in the list of its stage */
    struct aq_wait *chain, **link;   /* next in its bucket; the pointer that points to this entry */
    struct aq_wait *next_lookup, *previous_lookup;
    enum aq_stage stage;
    enum aq_solicit_how how; /* kind of the next solicitation */
    uint8_t solicits;        /* number of solicitations sent */
    bool lookup_queued;      /* queued for a lookup */
    bool confirming;         /* the last solicitation was a probe of a known address */
    bool created;            /* the resolver added the kernel's entry */
    bool gave_up;            /* the last event reported a failure */
    bool keyed;              /* the address is in a bucket */
    uint32_t ifindex;
    struct arpq_ip ip;
    uint64_t token;
    uint64_t added_us;
    uint64_t asked_us;     /* time at which the address last entered AQ_STAGE_ASKED */
    uint64_t solicited_us; /* time just after the last solicitation */
    uint64_t until_us;     /* deadline; 0 until the kernel is asked */
    struct aq_query query;
    struct aq_target target;
    int code;
    struct arpq_neigh neigh;
};

struct aq_list {
    struct aq_wait *first, *last;
    uint32_t count;
};

struct aq_pending {
    struct aq_list stages[AQ_STAGES];
    struct aq_wait *lookup_first, *lookup_last;
    struct aq_wait **buckets;
    uint32_t bucket_count; /* power of two */
    uint32_t count;        /* number of addresses in all stages */
    uint32_t keyed;
    uint64_t seed;
};

int aq_pending_init(struct aq_pending *pending);
void aq_pending_free(struct aq_pending *pending);

/* Add an address. Returns NULL if there is no memory. aq_pending_drop removes and frees it. */
struct aq_wait *aq_pending_add(struct aq_pending *pending);
void aq_pending_drop(struct aq_pending *pending, struct aq_wait *wait);

/* Move an address to the end of a stage, to its place by until_us, or to the front. */
void aq_pending_move(struct aq_pending *pending, struct aq_wait *wait, enum aq_stage stage);
void aq_pending_move_in_time(struct aq_pending *pending, struct aq_wait *wait, enum aq_stage stage);
void aq_pending_move_first(struct aq_pending *pending, struct aq_wait *wait, enum aq_stage stage);

/* Add an address to the bucket of its target, or remove it from the bucket. */
void aq_pending_key(struct aq_pending *pending, struct aq_wait *wait);
void aq_pending_unkey(struct aq_pending *pending, struct aq_wait *wait);

/* Find the first address with this target, or the next one with the same target. Returns NULL if
 * there is none. */
struct aq_wait *aq_pending_find(const struct aq_pending *pending, const struct arpq_ip *ip,
                                uint32_t ifindex);
struct aq_wait *aq_pending_find_next(const struct aq_wait *wait);

/* aq_pending_queue_lookup queues an address for a lookup of its entry. aq_pending_next_lookup
 * removes the oldest address from the queue; it returns NULL if the queue is empty. */
void aq_pending_queue_lookup(struct aq_pending *pending, struct aq_wait *wait);
struct aq_wait *aq_pending_next_lookup(struct aq_pending *pending);

#endif

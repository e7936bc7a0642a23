/* SPDX-License-Identifier: MIT */
/* Addresses that a resolver waits for. */
#ifndef AQ_RESOLVE_PENDING_H
#define AQ_RESOLVE_PENDING_H

#include "kernel/solicit.h"
#include "neigh/target.h"

/* How far an address has got. */
enum aq_stage {
    AQ_STAGE_NEW,     /* nothing was done yet */
    AQ_STAGE_READY,   /* to be poked as soon as the window has room */
    AQ_STAGE_BUDGET4, /* likewise, and needs room in the IPv4 table */
    AQ_STAGE_BUDGET6,
    AQ_STAGE_ASKED, /* the kernel is at it */
    AQ_STAGE_DONE,  /* the result waits to be fetched */
    AQ_STAGES
};

/* An address that somebody waits for. */
struct aq_wait {
    struct aq_wait *next, *previous; /* in its stage */
    struct aq_wait *chain;           /* in its bucket */
    struct aq_wait *next_lookup;     /* among those to be looked at */
    enum aq_stage stage;
    enum aq_solicit_how how; /* the next poke */
    uint8_t solicits;        /* so many there were */
    bool lookup_queued;      /* it is among those to be looked at */
    bool confirming;         /* the last poke was to confirm the address that is known */
    bool created;            /* the entry would not be there without this */
    bool gave_up;            /* the last event about it said that the kernel did */
    bool keyed;              /* it is in a bucket, under target */
    uint32_t ifindex;
    struct arpq_ip ip;
    uint64_t token;
    uint64_t added_us;
    uint64_t asked_us; /* the last time */
    uint64_t until_us; /* no longer; 0: not asked yet */
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
    uint32_t bucket_count; /* a power of two */
    uint32_t count;        /* of all stages */
    uint32_t keyed;
};

int aq_pending_init(struct aq_pending *pending);
void aq_pending_free(struct aq_pending *pending);

/* A new one; NULL: no memory. It is freed by aq_pending_drop. */
struct aq_wait *aq_pending_add(struct aq_pending *pending);
void aq_pending_drop(struct aq_pending *pending, struct aq_wait *wait);

/* To the end of a stage; where those are that have as much time left (until_us); or, of those
 * that have waited before, to its front. */
void aq_pending_move(struct aq_pending *pending, struct aq_wait *wait, enum aq_stage stage);
void aq_pending_move_in_time(struct aq_pending *pending, struct aq_wait *wait, enum aq_stage stage);
void aq_pending_move_first(struct aq_pending *pending, struct aq_wait *wait, enum aq_stage stage);

/* Its target is settled, or no longer. */
void aq_pending_key(struct aq_pending *pending, struct aq_wait *wait);
void aq_pending_unkey(struct aq_pending *pending, struct aq_wait *wait);

/* The first that waits for an entry, and the next after one. */
struct aq_wait *aq_pending_find(const struct aq_pending *pending, const struct arpq_ip *ip,
                                uint32_t ifindex);
struct aq_wait *aq_pending_find_next(const struct aq_wait *wait);

/* To be looked at, and the one that has waited longest for that; NULL: none. */
void aq_pending_queue_lookup(struct aq_pending *pending, struct aq_wait *wait);
struct aq_wait *aq_pending_next_lookup(struct aq_pending *pending);

#endif

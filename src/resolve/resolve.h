/* SPDX-License-Identifier: MIT */
/* Addresses that are being asked for, what is known of each, and what is to be done next. */
#ifndef AQ_RESOLVE_H
#define AQ_RESOLVE_H

#include "kernel/rtnl_neigh.h"
#include "kernel/solicit.h"
#include "kernel/wakeup.h"
#include "neigh/ask.h"

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
    struct aq_wait *next_look;       /* among those to be looked at */
    enum aq_stage stage;
    enum aq_solicit_how how; /* the next poke */
    uint8_t solicits;        /* so many there were */
    bool looking;            /* it is among those to be looked at */
    bool confirming;         /* the last poke was to confirm the address that is known */
    bool made;               /* the entry would not be there without this */
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

/* -- pending.c: keeping them -- */

struct aq_list {
    struct aq_wait *first, *last;
    uint32_t count;
};

struct aq_pending {
    struct aq_list stages[AQ_STAGES];
    struct aq_wait *look_first, *look_last;
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
void aq_pending_look(struct aq_pending *pending, struct aq_wait *wait);
struct aq_wait *aq_pending_take_look(struct aq_pending *pending);

/* -- room.c: how many entries may be made -- */

struct aq_budget {
    uint16_t family;
    bool known;
    bool full;
    uint32_t left;    /* entries that may be made until the kernel is asked again */
    uint32_t ceiling; /* entries of the machine that are not to be exceeded */
    uint32_t blind;   /* as many as are tried next where its figures say nothing */
    uint64_t read_ms; /* when the kernel was asked last; 0: never */
};

/* Take room for one entry; false when there is none. start: nothing is being asked for, and
 * the ceiling may be chosen anew. */
bool aq_budget_take(struct aq_budget *room, struct arpq *h, bool start);

/* Entries were removed; or the kernel says that the table is full. */
void aq_budget_give(struct aq_budget *room, uint32_t entries);
void aq_budget_exhaust(struct aq_budget *room);

/* Whether there was none when it was last asked for. */
bool aq_budget_is_short(const struct aq_budget *room);

/* Whether the table may be full, as far as the kernel tells. */
bool aq_budget_is_full(struct aq_budget *room, struct arpq *h);

/* When it makes sense to ask for room again. */
uint64_t aq_budget_retry_ms(const struct aq_budget *room);

/* -- judge.c: what is asked where, and what answers mean -- */

/* What an answer of the table says about an address that is being resolved. */
enum aq_verdict {
    AQ_KNOWN,      /* it has one */
    AQ_ABSENT,     /* there is no entry, or one that nobody has asked for */
    AQ_INCOMPLETE, /* the kernel is at it */
    AQ_FAILED,     /* it was, and nobody answered */
    AQ_ERROR       /* none of this: the code stands */
};
enum aq_verdict aq_judge_answer(int code, const struct arpq_neigh *neigh);

/* Whether a target can be asked for an address, by the flags of its link: 0, or why not. */
int aq_judge_link(struct arpq *h, const struct aq_query *query, const struct aq_target *target);

/* Whether an entry that is known is an answer: 0, with what it leaves out, or why not. */
int aq_judge_known(struct arpq *h, const struct aq_query *query, const struct aq_target *target,
                   struct arpq_neigh *neigh);

/* What an error means to the user that the table answered with, or that a poke met. */
int aq_judge_error(const struct aq_query *query, int code);
int aq_judge_solicit(const struct aq_query *query, int code);

/* -- The resolver -- */

/* Addresses that are treated together. */
struct aq_resolve_batch {
    unsigned count;
    struct aq_wait *waits[AQ_RTNL_BATCH];
    int codes[AQ_RTNL_BATCH];
    struct aq_neigh_key keys[AQ_RTNL_BATCH];
    struct arpq_neigh neighs[AQ_RTNL_BATCH];
    struct aq_solicit solicits[AQ_RTNL_BATCH];
};

struct arpq_resolver {
    struct arpq *h;
    pid_t process;
    uint32_t flags; /* of struct arpq_resolve_options */
    uint32_t max_age_ms;
    uint32_t window;
    uint64_t timeout_us;  /* UINT64_MAX: none */
    uint64_t progress_us; /* when one was last being asked for, or had its result */
    bool refused;         /* orders are: datagrams it is */
    bool lost;            /* events */
    struct aq_wakeup wakeup;
    struct aq_rtnl event;
    struct aq_rtnl_buffers *buffers;
    struct aq_budget budgets[2]; /* IPv4, IPv6 */
    struct aq_pending pending;
    struct aq_resolve_batch batch;
    unsigned removal_count; /* entries to be removed */
    struct aq_neigh_key dead[AQ_RTNL_BATCH];
};

/* -- stage.c: where an address goes next -- */

struct aq_budget *aq_stage_budget(struct arpq_resolver *r, const struct aq_wait *wait);

/* Settle where to ask: it is to be looked for, or has its result. */
void aq_stage_begin(struct arpq_resolver *r, struct aq_wait *wait);

/* What the table says of it, or that there is an entry with an address. */
void aq_stage_judge(struct arpq_resolver *r, struct aq_wait *wait, int code,
                    const struct arpq_neigh *neigh);
void aq_stage_know(struct arpq_resolver *r, struct aq_wait *wait, const struct arpq_neigh *neigh);

/* It is to be poked for; it is being asked for, and its time runs; it has its result. */
void aq_stage_want(struct arpq_resolver *r, struct aq_wait *wait, enum aq_solicit_how how);
void aq_stage_ask(struct arpq_resolver *r, struct aq_wait *wait);
void aq_stage_finish(struct arpq_resolver *r, struct aq_wait *wait, int code);

/* An entry that was made for it is to go, unless others wait for it; those that are go. */
void aq_stage_remove_later(struct arpq_resolver *r, const struct aq_wait *wait);
void aq_stage_flush_removals(struct arpq_resolver *r);

/* -- work.c: doing what is to be done -- */

/* Do what can be done without waiting. 0, or an error that says nothing about any address. */
int aq_work(struct arpq_resolver *r);

/* Give up: entries that were made for nothing are removed. */
void aq_work_abandon(struct arpq_resolver *r);

/* -- limit.c: how long -- */

#define AQ_NOW 1u
#define AQ_NEVER UINT64_MAX

/* A time that much later, or AQ_NEVER. */
uint64_t aq_limit_after(uint64_t us, uint64_t timeout_us);

/* Until when one waits; AQ_NEVER for NULL. */
uint64_t aq_limit_of(const struct arpq_resolver *r, const struct aq_wait *wait);

/* When there will be more to be done: AQ_NOW, a time, or AQ_NEVER. */
uint64_t aq_limit_next(const struct arpq_resolver *r);

#endif

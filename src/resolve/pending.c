/* SPDX-License-Identifier: MIT */
#include "resolve/pending.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/sys.h"
#include "value/hash.h"

#define BUCKETS_MIN 64u

/* ---- Stages ---- */

/* Insert an address after `previous`, or at the front if `previous` is NULL. */
static void pending_insert(struct aq_list *list, struct aq_wait *wait, struct aq_wait *previous)
{
    struct aq_wait *next = previous ? previous->next : list->first;

    wait->previous = previous;
    wait->next = next;
    *(previous ? &previous->next : &list->first) = wait;
    *(next ? &next->previous : &list->last) = wait;
    list->count++;
}

static void pending_unlink(struct aq_list *list, struct aq_wait *wait)
{
    *(wait->previous ? &wait->previous->next : &list->first) = wait->next;
    *(wait->next ? &wait->next->previous : &list->last) = wait->previous;
    list->count--;
}

static struct aq_list *pending_unstage(struct aq_pending *pending, struct aq_wait *wait,
                                       enum aq_stage stage)
{
    pending_unlink(&pending->stages[wait->stage], wait);
    wait->stage = stage;
    return &pending->stages[stage];
}

void aq_pending_move(struct aq_pending *pending, struct aq_wait *wait, enum aq_stage stage)
{
    struct aq_list *list = pending_unstage(pending, wait, stage);

    pending_insert(list, wait, list->last);
}

void aq_pending_move_in_time(struct aq_pending *pending, struct aq_wait *wait, enum aq_stage stage)
{
    struct aq_list *list = pending_unstage(pending, wait, stage);
    struct aq_wait *previous = list->last;

    /* All addresses have the same timeout. Only an address that returns to the stage can have an
     * earlier deadline than the last one. */
    while (previous && previous->until_us > wait->until_us)
        previous = previous->previous;
    pending_insert(list, wait, previous);
}

void aq_pending_move_first(struct aq_pending *pending, struct aq_wait *wait, enum aq_stage stage)
{
    pending_insert(pending_unstage(pending, wait, stage), wait, NULL);
}

/* ---- Buckets ---- */

static struct aq_wait **pending_bucket(const struct aq_pending *pending, const struct arpq_ip *ip,
                                       uint32_t ifindex)
{
    uint64_t hash = aq_hash_ip(pending->seed, ip, ifindex);

    return &pending->buckets[hash & (pending->bucket_count - 1)];
}

static void pending_chain(struct aq_pending *pending, struct aq_wait *wait)
{
    struct aq_wait **bucket = pending_bucket(pending, &wait->target.ip, wait->target.ifindex);

    wait->chain = *bucket;
    wait->link = bucket;
    if (wait->chain)
        wait->chain->link = &wait->chain;
    *bucket = wait;
}

/* If there is no memory for more buckets, the chains grow longer instead. */
static void pending_grow(struct aq_pending *pending)
{
    struct aq_pending old = *pending;
    struct aq_wait **buckets = calloc(2 * (size_t)old.bucket_count, sizeof(struct aq_wait *));

    if (!buckets)
        return;
    pending->buckets = buckets;
    pending->bucket_count *= 2;
    for (uint32_t i = 0; i < old.bucket_count; i++)
        while (old.buckets[i]) {
            struct aq_wait *wait = old.buckets[i];

            old.buckets[i] = wait->chain;
            pending_chain(pending, wait);
        }
    free(old.buckets);
}

void aq_pending_key(struct aq_pending *pending, struct aq_wait *wait)
{
    aq_pending_unkey(pending, wait);
    if (pending->keyed >= pending->bucket_count && pending->bucket_count <= UINT32_MAX / 2)
        pending_grow(pending);
    pending_chain(pending, wait);
    wait->keyed = true;
    pending->keyed++;
}

void aq_pending_unkey(struct aq_pending *pending, struct aq_wait *wait)
{
    if (!wait->keyed)
        return;
    *wait->link = wait->chain;
    if (wait->chain)
        wait->chain->link = wait->link;
    wait->keyed = false;
    pending->keyed--;
}

/* Ignore the scope: it repeats the interface. */
static bool pending_matches(const struct aq_wait *wait, const struct arpq_ip *ip, uint32_t ifindex)
{
    return wait->target.ifindex == ifindex && wait->target.ip.family == ip->family &&
           memcmp(wait->target.ip.bytes, ip->bytes, sizeof ip->bytes) == 0;
}

struct aq_wait *aq_pending_find(const struct aq_pending *pending, const struct arpq_ip *ip,
                                uint32_t ifindex)
{
    struct aq_wait *wait = *pending_bucket(pending, ip, ifindex);

    while (wait && !pending_matches(wait, ip, ifindex))
        wait = wait->chain;
    return wait;
}

struct aq_wait *aq_pending_find_next(const struct aq_wait *wait)
{
    struct aq_wait *next = wait->chain;

    while (next && !pending_matches(next, &wait->target.ip, wait->target.ifindex))
        next = next->chain;
    return next;
}

/* ---- Lookups ---- */

void aq_pending_queue_lookup(struct aq_pending *pending, struct aq_wait *wait)
{
    struct aq_wait *previous = pending->lookup_last;

    if (wait->lookup_queued)
        return;
    wait->lookup_queued = true;
    wait->next_lookup = NULL;
    wait->previous_lookup = previous;
    *(previous ? &previous->next_lookup : &pending->lookup_first) = wait;
    pending->lookup_last = wait;
}

static void pending_unqueue_lookup(struct aq_pending *pending, struct aq_wait *wait)
{
    struct aq_wait *next = wait->next_lookup, *previous = wait->previous_lookup;

    if (!wait->lookup_queued)
        return;
    wait->lookup_queued = false;
    *(previous ? &previous->next_lookup : &pending->lookup_first) = next;
    *(next ? &next->previous_lookup : &pending->lookup_last) = previous;
}

struct aq_wait *aq_pending_next_lookup(struct aq_pending *pending)
{
    struct aq_wait *wait = pending->lookup_first;

    if (wait)
        pending_unqueue_lookup(pending, wait);
    return wait;
}

/* ---- All ---- */

int aq_pending_init(struct aq_pending *pending)
{
    memset(pending, 0, sizeof *pending);
    pending->buckets = calloc(BUCKETS_MIN, sizeof(struct aq_wait *));
    if (!pending->buckets)
        return -ENOMEM;
    pending->bucket_count = BUCKETS_MIN;
    pending->seed = aq_sys_random();
    return 0;
}

void aq_pending_free(struct aq_pending *pending)
{
    for (int stage = 0; stage < AQ_STAGES; stage++)
        while (pending->stages[stage].first)
            aq_pending_drop(pending, pending->stages[stage].first);
    free(pending->buckets);
}

struct aq_wait *aq_pending_add(struct aq_pending *pending)
{
    struct aq_wait *wait = calloc(1, sizeof *wait);

    if (!wait)
        return NULL;
    pending_insert(&pending->stages[AQ_STAGE_NEW], wait, pending->stages[AQ_STAGE_NEW].last);
    pending->count++;
    return wait;
}

void aq_pending_drop(struct aq_pending *pending, struct aq_wait *wait)
{
    aq_pending_unkey(pending, wait);
    pending_unqueue_lookup(pending, wait);
    pending_unlink(&pending->stages[wait->stage], wait);
    pending->count--;
    free(wait);
}

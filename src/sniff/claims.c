/* SPDX-License-Identifier: MIT */
#include "sniff/claims.h"

#include <errno.h>
#include <stdlib.h>

#include "neighmap/damper.h"
#include "neighmap/key.h"
#include "sniff/own.h"
#include "value/hash.h"

#define FIRST_CAPACITY 64u
#define VLAN_ID 0xfffu

struct aq_claim {
    uint64_t high, low; /* the address, as in struct aq_key */
    uint32_t ifindex;
    uint32_t vlan;         /* identifiers of both tags, and above them the family */
    uint32_t next;         /* in the hash chain, or 0 */
    uint32_t newer, older; /* in the ring by age */
    bool contested;        /* an own address, last reported as a conflict at reported_ms */
    uint64_t reported_ms;
    struct arpq_mac mac;
};

/* ---- Keys ---- */

/* Identifier 0 (a priority tag) is no VLAN. */
static uint32_t vlan_of(const struct arpq_frame *frame)
{
    return (frame->outer_tci & VLAN_ID) << 12 | (frame->vlan_tci & VLAN_ID);
}

static void key_of(const struct arpq_frame *frame, struct aq_claim *claim)
{
    struct aq_key key;

    aq_key_make(&key, &frame->ip, frame->ifindex);
    memset(claim, 0, sizeof *claim);
    claim->high = key.high;
    claim->low = key.low;
    claim->ifindex = frame->ifindex;
    claim->vlan = vlan_of(frame) | (uint32_t)frame->ip.family << 24;
}

static bool same_key(const struct aq_claim *a, const struct aq_claim *b)
{
    return a->low == b->low && a->high == b->high && a->ifindex == b->ifindex && a->vlan == b->vlan;
}

static uint32_t *first_of(const struct aq_claims *claims, const struct aq_claim *key)
{
    uint64_t link = (uint64_t)key->ifindex << 32 | key->vlan;
    uint64_t hash = aq_hash_mix(aq_hash_mix(claims->seed, link, 0), key->low, key->high);

    return &claims->first[hash & (claims->capacity - 1)];
}

/* ---- The ring by age ---- */

static void claims_take_out(struct aq_claim *all, uint32_t at)
{
    all[all[at].newer].older = all[at].older;
    all[all[at].older].newer = all[at].newer;
}

static void put_newest(struct aq_claim *all, uint32_t at)
{
    all[at].newer = 0;
    all[at].older = all[0].older;
    all[all[0].older].newer = at;
    all[0].older = at;
}

/* ---- Space ---- */

void aq_claims_free(struct aq_claims *claims)
{
    free(claims->claims);
    free(claims->first);
    aq_damper_free(claims->damper);
    memset(claims, 0, sizeof *claims);
}

static void put_in(struct aq_claims *claims, uint32_t at)
{
    uint32_t *first = first_of(claims, &claims->claims[at]);

    claims->claims[at].next = *first;
    *first = at;
}

int aq_claims_reserve(struct aq_claims *claims)
{
    uint32_t capacity = claims->capacity ? claims->capacity * 2 : FIRST_CAPACITY, *first;
    struct aq_claim *all;

    if (claims->count < claims->capacity || claims->count == claims->max)
        return 0;
    all = realloc(claims->claims, ((size_t)capacity + 1) * sizeof *all);
    if (!all)
        return -ENOMEM;
    if (!claims->capacity)
        memset(all, 0, sizeof *all);
    claims->claims = all;
    first = calloc(capacity, sizeof *first);
    if (!first)
        return -ENOMEM;
    free(claims->first);
    claims->first = first;
    claims->capacity = capacity;
    for (uint32_t at = 1; at <= claims->count; at++)
        put_in(claims, at);
    return 0;
}

/* Remove the oldest claim and return its number. */
static uint32_t claims_evict(struct aq_claims *claims)
{
    uint32_t oldest = claims->claims[0].newer;
    uint32_t *link = first_of(claims, &claims->claims[oldest]);

    while (*link != oldest)
        link = &claims->claims[*link].next;
    *link = claims->claims[oldest].next;
    claims_take_out(claims->claims, oldest);
    claims->forgotten++;
    return oldest;
}

/* ---- Claims ---- */

static struct aq_claim *claims_find(struct aq_claims *claims, const struct aq_claim *key)
{
    uint32_t at = *first_of(claims, key);

    while (at && !same_key(&claims->claims[at], key))
        at = claims->claims[at].next;
    return at ? &claims->claims[at] : NULL;
}

static struct aq_claim *claims_add(struct aq_claims *claims, const struct aq_claim *key)
{
    uint32_t at = claims->count < claims->max ? ++claims->count : claims_evict(claims);

    claims->claims[at] = *key;
    put_in(claims, at);
    put_newest(claims->claims, at);
    return &claims->claims[at];
}

static void set_conflict(struct aq_claims *claims, struct arpq_frame *frame)
{
    frame->flags |= ARPQ_FRAME_CONFLICT;
    claims->conflicts++;
}

/* A move from or to a MAC of this machine is no conflict: the address was handed over on
 * purpose, or judged by is_contested. */
static void judge_move(struct aq_claims *claims, struct arpq_frame *frame, uint64_t now_ms)
{
    struct arpq_neigh neigh = {.ip = frame->ip, .mac = frame->mac, .ifindex = frame->ifindex};

    neigh.ip.scope = vlan_of(frame); /* the damper has no VLANs */
    if (aq_own_has_mac(claims->h, &frame->mac) || aq_own_has_mac(claims->h, &frame->old_mac))
        return;
    if (aq_damper_note(&claims->damper, &neigh, &frame->old_mac, now_ms, claims->damping_ms)
            .conflict)
        set_conflict(claims, frame);
}

/* An advertisement without the override flag (for an anycast address, or by a proxy) replaces
 * no claim: RFC 4861 section 7.2.5. */
static bool claims_yields(const struct arpq_frame *frame)
{
    return frame->type == ARPQ_FRAME_NEIGHBOUR_ADVERTISEMENT &&
           !(frame->flags & ARPQ_FRAME_OVERRIDE);
}

static struct aq_claim *claims_note(struct aq_claims *claims, struct arpq_frame *frame,
                                    uint64_t now_ms)
{
    struct aq_claim key, *claim;

    key_of(frame, &key);
    claim = claims_find(claims, &key);
    if (!claim) {
        claim = claims_add(claims, &key);
        claim->mac = frame->mac;
        frame->flags |= ARPQ_FRAME_NEW;
        return claim;
    }
    if (arpq_mac_compare(&claim->mac, &frame->mac) != 0) {
        if (claims_yields(frame))
            return claim;
        frame->flags |= ARPQ_FRAME_MOVED;
        frame->old_mac = claim->mac;
        claim->mac = frame->mac;
        claims->moved++;
        judge_move(claims, frame, now_ms);
    }
    claims_take_out(claims->claims, (uint32_t)(claim - claims->claims));
    put_newest(claims->claims, (uint32_t)(claim - claims->claims));
    return claim;
}

void aq_claims_judge(struct aq_claims *claims, struct arpq_frame *frame, uint64_t now_ms)
{
    struct aq_claim *claim;

    if (frame->ip.family == 0 || frame->mac.length == 0)
        return;
    /* A frame with a tag arrives at the VLAN's interface too, which has the addresses. */
    if (vlan_of(frame) == 0 &&
        aq_own_is_contested(claims->h, frame->ifindex, &frame->ip, &frame->mac))
        frame->flags |= ARPQ_FRAME_OURS;
    if (frame->flags & ARPQ_FRAME_PROBE)
        return;
    claim = claims_note(claims, frame, now_ms);
    if (!(frame->flags & ARPQ_FRAME_OURS) ||
        (claim->contested && now_ms - claim->reported_ms < claims->damping_ms))
        return;
    claim->contested = true;
    claim->reported_ms = now_ms;
    if (!(frame->flags & ARPQ_FRAME_CONFLICT))
        set_conflict(claims, frame);
}

/* SPDX-License-Identifier: MIT */
#include "sniff/claims.h"

#include <errno.h>
#include <stdlib.h>

#include "neighmap/history.h"
#include "neighmap/key.h"
#include "sniff/frame.h"
#include "sniff/own.h"
#include "value/hash.h"

#define FIRST_CAPACITY 64u
#define VLAN_ID 0xfffu

/* The numbers of the two ring heads, and of the first claim after them. */
enum { KEPT, LATER, FIRST };

/* A kept claim may be replaced if it was not repeated for this time. */
#define KEEP_MS (24u * 3600 * 1000)

struct aq_claim {
    uint64_t high, low; /* the address, as in struct aq_key */
    uint32_t ifindex;
    uint32_t vlan;         /* identifiers of both tags in the low 24 bits, then the family */
    uint32_t next;         /* next claim in the hash chain, or 0 */
    uint32_t newer, older; /* adjacent claims in a ring by age */
    bool is_kept;
    uint64_t claimed_ms;
    struct aq_history history;
    struct arpq_mac mac;
};

/* ---- Keys ---- */

/* Identifier 0 (a priority tag) is not a VLAN. */
static uint32_t vlan_of(const struct arpq_sniffed *frame)
{
    return (frame->outer_tci & VLAN_ID) << 12 | (frame->vlan_tci & VLAN_ID);
}

static void key_of(const struct arpq_sniffed *frame, struct aq_claim *claim)
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

/* ---- The rings by age ---- */

static void claims_take_out(struct aq_claim *all, uint32_t at)
{
    all[all[at].newer].older = all[at].older;
    all[all[at].older].newer = all[at].newer;
}

static void put_newest(struct aq_claim *all, uint32_t at)
{
    uint32_t head = all[at].is_kept ? KEPT : LATER;

    all[at].newer = head;
    all[at].older = all[head].older;
    all[all[head].older].newer = at;
    all[head].older = at;
}

/* Returns the oldest claim of a ring, or the head if the ring is empty. */
static uint32_t oldest_of(const struct aq_claims *claims, uint32_t head)
{
    return claims->claims[head].newer;
}

/* ---- Space ---- */

void aq_claims_free(struct aq_claims *claims)
{
    free(claims->claims);
    free(claims->first);
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
    all = realloc(claims->claims, ((size_t)capacity + FIRST) * sizeof *all);
    if (!all)
        return -ENOMEM;
    if (!claims->capacity) {
        memset(all, 0, FIRST * sizeof *all);
        all[LATER].newer = all[LATER].older = LATER;
    }
    claims->claims = all;
    first = calloc(capacity, sizeof *first);
    if (!first)
        return -ENOMEM;
    free(claims->first);
    claims->first = first;
    claims->capacity = capacity;
    for (uint32_t at = FIRST; at < FIRST + claims->count; at++)
        put_in(claims, at);
    return 0;
}

static uint32_t kept_most(const struct aq_claims *claims)
{
    return claims->max - (claims->max + 3) / 4;
}

/* Remove the oldest claim that is not kept. Returns its number. */
static uint32_t claims_evict(struct aq_claims *claims)
{
    uint32_t oldest = oldest_of(claims, LATER);
    uint32_t *link = first_of(claims, &claims->claims[oldest]);

    while (*link != oldest)
        link = &claims->claims[*link].next;
    *link = claims->claims[oldest].next;
    claims_take_out(claims->claims, oldest);
    claims->forgotten++;
    return oldest;
}

/* Keep a claim that was repeated, in place of the oldest kept claim, if that one was not
 * repeated for KEEP_MS. */
static void claims_promote(struct aq_claims *claims, struct aq_claim *claim, uint64_t now_ms)
{
    uint32_t oldest = oldest_of(claims, KEPT);

    if (claim->is_kept || oldest == KEPT || now_ms - claims->claims[oldest].claimed_ms < KEEP_MS)
        return;
    claims_take_out(claims->claims, oldest);
    claims->claims[oldest].is_kept = false;
    put_newest(claims->claims, oldest);
    claim->is_kept = true;
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
    uint32_t at = claims->count < claims->max ? FIRST + claims->count++ : claims_evict(claims);
    struct aq_claim *claim = &claims->claims[at];

    *claim = *key;
    claim->is_kept = claims->kept < kept_most(claims);
    claims->kept += claim->is_kept;
    put_in(claims, at);
    put_newest(claims->claims, at);
    return claim;
}

static void report_conflict(struct aq_claims *claims, struct arpq_sniffed *frame)
{
    frame->flags |= ARPQ_SNIFFED_CONFLICT;
    claims->conflicts++;
}

/* A move from or to a MAC of this machine is not a conflict here: the address was handed over on
 * purpose, or aq_own_is_contested has judged it. */
static void judge_move(struct aq_claims *claims, struct aq_claim *claim, struct arpq_sniffed *frame,
                       uint64_t now_ms)
{
    if (aq_own_has_mac(claims->h, &frame->mac) || aq_own_has_mac(claims->h, &frame->old_mac))
        return;
    if (aq_history_move(&claim->history, aq_hash_mac(claims->seed, &frame->old_mac),
                        aq_hash_mac(claims->seed, &frame->mac), now_ms, claims->damping_ms)
            .conflict)
        report_conflict(claims, frame);
}

/* An advertisement without the override flag (for an anycast address, or by a proxy) does not
 * replace a claim (RFC 4861 section 7.2.5). */
static bool claims_yields(const struct arpq_sniffed *frame)
{
    return frame->type == ARPQ_SNIFFED_NEIGHBOUR_ADVERTISEMENT &&
           !(frame->flags & ARPQ_SNIFFED_OVERRIDE);
}

static struct aq_claim *claims_note(struct aq_claims *claims, struct arpq_sniffed *frame,
                                    uint64_t now_ms)
{
    struct aq_claim key, *claim;

    key_of(frame, &key);
    claim = claims_find(claims, &key);
    if (!claim) {
        claim = claims_add(claims, &key);
        claim->mac = frame->mac;
        claim->claimed_ms = now_ms;
        frame->flags |= ARPQ_SNIFFED_NEW;
        return claim;
    }
    if (arpq_mac_compare(&claim->mac, &frame->mac) != 0) {
        if (claims_yields(frame))
            return claim;
        frame->flags |= ARPQ_SNIFFED_MOVED;
        frame->old_mac = claim->mac;
        claim->mac = frame->mac;
        claims->moved++;
        judge_move(claims, claim, frame, now_ms);
    }
    claims_take_out(claims->claims, (uint32_t)(claim - claims->claims));
    claims_promote(claims, claim, now_ms);
    claim->claimed_ms = now_ms;
    put_newest(claims->claims, (uint32_t)(claim - claims->claims));
    return claim;
}

void aq_claims_judge(struct aq_claims *claims, struct arpq_sniffed *frame, uint64_t now_ms)
{
    struct aq_claim *claim;

    if (frame->mac.length == 0 || !aq_frame_is_claimable(&frame->ip))
        return;
    /* A tagged frame also arrives at the interface of the VLAN. That interface has this
     * machine's addresses in the VLAN. */
    if (vlan_of(frame) == 0 &&
        aq_own_is_contested(claims->h, frame->ifindex, &frame->ip, &frame->mac))
        frame->flags |= ARPQ_SNIFFED_OURS;
    if (frame->flags & ARPQ_SNIFFED_PROBE)
        return;
    claim = claims_note(claims, frame, now_ms);
    if (frame->flags & ARPQ_SNIFFED_OURS &&
        aq_history_conflict(&claim->history, now_ms, claims->damping_ms))
        report_conflict(claims, frame);
}

/* SPDX-License-Identifier: MIT */
/*
 * A hash table of recent moves. A move may be in any of the WAYS slots of its set, and replaces a
 * move that is older than the damping time. If all moves of a set are recent, the table doubles, up
 * to SETS_MAX, so that a host that moves its own addresses cannot replace the move of another
 * address. In a table of maximum size, a new move replaces the oldest move of its set.
 */
#include "neighmap/damper.h"

#include <stdlib.h>
#include <string.h>

#include "value/hash.h"

#define WAYS 16u
#define SETS_MIN 4u
#define SETS_MAX 16384u

struct move {
    struct arpq_ip ip;
    uint32_t ifindex; /* 0: unused */
    struct aq_history history;
};

struct aq_damper {
    uint64_t seed;
    uint32_t set_count; /* power of two */
    struct move *moves;
};
_Static_assert(sizeof(struct aq_damper) + SETS_MAX * WAYS * sizeof(struct move) <=
                   AQ_DAMPER_MEMORY_MAX,
               "AQ_DAMPER_MEMORY_MAX");

/* ---- The table ---- */

static struct move *damper_set(const struct aq_damper *damper, const struct arpq_ip *ip,
                               uint32_t ifindex)
{
    uint64_t hash = aq_hash_ip(damper->seed, ip, ifindex);

    return &damper->moves[(hash & (damper->set_count - 1)) * WAYS];
}

static struct move *damper_find(const struct aq_damper *damper, const struct arpq_ip *ip,
                                uint32_t ifindex)
{
    struct move *set = damper_set(damper, ip, ifindex);

    for (uint32_t way = 0; way < WAYS; way++)
        if (set[way].ifindex == ifindex && arpq_ip_compare(&set[way].ip, ip) == 0)
            return &set[way];
    return NULL;
}

/* Returns the slot that a new move replaces: an unused one, or the one of the oldest move. */
static struct move *damper_replace(const struct aq_damper *damper, const struct arpq_ip *ip,
                                   uint32_t ifindex)
{
    struct move *set = damper_set(damper, ip, ifindex), *oldest = set;

    for (uint32_t way = 0; way < WAYS; way++) {
        if (set[way].ifindex == 0)
            return &set[way];
        if (set[way].history.moved_ms < oldest->history.moved_ms)
            oldest = &set[way];
    }
    return oldest;
}

/* Splits each set in two, so that there is room for all moves. Returns false if the table keeps its
 * size. */
static bool damper_grow(struct aq_damper *damper)
{
    struct move *moves = damper->moves, *larger;
    uint32_t count = damper->set_count * WAYS;

    if (damper->set_count >= SETS_MAX)
        return false;
    larger = calloc((size_t)count * 2, sizeof *larger);
    if (!larger)
        return false;
    damper->moves = larger;
    damper->set_count *= 2;
    for (uint32_t i = 0; i < count; i++)
        if (moves[i].ifindex)
            *damper_replace(damper, &moves[i].ip, moves[i].ifindex) = moves[i];
    free(moves);
    return true;
}

static struct move *damper_slot(struct aq_damper *damper, const struct arpq_neigh *neigh,
                                uint64_t now_ms, uint32_t damping_ms)
{
    struct move *move = damper_find(damper, &neigh->ip, neigh->ifindex);

    if (move)
        return move;
    do
        move = damper_replace(damper, &neigh->ip, neigh->ifindex);
    while (aq_history_is_recent(&move->history, now_ms, damping_ms) && damper_grow(damper));
    *move = (struct move){.ip = neigh->ip, .ifindex = neigh->ifindex};
    return move;
}

struct aq_damper *aq_damper_make(uint64_t seed)
{
    struct aq_damper *damper = calloc(1, sizeof *damper);

    if (!damper)
        return NULL;
    damper->moves = calloc((size_t)SETS_MIN * WAYS, sizeof *damper->moves);
    if (!damper->moves) {
        free(damper);
        return NULL;
    }
    damper->seed = seed;
    damper->set_count = SETS_MIN;
    return damper;
}

void aq_damper_free(struct aq_damper *damper)
{
    if (!damper)
        return;
    free(damper->moves);
    free(damper);
}

struct aq_history_verdict aq_damper_note(struct aq_damper *damper, const struct arpq_neigh *neigh,
                                         const struct arpq_mac *old_mac, uint64_t now_ms,
                                         uint32_t damping_ms)
{
    if (!damper)
        return (struct aq_history_verdict){0};
    return aq_history_move(&damper_slot(damper, neigh, now_ms, damping_ms)->history,
                           aq_hash_mac(damper->seed, old_mac),
                           aq_hash_mac(damper->seed, &neigh->mac), now_ms, damping_ms);
}

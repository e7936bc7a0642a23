/* SPDX-License-Identifier: MIT */
/* Only a few entries move at a time. A small table remembers the last moves. If two entries share
 * a place, the newer one replaces the older one. */
#include "neighmap/damper.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/sys.h"
#include "value/hash.h"

#define PLACES 512u
#define REMEMBERED 4

struct move {
    struct arpq_ip ip;
    uint32_t ifindex; /* 0: unused */
    uint32_t count;   /* number of addresses stored so far */
    uint64_t at_ms;   /* time of the last move */
    uint64_t conflict_ms;
    bool had_conflict;
    struct arpq_mac macs[REMEMBERED]; /* earlier addresses, as a ring */
};

struct aq_damper {
    uint64_t seed;
    struct move moves[PLACES];
};

static struct move *place_of(struct aq_damper *damper, const struct arpq_neigh *neigh)
{
    return &damper->moves[aq_hash_ip(damper->seed, &neigh->ip, neigh->ifindex) % PLACES];
}

static bool was_its(const struct move *move, const struct arpq_mac *mac)
{
    for (uint32_t i = 0; i < REMEMBERED && i < move->count; i++)
        if (arpq_mac_compare(&move->macs[i], mac) == 0)
            return true;
    return false;
}

struct aq_damped aq_damper_note(struct aq_damper **damper, const struct arpq_neigh *neigh,
                                const struct arpq_mac *old_mac, uint64_t now_ms,
                                uint32_t damping_ms)
{
    struct aq_damped damped = {0};
    struct move *move;

    if (!*damper) {
        *damper = calloc(1, sizeof **damper);
        if (!*damper)
            return damped;
        (*damper)->seed = aq_sys_random();
    }
    move = place_of(*damper, neigh);
    if (move->ifindex != neigh->ifindex || arpq_ip_compare(&move->ip, &neigh->ip) != 0 ||
        now_ms - move->at_ms >= damping_ms) {
        memset(move, 0, sizeof *move);
        move->ip = neigh->ip;
        move->ifindex = neigh->ifindex;
    } else {
        damped.damped = true;
        damped.conflict = was_its(move, &neigh->mac) &&
                          (!move->had_conflict || now_ms - move->conflict_ms >= damping_ms);
    }
    move->at_ms = now_ms;
    move->macs[move->count++ % REMEMBERED] = *old_mac;
    if (damped.conflict) {
        move->had_conflict = true;
        move->conflict_ms = now_ms;
    }
    return damped;
}

void aq_damper_free(struct aq_damper *damper)
{
    free(damper);
}

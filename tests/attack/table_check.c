/* SPDX-License-Identifier: MIT */
#include "attack/table_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "attack/plan.h"
#include "attack/targets.h"

struct table_seen *table_seen_new(struct lab *lab)
{
    struct table_seen *seen = malloc(sizeof *seen);

    if (!seen)
        abort();
    memset(seen, 0, sizeof *seen);
    seen->lab = lab;
    return seen;
}

/* ---- Events ---- */

static void see_missed(const struct table_seen *seen, unsigned count, uint64_t *missed,
                       uint64_t *full)
{
    *(lab_was_full(seen->lab) ? full : missed) += count;
}

/* The entry of a machine that moved may be new again, or be read after lost events. */
static void see_moved(struct table_seen *seen, const struct arpq_neigh *neigh)
{
    const unsigned number = neigh->ip.bytes[3];
    const unsigned moves = honest_moves_of(number, neigh->mac.bytes);

    if (number >= MOVER_COUNT || !neigh->mac.length || moves <= seen->moves[number])
        return;
    see_missed(seen, moves - seen->moves[number] - 1, &seen->moves_missed, &seen->moves_full);
    seen->moves[number] = moves;
    seen->moves_total++;
}

static void see_conflict(struct table_seen *seen, const struct arpq_event *event)
{
    const unsigned number = event->neigh.ip.bytes[3];
    unsigned begun;

    if (number >= CONTESTED_COUNT)
        return;
    begun = honest_contest_of(number, event->neigh.mac.bytes, event->old_mac.bytes);
    if (begun <= seen->conflicts[number])
        return;
    see_missed(seen, begun - seen->conflicts[number] - 1, &seen->conflicts_missed,
               &seen->conflicts_full);
    seen->conflicts[number] = begun;
    seen->conflicts_total++;
}

void table_see(struct table_seen *seen, const struct arpq_event *event)
{
    const struct arpq_ip *ip = &event->neigh.ip;

    play(event, &seen->played);
    seen->overruns += event->type == ARPQ_EVENT_OVERRUN;
    if (ip->family != AF_INET)
        return;
    if (ip->bytes[2] == MOVER_NET && event->type != ARPQ_EVENT_NEIGH_REMOVED)
        see_moved(seen, &event->neigh);
    if (ip->bytes[2] == CONTESTED_NET && event->type == ARPQ_EVENT_CONFLICT)
        see_conflict(seen, event);
}

/* What happened just before the end does not count. */
void table_seen_finish(struct table_seen *seen)
{
    const struct attack_shared *shared = seen->lab->shared;

    for (unsigned i = 0; i < MOVER_COUNT; i++)
        if (shared->moves[i] > seen->moves[i] + 1)
            see_missed(seen, shared->moves[i] - seen->moves[i] - 1, &seen->moves_missed,
                       &seen->moves_full);
    for (unsigned i = 0; i < CONTESTED_COUNT; i++)
        if (shared->conflicts[i] > seen->conflicts[i] + 1)
            see_missed(seen, shared->conflicts[i] - seen->conflicts[i] - 1, &seen->conflicts_missed,
                       &seen->conflicts_full);
}

/* ---- Comparison ---- */

/* The kernel tells nobody that an entry is made, that STALE becomes DELAY, and nothing of its
 * multicast entries. */
static bool is_compared(const struct held *held)
{
    return held->used && counts(&held->neigh) && held->neigh.mac.length;
}

static bool is_same(const struct arpq_neigh *a, const struct arpq_neigh *b)
{
    const uint32_t quiet = ARPQ_STATE_STALE | ARPQ_STATE_DELAY;

    return same_mac(&a->mac, &b->mac) &&
           (a->state == b->state || ((a->state & quiet) && (b->state & quiet)));
}

static unsigned not_in(const struct copy *a, struct copy *b, bool print)
{
    unsigned wrong = 0;

    for (uint32_t i = 0; i < CELLS; i++) {
        const struct arpq_neigh *neigh = &a->cells[i].neigh;
        const struct held *other;
        char text[ARPQ_IP_STRLEN];

        if (!is_compared(&a->cells[i]))
            continue;
        other = cell_of(b, &neigh->ip, neigh->ifindex);
        if (other->used && is_same(neigh, &other->neigh))
            continue;
        if (wrong++ < 5 && print)
            fprintf(stderr, "%s differs: state %#x, %#x\n",
                    arpq_ip_format(&neigh->ip, text, sizeof text), neigh->state,
                    other->used ? other->neigh.state : 0);
    }
    return wrong;
}

static bool equals(struct copy *a, struct copy *b, bool is_last)
{
    return not_in(a, b, is_last) + not_in(b, a, is_last) == 0;
}

bool table_equals(struct lab *lab, struct copy *table, bool is_last)
{
    static struct copy kernel;

    copy_kernel(&kernel, lab->h);
    return equals(table, &kernel, is_last);
}

bool table_equals_mirror(struct lab *lab, const struct arpq_mirror *mirror, bool is_last)
{
    static struct copy listed;

    copy_mirror(&listed, mirror);
    return table_equals(lab, &listed, is_last);
}

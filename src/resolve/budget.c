/* SPDX-License-Identifier: MIT */
/*
 * The table is one for the whole machine. Full (gc_thresh3), it lets nobody resolve anything
 * new for as long as its entries are in use; from gc_thresh2 on the kernel throws out what
 * others may still want. Asking how full it is costs up to milliseconds where there are a
 * thousand interfaces: what is made here is counted here.
 */
#include "resolve/budget.h"

#include <errno.h>

#include "kernel/sys.h"

#define PAUSE_MS 100u
#define TICK_MS 10u

/* What was read longer ago says little about what others have made since. */
#define OLD_MS 1000u

/* Where the kernel does not tell, and where its figure is above the limit: it counts entries
 * too that the limit does not, PERMANENT and EXT_LEARNED ones. So many are tried, and twice as
 * many each time that none is refused. */
#define BLIND 8u
#define BLIND_MOST 1024u

static uint32_t ceiling_of(const struct arpq_table_stats *stats)
{
    uint32_t half = (stats->gc_thresh3 - stats->entries) / 2;

    bool below = stats->entries < stats->gc_thresh2 - stats->gc_thresh2 / 4;

    return below && stats->gc_thresh2 < stats->gc_thresh3 ? stats->gc_thresh2
                                                          : stats->entries + half;
}

static uint32_t room_in(const struct aq_budget *room, const struct arpq_table_stats *stats)
{
    uint32_t half = (stats->gc_thresh3 - stats->entries) / 2;
    uint32_t below = room->ceiling > stats->entries ? room->ceiling - stats->entries : 0;

    return below < half ? below : half;
}

static void try_some(struct aq_budget *room)
{
    room->left = room->blind ? room->blind : BLIND;
    room->blind = room->left < BLIND_MOST ? 2 * room->left : BLIND_MOST;
}

static void read_budget(struct aq_budget *room, struct arpq *h, bool start)
{
    struct arpq_table_stats stats;
    int code = arpq_table_stats(h, room->family, &stats);

    room->read_ms = aq_sys_now_ms();
    room->left = 0;
    room->full = code == 0 && stats.gc_thresh3 > 0 && stats.entries >= stats.gc_thresh3;
    if (room->full || code == -EOPNOTSUPP || (code == 0 && stats.gc_thresh3 == 0)) {
        try_some(room);
        return;
    }
    if (code < 0)
        return;
    if (start || !room->known)
        room->ceiling = ceiling_of(&stats);
    room->known = true;
    room->left = room_in(room, &stats);
}

static uint64_t age_of(const struct aq_budget *room)
{
    return room->read_ms ? aq_sys_now_ms() - room->read_ms : UINT64_MAX;
}

bool aq_budget_take(struct aq_budget *room, struct arpq *h, bool start)
{
    if (age_of(room) >= (room->left > 0 ? OLD_MS : PAUSE_MS))
        read_budget(room, h, start);
    if (room->left == 0)
        return false;
    room->left--;
    return true;
}

void aq_budget_give(struct aq_budget *room, uint32_t entries)
{
    room->left += entries;
}

void aq_budget_exhaust(struct aq_budget *room)
{
    room->full = true;
    room->left = 0;
    room->blind = BLIND;
    room->read_ms = aq_sys_now_ms();
}

bool aq_budget_is_short(const struct aq_budget *room)
{
    return room->full || (room->read_ms && room->left == 0);
}

bool aq_budget_is_full(struct aq_budget *room, struct arpq *h)
{
    if (age_of(room) >= PAUSE_MS)
        read_budget(room, h, false);
    return room->full;
}

uint64_t aq_budget_retry_ms(const struct aq_budget *room)
{
    return room->read_ms + PAUSE_MS + TICK_MS;
}

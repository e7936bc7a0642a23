/* SPDX-License-Identifier: MIT */
#include "mirror/confirm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle/sockets.h"
#include "kernel/rtnl_neigh.h"
#include "kernel/sys.h"
#include "mirror/apply.h"
#include "value/hash.h"

/* The replica looks up an entry after one to two periods without a write to it. One alarm serves
 * all entries of a period. */
#define PERIOD_MS 20u

/* The millisecond clock lags the clock of the alarms by up to one kernel tick. */
#define TICK_MS 10u

/* The most entries that wait at a time. If there are more, the replica looks up the oldest ones
 * at once. */
#define CAPACITY 4096u

struct confirm_item {
    struct arpq_ip ip;
    uint32_t ifindex;
    uint64_t due_ms;
};

/* A ring of items in the order of their due times. `places` contains, for each hash, the place
 * of the last item with that hash. The place of an item is the number of items that were added
 * before it. */
struct aq_confirm {
    uint64_t first, end;
    uint64_t seed;
    uint64_t places[CAPACITY];
    struct confirm_item items[CAPACITY];
};

static struct confirm_item *confirm_at(struct aq_confirm *confirm, uint64_t place)
{
    return &confirm->items[place % CAPACITY];
}

static struct aq_confirm *confirm_of(struct aq_replica *replica)
{
    if (!replica->confirm) {
        replica->confirm = calloc(1, sizeof *replica->confirm);
        if (replica->confirm)
            replica->confirm->seed = aq_sys_random();
    }
    return replica->confirm;
}

/* ---- Lookups ---- */

static void confirm_apply(struct aq_replica *replica, const struct confirm_item *item, int code,
                          struct arpq_neigh *neigh)
{
    if (code == -ENOENT || code == -ENODEV)
        code = aq_apply_remove(replica, &item->ip, item->ifindex);
    else if (code == 0)
        code = aq_apply_put(replica, neigh);
    /* A kernel without single lookups cannot confirm anything. */
    if (code < 0 && !aq_sys_is_refusal(code))
        replica->stale = true;
}

/* Look up the items of one datagram, and apply the results. */
static int confirm_batch(struct aq_replica *replica, const struct confirm_item *items,
                         unsigned count)
{
    struct aq_neigh_key keys[AQ_RTNL_BATCH];
    struct arpq_neigh neighs[AQ_RTNL_BATCH];
    int codes[AQ_RTNL_BATCH];
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(replica->h, &rtnl);

    if (code < 0)
        return code;
    for (unsigned i = 0; i < count; i++)
        keys[i] = (struct aq_neigh_key){items[i].ip, items[i].ifindex};
    aq_rtnl_neigh_get_many(rtnl, keys, count, neighs, codes);
    aq_sockets_unlock(replica->h, rtnl);
    replica->confirming = true;
    for (unsigned i = 0; i < count; i++)
        confirm_apply(replica, &items[i], codes[i], &neighs[i]);
    replica->confirming = false;
    return 0;
}

/* Take the first item if it is due. Skip items with ifindex 0: a newer item has replaced them. */
static bool confirm_take(struct aq_confirm *confirm, uint64_t now_ms, struct confirm_item *item)
{
    while (confirm->first < confirm->end) {
        struct confirm_item *first = confirm_at(confirm, confirm->first);

        if (first->ifindex && first->due_ms > now_ms)
            return false;
        confirm->first++;
        *item = *first;
        if (item->ifindex)
            return true;
    }
    return false;
}

static int confirm_until(struct aq_replica *replica, uint64_t now_ms, unsigned most)
{
    struct confirm_item items[AQ_RTNL_BATCH];
    unsigned count = 0;
    int code;

    while (count < most && confirm_take(replica->confirm, now_ms, &items[count]))
        count++;
    if (count == 0)
        return 0;
    code = confirm_batch(replica, items, count);
    if (code < 0)
        replica->stale = true; /* the items are no longer in the ring */
    return code < 0 ? code : (int)count;
}

int aq_confirm_due(struct aq_replica *replica, uint64_t until_us)
{
    int code;

    if (!replica->confirm)
        return 0;
    do
        code = confirm_until(replica, aq_sys_now_ms(), AQ_RTNL_BATCH);
    while (code > 0 && aq_sys_now_us() < until_us);
    return code < 0 ? code : 0;
}

/* ---- Notes ---- */

static bool confirm_is_for(const struct confirm_item *item, const struct arpq_ip *ip,
                           uint32_t ifindex)
{
    return item->ifindex == ifindex && item->ip.family == ip->family &&
           memcmp(item->ip.bytes, ip->bytes, sizeof ip->bytes) == 0;
}

void aq_confirm_note(struct aq_replica *replica, const struct arpq_ip *ip, uint32_t ifindex)
{
    struct aq_confirm *confirm = confirm_of(replica);
    uint64_t *place;

    if (!confirm) {
        replica->stale = true;
        return;
    }
    place = &confirm->places[aq_hash_ip(confirm->seed, ip, ifindex) % CAPACITY];
    if (*place >= confirm->first && *place < confirm->end &&
        confirm_is_for(confirm_at(confirm, *place), ip, ifindex))
        confirm_at(confirm, *place)->ifindex = 0; /* the new item replaces this one */
    if (confirm->end - confirm->first == CAPACITY)
        (void)confirm_until(replica, UINT64_MAX, AQ_RTNL_BATCH);
    *place = confirm->end++;
    *confirm_at(confirm, *place) = (struct confirm_item){
        .ip = *ip, .ifindex = ifindex, .due_ms = (aq_sys_now_ms() / PERIOD_MS + 2) * PERIOD_MS};
}

uint64_t aq_confirm_next_us(const struct aq_replica *replica)
{
    const struct aq_confirm *confirm = replica->confirm;

    if (!confirm || confirm->first == confirm->end)
        return AQ_WAKEUP_NEVER;
    return (confirm->items[confirm->first % CAPACITY].due_ms + TICK_MS) * 1000;
}

void aq_confirm_clear(struct aq_replica *replica)
{
    if (replica->confirm)
        replica->confirm->first = replica->confirm->end = 0;
}

void aq_confirm_free(struct aq_replica *replica)
{
    free(replica->confirm);
}

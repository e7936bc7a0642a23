/* SPDX-License-Identifier: MIT */
/*
 * Make the copy equal to the kernel's table. Events that arrive meanwhile wait on the socket,
 * and the replica applies them after the dump: the last event about an entry is the newest
 * information. An entry that the dump lacks may still exist (table/dump.c explains why), so the
 * replica looks up each such entry before it reports the removal.
 */
#include "mirror/resync.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "handle/sockets.h"
#include "kernel/sys.h"
#include "mirror/apply.h"
#include "mirror/confirm.h"
#include "mirror/drain.h"
#include "mirror/replica_interfaces.h"
#include "table/dump.h"

/* The pause after a dump is four times its duration, and at least this long. */
#define REST_FACTOR 4
#define REST_MIN_MS 100u

static int resync_take_entry(const struct nlmsghdr *message, void *context)
{
    struct aq_replica *replica = context;
    struct arpq_neigh neigh;
    int code;

    if (message->nlmsg_type != RTM_NEWNEIGH)
        return 0;
    code = aq_rtnl_neigh_parse(message, &neigh);
    if (code < 0) {
        replica->stats.malformed += code == -EBADMSG;
        return 0;
    }
    return neigh.ifindex ? aq_apply_put(replica, &neigh) : 0;
}

static int resync_on_redump(void *context)
{
    (void)context;
    return 0;
}

/* Collect the next entries that the dump lacks, at most one batch. *after is the number of the
 * last one. Returns how many there are. */
static unsigned resync_collect_unseen(struct aq_replica *replica, uint32_t *after,
                                      struct aq_neigh_key keys[AQ_RTNL_BATCH])
{
    const struct aq_neighmap *map = atomic_load_explicit(&replica->map, memory_order_relaxed);
    unsigned count = 0;
    uint32_t number;

    while (count < AQ_RTNL_BATCH &&
           (number = aq_neighmap_next_unseen(map, *after, &keys[count].ip, &keys[count].ifindex))) {
        *after = number;
        count++;
    }
    return count;
}

/* Apply the result of the lookup of an entry that the dump lacked. */
static int resync_confirmed(struct aq_replica *replica, const struct aq_neigh_key *key, int code,
                            struct arpq_neigh *neigh)
{
    replica->stats.confirmations++;
    if (code == -ENOENT || code == -ENODEV)
        return aq_apply_remove(replica, &key->ip, key->ifindex);
    return code < 0 ? code : aq_apply_put(replica, neigh);
}

static int resync_confirm_unseen(struct aq_replica *replica, struct aq_rtnl *rtnl)
{
    struct aq_neigh_key keys[AQ_RTNL_BATCH];
    struct arpq_neigh neighs[AQ_RTNL_BATCH];
    int codes[AQ_RTNL_BATCH];
    uint32_t after = 0;
    unsigned count;

    while ((count = resync_collect_unseen(replica, &after, keys))) {
        aq_rtnl_neigh_get_many(rtnl, keys, count, neighs, codes);
        for (unsigned n = 0; n < count; n++) {
            int code = resync_confirmed(replica, &keys[n], codes[n], &neighs[n]);

            if (code < 0)
                return code;
        }
    }
    return 0;
}

static int resync_confirm(struct aq_replica *replica)
{
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(replica->h, &rtnl);

    if (code < 0)
        return code;
    code = resync_confirm_unseen(replica, rtnl);
    aq_sockets_unlock(replica->h, rtnl);
    return code;
}

static int resync_neighbours(struct aq_replica *replica)
{
    const struct aq_dump dump = {
        .handler = resync_take_entry, .again = resync_on_redump, .context = replica};
    int dump_code, code;

    aq_neighmap_begin_round(atomic_load_explicit(&replica->map, memory_order_relaxed));
    dump_code = aq_dump(replica->h, &dump);
    if (dump_code < 0)
        return dump_code;
    /* Events that arrived during the dump make some lookups unnecessary. */
    code = aq_drain(replica);
    if (code == 0)
        code = resync_confirm(replica);
    /* After AQ_DUMP_UNKNOWN another dump would not give more information. */
    if (code == 0 && dump_code == AQ_DUMP_MOVED)
        replica->stale = true;
    return code;
}

static int resync_read_all(struct aq_replica *replica)
{
    int code = 0;

    if (replica->options.interfaces || replica->options.addresses)
        code = aq_replica_interfaces_resync(replica);
    if (code == 0 && !replica->options.no_neighbours)
        code = resync_neighbours(replica);
    return code;
}

/* Returns 0 if the clock cannot be read, so that the pause does not become endless. */
static uint64_t resync_elapsed_us(uint64_t began_us)
{
    uint64_t now = aq_sys_now_us();

    return began_us && now > began_us ? now - began_us : 0;
}

static uint64_t resync_rest_ms(uint64_t took_us)
{
    uint64_t rest = took_us / 1000 * REST_FACTOR;

    return rest < REST_MIN_MS ? REST_MIN_MS : rest;
}

int aq_resync(struct aq_replica *replica)
{
    const struct aq_change synced = {.type = ARPQ_EVENT_SYNCED};
    uint64_t began = aq_sys_now_us();
    int code;

    replica->stale = false;
    replica->resyncing = true;
    aq_confirm_clear(replica);
    code = resync_read_all(replica);
    replica->resyncing = false;
    replica->stale |= code < 0;
    replica->stats.dumps++;
    replica->stats.last_dump_us = resync_elapsed_us(began);
    replica->next_dump_ms = aq_sys_now_ms() + resync_rest_ms(replica->stats.last_dump_us);
    if (!replica->stale) {
        code = aq_notify_reserve(replica);
        replica->stale = code < 0;
    }
    if (!replica->stale) {
        replica->overrun_reported = false;
        aq_notify(replica, &synced);
    }
    return code;
}

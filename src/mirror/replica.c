/* SPDX-License-Identifier: MIT */

#include "mirror/replica.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/namespace.h"
#include "kernel/rtnl_event.h"
#include "kernel/sys.h"
#include "mirror/confirm.h"
#include "mirror/drain.h"
#include "mirror/resync.h"

#define RECEIVE_BUFFER (32u * 1024 * 1024)
#define DAMPING_MS 10000u

/* The time for the lookups of uncertain entries in one call, counted from its start, so that they
 * do not prolong a call that has drained the socket for as long. The next call continues. */
#define CONFIRM_US 5000u

/* ---- Sockets ---- */

static uint32_t replica_groups(const struct aq_replica_options *options)
{
    uint32_t groups = 0;

    if (!options->no_neighbours)
        groups |= AQ_RTNL_GROUP(RTNLGRP_NEIGH);
    if (options->interfaces)
        groups |= AQ_RTNL_GROUP(RTNLGRP_LINK);
    if (options->addresses)
        groups |= AQ_RTNL_GROUP(RTNLGRP_IPV4_IFADDR) | AQ_RTNL_GROUP(RTNLGRP_IPV6_IFADDR);
    return groups;
}

static int replica_open_event_socket(void *context)
{
    struct aq_replica *replica = context;

    return aq_rtnl_open(&replica->event, replica_groups(&replica->options));
}

static int replica_open_descriptors(struct aq_replica *replica)
{
    int code = aq_namespace_run(replica->h, replica_open_event_socket, replica);

    if (code < 0)
        return code;
    replica->stats.receive_wanted = 2 * (uint64_t)replica->options.receive_buffer;
    replica->stats.receive_buffer =
        aq_sys_set_receive_buffer(replica->event.fd, replica->options.receive_buffer);
    code = aq_wakeup_open(&replica->wakeup);
    return code < 0 ? code : aq_wakeup_add(&replica->wakeup, replica->event.fd);
}

static void replica_close_descriptors(struct aq_replica *replica)
{
    aq_rtnl_close(&replica->event);
    aq_wakeup_close(&replica->wakeup);
}

/* Set the timer for the next resync and the next confirmation. */
static int replica_set_alarm(struct aq_replica *replica)
{
    uint64_t next_us = aq_confirm_next_us(replica), now, wait;

    if (replica->stale) {
        now = aq_sys_now_ms();
        wait = replica->next_dump_ms > now ? replica->next_dump_ms - now : 1;
        if (aq_sys_now_us() + wait * 1000 < next_us)
            next_us = aq_sys_now_us() + wait * 1000;
    }
    return aq_wakeup_set_alarm(&replica->wakeup, next_us);
}

/* ---- Start and stop ---- */

static int replica_make_map(struct aq_replica *replica)
{
    struct aq_neighmap *map;
    int code = aq_neighmap_make(&map, aq_sys_random());

    atomic_store_explicit(&replica->map, map, memory_order_release);
    return code;
}

static int replica_set_up(struct aq_replica *replica)
{
    void *live;
    int code = aq_sys_map_wiped_on_fork(sizeof *replica->live, &live);

    if (code < 0)
        return code;
    replica->live = live;
    atomic_init(&replica->process, code == AQ_SYS_NOT_WIPED ? aq_sys_process() : 0);
    replica->buffers = aq_rtnl_buffers_make(
        replica->options.interfaces || replica->options.addresses ? AQ_RTNL_EVENT_SIZE
                                                                  : AQ_RTNL_NEIGH_EVENT_SIZE);
    if (!replica->buffers)
        return -ENOMEM;
    code = replica_make_map(replica);
    if (code == 0)
        code = replica_open_descriptors(replica);
    if (code == 0)
        code = aq_resync(replica);
    if (code == 0)
        code = replica_set_alarm(replica);
    if (code < 0)
        return code;
    aq_neighmap_trim(atomic_load(&replica->map));
    atomic_store_explicit(&replica->live->alive, true, memory_order_release);
    return 0;
}

int aq_replica_start(struct aq_replica *replica, struct arpq_handle *h,
                     const struct aq_replica_options *options)
{
    int code;

    replica->h = aq_handle_ref(h);
    replica->options = *options;
    if (!replica->options.receive_buffer)
        replica->options.receive_buffer = RECEIVE_BUFFER;
    if (!replica->options.damping_ms)
        replica->options.damping_ms = DAMPING_MS;
    aq_wakeup_init(&replica->wakeup);
    aq_rtnl_init(&replica->event, &h->live->detail);
    aq_links_init(&replica->links, h);
    code = aq_interfaces_refresh(h);
    if (code == 0)
        code = replica_set_up(replica);
    if (code < 0)
        aq_replica_stop(replica);
    return aq_sys_unify_refusal(code);
}

/* If a fork interrupted a change, the child must not use the incomplete data. The child can free
 * the map, which is consistent at every step, but not the interfaces. */
static void replica_forget_half_done(struct aq_replica *replica)
{
    if (!atomic_load(&replica->changing))
        return;
    aq_neighmap_free(atomic_exchange(&replica->map, NULL));
    memset(&replica->interfaces, 0, sizeof replica->interfaces);
    atomic_store(&replica->changing, false);
}

void aq_replica_stop(struct aq_replica *replica)
{
    if (replica->live && !aq_replica_is_alive(replica))
        replica_forget_half_done(replica);
    replica_close_descriptors(replica);
    aq_neighmap_free(atomic_load(&replica->map));
    aq_damper_free(replica->damper);
    aq_confirm_free(replica);
    aq_ifmap_clear(&replica->interfaces);
    aq_rtnl_buffers_free(replica->buffers);
    if (replica->live)
        aq_sys_unmap(replica->live, sizeof *replica->live);
    aq_handle_unref(replica->h);
}

/* The child shares the parent's sockets. Closing them here does not affect the parent. */
static int replica_revive(struct aq_replica *replica)
{
    int code = 0;

    replica_close_descriptors(replica);
    replica_forget_half_done(replica);
    replica->stale = true;
    replica->next_dump_ms = 0;
    if (!atomic_load(&replica->map))
        code = replica_make_map(replica);
    return code == 0 ? replica_open_descriptors(replica) : code;
}

/* ---- Sync ---- */

/* In a child, the lock that it inherited may be that of a thread of the parent. */
static void replica_lock(struct aq_replica *replica)
{
    aq_handle_wipe(&replica->process, replica->live, sizeof *replica->live);
    aq_lock_take(&replica->live->writer);
}

/* Drop the cached link data after any change of a link. */
static int replica_refresh_links(struct aq_replica *replica)
{
    int code = aq_interfaces_refresh(replica->h);
    unsigned generation = aq_interfaces_generation(replica->h);

    if (generation != replica->links_generation)
        aq_links_init(&replica->links, replica->h);
    replica->links_generation = generation;
    return code;
}

static int replica_sync_locked(struct aq_replica *replica)
{
    const uint64_t until_us = aq_sys_now_us() + CONFIRM_US, before = replica->stats.events;
    int code = replica_refresh_links(replica), alarm_code = 0;

    /* In a child the sockets are new, so its first dump does not have to wait until they are
     * drained. Draining them may take many calls. */
    if (code == 0 && !aq_replica_is_alive(replica))
        code = aq_resync(replica);
    replica->drained = false;
    if (code == 0)
        code = aq_drain(replica);
    /* After an overrun the kernel queues nothing until the socket is drained. A dump before that
     * would miss changes between the dump and the end of the queue. The descriptor stays
     * readable until the queue is empty. */
    if (replica->stale && replica->drained && aq_sys_now_ms() >= replica->next_dump_ms)
        code = aq_resync(replica);
    if (code == 0)
        code = aq_confirm_due(replica, until_us);
    alarm_code = replica_set_alarm(replica);
    if (code == 0)
        code = alarm_code;
    return code < 0 ? code : (int)(replica->stats.events - before);
}

int aq_replica_sync(struct aq_replica *replica)
{
    int code = 0;

    aq_detail_begin(replica->h);
    replica_lock(replica);
    if (!aq_replica_is_alive(replica))
        code = replica_revive(replica);
    atomic_store(&replica->changing, true);
    if (code == 0)
        code = replica_sync_locked(replica);
    code = aq_sys_unify_refusal(code);
    replica->error = code < 0 ? code : 0;
    /* In a child, readers may use the copy after its first resync. */
    if (code >= 0)
        atomic_store_explicit(&replica->live->alive, true, memory_order_release);
    atomic_store(&replica->changing, false);
    aq_lock_release(&replica->live->writer);
    return code;
}

void aq_replica_stats(struct aq_replica *replica, struct arpq_sync_stats *stats)
{
    const struct aq_neighmap *map;

    replica_lock(replica);
    *stats = replica->stats;
    stats->stale = replica->stale || replica->error;
    stats->error = replica->error;
    stats->forged = atomic_load(&replica->event.forged);
    map = atomic_load(&replica->map);
    if (map) {
        stats->entries = aq_neighmap_count(map);
        stats->memory = aq_neighmap_memory(map) + sizeof *replica;
    }
    aq_lock_release(&replica->live->writer);
}

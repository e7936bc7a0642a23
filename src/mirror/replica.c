/* SPDX-License-Identifier: MIT */
#include "mirror/replica.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "kernel/netns.h"
#include "kernel/sys.h"

#define RECEIVE_BUFFER (32u * 1024 * 1024)
#define DAMPING_MS 10000u

/* ---- Sockets ---- */

static uint32_t groups_of(const struct aq_follow_options *options)
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

static int open_event_socket(void *context)
{
    struct aq_follow *follow = context;

    return aq_rtnl_open(&follow->event, groups_of(&follow->options));
}

static int open_descriptors(struct aq_follow *follow)
{
    int code = aq_netns_run(follow->h->netns_fd, open_event_socket, follow);

    if (aq_sys_is_refusal(code))
        return -EOPNOTSUPP;
    if (code < 0)
        return code;
    follow->stats.receive_wanted = 2 * (uint64_t)follow->options.receive_buffer;
    follow->stats.receive_buffer =
        aq_sys_set_receive_buffer(follow->event.fd, follow->options.receive_buffer);
    code = aq_sys_epoll();
    if (code < 0)
        return code;
    follow->epoll_fd = code;
    code = aq_sys_timer();
    if (code < 0)
        return code;
    follow->timer_fd = code;
    code = aq_sys_epoll_add(follow->epoll_fd, follow->event.fd);
    return code < 0 ? code : aq_sys_epoll_add(follow->epoll_fd, follow->timer_fd);
}

static void close_descriptors(struct aq_follow *follow)
{
    aq_rtnl_close(&follow->event);
    aq_sys_close(follow->epoll_fd);
    aq_sys_close(follow->timer_fd);
    follow->epoll_fd = follow->timer_fd = -1;
}

/* Wake up for the reading that is still to come, or not at all. */
static void set_alarm(struct aq_follow *follow)
{
    uint64_t now = aq_sys_now_ms();
    uint64_t wait = follow->next_dump_ms > now ? follow->next_dump_ms - now : 1;

    (void)aq_sys_timer_set(follow->timer_fd, follow->stale ? wait : 0);
}

/* ---- Start and stop ---- */

static int make_map(struct aq_follow *follow)
{
    struct aq_neighmap *map;
    int code = aq_neighmap_make(&map, aq_sys_random());

    atomic_store_explicit(&follow->map, map, memory_order_release);
    return code;
}

static int make(struct aq_follow *follow)
{
    void *live;
    int code = aq_sys_map_wiped_on_fork(sizeof *follow->live, &live);

    if (code < 0)
        return code;
    follow->live = live;
    follow->batch = aq_rtnl_batch_make(follow->options.interfaces || follow->options.addresses
                                           ? AQ_RTNL_EVENT_SIZE
                                           : AQ_RTNL_NEIGH_EVENT_SIZE);
    if (!follow->batch)
        return -ENOMEM;
    code = make_map(follow);
    if (code == 0)
        code = open_descriptors(follow);
    if (code == 0)
        code = aq_follow_resync(follow);
    if (code < 0)
        return code;
    set_alarm(follow);
    aq_neighmap_trim(atomic_load(&follow->map));
    atomic_store_explicit(&follow->live->alive, true, memory_order_release);
    return 0;
}

int aq_follow_start(struct aq_follow *follow, struct arpq *h,
                    const struct aq_follow_options *options)
{
    int code;

    follow->h = h;
    follow->options = *options;
    if (!follow->options.receive_buffer)
        follow->options.receive_buffer = RECEIVE_BUFFER;
    if (!follow->options.damping_ms)
        follow->options.damping_ms = DAMPING_MS;
    follow->epoll_fd = follow->timer_fd = -1;
    aq_rtnl_init(&follow->event, h->serial);
    aq_links_init(&follow->links, h);
    code = aq_interfaces_refresh(h);
    if (code == 0)
        code = make(follow);
    if (code < 0)
        aq_follow_stop(follow);
    return code;
}

/* In a child that was forked in the middle of a change, what that left cannot be trusted:
 * the copy only to be freed, which it can be at any time, the interfaces not even that. */
static void forget_half_done(struct aq_follow *follow)
{
    if (!atomic_load(&follow->changing))
        return;
    aq_neighmap_free(atomic_exchange(&follow->map, NULL));
    memset(&follow->interfaces, 0, sizeof follow->interfaces);
    atomic_store(&follow->changing, false);
}

void aq_follow_stop(struct aq_follow *follow)
{
    if (follow->live && !aq_follow_is_alive(follow))
        forget_half_done(follow);
    close_descriptors(follow);
    aq_neighmap_free(atomic_load(&follow->map));
    aq_damper_free(follow->damper);
    aq_ifmap_clear(&follow->interfaces);
    aq_rtnl_batch_free(follow->batch);
    if (follow->live)
        aq_sys_unmap(follow->live, sizeof *follow->live);
}

/* The parent's sockets are shared with it: they are closed here, which it does not notice,
 * and replaced. */
static int revive(struct aq_follow *follow)
{
    int code = 0;

    close_descriptors(follow);
    forget_half_done(follow);
    follow->stale = true;
    follow->next_dump_ms = 0;
    if (!atomic_load(&follow->map))
        code = make_map(follow);
    return code == 0 ? open_descriptors(follow) : code;
}

/* ---- Sync ---- */

/* What is known of links is asked for again after any of them changed. */
static int refresh_links(struct aq_follow *follow)
{
    int code = aq_interfaces_refresh(follow->h);
    unsigned generation = aq_interfaces_generation(follow->h);

    if (generation != follow->links_generation)
        aq_links_init(&follow->links, follow->h);
    follow->links_generation = generation;
    return code;
}

static int sync_now(struct aq_follow *follow)
{
    uint64_t before = follow->stats.events;
    bool was_stale = follow->stale;
    int code = refresh_links(follow);

    follow->drained = false;
    if (code == 0)
        code = aq_follow_drain(follow);
    /* After a loss the kernel queues nothing until everything older has been read: what
     * changed between a reading before that and the end of the queue would be told by
     * neither. The descriptor is readable as long as the end was not reached. */
    if (follow->stale && follow->drained && aq_sys_now_ms() >= follow->next_dump_ms)
        code = aq_follow_resync(follow);
    if (was_stale || follow->stale)
        set_alarm(follow);
    return code < 0 ? code : (int)(follow->stats.events - before);
}

int aq_follow_sync(struct aq_follow *follow)
{
    int code = 0;

    aq_rtnl_detail_clear();
    pthread_mutex_lock(&follow->live->writer);
    if (!aq_follow_is_alive(follow))
        code = revive(follow);
    atomic_store(&follow->changing, true);
    if (code == 0)
        code = sync_now(follow);
    /* In a child readers are let in when there is something to read. */
    if (code >= 0)
        atomic_store_explicit(&follow->live->alive, true, memory_order_release);
    atomic_store(&follow->changing, false);
    pthread_mutex_unlock(&follow->live->writer);
    return code;
}

void aq_follow_stats(struct aq_follow *follow, struct arpq_mirror_stats *stats)
{
    const struct aq_neighmap *map;

    pthread_mutex_lock(&follow->live->writer);
    *stats = follow->stats;
    stats->stale = follow->stale;
    stats->forged = atomic_load(&follow->event.forged);
    map = atomic_load(&follow->map);
    if (map) {
        stats->entries = aq_neighmap_count(map);
        stats->memory = aq_neighmap_memory(map) + sizeof *follow;
    }
    pthread_mutex_unlock(&follow->live->writer);
}

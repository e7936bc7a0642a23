/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle/deadline.h"
#include "handle/detail.h"
#include "handle/options.h"
#include "handle/wait.h"
#include "mirror/replica.h"
#include "mirror/watch_queue.h"
#include "table/filter.h"

#define KNOWN_FLAGS                                                                                \
    (ARPQ_WATCH_EXISTING | ARPQ_WATCH_INTERFACES | ARPQ_WATCH_ADDRESSES | ARPQ_WATCH_NO_NEIGHBOURS)
#define LEAST offsetof(struct arpq_watch_options, receive_buffer)
#define KNOWN offsetof(struct arpq_watch_options, reserved)

struct arpq_watch {
    struct aq_replica replica;
    struct arpq_filter filter;
    struct aq_watch_queue queue;
    bool reporting; /* false during an initial dump that is not reported */
};

/* ---- Filtering ---- */

/* The master of a removed link is unknown, so report the removal of its entries. The report is
 * harmless for an entry that was never reported. */
static bool watch_has_master(struct arpq_watch *watch, const struct aq_change *change)
{
    uint32_t ifindex = change->neigh->ifindex;

    if (!watch->filter.master)
        return true;
    if (change->type == ARPQ_EVENT_NEIGH_REMOVED && !aq_links_has(&watch->replica.links, ifindex))
        return true;
    return aq_links_master(&watch->replica.links, ifindex) == watch->filter.master;
}

/* Whether the filter matches the entry before or after the change. */
static bool watch_wants(struct arpq_watch *watch, const struct aq_change *change)
{
    struct arpq_neigh before;

    if (!change->neigh)
        return true;
    if (!watch_has_master(watch, change))
        return false;
    if (aq_filter_matches(&watch->filter, change->neigh))
        return true;
    if (change->type == ARPQ_EVENT_NEIGH_ADDED)
        return false;
    before = *change->neigh;
    before.mac = *change->old_mac;
    if (change->type != ARPQ_EVENT_NEIGH_REMOVED) {
        before.state = change->old_state;
        before.flags = change->old_flags;
        before.protocol = change->old_protocol;
    }
    return aq_filter_matches(&watch->filter, &before);
}

static void watch_enqueue(const struct aq_change *change, void *context)
{
    struct arpq_watch *watch = context;

    if (watch->reporting && watch_wants(watch, change))
        aq_watch_queue_put(&watch->queue, change);
}

static int watch_reserve(void *context)
{
    struct arpq_watch *watch = context;

    return watch->reporting ? aq_watch_queue_reserve(&watch->queue, AQ_CHANGES_MAX) : 0;
}

/* ---- Open and close ---- */

static bool watch_ignores(uint32_t flags)
{
    return flags & ARPQ_WATCH_NO_NEIGHBOURS &&
           !(flags & (ARPQ_WATCH_INTERFACES | ARPQ_WATCH_ADDRESSES));
}

static int watch_read_options(const struct arpq_watch_options *from,
                              struct arpq_watch_options *options)
{
    int code = aq_options_read(from, LEAST, KNOWN, KNOWN_FLAGS, options, sizeof *options);

    return code == 0 && watch_ignores(options->flags) ? -EINVAL : code;
}

static int watch_read_filter(struct arpq_handle *h, const struct arpq_filter *from,
                             struct arpq_filter *filter)
{
    static const struct arpq_filter none;
    int code;

    /* The filter is a member of the options, so it cannot be larger than that member. */
    if (from->size > sizeof *from || (!from->size && memcmp(from, &none, sizeof none) != 0))
        return -EINVAL;
    code = aq_filter_read(from->size ? from : NULL, filter);
    if (code == 0 && filter->flags & ARPQ_FILTER_PROXY)
        code = -EINVAL;
    return code < 0 ? code : aq_filter_check_links(h, filter);
}

static int watch_start(struct arpq_watch *watch, struct arpq_handle *h,
                       const struct arpq_watch_options *options)
{
    const struct aq_replica_options replica = {
        .receive_buffer = options->receive_buffer,
        .damping_ms = options->damping_ms,
        .no_neighbours = options->flags & ARPQ_WATCH_NO_NEIGHBOURS,
        .interfaces = options->flags & ARPQ_WATCH_INTERFACES,
        .addresses = options->flags & ARPQ_WATCH_ADDRESSES,
        .notify = watch_enqueue,
        .reserve = watch_reserve,
        .context = watch,
    };
    int code = watch_read_filter(h, &options->filter, &watch->filter);

    if (code < 0)
        return code;
    watch->reporting = options->flags & ARPQ_WATCH_EXISTING;
    code = aq_replica_start(&watch->replica, h, &replica);
    watch->reporting = true;
    return code;
}

int arpq_watch_open(struct arpq_handle *h, struct arpq_watch **watch,
                    const struct arpq_watch_options *options)
{
    struct arpq_watch_options new_options;
    struct arpq_watch *new_watch;
    int code;

    aq_detail_begin(h);
    if (watch)
        *watch = NULL;
    if (!h || !watch)
        return -EINVAL;
    code = watch_read_options(options, &new_options);
    if (code < 0)
        return code;
    new_watch = aligned_alloc(_Alignof(struct arpq_watch), sizeof *new_watch);
    if (!new_watch)
        return -ENOMEM;
    memset(new_watch, 0, sizeof *new_watch);
    code = watch_start(new_watch, h, &new_options);
    if (code < 0) {
        aq_watch_queue_free(&new_watch->queue);
        free(new_watch);
        return code;
    }
    *watch = new_watch;
    return 0;
}

void arpq_watch_close(struct arpq_watch *watch)
{
    if (!watch)
        return;
    aq_replica_stop(&watch->replica);
    aq_watch_queue_free(&watch->queue);
    free(watch);
}

int arpq_watch_fd(const struct arpq_watch *watch)
{
    return watch ? watch->replica.wakeup.fd : -EINVAL;
}

int arpq_watch_stats(struct arpq_watch *watch, struct arpq_sync_stats *stats)
{
    if (stats)
        memset(stats, 0, sizeof *stats);
    if (!watch || !stats)
        return -EINVAL;
    aq_replica_stats(&watch->replica, stats);
    return 0;
}

/* ---- Next ---- */

int arpq_watch_next(struct arpq_watch *watch, struct arpq_event *event, int32_t timeout_ms)
{
    uint64_t deadline_us = aq_deadline(timeout_ms);

    aq_detail_begin(watch ? watch->replica.h : NULL);
    if (event)
        memset(event, 0, sizeof *event);
    if (!watch || !event || timeout_ms < -1)
        return -EINVAL;
    for (;;) {
        int code, left;

        if (aq_watch_queue_take(&watch->queue, event))
            return 1;
        code = aq_replica_sync(&watch->replica);
        if (aq_watch_queue_take(&watch->queue, event))
            return 1;
        if (code < 0)
            return code;
        left = aq_deadline_left(timeout_ms, deadline_us);
        if (left == 0)
            return 0;
        code = aq_wait(watch->replica.h, watch->replica.wakeup.fd, left);
        if (code < 0)
            return code;
    }
}

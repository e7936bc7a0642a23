/* SPDX-License-Identifier: MIT */
/*
 * Follow the kernel's neighbour table: a copy in memory that its events are applied to, and
 * that is put right again when some were lost. What a mirror and a watch have in common.
 */
#ifndef AQ_MIRROR_REPLICA_H
#define AQ_MIRROR_REPLICA_H

#include "handle/handle.h"
#include "handle/links.h"
#include "kernel/wakeup.h"
#include "mirror/notify.h"
#include "neighmap/damper.h"
#include "neighmap/neighmap.h"

struct aq_replica_options {
    uint32_t receive_buffer; /* 0: the default */
    uint32_t damping_ms;     /* 0: the default */
    bool no_neighbours;
    bool interfaces;
    bool addresses;
    /* Whoever wants to know; or NULL. */
    void (*notify)(const struct aq_change *change, void *context);
    /* Make room for AQ_CHANGES_MAX changes, or -ENOMEM: then the copy stays as it is, and
     * the difference is found again later. NULL: there is always room. */
    int (*reserve)(void *context);
    void *context;
};

/* What must not survive a fork; see struct aq_live. */
struct aq_replica_live {
    atomic_bool alive;
    pthread_mutex_t writer; /* guards all of struct aq_replica but what readers may see */
};

struct aq_replica {
    struct arpq *h;
    struct aq_replica_live *live;
    struct aq_replica_options options;
    struct aq_rtnl event;
    struct aq_rtnl_buffers *buffers;
    struct aq_wakeup wakeup;
    _Atomic(struct aq_neighmap *) map;
    struct aq_links links;
    unsigned links_generation;
    struct aq_damper *damper; /* made at the first move */
    struct aq_ifmap interfaces;
    bool resyncing;        /* changes are found by reading */
    bool drained;          /* the socket was read to its end, and takes what is new */
    bool stale;            /* events were lost */
    bool overrun_reported; /* of this loss */
    atomic_bool changing;  /* a child forked now must not touch map and interfaces */
    uint64_t next_dump_ms;
    struct arpq_mirror_stats stats;
};

/* follow.c: zeroed memory becomes a follower whose copy is complete; or an error, with
 * nothing left to be released. h, buffers of options included, must outlive it. */
int aq_replica_start(struct aq_replica *replica, struct arpq *h,
                     const struct aq_replica_options *options);
void aq_replica_stop(struct aq_replica *replica);

/* Apply what is waiting, and read the table again if that is due. How many events were
 * applied, or an error. */
int aq_replica_sync(struct aq_replica *replica);

/* False in a forked child that has not synced yet. */
static inline bool aq_replica_is_alive(const struct aq_replica *replica)
{
    return atomic_load_explicit(&replica->live->alive, memory_order_acquire);
}

void aq_replica_stats(struct aq_replica *replica, struct arpq_mirror_stats *stats);

#endif

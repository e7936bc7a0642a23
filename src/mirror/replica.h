/* SPDX-License-Identifier: MIT */
/*
 * A replica is a copy of the kernel's neighbour table. Netlink events keep the copy current, and
 * a resync reads the table again if events were lost. Mirrors and watches use replicas.
 */
#ifndef AQ_MIRROR_REPLICA_H
#define AQ_MIRROR_REPLICA_H

#include "handle/handle.h"
#include "handle/links.h"
#include "handle/sockets.h"
#include "kernel/rtnl_event.h"
#include "kernel/wakeup.h"
#include "mirror/notify.h"
#include "neighmap/damper.h"
#include "neighmap/neighmap.h"

struct aq_confirm;

struct aq_replica_options {
    uint32_t receive_buffer; /* 0: the default */
    uint32_t damping_ms;     /* 0: the default */
    bool no_neighbours;
    bool interfaces;
    bool addresses;
    /* Called for each change; may be NULL. */
    void (*notify)(const struct aq_change *change, void *context);
    /* Reserves memory for AQ_CHANGES_MAX changes. On -ENOMEM the copy stays as it is, and a
     * later resync finds the difference. May be NULL. */
    int (*reserve)(void *context);
    void *context;
};

/* This is set to zeros in a forked child; see struct aq_live. */
struct aq_replica_live {
    atomic_bool alive;
    struct aq_lock writer; /* guards struct aq_replica except the members that readers use */
};

struct aq_replica {
    struct arpq_handle *h;
    struct aq_replica_live *live;
    _Atomic pid_t process; /* see aq_handle_wipe */
    struct aq_replica_options options;
    struct aq_rtnl event;
    struct aq_rtnl_buffers *buffers;
    struct aq_wakeup wakeup;
    _Atomic(struct aq_neighmap *) map;
    struct aq_links links;
    unsigned links_generation;
    struct aq_damper *damper;   /* allocated at the first change of a MAC */
    struct aq_confirm *confirm; /* allocated at the first uncertain entry */
    struct aq_ifmap interfaces;
    bool confirming;       /* changes come from lookups of single entries */
    bool resyncing;        /* changes come from a dump */
    bool drained;          /* the socket was empty, so the kernel queues new events */
    bool stale;            /* events were lost */
    bool overrun_reported; /* an overrun was reported after the last resync */
    int error;             /* error of the last sync, or 0 */
    atomic_bool changing;  /* a child forked now must not use map and interfaces */
    uint64_t next_dump_ms;
    struct arpq_sync_stats stats;
};

/* Start a replica in zeroed memory and fill its copy. After an error the caller has nothing to
 * release. The objects that the options point to must outlive the replica. */
int aq_replica_start(struct aq_replica *replica, struct arpq_handle *h,
                     const struct aq_replica_options *options);
void aq_replica_stop(struct aq_replica *replica);

/* Apply waiting events, and resync if it is due. Returns the number of events or an error. */
int aq_replica_sync(struct aq_replica *replica);

/* Returns false in a forked child that has not synced yet. */
static inline bool aq_replica_is_alive(const struct aq_replica *replica)
{
    return !aq_handle_is_unwiped(&replica->process) &&
           atomic_load_explicit(&replica->live->alive, memory_order_acquire);
}

void aq_replica_stats(struct aq_replica *replica, struct arpq_sync_stats *stats);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Follow the kernel's neighbour table: a copy in memory that its events are applied to, and
 * that is put right again when some were lost. What a mirror and a watch have in common.
 */
#ifndef AQ_REPLICA_H
#define AQ_REPLICA_H

#include "handle/handle.h"
#include "handle/links.h"
#include "kernel/wakeup.h"
#include "neighmap/neighmap.h"

/* One change. Pointers that the type does not name are NULL; none outlives the call. */
struct aq_change {
    uint32_t type;  /* ARPQ_EVENT_* */
    uint32_t flags; /* ARPQ_EVENT_RESYNC, ARPQ_EVENT_DAMPED */
    uint32_t old_state;
    uint32_t old_flags;
    uint8_t old_protocol;
    const struct arpq_neigh *neigh;
    const struct arpq_mac *old_mac;
    const struct arpq_interface *interface;
    const struct arpq_address *address;
};

/* At most so many changes come of one message. */
#define AQ_CHANGES_MAX 2

struct aq_replica_options {
    uint32_t receive_buffer; /* 0: the default */
    uint32_t damping_ms;     /* 0: the default */
    bool no_neighbours;
    bool interfaces;
    bool addresses;
    /* Whoever wants to know; or NULL. */
    void (*tell)(const struct aq_change *change, void *context);
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
    bool resyncing;       /* changes are found by reading */
    bool drained;         /* the socket was read to its end, and takes what is new */
    bool stale;           /* events were lost */
    bool told;            /* of this loss */
    atomic_bool changing; /* a child forked now must not touch map and interfaces */
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

/* ---- For the files of this folder ---- */

/* drain.c: take the waiting events off the socket into the copy, to its end or for long enough. 0 or
 * an error; what was lost makes the follower stale. */
int aq_drain(struct aq_replica *replica);

/* tell.c: make room for what one message can tell; tell of a change. */
int aq_notify_reserve(struct aq_replica *replica);
void aq_notify(struct aq_replica *replica, const struct aq_change *change);

/* apply.c: put an entry into the copy, or take it out, and tell. */
int aq_apply_put(struct aq_replica *replica, struct arpq_neigh *neigh);
int aq_apply_remove(struct aq_replica *replica, const struct arpq_ip *ip, uint32_t ifindex);
int aq_apply_neigh(const struct nlmsghdr *message, void *context); /* the follower */

/* resync.c: read the table, and interfaces and addresses if wanted, and bring the copy to
 * what they say. */
int aq_resync(struct aq_replica *replica);

/* interfaces.c */
int aq_replica_interfaces_apply_link(struct aq_replica *replica, const struct nlmsghdr *message);
int aq_replica_interfaces_apply_address(struct aq_replica *replica, const struct nlmsghdr *message);
int aq_replica_interfaces_resync(struct aq_replica *replica);

/* damper.c: what moves again and again. */
struct aq_damper;
struct aq_damped {
    bool damped;   /* it has moved within the damping time already */
    bool conflict; /* back to an address that it had within the damping time; told once */
};
struct aq_damped aq_damper_note(struct aq_damper **damper, const struct arpq_neigh *neigh,
                                const struct arpq_mac *old_mac, uint64_t now_ms,
                                uint32_t damping_ms);
void aq_damper_free(struct aq_damper *damper);

#endif

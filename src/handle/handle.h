/* SPDX-License-Identifier: MIT */
/*
 * The handle.
 *
 * Order of locks, outermost first:
 *   the locks of a mirror, watch or resolver;
 *   live->gate, a turn for a short conversation;
 *   live->rtnl[n], one conversation with the kernel;
 *   live->update, the interface map and the routes.
 * A thread takes at most one of live->rtnl and takes no other lock under live->update, whose
 * holder uses update_rtnl. No lock is held while a callback of the user runs. A thread cannot
 * be cancelled while it holds one of them.
 */
#ifndef AQ_HANDLE_HANDLE_H
#define AQ_HANDLE_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "arpq.h"
#include "handle/gate.h"
#include "handle/readers.h"
#include "handle/sockets.h"
#include "ifmap/changes.h"
#include "ifmap/memo.h"
#include "ifmap/view.h"
#include "kernel/rtnl.h"
#include "kernel/rtnl_rule.h"

/* State that must not survive a fork: the kernel gives a child zeros here. Zeros are unlocked
 * mutexes, no readers, and epoch 0, which makes the child open its own sockets. */
struct aq_live {
    atomic_uint epoch;     /* see aq_handle_epoch; 0: a child has inherited the handle */
    atomic_uint tick;      /* of the last look for events */
    atomic_uint began;     /* tick in which a thread began to apply events, odd; 0: none does */
    atomic_bool uncertain; /* events were lost, or wait: the view may be old */
    struct aq_gate gate;   /* before live->rtnl, for short conversations */
    struct aq_lock update; /* guards everything from map on in struct arpq */
    struct aq_lock rtnl[AQ_RTNL_SOCKETS];
    struct aq_reader readers[AQ_READERS];
};

struct arpq {
    uint32_t serial; /* never used twice, unlike the handle's address */
    uint32_t flags;
    atomic_uint references; /* of the opener and of each child object */
    uint32_t opener;        /* number of the thread that opened it */
    int netns_fd;           /* -1: the namespace of the opening thread */
    uint64_t netns_id[2];   /* which that is, see aq_netns_identify */
    uint32_t epochs;        /* given out so far, in this process and its ancestors */
    pid_t process;          /* 0: live->epoch tells a child; else this process id does */

    int inet_fd;                               /* for ioctls; -1 where IPv4 is not offered */
    atomic_int inet_spare[AQ_INET_SOCKETS];    /* the same for other threads; -1: not open */
    atomic_int solicit_fd[AQ_SOLICIT_SOCKETS]; /* to send datagrams with, IPv4 and IPv6 */
    atomic_uint refused;                       /* thread that may not change the table, and */
    atomic_uint refused_tick;                  /* since when, see aq_sockets_may_edit */
    uint32_t at_once;                          /* threads that the gate lets in at once */
    bool has_rtnl;                             /* rtnetlink answers requests */
    struct aq_rtnl rtnl[AQ_RTNL_SOCKETS];      /* [0] opened with the handle, others on demand */
    struct aq_live *live;

    struct aq_changes changes; /* of routes, and of everything that bears on them */
    _Atomic(struct aq_memo *) memo;
    atomic_uint asked; /* routing decisions since the routes were last read or changed */
    atomic_bool policy_routing;
    atomic_bool may_remember; /* routing decisions, as every change to them is an event */
    _Atomic(struct aq_view *) view;
    atomic_uint generation; /* number of views so far */

    /* -- Under live->update -- */
    struct aq_ifmap map;        /* as of the last event */
    struct aq_rtnl update_rtnl; /* to read interfaces and rules with */
    struct aq_rtnl event;       /* link, address, rule events; fd -1: none */
    struct aq_rtnl route_event; /* route events; fd -1: none */
    bool needs_reading;         /* the map lacks events: read everything anew */
    bool needs_rules;           /* rules have changed */
    bool needs_view;            /* the map has changed since the view was built */
    atomic_bool changing;       /* the map is being written: a child forked now drops it */
    uint32_t routes_tick;       /* of the last reading of the routes */
    uint32_t routes_cost_us;    /* how long that took */
    struct aq_view *retired;    /* replaced views that threads may still read */
};

/* A mirror, watch, resolver, sniffer or sweep holds a reference: the handle lives until it
 * and its children are closed, in any order. */
struct arpq *aq_handle_ref(struct arpq *h);
void aq_handle_unref(struct arpq *h);

/* A number that a handle has in one process only: an object that keeps the number of its
 * making and finds another has been inherited by a child. 0 in a child that has not used the
 * handle. */
uint32_t aq_handle_epoch(const struct arpq *h);

/* Replace the sockets and the map that a child has inherited. 0 or an error. */
int aq_handle_revive(struct arpq *h);

#endif

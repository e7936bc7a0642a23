/* SPDX-License-Identifier: MIT */
/* The handle, and what the files of floor 3 share of it. */
#ifndef AQ_HANDLE_HANDLE_H
#define AQ_HANDLE_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "arpq.h"
#include "handle/readers.h"
#include "handle/sockets.h"
#include "ifmap/view.h"
#include "kernel/rtnl.h"

/* What must not survive a fork: the kernel hands a child zeros here. Zeros are unlocked
 * mutexes, no readers, and alive == 0, which makes the child open its own sockets. */
struct aq_live {
    atomic_bool alive;
    atomic_uint tick;       /* when the event socket was last looked at */
    pthread_mutex_t update; /* guards map, event, retired, needs_reading */
    struct aq_lock rtnl[AQ_RTNL_SOCKETS];
    struct aq_reader readers[AQ_READERS];
};

struct arpq {
    uint32_t serial; /* never used twice, unlike the handle's address */
    uint32_t flags;
    uint32_t opener;                           /* the number of the thread that opened it */
    int netns_fd;                              /* -1: the namespace of the opening thread */
    uint64_t netns_id[2];                      /* which that is, see aq_netns_identify */
    atomic_uint references;                    /* the opener's, and one for each child */
    int inet_fd;                               /* for ioctls; -1 where IPv4 is not offered */
    atomic_int inet_spare[AQ_INET_SOCKETS];    /* the same for other threads; -1: not open */
    atomic_int solicit_fd[AQ_SOLICIT_SOCKETS]; /* to send datagrams with, IPv4 and IPv6; likewise */
    atomic_uint refused;                       /* who may not give orders, and since when, */
    atomic_uint refused_tick;                  /* see aq_sockets_may_edit */
    struct aq_live *live;

    struct aq_rtnl rtnl[AQ_RTNL_SOCKETS]; /* [0] opened with the handle, others on demand */
    bool has_rtnl;                        /* queries can be made */
    struct aq_rtnl event;                 /* link, address and rule events; fd -1: none */

    struct aq_ifmap map; /* what the events have been applied to */
    bool needs_reading;  /* map is no longer to be trusted: read it anew */
    bool needs_view;     /* map has changed since the view was built */
    bool policy_routing;
    atomic_bool changing; /* map is being written: a child forked now must not touch it */
    _Atomic(struct aq_view *) view;
    atomic_uint generation;  /* how many views there have been */
    struct aq_view *retired; /* replaced, but perhaps still being read */
};

/* A mirror, watch, resolver, sniffer or sweep holds a reference: the handle lives until it
 * and its children are closed, in any order. */
struct arpq *aq_handle_ref(struct arpq *h);
void aq_handle_unref(struct arpq *h);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The handle.
 *
 * Order of locks, outermost first:
 *   the locks of a mirror, watch or resolver;
 *   live->gate, a turn for a short conversation;
 *   live->rtnl[n], one conversation with the kernel;
 *   live->update, the interface map and the routes.
 * A thread takes at most one of live->rtnl. The holder of live->update takes no other lock, and
 * uses update_rtnl for requests. No lock is held while a callback of the user runs. A thread
 * cannot be cancelled while it holds a lock.
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
#include "kernel/sys.h"

/* State that must not survive a fork: the kernel fills this memory with zeros in a child. Zeros
 * mean unlocked mutexes, no readers, and epoch 0, which makes the child open its own sockets. */
struct aq_live {
    atomic_uint epoch;     /* see aq_handle_epoch; 0: a child has inherited the handle */
    atomic_uint tick;      /* tick of the last check for events */
    atomic_uint began;     /* odd tick at which a thread began to apply events; 0: no thread does */
    atomic_bool uncertain; /* events were lost or are waiting: the view may be old */
    struct aq_gate gate;   /* entered before live->rtnl, for short conversations */
    struct aq_lock update; /* guards struct arpq_handle from `map` to its end */
    struct aq_lock rtnl[AQ_RTNL_SOCKETS];
    struct aq_reader readers[AQ_READERS];
    struct aq_rtnl_detail detail; /* the kernel's text about the last call */
    atomic_bool woken;            /* see handle/wait.c */
    atomic_int wake;              /* 1 + the descriptor that waits poll; 0: not open */
};

struct arpq_handle {
    uint32_t serial; /* never reused, unlike the handle's address */
    uint32_t flags;
    atomic_uint references; /* one for the opener, one for each child object */
    uint32_t opener;        /* number of the thread that opened it */
    int netns_fd;           /* -1: the namespace of the opening thread */
    uint64_t netns_id[2];   /* identity of that namespace, see aq_netns_identify */
    uint32_t epochs;        /* epochs used so far, in this process and its ancestors */
    _Atomic pid_t process;  /* 0: live->epoch identifies a child; else this process ID does */

    int inet_fd;                               /* for ioctls; -1: IPv4 is not available */
    atomic_int inet_spare[AQ_INET_SOCKETS];    /* ioctl sockets of other threads; -1: not open */
    atomic_int solicit_fd[AQ_SOLICIT_SOCKETS]; /* for sending datagrams: IPv4, IPv6 */
    atomic_int wake_fd;                        /* the one to close, maybe inherited; -1: none */
    atomic_uint refused;                       /* 1 + the thread that may not change the table */
    atomic_uint refused_tick;                  /* tick of that refusal, see aq_sockets_may_edit */
    uint32_t at_once;                          /* threads that the gate lets in at once */
    bool has_rtnl;                             /* rtnetlink answers requests */
    struct aq_rtnl rtnl[AQ_RTNL_SOCKETS];      /* [0] opened with the handle, others on demand */
    struct aq_live *live;

    struct aq_changes changes; /* changes of routes, and of everything that affects routing */
    _Atomic(struct aq_memo *) memo;
    atomic_uint asked; /* decisions requested since the routes were last read or changed */
    atomic_bool policy_routing;
    atomic_bool may_remember; /* decisions may be kept: every change sends an event */
    _Atomic(struct aq_view *) view;
    atomic_uint generation; /* number of views published so far */

    /* -- Under live->update -- */
    struct aq_ifmap map;        /* as of the last event */
    struct aq_rtnl update_rtnl; /* for reading interfaces and rules */
    struct aq_rtnl event;       /* link, address, rule events; fd -1: none */
    struct aq_rtnl route_event; /* route events; fd -1: none */
    bool needs_reading;         /* events are missing from the map: read everything again */
    bool needs_rules;           /* rules have changed */
    bool needs_view;            /* the map has changed since the view was built */
    atomic_bool changing;       /* the map is being written: a child forked now drops it */
    uint32_t routes_tick;       /* tick at which the routes were last read */
    uint32_t routes_cost_us;    /* how long that reading took */
    struct aq_view *retired;    /* replaced views that threads may still read */
};

/* A mirror, watch, resolver, pinger, sniffer or sweep holds a reference: the handle lives until it
 * and its children are closed, in any order. */
struct arpq_handle *aq_handle_ref(struct arpq_handle *h);
void aq_handle_unref(struct arpq_handle *h);

/* Returns a number that differs in each process that uses the handle. An object stores it when it
 * is created. If the number differs later, the process is a child that inherited the object.
 * Returns 0 in a child that has not used the handle yet. */
uint32_t aq_handle_epoch(const struct arpq_handle *h);

/* Replace the sockets and the map that a child inherited. Returns 0 or an error. */
int aq_handle_revive(struct arpq_handle *h);

/* For live state that the kernel does not wipe (AQ_SYS_NOT_WIPED). *process is the process that
 * uses the state; 0: the kernel wipes it. aq_handle_is_unwiped returns true in a child that has not
 * set the state to zeros yet. aq_handle_wipe does that; call it before taking a lock in the state. */
static inline bool aq_handle_is_unwiped(const _Atomic pid_t *process)
{
    const pid_t user = atomic_load_explicit(process, memory_order_acquire);

    return user && user != aq_sys_process();
}

void aq_handle_wipe(_Atomic pid_t *process, void *live, size_t size);

#endif

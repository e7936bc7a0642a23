/* SPDX-License-Identifier: MIT */
/* The handle, and what the files of floor 3 share of it. */
#ifndef AQ_HANDLE_H
#define AQ_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "arpq.h"
#include "ifmap/view.h"
#include "kernel/rtnl.h"

#define AQ_RTNL_SOCKETS 8
#define AQ_INET_SOCKETS 8
#define AQ_SOLICIT_SOCKETS 2
#define AQ_READERS 64

/* A reader's announcement of the view it is looking at, on a cache line of its own. */
struct aq_reader {
    _Alignas(64) _Atomic(struct aq_view *) view;
};

/* A lock on a cache line of its own, and the number of the thread that has it, from 1. */
struct aq_lock {
    _Alignas(64) pthread_mutex_t mutex;
    atomic_uint holder;
};

/* What must not survive a fork: the kernel hands a child zeros here. Zeros are unlocked
 * mutexes, no readers, and alive == 0, which makes the child open its own sockets. */
struct aq_live {
    atomic_bool alive;
    atomic_uint tick;       /* when the event socket was last looked at */
    pthread_mutex_t update; /* guards map, event, retired, needs_reading */
    struct aq_lock query[AQ_RTNL_SOCKETS];
    struct aq_reader readers[AQ_READERS];
};

struct arpq {
    uint32_t serial; /* never used twice, unlike the handle's address */
    uint32_t flags;
    uint32_t opener;                           /* the number of the thread that opened it */
    int netns_fd;                              /* -1: the namespace of the opening thread */
    int inet_fd;                               /* for ioctls; -1 where IPv4 is not offered */
    atomic_int inet_spare[AQ_INET_SOCKETS];    /* the same for other threads; -1: not open */
    atomic_int solicit_fd[AQ_SOLICIT_SOCKETS]; /* to send datagrams with, IPv4 and IPv6; likewise */
    atomic_uint refused;                       /* who may not give orders, and since when, */
    atomic_uint refused_tick;                  /* see aq_sockets_may_edit */
    struct aq_live *live;

    struct aq_rtnl query[AQ_RTNL_SOCKETS]; /* [0] opened with the handle, others on demand */
    bool has_rtnl;                         /* queries can be made */
    struct aq_rtnl event;                  /* link, address and rule events; fd -1: none */

    struct aq_ifmap map; /* what the events have been applied to */
    bool needs_reading;  /* map is no longer to be trusted: read it anew */
    bool needs_view;     /* map has changed since the view was built */
    bool policy_routing;
    atomic_bool changing; /* map is being written: a child forked now must not touch it */
    _Atomic(struct aq_view *) view;
    atomic_uint generation;  /* how many views there have been */
    struct aq_view *retired; /* replaced, but perhaps still being read */
};

/* -- fresh.c: sockets, and keeping the view current -- */

/* Open sockets and read the interfaces, at open and in a forked child. */
int aq_interfaces_open(struct arpq *h);
void aq_interfaces_close(struct arpq *h);

/* Apply waiting events if this tick of the coarse clock has not seen that done. */
int aq_interfaces_refresh(struct arpq *h);

/* Apply waiting events now. 1 when there is another view than at that generation, 0 when
 * not, or an error. */
int aq_interfaces_update(struct arpq *h, unsigned generation);
unsigned aq_interfaces_generation(struct arpq *h);

/* Apply waiting events and copy what is then known; the caller clears the copy. */
int aq_interfaces_copy(struct arpq *h, struct aq_ifmap *map);

/* Apply waiting events and complete the address of that identity from what is then known,
 * its lifetimes excepted. -ENOENT when there is none. */
int aq_interfaces_address(struct arpq *h, struct arpq_address *address);

/* -- readers.c: many threads read views while one replaces them -- */

struct aq_view *aq_readers_enter(struct arpq *h, struct aq_reader **reader);
void aq_readers_leave(struct aq_reader *reader);

/* Publish a new view; free those that nobody reads any more. Under live->update. */
void aq_readers_publish(struct arpq *h, struct aq_view *view);

/* A number for the calling thread, from 0, dense enough to tell threads apart; and that
 * of a reader's slot, which is the same while there are no more threads than slots. */
uint32_t aq_readers_thread(void);
uint32_t aq_readers_number(const struct arpq *h, const struct aq_reader *reader);

/* -- query.c: sockets to ask with -- */

/* The socket for a thread's ioctls; -1 where IPv4 is not offered. */
int aq_sockets_inet(struct arpq *h, uint32_t thread);

/* Lock a socket for one conversation; 0, or why there is none. */
int aq_sockets_lock(struct arpq *h, struct aq_rtnl **rtnl);
void aq_sockets_unlock(struct arpq *h, struct aq_rtnl *rtnl);

/* Whether this thread is worth the try to give the table an order; and that it was refused.
 * That is forgotten after a second: a thread's privileges may change. */
bool aq_sockets_may_edit(struct arpq *h);
void aq_sockets_edit_refused(struct arpq *h);

/* Make the kernel find out the address of a neighbour by a datagram: as aq_solicit_datagram,
 * but never -EAGAIN. */
int aq_sockets_solicit(struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex);

/* In the middle of a conversation: open the socket again if it was closed. */
int aq_sockets_reopen(struct arpq *h, struct aq_rtnl *rtnl);

#endif

/* SPDX-License-Identifier: MIT */
/* The handle's sockets for requests, and its locks. */
#ifndef AQ_HANDLE_SOCKETS_H
#define AQ_HANDLE_SOCKETS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"
#include "kernel/rtnl.h"

/* Threads that talk to the kernel at the same time need a socket each. */
#define AQ_RTNL_SOCKETS 64
#define AQ_INET_SOCKETS 8
#define AQ_SOLICIT_SOCKETS 2

struct arpq;

/* A lock on a cache line of its own. Its holder cannot be cancelled (pthread_cancel). */
struct aq_lock {
    _Alignas(64) pthread_mutex_t mutex;
    int cancel_state; /* the holder's own */
};

void aq_lock_take(struct aq_lock *lock);
bool aq_lock_try(struct aq_lock *lock);
void aq_lock_release(struct aq_lock *lock);

/* The socket for a thread's ioctls; -1 where IPv4 is not offered. */
int aq_sockets_inet(struct arpq *h, uint32_t thread);

/* Lock a socket for one conversation: 0, or why there is none. */
int aq_sockets_lock(struct arpq *h, struct aq_rtnl **rtnl);
void aq_sockets_unlock(struct arpq *h, struct aq_rtnl *rtnl);

/* The same for a conversation of microseconds: threads take turns, see handle/gate. */
int aq_sockets_enter(struct arpq *h, struct aq_rtnl **rtnl);
void aq_sockets_leave(struct arpq *h, struct aq_rtnl *rtnl);

/* Open a socket that belongs to the caller, as a callback runs while it is used. */
int aq_sockets_open(struct arpq *h, struct aq_rtnl *rtnl);

/* Whether this thread should try a request that changes the table. A refusal (-EPERM) that was
 * noted is forgotten after a second: a thread's privileges may change. */
bool aq_sockets_may_edit(struct arpq *h);
void aq_sockets_edit_refused(struct arpq *h);

/* Make the kernel resolve a neighbour, by a datagram: as aq_solicit_datagram, but never
 * -EAGAIN. */
int aq_sockets_solicit(struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex);

#endif

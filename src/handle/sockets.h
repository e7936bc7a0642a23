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

struct arpq_handle;

/* A lock on a cache line of its own. Its holder cannot be cancelled (pthread_cancel). */
struct aq_lock {
    _Alignas(64) pthread_mutex_t mutex;
    int cancel_state; /* state before the lock was taken */
};

void aq_lock_take(struct aq_lock *lock);
bool aq_lock_try(struct aq_lock *lock);
void aq_lock_release(struct aq_lock *lock);

/* Returns the socket for a thread's ioctls, or -1 if IPv4 is not available. */
int aq_sockets_inet(struct arpq_handle *h, uint32_t thread);

/* Lock a socket for one conversation. Returns 0, or an error if no socket is available. */
int aq_sockets_lock(struct arpq_handle *h, struct aq_rtnl **rtnl);
void aq_sockets_unlock(struct arpq_handle *h, struct aq_rtnl *rtnl);

/* Does the same for a conversation of some microseconds, when it is the thread's turn
 * (handle/gate). */
int aq_sockets_enter(struct arpq_handle *h, struct aq_rtnl **rtnl);
void aq_sockets_leave(struct arpq_handle *h, struct aq_rtnl *rtnl);

/* Open a socket that only the caller uses, for a conversation during which a callback runs. */
int aq_sockets_open(struct arpq_handle *h, struct aq_rtnl *rtnl);

/* Returns whether this thread should try a request that changes the table. A recorded refusal
 * (-EPERM) counts for a second only, because a thread's privileges may change. */
bool aq_sockets_may_edit(struct arpq_handle *h);
void aq_sockets_edit_refused(struct arpq_handle *h);

/* Make the kernel resolve a neighbour, by sending a datagram. Returns the same codes as
 * aq_solicit_datagram, except -EAGAIN. */
int aq_sockets_solicit(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex);

#endif

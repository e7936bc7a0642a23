/* SPDX-License-Identifier: MIT */
/* The handle's sockets for requests, shared by its threads. */
#ifndef AQ_HANDLE_SOCKETS_H
#define AQ_HANDLE_SOCKETS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"
#include "kernel/rtnl.h"

#define AQ_RTNL_SOCKETS 8
#define AQ_INET_SOCKETS 8
#define AQ_SOLICIT_SOCKETS 2

struct arpq;

/* A lock on a cache line of its own, and the number of the thread that has it, from 1. */
struct aq_lock {
    _Alignas(64) pthread_mutex_t mutex;
    atomic_uint holder;
};

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

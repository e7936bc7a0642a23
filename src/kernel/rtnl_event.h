/* SPDX-License-Identifier: MIT */
/* Events: messages that the kernel multicasts. */
#ifndef AQ_KERNEL_RTNL_EVENT_H
#define AQ_KERNEL_RTNL_EVENT_H

#include "kernel/rtnl.h"

/* Large enough for a link event with all attributes. For a longer event (about a card with many
 * virtual functions) the functions below return -EMSGSIZE, and the caller reads the link with a
 * dump. Neighbour events are short. */
#define AQ_RTNL_EVENT_SIZE 8192u
#define AQ_RTNL_NEIGH_EVENT_SIZE 1024u

/* Handles the messages of one queued event datagram. Returns 0; -EAGAIN if none is queued;
 * -ENOBUFS if the kernel dropped events; -EMSGSIZE if the datagram was too long; -EBUSY if other
 * senders sent so many datagrams that those of the kernel may still be queued. */
int aq_rtnl_event(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);

/* Buffers of `size` bytes each, a multiple of 8, to receive many events at once. */
struct aq_rtnl_buffers;
struct aq_rtnl_buffers *aq_rtnl_buffers_make(size_t size);
void aq_rtnl_buffers_free(struct aq_rtnl_buffers *buffers);

/* Handles the messages of all queued event datagrams, but at most as many as the buffers hold.
 * Returns the number of datagrams, or the same errors as aq_rtnl_event. After -EMSGSIZE the
 * datagrams that were not truncated have been handled. */
int aq_rtnl_events(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers, aq_rtnl_handler handler,
                   void *context);

#endif

/* SPDX-License-Identifier: MIT */
/* Events: messages that the kernel multicasts. */
#ifndef AQ_KERNEL_RTNL_EVENT_H
#define AQ_KERNEL_RTNL_EVENT_H

#include "kernel/rtnl.h"

/* A link event with every attribute; a longer one (a card with many virtual functions) is
 * reported as -EMSGSIZE and read by a dump instead. Neighbour events are short. */
#define AQ_RTNL_EVENT_SIZE 8192u
#define AQ_RTNL_NEIGH_EVENT_SIZE 1024u

/* Take the messages of one waiting event datagram. 0: handled; -EAGAIN: none is
 * waiting; -ENOBUFS: the kernel dropped events; -EMSGSIZE: this one did not fit. */
int aq_rtnl_event(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);

/* Buffers of `size` bytes (a multiple of 8) for many events at a time. */
struct aq_rtnl_buffers;
struct aq_rtnl_buffers *aq_rtnl_buffers_make(size_t size);
void aq_rtnl_buffers_free(struct aq_rtnl_buffers *buffers);

/* Take the messages of the event datagrams that are waiting, as many as the buffers holds.
 * Returns how many datagrams there were; else as aq_rtnl_event (those that were not cut
 * have been handled). */
int aq_rtnl_events(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers, aq_rtnl_handler handler,
                   void *context);

#endif

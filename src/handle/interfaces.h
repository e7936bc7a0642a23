/* SPDX-License-Identifier: MIT */
/*
 * The handle's map of interfaces and addresses, kept current by rtnetlink events.
 *
 * The view that threads read is current as of the last tick of the kernel's timer, or it is
 * uncertain, because events were lost or have waited for longer. A thread that finds the view
 * uncertain asks the kernel instead (neigh/target).
 */
#ifndef AQ_HANDLE_INTERFACES_H
#define AQ_HANDLE_INTERFACES_H

#include "handle/handle.h"

/* Read the interfaces and rules and publish the first view. The caller holds live->update. */
int aq_interfaces_read(struct arpq_handle *h);

/* Apply waiting events if no thread has done so in this tick of the coarse clock. Returns 0, or an
 * error if a forked child cannot open its sockets. */
int aq_interfaces_refresh(struct arpq_handle *h);

/* Apply waiting events now, unless another thread is reading everything. Returns 1 if the view is
 * another one than at `generation` or is uncertain, 0 if not, or an error. */
int aq_interfaces_update(struct arpq_handle *h, unsigned generation);
unsigned aq_interfaces_generation(struct arpq_handle *h);

static inline bool aq_interfaces_are_uncertain(const struct arpq_handle *h)
{
    return atomic_load_explicit(&h->live->uncertain, memory_order_acquire);
}

/* Apply waiting events now, and wait for a thread that is reading everything. Returns 0 or an
 * error. */
int aq_interfaces_catch_up(struct arpq_handle *h);

/* Apply waiting events and copy the map; the caller clears the copy. Returns 0 or an error. */
int aq_interfaces_copy(struct arpq_handle *h, struct aq_ifmap *map);

/* Apply waiting events, then find the address with the same identity as *address and fill in its
 * other members. Returns -ENOENT if there is none. */
int aq_interfaces_address(struct arpq_handle *h, struct arpq_address *address);

#endif

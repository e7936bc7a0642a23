/* SPDX-License-Identifier: MIT */
/*
 * The handle's map of interfaces and addresses, kept current by rtnetlink events.
 *
 * The view that threads read is current as of the last tick of the kernel's timer, or
 * uncertain: events were lost, or wait longer than that. Whoever finds it uncertain asks the
 * kernel instead (neigh/target).
 */
#ifndef AQ_HANDLE_INTERFACES_H
#define AQ_HANDLE_INTERFACES_H

#include "handle/handle.h"

/* Read the interfaces and rules and publish the first view. Under live->update. */
int aq_interfaces_read(struct arpq *h);

/* Apply waiting events if no thread has done so in this tick of the coarse clock. 0, or an
 * error of a forked child that cannot open its sockets. */
int aq_interfaces_refresh(struct arpq *h);

/* Apply waiting events now, unless another thread is reading everything. 1 when there is
 * another view than at that generation, or when it is uncertain; 0 when not; or an error. */
int aq_interfaces_update(struct arpq *h, unsigned generation);
unsigned aq_interfaces_generation(struct arpq *h);

static inline bool aq_interfaces_are_uncertain(const struct arpq *h)
{
    return atomic_load_explicit(&h->live->uncertain, memory_order_acquire);
}

/* Apply waiting events now, and wait for a thread that is reading everything. 0 or an error. */
int aq_interfaces_catch_up(struct arpq *h);

/* Apply waiting events and copy the map; the caller clears the copy. 0 or an error. */
int aq_interfaces_copy(struct arpq *h, struct aq_ifmap *map);

/* Apply waiting events and fill in the rest of the address of that identity, except its
 * lifetimes. -ENOENT when there is none. */
int aq_interfaces_address(struct arpq *h, struct arpq_address *address);

#endif

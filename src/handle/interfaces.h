/* SPDX-License-Identifier: MIT */
/* The handle's map of interfaces and addresses, kept current by rtnetlink events. */
#ifndef AQ_HANDLE_INTERFACES_H
#define AQ_HANDLE_INTERFACES_H

#include "handle/handle.h"

/* Open sockets and read the interfaces, at open and in a forked child. */
int aq_interfaces_open(struct arpq *h);
void aq_interfaces_close(struct arpq *h);

/* Apply waiting events if this tick of the coarse clock has not seen that done. */
int aq_interfaces_refresh(struct arpq *h);

/* Apply waiting events now. 1 when there is another view than at that generation, 0 when
 * not, or an error. */
int aq_interfaces_update(struct arpq *h, unsigned generation);
unsigned aq_interfaces_generation(struct arpq *h);

/* Refresh, then apply waiting events now, not in the next tick. 0 or an error. */
int aq_interfaces_catch_up(struct arpq *h);

/* Apply waiting events and copy what is then known; the caller clears the copy. */
int aq_interfaces_copy(struct arpq *h, struct aq_ifmap *map);

/* Apply waiting events and complete the address of that identity from what is then known,
 * its lifetimes excepted. -ENOENT when there is none. */
int aq_interfaces_address(struct arpq *h, struct arpq_address *address);

#endif

/* SPDX-License-Identifier: MIT */
/* Reads every interface and address from the kernel. */
#ifndef AQ_HANDLE_INTERFACES_READ_H
#define AQ_HANDLE_INTERFACES_READ_H

#include "handle/handle.h"
#include "ifmap/ifmap.h"

/* Read everything into an empty map by rtnetlink; if that is refused, by getifaddrs; if that is
 * refused too, by ioctls. Returns 0 or an error. The caller holds live->update. */
int aq_interfaces_read_map(struct arpq_handle *h, struct aq_ifmap *map);

/* Apply a link or address message of a dump or an event to a map; ignore others. Returns 1 if the
 * map changed, 0 if not, or -ENOMEM. */
int aq_interfaces_read_message(const struct nlmsghdr *message, struct aq_ifmap *map);

#endif

/* SPDX-License-Identifier: MIT */
/* Reading every interface and address from the kernel. */
#ifndef AQ_HANDLE_INTERFACES_READ_H
#define AQ_HANDLE_INTERFACES_READ_H

#include "handle/handle.h"
#include "ifmap/ifmap.h"

/* Read everything into an empty map: by rtnetlink, or where that is refused by getifaddrs,
 * or by ioctls. 0 or an error. Under live->update. */
int aq_interfaces_read_map(struct arpq *h, struct aq_ifmap *map);

/* Apply a link or address message of a dump or an event to a map; ignore others. 1 when the
 * map has changed, 0 when not, or -ENOMEM. */
int aq_interfaces_read_message(const struct nlmsghdr *message, struct aq_ifmap *map);

#endif

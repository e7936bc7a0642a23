/* SPDX-License-Identifier: MIT */
/* Apply changes to the copy. */
#ifndef AQ_MIRROR_APPLY_H
#define AQ_MIRROR_APPLY_H

#include <linux/netlink.h>

#include "mirror/replica.h"

/* Put an entry into the copy, or remove it, and report the change. aq_apply_neigh applies a
 * netlink message; its context is the replica. */
int aq_apply_put(struct aq_replica *replica, struct arpq_neigh *neigh);
int aq_apply_remove(struct aq_replica *replica, const struct arpq_ip *ip, uint32_t ifindex);
int aq_apply_neigh(const struct nlmsghdr *message, void *context);

#endif

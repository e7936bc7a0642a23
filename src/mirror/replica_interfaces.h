/* SPDX-License-Identifier: MIT */
/* Apply an event about an interface or an address to a replica, or read all of them again. */
#ifndef AQ_MIRROR_REPLICA_INTERFACES_H
#define AQ_MIRROR_REPLICA_INTERFACES_H

#include <linux/netlink.h>

#include "mirror/replica.h"

int aq_replica_interfaces_apply_link(struct aq_replica *replica, const struct nlmsghdr *message);
int aq_replica_interfaces_apply_address(struct aq_replica *replica, const struct nlmsghdr *message);
int aq_replica_interfaces_resync(struct aq_replica *replica);

#endif

/* SPDX-License-Identifier: MIT */
/* Interfaces and addresses of a replica: apply an event, or read all again. */
#ifndef AQ_MIRROR_REPLICA_INTERFACES_H
#define AQ_MIRROR_REPLICA_INTERFACES_H

#include <linux/netlink.h>

#include "mirror/replica.h"

int aq_replica_interfaces_apply_link(struct aq_replica *replica, const struct nlmsghdr *message);
int aq_replica_interfaces_apply_address(struct aq_replica *replica, const struct nlmsghdr *message);
int aq_replica_interfaces_resync(struct aq_replica *replica);

#endif

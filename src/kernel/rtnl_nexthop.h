/* SPDX-License-Identifier: MIT */
/* RTM_GETNEXTHOP messages: nexthop objects, which several routes can share (Linux 5.3). */
#ifndef AQ_KERNEL_RTNL_NEXTHOP_H
#define AQ_KERNEL_RTNL_NEXTHOP_H

#include "kernel/rtnl.h"
#include "kernel/rtnl_hops.h"

/* Reads a nexthop object and passes each of its next hops to handler: one, those of the members of
 * a group, or none of an object that drops packets. Returns 0, the handler's error, or an error of
 * the request: -ENOENT if there is no such object. */
int aq_rtnl_nexthop_each(struct aq_rtnl *rtnl, uint32_t id, aq_hop_handler handler, void *context);

#endif

/* SPDX-License-Identifier: MIT */
/* The next hops of RTM_NEWROUTE messages. */
#ifndef AQ_KERNEL_RTNL_HOPS_H
#define AQ_KERNEL_RTNL_HOPS_H

#include "kernel/rtnl.h"
#include "value/route.h"

/* Parses the properties that all next hops of a route share. Returns -EBADMSG, and zeroes *facts,
 * if the message is malformed. */
int aq_rtnl_hops_parse(const struct nlmsghdr *message, struct aq_route_facts *facts);

/* Handles a next hop. A negative return value ends the loop and is returned to the caller. */
typedef int (*aq_hop_handler)(const struct aq_hop *hop, void *context);

/* Passes each next hop of a route to handler. The message may contain only the number of a nexthop
 * object (sysctl nexthop_compat_mode 0); then the function passes no next hop. Returns the number
 * of next hops, -EBADMSG if one is malformed, or the handler's error. */
int aq_rtnl_hops_each(const struct nlmsghdr *message, const struct aq_route_facts *facts,
                      aq_hop_handler handler, void *context);

#endif

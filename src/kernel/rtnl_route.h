/* SPDX-License-Identifier: MIT */
/* RTM_*ROUTE messages: the kernel's routing decision for one destination, and its routes. */
#ifndef AQ_KERNEL_RTNL_ROUTE_H
#define AQ_KERNEL_RTNL_ROUTE_H

#include "arpq.h"
#include "kernel/rtnl.h"
#include "value/route.h"

/* Ask for the kernel's decision. An error of the kernel tells why there is no route. */
int aq_rtnl_route_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                      const struct aq_route_request *query, struct aq_route *route);

/* Ask for the route that decides (RTM_F_FIB_MATCH, Linux 4.14). For an own address it names
 * the interface that has it, where the decision names the loopback interface. */
int aq_rtnl_route_match(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                        const struct aq_route_request *query, struct aq_route *route);

/* Read a route message. -EBADMSG when it is malformed. */
int aq_rtnl_route_parse(const struct nlmsghdr *message, struct aq_route *route);
int aq_rtnl_route_parse_entry(const struct nlmsghdr *message, struct aq_route_entry *entry);

/* Dump the routes of a family through the handler. */
int aq_rtnl_route_dump(struct aq_rtnl *rtnl, uint8_t family, aq_rtnl_handler handler,
                       void *context);

#endif

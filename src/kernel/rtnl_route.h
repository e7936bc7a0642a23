/* SPDX-License-Identifier: MIT */
/* RTM_*ROUTE messages: the kernel's routing decision for one destination, and its routes. */
#ifndef AQ_KERNEL_RTNL_ROUTE_H
#define AQ_KERNEL_RTNL_ROUTE_H

#include "arpq.h"
#include "kernel/rtnl.h"
#include "value/route.h"

/* Gets the kernel's routing decision. Returns 0, or the kernel's error if there is no route. */
int aq_rtnl_route_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                      const struct aq_route_request *query, struct aq_route *route);

/* Gets the route on which the decision is based (RTM_F_FIB_MATCH, Linux 4.14). For an address of
 * this machine, the route contains the interface that has the address; the decision contains the
 * loopback interface. */
int aq_rtnl_route_match(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                        const struct aq_route_request *query, struct aq_route *route);

/* Asks for a decision with RTM_F_* flags and leaves the kernel's answer unparsed. */
int aq_rtnl_route_ask(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                      const struct aq_route_request *query, uint32_t flags,
                      union aq_rtnl_answer *answer);

/* Parses an attribute of a route or of one of its next hops, if it is the interface or the gateway.
 * Returns false if it is malformed. */
bool aq_rtnl_route_parse_attribute(const struct nlattr *attribute, uint16_t family,
                                   struct aq_route *route);

/* Parse a route message. Return -EBADMSG if it is malformed. */
int aq_rtnl_route_parse(const struct nlmsghdr *message, struct aq_route *route);
int aq_rtnl_route_parse_entry(const struct nlmsghdr *message, struct aq_route_entry *entry);

/* Dumps the routes of a family and passes them to handler. */
int aq_rtnl_route_dump(struct aq_rtnl *rtnl, uint8_t family, aq_rtnl_handler handler,
                       void *context);

#endif

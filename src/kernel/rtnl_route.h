/* SPDX-License-Identifier: MIT */
/* RTM_GETROUTE: the kernel's routing decision for one destination. */
#ifndef AQ_KERNEL_RTNL_ROUTE_H
#define AQ_KERNEL_RTNL_ROUTE_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* What else bears on the decision; zero means unsaid. */
struct aq_route_request {
    uint32_t ifindex;      /* must leave by this interface */
    uint32_t mark;         /* firewall mark */
    struct arpq_ip source; /* of the destination's family, or family 0 */
};

struct aq_route {
    uint32_t type; /* RTN_* */
    uint32_t ifindex;
    struct arpq_ip gateway; /* family 0: directly reachable; may be IPv6 for IPv4 */
};

int aq_rtnl_route_parse(const struct nlmsghdr *message, struct aq_route *route);

/* The kernel's answer; its errors tell why there is no route. */
int aq_rtnl_route_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                      const struct aq_route_request *query, struct aq_route *route);

#endif

/* SPDX-License-Identifier: MIT */
/* RTM_GETROUTE: the kernel's routing decision for one destination. */
#ifndef AQ_KERNEL_RTNL_ROUTE_H
#define AQ_KERNEL_RTNL_ROUTE_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Further input of the routing decision; zero means unspecified. */
struct aq_route_request {
    uint32_t ifindex;      /* outgoing interface */
    uint32_t mark;         /* firewall mark */
    struct arpq_ip source; /* family 0, or the destination's family */
};

struct aq_route {
    uint32_t type; /* RTN_* */
    uint32_t ifindex;
    struct arpq_ip gateway; /* family 0: on-link; may be IPv6 for an IPv4 destination */
};

int aq_rtnl_route_parse(const struct nlmsghdr *message, struct aq_route *route);

/* Gets the kernel's decision. Its error tells why there is no route. */
int aq_rtnl_route_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                      const struct aq_route_request *query, struct aq_route *route);

#endif

/* SPDX-License-Identifier: MIT */
/* Routes and routing decisions. */
#ifndef AQ_VALUE_ROUTE_H
#define AQ_VALUE_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

/* Inputs of a routing decision other than the destination. A member that is zero has no effect. */
struct aq_route_request {
    uint32_t ifindex;      /* the interface by which the route must leave */
    uint32_t mark;         /* firewall mark */
    struct arpq_ip source; /* same family as the destination, or family 0 */
};

struct aq_route {
    uint32_t type; /* RTN_* */
    uint32_t ifindex;
    struct arpq_ip gateway; /* family 0: directly reachable; may be IPv6 for an IPv4 route */
};

/* One route in the kernel's tables. */
struct aq_route_entry {
    struct arpq_ip prefix;
    uint8_t length;
    bool plain; /* has one next hop, which is up, and only the destination selects the route */
    uint32_t table;
    struct aq_route route;
};

/* One next hop of a route. */
struct aq_hop {
    struct arpq_ip gateway; /* as in aq_route */
    uint32_t ifindex;
    uint32_t flags;  /* RTNH_F_* */
    uint32_t weight; /* from 1 on */
};

/* The properties of a route that all its next hops share. */
struct aq_route_facts {
    struct aq_route_entry entry;
    struct arpq_ip source; /* preferred source address, or family 0 */
    uint32_t metric;
    uint32_t flags;   /* of the only next hop, RTNH_F_* */
    uint32_t nexthop; /* the nexthop object, or 0 */
    uint32_t valid_s; /* ARPQ_FOREVER: the route does not expire */
    uint8_t protocol;
    uint8_t preference; /* ICMPV6_ROUTER_PREF_* */
    bool selective;     /* a source prefix or a TOS also selects the route */
};

#endif

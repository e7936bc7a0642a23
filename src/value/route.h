/* SPDX-License-Identifier: MIT */
/* Routes and routing decisions. */
#ifndef AQ_VALUE_ROUTE_H
#define AQ_VALUE_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

/* What else bears on the decision; zero: not given. */
struct aq_route_request {
    uint32_t ifindex;      /* the interface by which the route must leave */
    uint32_t mark;         /* firewall mark */
    struct arpq_ip source; /* of the destination's family, or family 0 */
};

struct aq_route {
    uint32_t type; /* RTN_* */
    uint32_t ifindex;
    struct arpq_ip gateway; /* family 0: directly reachable; IPv6 is possible for IPv4 */
};

/* One route of the kernel's tables. */
struct aq_route_entry {
    struct arpq_ip prefix;
    uint8_t length;
    bool plain; /* one next hop that is up, and nothing but the destination selects the route */
    uint32_t table;
    struct aq_route route;
};

#endif

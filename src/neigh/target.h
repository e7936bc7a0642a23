/* SPDX-License-Identifier: MIT */
/* Which interface is an address asked on, and with what key? */
#ifndef AQ_TARGET_H
#define AQ_TARGET_H

#include "handle/handle.h"
#include "kernel/rtnl_route.h"

/* Where to ask, or the answer itself. */
struct aq_target {
    /* 0: ask the neighbour table. ARPQ_NEIGH_LOCAL, _MULTICAST or _BROADCAST: `mac`
     * is the answer. */
    uint32_t answered;
    uint32_t flags; /* ARPQ_NEIGH_GATEWAY, if `ip` is not what was asked for */
    struct arpq_ip ip;
    uint32_t ifindex;
    uint32_t thread;    /* a number for the asking thread */
    uint16_t type;      /* of the link, ARPHRD_* */
    uint8_t mac_length; /* of the link's addresses */
    char dev[ARPQ_IFNAME_SIZE];
    struct arpq_mac mac;
};

/* What a caller may ask with, checked and settled. */
struct aq_query {
    struct arpq_ip ip;
    uint32_t flags;                /* ARPQ_VIA_GATEWAY */
    struct aq_route_request route; /* its ifindex is the one asked for, or 0 */
};

/* Settle the arguments of a lookup: IPv4-mapped becomes IPv4, scope and ifindex
 * become one. */
int aq_target_query(const struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex,
                    struct aq_query *query);

/* The same, for which the unspecified address is an address like any other. */
int aq_target_query_any(const struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex,
                        struct aq_query *query);

int aq_target_find(struct arpq *h, const struct aq_query *query, struct aq_target *target);

#endif

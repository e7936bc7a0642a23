/* SPDX-License-Identifier: MIT */
/*
 * Which interface does the kernel send to an address on, and which key does it look up in the
 * neighbour table: the address or a gateway? Every function that takes an address asks here.
 */
#ifndef AQ_NEIGH_TARGET_H
#define AQ_NEIGH_TARGET_H

#include "handle/handle.h"
#include "value/route.h"

/* The checked arguments of a call. */
struct aq_query {
    struct arpq_ip ip;
    uint32_t flags;                /* ARPQ_VIA_GATEWAY */
    struct aq_route_request route; /* its ifindex is the caller's, or 0 */
};

/* Where to look, or the answer itself. */
struct aq_target {
    /* 0: look in the neighbour table. ARPQ_NEIGH_LOCAL, _MULTICAST or _BROADCAST: `mac`
     * is the answer. */
    uint32_t answered;
    uint32_t flags; /* ARPQ_NEIGH_GATEWAY, if `ip` is a gateway's */
    struct arpq_ip ip;
    uint32_t ifindex;
    uint32_t thread;    /* number of the asking thread */
    uint16_t type;      /* of the link, ARPHRD_* */
    uint8_t mac_length; /* of the link's addresses */
    bool by_index;      /* dev may have moved to another link: look by ifindex */
    char dev[ARPQ_IFNAME_SIZE];
    struct arpq_mac mac;
};

/* Check the arguments of a call: IPv4-mapped becomes IPv4, scope and ifindex become one. 0;
 * -EINVAL; -EAFNOSUPPORT. */
int aq_target_query(const struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex,
                    struct aq_query *query);

/* The same, but accept the unspecified address. */
int aq_target_query_any(const struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex,
                        struct aq_query *query);

/* Find the target of a query. 0; -ENETUNREACH; -ENODEV for an interface that does not exist;
 * -EINVAL for a link-local address that several interfaces may mean; or an error that tells
 * nothing of the address. */
int aq_target_find(struct arpq *h, const struct aq_query *query, struct aq_target *target);

#endif

/* SPDX-License-Identifier: MIT */
/* The arguments of every function that takes an address. */
#ifndef AQ_NEIGH_QUERY_H
#define AQ_NEIGH_QUERY_H

#include "value/route.h"

#define AQ_LOOKUP_FLAGS                                                                            \
    (ARPQ_LOOKUP_VIA_GATEWAY | ARPQ_LOOKUP_TABLE_ONLY | ARPQ_LOOKUP_ANY_INTERFACE)

/* The checked arguments of a call. */
struct aq_query {
    struct arpq_ip ip;
    uint32_t flags;                /* ARPQ_LOOKUP_* */
    struct aq_route_request route; /* its ifindex is the caller's, or 0 */
};

/* Check the arguments of a call (flags: ARPQ_LOOKUP_*), convert an IPv4-mapped address to IPv4, and
 * combine scope and ifindex. Returns 0, -EINVAL or -EAFNOSUPPORT. */
int aq_query_make(const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                  struct aq_query *query);

/* Does the same without flags, but accepts the unspecified address. */
int aq_query_make_any(const struct arpq_ip *ip, uint32_t ifindex, struct aq_query *query);

#endif

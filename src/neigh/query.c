/* SPDX-License-Identifier: MIT */
#include "neigh/query.h"

#include <errno.h>
#include <string.h>

#include "value/ip.h"

int aq_query_make_any(const struct arpq_ip *ip, uint32_t ifindex, struct aq_query *query)
{
    memset(query, 0, sizeof *query);
    if (ifindex > INT32_MAX || ip->scope > INT32_MAX || ip->reserved)
        return -EINVAL;
    if (ip->family != AF_INET && ip->family != AF_INET6)
        return -EAFNOSUPPORT;
    if (ip->scope && ifindex && ip->scope != ifindex)
        return -EINVAL;
    query->route.ifindex = ifindex ? ifindex : ip->scope;
    query->ip.family = ip->family;
    if (ip->family == AF_INET) {
        memcpy(query->ip.bytes, ip->bytes, 4);
        return 0;
    }
    memcpy(query->ip.bytes, ip->bytes, sizeof ip->bytes);
    aq_ip_unmap(&query->ip);
    return 0;
}

/* Any interface contradicts a named interface and a gateway, which a route determines. */
static bool query_are_flags_sound(const struct aq_query *query, uint32_t flags)
{
    if (flags & ~AQ_LOOKUP_FLAGS)
        return false;
    return !(flags & ARPQ_LOOKUP_ANY_INTERFACE) ||
           (query->route.ifindex == 0 && !(flags & ARPQ_LOOKUP_VIA_GATEWAY));
}

int aq_query_make(const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                  struct aq_query *query)
{
    int code = aq_query_make_any(ip, ifindex, query);

    if (code < 0)
        return code;
    if (aq_ip_is_unspecified(&query->ip) || (flags && !query_are_flags_sound(query, flags)))
        return -EINVAL;
    query->flags = flags;
    return 0;
}

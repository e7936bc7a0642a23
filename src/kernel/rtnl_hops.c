/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_hops.h"

#include <errno.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_route.h"

#define FLAGS_OF_HOP 0xffu /* rtm_flags also contains RTM_F_* */
#define TICKS_PER_S 100    /* USER_HZ, the unit of rta_expires */

static bool hops_parse_expiry(const struct nlattr *attribute, uint32_t *valid_s)
{
    struct rta_cacheinfo info;
    int32_t ticks;

    if (!aq_attr_copy(attribute, &info, sizeof info))
        return false;
    ticks = (int32_t)info.rta_expires;
    if (ticks != 0)
        *valid_s = ticks < 0 ? 0 : (uint32_t)ticks / TICKS_PER_S;
    return true;
}

static bool hops_parse_attribute(const struct nlattr *attribute, struct aq_route_facts *facts)
{
    switch (aq_attr_type(attribute)) {
    case RTA_PRIORITY:
        return aq_attr_copy(attribute, &facts->metric, sizeof facts->metric);
    case RTA_PREFSRC:
        return aq_attr_ip(attribute, facts->entry.prefix.family, &facts->source);
    case RTA_NH_ID:
        return aq_attr_copy(attribute, &facts->nexthop, sizeof facts->nexthop);
    case RTA_PREF:
        return aq_attr_copy(attribute, &facts->preference, sizeof facts->preference);
    case RTA_CACHEINFO:
        return hops_parse_expiry(attribute, &facts->valid_s);
    default:
        return true;
    }
}

int aq_rtnl_hops_parse(const struct nlmsghdr *message, struct aq_route_facts *facts)
{
    const struct rtmsg *header = aq_rtnl_payload(message, sizeof *header);
    const struct nlattr *attribute;
    int code;

    memset(facts, 0, sizeof *facts);
    if (!header)
        return -EBADMSG;
    code = aq_rtnl_route_parse_entry(message, &facts->entry);
    if (code < 0)
        return code;
    facts->flags = header->rtm_flags & FLAGS_OF_HOP;
    facts->protocol = header->rtm_protocol;
    facts->selective = header->rtm_src_len != 0 || header->rtm_tos != 0;
    facts->valid_s = ARPQ_FOREVER;
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    {
        if (!hops_parse_attribute(attribute, facts)) {
            memset(facts, 0, sizeof *facts);
            return -EBADMSG;
        }
    }
    return 0;
}

/* Parses the next hop at `at`. Returns the number of bytes to the next one, or -EBADMSG. */
static int hops_parse_one(const char *at, const char *end, uint16_t family, struct aq_hop *hop)
{
    const struct rtnexthop *header = (const struct rtnexthop *)(const void *)at;
    const struct nlattr *attribute;
    struct aq_route route = {0};

    if (end - at < (ptrdiff_t)sizeof *header || header->rtnh_len < sizeof *header ||
        end - at < header->rtnh_len)
        return -EBADMSG;
    AQ_ATTR_EACH_TO(attribute, at + sizeof *header, at + header->rtnh_len)
    if (!aq_rtnl_route_parse_attribute(attribute, family, &route))
        return -EBADMSG;
    *hop = (struct aq_hop){
        .gateway = route.gateway,
        .ifindex = (uint32_t)header->rtnh_ifindex,
        .flags = header->rtnh_flags,
        .weight = header->rtnh_hops + 1u,
    };
    return (int)RTNH_ALIGN(header->rtnh_len);
}

static int hops_each_of(const struct nlattr *nest, uint16_t family, aq_hop_handler handler,
                        void *context)
{
    const char *at = aq_attr_payload(nest), *end = (const char *)nest + nest->nla_len;
    int count = 0;

    while (at < end) {
        struct aq_hop hop;
        int length = hops_parse_one(at, end, family, &hop);
        int code = length < 0 ? length : handler(&hop, context);

        if (code < 0)
            return code;
        at += length;
        count++;
    }
    return count;
}

int aq_rtnl_hops_each(const struct nlmsghdr *message, const struct aq_route_facts *facts,
                      aq_hop_handler handler, void *context)
{
    const struct aq_route *route = &facts->entry.route;
    const struct aq_hop only = {route->gateway, route->ifindex, facts->flags, 1};
    const struct nlattr *attribute;
    int code;

    AQ_ATTR_EACH(attribute, message, sizeof(struct rtmsg))
    if (aq_attr_type(attribute) == RTA_MULTIPATH)
        return hops_each_of(attribute, facts->entry.prefix.family, handler, context);
    if (route->ifindex == 0)
        return 0;
    code = handler(&only, context);
    return code < 0 ? code : 1;
}

/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_route.h"

#include <errno.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_dump.h"
#include "value/ip.h"

/* RTA_VIA is a gateway of another family. It begins with the family. */
static bool parse_via(const struct nlattr *attribute, struct arpq_ip *gateway)
{
    const struct rtvia *via = aq_attr_payload(attribute);
    size_t length = aq_attr_length(attribute);
    struct arpq_ip value = {0};

    if (length < sizeof *via)
        return false;
    value.family = via->rtvia_family;
    length -= sizeof *via;
    if (length == 0 || length != aq_ip_length(&value))
        return false;
    memcpy(value.bytes, via->rtvia_addr, length);
    *gateway = value;
    return true;
}

bool aq_rtnl_route_parse_attribute(const struct nlattr *attribute, uint16_t family,
                                   struct aq_route *route)
{
    switch (aq_attr_type(attribute)) {
    case RTA_OIF:
        return aq_attr_copy(attribute, &route->ifindex, sizeof route->ifindex);
    case RTA_GATEWAY:
        return aq_attr_ip(attribute, family, &route->gateway);
    case RTA_VIA:
        return parse_via(attribute, &route->gateway);
    default:
        return true;
    }
}

int aq_rtnl_route_parse(const struct nlmsghdr *message, struct aq_route *route)
{
    const struct rtmsg *header = aq_rtnl_payload(message, sizeof *header);
    const struct nlattr *attribute;

    memset(route, 0, sizeof *route);
    if (!header)
        return -EBADMSG;
    route->type = header->rtm_type;
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    {
        if (!aq_rtnl_route_parse_attribute(attribute, header->rtm_family, route)) {
            memset(route, 0, sizeof *route);
            return -EBADMSG;
        }
    }
    return 0;
}

/* Flags of a next hop that the kernel does not use. */
#define ROUTE_DOWN (RTNH_F_DEAD | RTNH_F_LINKDOWN | RTNH_F_UNRESOLVED)

/* The kernel stops using an expired IPv6 route before it announces the removal. */
static bool route_expires(const struct nlattr *attribute)
{
    struct rta_cacheinfo info;

    return !aq_attr_copy(attribute, &info, sizeof info) || info.rta_expires != 0;
}

static bool route_parse_selector(const struct nlattr *attribute, struct aq_route_entry *entry)
{
    switch (aq_attr_type(attribute)) {
    case RTA_DST:
        return aq_attr_ip(attribute, entry->prefix.family, &entry->prefix);
    case RTA_TABLE:
        return aq_attr_copy(attribute, &entry->table, sizeof entry->table);
    case RTA_CACHEINFO:
        entry->plain = entry->plain && !route_expires(attribute);
        return true;
    case RTA_MULTIPATH:
    case RTA_NH_ID:
    case RTA_ENCAP:
    case RTA_SRC:
        entry->plain = false;
        return true;
    default:
        return true;
    }
}

int aq_rtnl_route_parse_entry(const struct nlmsghdr *message, struct aq_route_entry *entry)
{
    const struct rtmsg *header = aq_rtnl_payload(message, sizeof *header);
    const struct nlattr *attribute;
    int code;

    memset(entry, 0, sizeof *entry);
    code = aq_rtnl_route_parse(message, &entry->route);
    if (code < 0)
        return code;
    entry->prefix.family = header->rtm_family;
    entry->length = header->rtm_dst_len;
    entry->table = header->rtm_table;
    entry->plain =
        header->rtm_src_len == 0 && header->rtm_tos == 0 && !(header->rtm_flags & ROUTE_DOWN);
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    if (!route_parse_selector(attribute, entry))
        code = -EBADMSG;
    if (aq_ip_length(&entry->prefix) == 0 || entry->length > aq_ip_length(&entry->prefix) * 8)
        code = -EBADMSG;
    if (code < 0)
        memset(entry, 0, sizeof *entry);
    return code;
}

int aq_rtnl_route_ask(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                      const struct aq_route_request *query, uint32_t flags,
                      union aq_rtnl_answer *answer)
{
    union aq_rtnl_request request;
    struct rtmsg *header = aq_rtnl_prepare(&request, RTM_GETROUTE, 0, sizeof *header);
    size_t length = aq_ip_length(ip);

    header->rtm_family = (uint8_t)ip->family;
    header->rtm_dst_len = (uint8_t)(length * 8);
    header->rtm_flags = flags;
    aq_netlink_put(&request.header, RTA_DST, length, ip->bytes);
    if (query->source.family == ip->family) {
        header->rtm_src_len = (uint8_t)(length * 8);
        aq_netlink_put(&request.header, RTA_SRC, length, query->source.bytes);
    }
    if (query->ifindex)
        aq_netlink_put_u32(&request.header, RTA_OIF, query->ifindex);
    if (query->mark)
        aq_netlink_put_u32(&request.header, RTA_MARK, query->mark);
    return aq_rtnl_exchange(rtnl, &request, answer);
}

static int route_ask(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                     const struct aq_route_request *query, uint32_t flags, struct aq_route *route)
{
    union aq_rtnl_answer answer;
    int code = aq_rtnl_route_ask(rtnl, ip, query, flags, &answer);

    memset(route, 0, sizeof *route);
    return code < 0 ? code : aq_rtnl_route_parse(&answer.header, route);
}

int aq_rtnl_route_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                      const struct aq_route_request *query, struct aq_route *route)
{
    return route_ask(rtnl, ip, query, 0, route);
}

int aq_rtnl_route_match(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                        const struct aq_route_request *query, struct aq_route *route)
{
    return route_ask(rtnl, ip, query, RTM_F_FIB_MATCH, route);
}

int aq_rtnl_route_dump(struct aq_rtnl *rtnl, uint8_t family, aq_rtnl_handler handler, void *context)
{
    union aq_rtnl_request request;
    struct rtmsg *header = aq_rtnl_prepare(&request, RTM_GETROUTE, NLM_F_DUMP, sizeof *header);

    header->rtm_family = family;
    return aq_rtnl_dump(rtnl, &request, handler, context, NULL);
}

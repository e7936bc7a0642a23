/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_addr.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_dump.h"
#include "value/ip.h"

/* Attributes that were added after Linux 4.17. The kernel headers may be older. */
#define ATTR_RT_PRIORITY 9
#define ATTR_PROTO 11

/* struct ifa_cacheinfo counts hundredths of a second since boot. */
#define MS_PER_STAMP 10u

/* Attributes as received. If IFA_LOCAL is present, it is the address, and IFA_ADDRESS is the
 * peer. */
struct raw_address {
    struct arpq_ip local;
    struct arpq_ip address;
};

#define ADDRESS(member, how) AQ_ATTR_PLACE(struct arpq_address, member, how)
static const struct aq_attr_place places[] = {
    [IFA_LABEL] = ADDRESS(label, AQ_ATTR_TEXT),
    [IFA_FLAGS] = ADDRESS(flags, AQ_ATTR_NUMBER),
    [ATTR_RT_PRIORITY] = ADDRESS(metric, AQ_ATTR_NUMBER),
    [ATTR_PROTO] = ADDRESS(protocol, AQ_ATTR_NUMBER),
};

static bool parse_times(const struct nlattr *attribute, struct arpq_address *address)
{
    struct ifa_cacheinfo times;

    if (!aq_attr_copy(attribute, &times, sizeof times))
        return false;
    address->valid_s = times.ifa_valid;
    address->preferred_s = times.ifa_prefered;
    address->created_ms = (uint64_t)times.cstamp * MS_PER_STAMP;
    address->updated_ms = (uint64_t)times.tstamp * MS_PER_STAMP;
    return true;
}

static bool addr_parse_attribute(const struct nlattr *attribute, uint16_t family,
                                 struct raw_address *raw, struct arpq_address *address)
{
    switch (aq_attr_type(attribute)) {
    case IFA_LOCAL:
        return aq_attr_ip(attribute, family, &raw->local);
    case IFA_ADDRESS:
        return aq_attr_ip(attribute, family, &raw->address);
    case IFA_BROADCAST:
        return aq_attr_ip(attribute, family, &address->broadcast);
    case IFA_ANYCAST:
        return aq_attr_ip(attribute, family, &address->anycast);
    case IFA_CACHEINFO:
        return parse_times(attribute, address);
    default:
        return aq_attr_put(places, sizeof places / sizeof places[0], attribute, address);
    }
}

static int addr_settle(const struct raw_address *raw, struct arpq_address *address)
{
    address->ip = raw->local.family ? raw->local : raw->address;
    if (address->ip.family == 0)
        return -EBADMSG;
    if (raw->address.family && memcmp(&raw->address, &address->ip, sizeof address->ip) != 0)
        address->peer = raw->address;
    if (aq_ip_is_link_local(&address->ip))
        address->ip.scope = address->ifindex;
    if (aq_ip_is_link_local(&address->peer))
        address->peer.scope = address->ifindex;
    return 0;
}

int aq_rtnl_addr_parse(const struct nlmsghdr *message, struct arpq_address *address)
{
    const struct ifaddrmsg *header = aq_rtnl_payload(message, sizeof *header);
    struct raw_address raw = {0};
    const struct nlattr *attribute;
    int code = 0;

    memset(address, 0, sizeof *address);
    if (!header || (header->ifa_family != AF_INET && header->ifa_family != AF_INET6) ||
        header->ifa_prefixlen > (header->ifa_family == AF_INET ? 32 : 128))
        return -EBADMSG;
    address->ifindex = header->ifa_index;
    address->prefix_length = header->ifa_prefixlen;
    address->flags = header->ifa_flags;
    address->scope = header->ifa_scope;
    address->valid_s = address->preferred_s = ARPQ_FOREVER;
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    if (!addr_parse_attribute(attribute, header->ifa_family, &raw, address))
        code = -EBADMSG;
    if (code == 0)
        code = addr_settle(&raw, address);
    if (code < 0)
        memset(address, 0, sizeof *address);
    return code;
}

int aq_rtnl_addr_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context)
{
    union aq_rtnl_request request;

    aq_rtnl_prepare(&request, RTM_GETADDR, NLM_F_DUMP, sizeof(struct ifaddrmsg));
    return aq_rtnl_dump(rtnl, &request, handler, context, NULL);
}

static void put_ip(union aq_rtnl_request *request, uint16_t type, const struct arpq_ip *ip)
{
    if (ip->family)
        aq_netlink_put(&request->header, type, aq_ip_length(ip), ip->bytes);
}

int aq_rtnl_addr_get(struct aq_rtnl *rtnl, struct arpq_address *address)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    struct ifaddrmsg *header = aq_rtnl_prepare(&request, RTM_GETADDR, 0, sizeof *header);
    int code;

    header->ifa_family = (uint8_t)address->ip.family;
    header->ifa_index = address->ifindex;
    put_ip(&request, IFA_ADDRESS, &address->ip);
    code = aq_rtnl_exchange(rtnl, &request, &answer);
    if (code < 0)
        return code;
    return answer.header.nlmsg_type == RTM_NEWADDR ? aq_rtnl_addr_parse(&answer.header, address)
                                                   : -EBADMSG;
}

/* ---- Changes ---- */

static void put_new(union aq_rtnl_request *request, const struct arpq_address *address)
{
    const struct ifa_cacheinfo times = {.ifa_valid = address->valid_s,
                                        .ifa_prefered = address->preferred_s};

    put_ip(request, IFA_BROADCAST, &address->broadcast);
    if (address->label[0])
        aq_netlink_put_text(&request->header, IFA_LABEL, address->label);
    aq_netlink_put(&request->header, IFA_CACHEINFO, sizeof times, &times);
    aq_netlink_put_u32(&request->header, IFA_FLAGS, address->flags);
    if (address->metric)
        aq_netlink_put_u32(&request->header, ATTR_RT_PRIORITY, address->metric);
    if (address->protocol)
        aq_netlink_put_u8(&request->header, ATTR_PROTO, address->protocol);
}

/* Sends an empty attribute for an interface that does not exist. A kernel that knows the attribute
 * returns -ERANGE, because it checks the attribute before the interface. */
static int addr_check_attribute(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint16_t type)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    struct ifaddrmsg *header = aq_rtnl_prepare(&request, RTM_NEWADDR, NLM_F_ACK, sizeof *header);
    int code;

    header->ifa_family = (uint8_t)ip->family;
    header->ifa_prefixlen = (uint8_t)(aq_ip_length(ip) * 8);
    header->ifa_index = INT32_MAX;
    put_ip(&request, IFA_LOCAL, ip);
    aq_netlink_put(&request.header, type, 0, NULL);
    code = aq_rtnl_exchange(rtnl, &request, &answer);
    if (code == -ERANGE)
        return 0;
    return code == -ENODEV ? -EOPNOTSUPP : code;
}

int aq_rtnl_addr_check_support(struct aq_rtnl *rtnl, const struct arpq_address *address)
{
    int code = 0;

    if (address->metric) /* since Linux 4.18 */
        code = addr_check_attribute(rtnl, &address->ip, ATTR_RT_PRIORITY);
    if (code == 0 && address->protocol) /* since Linux 5.18 */
        code = addr_check_attribute(rtnl, &address->ip, ATTR_PROTO);
    return code;
}

int aq_rtnl_addr_change(struct aq_rtnl *rtnl, uint16_t type, uint16_t flags,
                        const struct arpq_address *address)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    struct ifaddrmsg *header;

    memset(&request, 0, sizeof request); /* libmnl does not write the padding of attributes */
    header = aq_rtnl_prepare(&request, type, NLM_F_ACK | flags, sizeof *header);
    header->ifa_family = (uint8_t)address->ip.family;
    header->ifa_prefixlen = (uint8_t)address->prefix_length;
    header->ifa_flags = (uint8_t)address->flags;
    header->ifa_scope = (uint8_t)address->scope;
    header->ifa_index = address->ifindex;
    put_ip(&request, IFA_LOCAL, &address->ip);
    put_ip(&request, IFA_ADDRESS, address->peer.family ? &address->peer : &address->ip);
    if (type == RTM_NEWADDR)
        put_new(&request, address);
    return aq_rtnl_exchange(rtnl, &request, &answer);
}

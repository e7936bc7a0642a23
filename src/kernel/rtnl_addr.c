/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_addr.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"

/* What the attributes say before they are put together: IFA_LOCAL, where present,
 * is the address and IFA_ADDRESS the other end's. */
struct raw_address {
    struct arpq_ip local;
    struct arpq_ip address;
};

static bool parse_attribute(const struct nlattr *attribute, uint16_t family,
                            struct raw_address *raw, struct arpq_address *address)
{
    switch (mnl_attr_get_type(attribute)) {
    case IFA_LOCAL:
        return aq_attr_ip(attribute, family, &raw->local);
    case IFA_ADDRESS:
        return aq_attr_ip(attribute, family, &raw->address);
    case IFA_BROADCAST:
        return aq_attr_ip(attribute, family, &address->broadcast);
    case IFA_LABEL:
        return aq_attr_text(attribute, address->label, sizeof address->label);
    case IFA_FLAGS:
        return aq_attr_copy(attribute, &address->flags, sizeof address->flags);
    default:
        return true;
    }
}

static int settle(const struct raw_address *raw, struct arpq_address *address)
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
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    if (!parse_attribute(attribute, header->ifa_family, &raw, address))
        code = -EBADMSG;
    if (code == 0)
        code = settle(&raw, address);
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

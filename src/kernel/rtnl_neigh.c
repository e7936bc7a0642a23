/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_neigh.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"

/* NDA_FLAGS_EXT came in Linux 5.16: headers of the build machine may be older. */
#define ATTR_FLAGS_EXT 15
#define FLAGS_EXT_SHIFT 8

/* The ages in nda_cacheinfo count USER_HZ, which is 100 on every architecture. */
#define MS_PER_USER_TICK 10u

static void parse_ages(const struct nlattr *attribute, struct arpq_neigh *neigh)
{
    struct nda_cacheinfo info;

    if (!aq_attr_copy(attribute, &info, sizeof info))
        return;
    neigh->confirmed_ms = (uint64_t)info.ndm_confirmed * MS_PER_USER_TICK;
    neigh->used_ms = (uint64_t)info.ndm_used * MS_PER_USER_TICK;
    neigh->updated_ms = (uint64_t)info.ndm_updated * MS_PER_USER_TICK;
    neigh->refcount = info.ndm_refcnt;
}

static int parse_attribute(const struct nlattr *attribute, uint16_t family,
                           struct arpq_neigh *neigh)
{
    uint32_t extended;

    switch (mnl_attr_get_type(attribute)) {
    case NDA_DST:
        return aq_attr_ip(attribute, family, &neigh->ip) ? 0 : -EBADMSG;
    case NDA_LLADDR:
        return aq_attr_mac(attribute, &neigh->mac) ? 0 : -EBADMSG;
    case NDA_CACHEINFO:
        parse_ages(attribute, neigh);
        return 0;
    case NDA_PROBES:
        (void)aq_attr_copy(attribute, &neigh->probes, sizeof neigh->probes);
        return 0;
    case NDA_PROTOCOL:
        (void)aq_attr_copy(attribute, &neigh->protocol, sizeof neigh->protocol);
        return 0;
    case ATTR_FLAGS_EXT:
        if (aq_attr_copy(attribute, &extended, sizeof extended))
            neigh->flags |= (extended & 0xffffu) << FLAGS_EXT_SHIFT;
        return 0;
    default:
        return 0;
    }
}

int aq_rtnl_neigh_parse(const struct nlmsghdr *message, struct arpq_neigh *neigh)
{
    const struct ndmsg *header = aq_rtnl_payload(message, sizeof *header);
    const struct nlattr *attribute;
    int code;

    memset(neigh, 0, sizeof *neigh);
    if (!header || header->ndm_ifindex < 0 ||
        (header->ndm_family != AF_INET && header->ndm_family != AF_INET6))
        return -EBADMSG;
    neigh->ifindex = (uint32_t)header->ndm_ifindex;
    neigh->state = header->ndm_state;
    neigh->flags = header->ndm_flags;
    neigh->type = header->ndm_type;
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    {
        code = parse_attribute(attribute, header->ndm_family, neigh);
        if (code < 0) {
            memset(neigh, 0, sizeof *neigh);
            return code;
        }
    }
    if (neigh->ip.family != 0)
        return 0;
    memset(neigh, 0, sizeof *neigh);
    return -EBADMSG;
}

int aq_rtnl_neigh_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex,
                      struct arpq_neigh *neigh)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    struct ndmsg *header = aq_rtnl_prepare(&request, RTM_GETNEIGH, 0, sizeof *header);
    int code;

    header->ndm_family = (uint8_t)ip->family;
    header->ndm_ifindex = (int)ifindex;
    mnl_attr_put(&request.header, NDA_DST, aq_ip_length(ip), ip->bytes);
    code = aq_rtnl_ask(rtnl, &request, &answer);
    if (code < 0) {
        memset(neigh, 0, sizeof *neigh);
        return code;
    }
    return aq_rtnl_neigh_parse(&answer.header, neigh);
}

/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_nexthop.h"

#include <errno.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"

/* A member of a group, as struct nexthop_grp. Headers before Linux 6.12 lack weight_high. */
struct member {
    uint32_t id;
    uint8_t weight, weight_high;
    uint16_t reserved;
};

struct nexthop {
    union aq_rtnl_answer answer;
    struct aq_hop hop;
    bool drops;
    const struct nlattr *group; /* in answer, or NULL */
};

static bool nexthop_parse_attribute(const struct nlattr *attribute, uint16_t family,
                                    struct nexthop *to)
{
    switch (aq_attr_type(attribute)) {
    case NHA_OIF:
        return aq_attr_copy(attribute, &to->hop.ifindex, sizeof to->hop.ifindex);
    case NHA_GATEWAY:
        return aq_attr_ip(attribute, family, &to->hop.gateway);
    case NHA_BLACKHOLE:
        to->drops = true;
        return true;
    case NHA_GROUP:
        to->group = attribute;
        return aq_attr_length(attribute) % sizeof(struct member) == 0;
    default:
        return true;
    }
}

static int nexthop_parse(struct nexthop *to)
{
    const struct nlmsghdr *message = &to->answer.header;
    const struct nhmsg *header = aq_rtnl_payload(message, sizeof *header);
    const struct nlattr *attribute;

    if (!header || message->nlmsg_type != RTM_NEWNEXTHOP)
        return -EBADMSG;
    to->hop = (struct aq_hop){.flags = header->nh_flags, .weight = 1};
    to->drops = false;
    to->group = NULL;
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    if (!nexthop_parse_attribute(attribute, header->nh_family, to))
        return -EBADMSG;
    return 0;
}

static int nexthop_ask(struct aq_rtnl *rtnl, uint32_t id, struct nexthop *nexthop)
{
    union aq_rtnl_request request;
    int code;

    (void)aq_rtnl_prepare(&request, RTM_GETNEXTHOP, 0, sizeof(struct nhmsg));
    aq_netlink_put_u32(&request.header, NHA_ID, id);
    code = aq_rtnl_exchange(rtnl, &request, &nexthop->answer);
    return code < 0 ? code : nexthop_parse(nexthop);
}

/* The members of a group are no groups. */
static int nexthop_each_member(struct aq_rtnl *rtnl, const struct nlattr *group,
                               aq_hop_handler handler, void *context)
{
    const char *at = aq_attr_payload(group), *end = at + aq_attr_length(group);
    struct nexthop nexthop;
    int code = 0;

    for (; at < end && code >= 0; at += sizeof(struct member)) {
        struct member member;

        memcpy(&member, at, sizeof member);
        code = nexthop_ask(rtnl, member.id, &nexthop);
        if (code < 0 || nexthop.drops || nexthop.group)
            continue;
        nexthop.hop.weight = (member.weight | (uint32_t)member.weight_high << 8) + 1;
        code = handler(&nexthop.hop, context);
    }
    return code < 0 ? code : 0;
}

int aq_rtnl_nexthop_each(struct aq_rtnl *rtnl, uint32_t id, aq_hop_handler handler, void *context)
{
    struct nexthop nexthop;
    int code = nexthop_ask(rtnl, id, &nexthop);

    if (code < 0 || nexthop.drops)
        return code;
    if (nexthop.group)
        return nexthop_each_member(rtnl, nexthop.group, handler, context);
    code = handler(&nexthop.hop, context);
    return code < 0 ? code : 0;
}

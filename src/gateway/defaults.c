/* SPDX-License-Identifier: MIT */
#include "gateway/defaults.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "kernel/rtnl_hops.h"
#include "kernel/rtnl_nexthop.h"
#include "kernel/rtnl_route.h"
#include "value/array.h"
#include "value/ip.h"

#define FLAGS_KNOWN                                                                                \
    (ARPQ_GATEWAY_DEAD | ARPQ_GATEWAY_ONLINK | ARPQ_GATEWAY_OFFLOADED | ARPQ_GATEWAY_LINKDOWN)
_Static_assert(ARPQ_GATEWAY_DEAD == RTNH_F_DEAD && ARPQ_GATEWAY_ONLINK == RTNH_F_ONLINK &&
                   ARPQ_GATEWAY_OFFLOADED == RTNH_F_OFFLOAD &&
                   ARPQ_GATEWAY_LINKDOWN == RTNH_F_LINKDOWN,
               "the kernel's values");

struct defaults {
    struct arpq_gateways *list;
    uint16_t family; /* 0: any */
    bool all_tables;
    bool damaged;                /* a message was malformed */
    struct arpq_gateway pattern; /* what the next hops of a route have in common */
};

int aq_defaults_append(struct arpq_gateways *list, const struct arpq_gateway *entry)
{
    struct arpq_gateway *entries = NULL;

    if (list->count < INT32_MAX)
        entries = aq_array_grow(list->entries, &list->capacity, list->count, 1, sizeof *entries);
    if (!entries)
        return -ENOMEM;
    list->entries = entries;
    entries[list->count++] = *entry;
    return 0;
}

static void defaults_set_pattern(struct defaults *to, const struct aq_route_facts *facts)
{
    to->pattern = (struct arpq_gateway){
        .source = facts->source,
        .metric = facts->metric,
        .table = facts->entry.table,
        .flags = facts->selective ? ARPQ_GATEWAY_SELECTIVE : 0,
        .valid_s = facts->valid_s,
        .nexthop_id = facts->nexthop,
        .family = facts->entry.prefix.family,
        .protocol = facts->protocol,
        .preference = facts->preference,
    };
}

static int defaults_take_hop(const struct aq_hop *hop, void *context)
{
    struct defaults *to = context;
    struct arpq_gateway entry = to->pattern;

    entry.ip = hop->gateway;
    entry.ip.scope = aq_ip_is_link_local(&entry.ip) ? hop->ifindex : 0;
    entry.ifindex = hop->ifindex;
    entry.flags |= hop->flags & FLAGS_KNOWN;
    entry.weight = hop->weight;
    return aq_defaults_append(to->list, &entry);
}

/* A dump of all routes consists mostly of other routes: they are passed over by their header. */
static bool defaults_concern(const struct defaults *to, const struct nlmsghdr *message)
{
    const struct rtmsg *header = aq_rtnl_payload(message, sizeof *header);

    return header && message->nlmsg_type == RTM_NEWROUTE && header->rtm_dst_len == 0 &&
           header->rtm_type == RTN_UNICAST && !(header->rtm_flags & RTM_F_CLONED) &&
           (to->family == 0 || header->rtm_family == to->family);
}

/* The next hops of a nexthop object may not be in the message, and the socket cannot ask for them
 * during a dump. The entry with interface 0 stands for them. */
static int defaults_take_route(const struct nlmsghdr *message, void *context)
{
    struct defaults *to = context;
    struct aq_route_facts facts;
    int code;

    if (!defaults_concern(to, message))
        return 0;
    code = aq_rtnl_hops_parse(message, &facts);
    if (code == 0 && !to->all_tables && facts.entry.table != RT_TABLE_MAIN)
        return 0;
    if (code == 0) {
        defaults_set_pattern(to, &facts);
        code = aq_rtnl_hops_each(message, &facts, defaults_take_hop, to);
    }
    if (code == 0 && facts.nexthop)
        code = aq_defaults_append(to->list, &to->pattern);
    to->damaged |= code == -EBADMSG;
    return code == -EBADMSG || code > 0 ? 0 : code;
}

/* Replace the entries from `first` on that stand for nexthop objects. */
static int defaults_expand(struct aq_rtnl *rtnl, struct defaults *to, uint32_t first)
{
    struct arpq_gateways *list = to->list;
    uint32_t end = list->count, kept = first;
    int code = 0;

    for (uint32_t n = first; n < end && code == 0; n++) {
        if (list->entries[n].ifindex || !list->entries[n].nexthop_id)
            continue;
        to->pattern = list->entries[n];
        code = aq_rtnl_nexthop_each(rtnl, to->pattern.nexthop_id, defaults_take_hop, to);
        /* The object was removed meanwhile, or has more members than an answer holds. */
        if (code == -ENOENT || code == -EBADMSG || code == -EMSGSIZE) {
            to->damaged = true;
            code = 0;
        }
    }
    if (code < 0)
        return code;
    for (uint32_t n = first; n < list->count; n++)
        if (list->entries[n].ifindex)
            list->entries[kept++] = list->entries[n];
    list->count = kept;
    return 0;
}

int aq_defaults_read(struct aq_rtnl *rtnl, uint16_t family, uint32_t flags,
                     struct arpq_gateways *list)
{
    struct defaults to = {
        .list = list,
        .family = family,
        .all_tables = flags & ARPQ_GATEWAYS_ALL_TABLES,
    };
    uint32_t first = list->count;
    int inconsistent = aq_rtnl_route_dump(rtnl, (uint8_t)family, defaults_take_route, &to);
    int code = inconsistent < 0 ? inconsistent : defaults_expand(rtnl, &to, first);

    return code < 0 ? code : inconsistent || to.damaged;
}

int aq_defaults_add(struct aq_rtnl *rtnl, const struct nlmsghdr *message,
                    struct arpq_gateways *list)
{
    struct defaults to = {.list = list, .all_tables = true};
    uint32_t first = list->count;
    int code = defaults_take_route(message, &to);

    if (code == 0)
        code = defaults_expand(rtnl, &to, first);
    return code < 0 ? code : to.damaged;
}

/* SPDX-License-Identifier: MIT */
/* The kernel answers a question about one destination. It names the default route unless a more
 * specific route leads to that destination, so several destinations in different parts of the
 * address space are tried. No packet is sent. */
#include "gateway/choice.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/rtnl_route.h"
#include "kernel/sys.h"

/* Public addresses of root name servers and of public resolvers. */
static const struct arpq_ip destinations[] = {
    {.family = AF_INET, .bytes = {8, 8, 8, 8}},
    {.family = AF_INET, .bytes = {198, 41, 0, 4}},
    {.family = AF_INET, .bytes = {1, 1, 1, 1}},
    {.family = AF_INET, .bytes = {193, 0, 14, 129}},
    {.family = AF_INET6, .bytes = {0x20, 0x01, 0x48, 0x60, 0x48, 0x60, [14] = 0x88, [15] = 0x88}},
    {.family = AF_INET6, .bytes = {0x20, 0x01, 0x05, 0x03, 0xba, 0x3e, [13] = 2, [15] = 0x30}},
    {.family = AF_INET6, .bytes = {0x26, 0x06, 0x47, [5] = 0x47, [14] = 0x11, [15] = 0x11}},
    {.family = AF_INET6, .bytes = {0x20, 0x01, 0x07, 0xfd, [15] = 1}},
};

/* The kernel's errors for a destination that no route leads to, or that a route of type throw,
 * blackhole, unreachable or prohibit excludes, and for a family that it lacks. */
static bool choice_is_none(int code)
{
    return code == -ENETUNREACH || code == -EHOSTUNREACH || code == -EAGAIN || code == -ENODEV ||
           code == -ENOENT || code == -ESRCH || aq_sys_is_refusal(code);
}

static bool choice_equals(const struct arpq_gateway *a, const struct arpq_gateway *b)
{
    return a->family == b->family && a->table == b->table && a->metric == b->metric &&
           a->ifindex == b->ifindex && a->protocol == b->protocol &&
           a->nexthop_id == b->nexthop_id &&
           !((a->flags ^ b->flags) & (ARPQ_GATEWAY_SELECTIVE | ARPQ_GATEWAY_ONLINK)) &&
           arpq_ip_compare(&a->ip, &b->ip) == 0 && arpq_ip_compare(&a->source, &b->source) == 0;
}

/* Marks the entries that equal one of the chosen route. Returns whether there are any. */
static bool choice_mark_equals(struct arpq_gateways *list, const struct arpq_gateway *chosen)
{
    bool found = false;

    for (uint32_t n = 0; n < list->count; n++)
        if (choice_equals(&list->entries[n], chosen)) {
            list->entries[n].flags |= ARPQ_GATEWAY_CHOSEN;
            found = true;
        }
    return found;
}

static int choice_merge(struct arpq_gateways *list, uint32_t flags,
                        const struct arpq_gateways *chosen)
{
    for (uint32_t n = 0; n < chosen->count; n++) {
        struct arpq_gateway entry = chosen->entries[n];
        int code;

        if (choice_mark_equals(list, &entry))
            continue;
        if (entry.table == RT_TABLE_MAIN || flags & ARPQ_GATEWAYS_ALL_TABLES)
            return 1;
        entry.flags |= ARPQ_GATEWAY_CHOSEN;
        code = aq_defaults_append(list, &entry);
        if (code < 0)
            return code;
    }
    return 0;
}

/* Appends the next hops of the route to the destination, if it is a default route. */
static int choice_ask(struct aq_rtnl *rtnl, const struct arpq_ip *ip, struct arpq_gateways *chosen)
{
    const struct aq_route_request query = {0};
    /* IPv4 names the table on request only. IPv6 always does, and refuses the request. */
    uint32_t how = RTM_F_FIB_MATCH | (ip->family == AF_INET ? RTM_F_LOOKUP_TABLE : 0u);
    union aq_rtnl_answer answer;
    int code = aq_rtnl_route_ask(rtnl, ip, &query, how, &answer);

    if (code == -EMSGSIZE) /* more next hops than an answer holds */
        return 1;
    if (code < 0)
        return choice_is_none(code) ? 0 : code;
    return aq_defaults_add(rtnl, &answer.header, chosen);
}

int aq_choice_mark(struct aq_rtnl *rtnl, uint16_t family, uint32_t flags,
                   struct arpq_gateways *list)
{
    struct arpq_gateways chosen = {0};
    int code = 0;

    for (size_t n = 0; n < sizeof destinations / sizeof destinations[0]; n++)
        if (destinations[n].family == family && code == 0 && chosen.count == 0)
            code = choice_ask(rtnl, &destinations[n], &chosen);
    if (code == 0)
        code = choice_merge(list, flags, &chosen);
    free(chosen.entries);
    return code;
}

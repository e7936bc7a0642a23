/* SPDX-License-Identifier: MIT */
#include "neigh/target.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

#include "handle/interfaces.h"
#include "handle/readers.h"
#include "handle/sockets.h"
#include "value/ip.h"
#include "value/multicast.h"

/* Not a result: the view cannot tell, the kernel's routing decision must. */
#define ASK_ROUTE 1

int aq_target_query_any(const struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex,
                        struct aq_query *query)
{
    memset(query, 0, sizeof *query);
    if (ifindex > INT32_MAX || ip->scope > INT32_MAX)
        return -EINVAL;
    if (ip->family != AF_INET && ip->family != AF_INET6)
        return -EAFNOSUPPORT;
    query->ip = *ip;
    if (ip->scope && ifindex && ip->scope != ifindex)
        return -EINVAL;
    query->route.ifindex = ifindex ? ifindex : ip->scope;
    query->ip.scope = 0;
    query->ip.reserved = 0;
    if (ip->family == AF_INET6)
        aq_ip_unmap(&query->ip);
    if (query->ip.family == AF_INET)
        memset(query->ip.bytes + 4, 0, 12);
    query->flags = h->flags & ARPQ_VIA_GATEWAY;
    return 0;
}

int aq_target_query(const struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex,
                    struct aq_query *query)
{
    int code = aq_target_query_any(h, ip, ifindex, query);

    return code == 0 && aq_ip_is_unspecified(&query->ip) ? -EINVAL : code;
}

/* ---- Targets ---- */

static void ask_on(const struct arpq_interface *link, const struct arpq_ip *ip,
                   struct aq_target *target)
{
    target->answered = 0;
    target->ip = *ip;
    target->ifindex = link->index;
    target->type = (uint16_t)link->type;
    target->mac_length = link->mac.length;
    memcpy(target->dev, link->name, sizeof target->dev);
    if (aq_ip_is_link_local(ip))
        target->ip.scope = link->index;
}

static void answer_own(const struct arpq_interface *link, const struct arpq_ip *ip,
                       struct aq_target *target)
{
    ask_on(link, ip, target);
    target->answered = ARPQ_NEIGH_LOCAL;
    target->mac = link->mac;
}

static void answer_broadcast(const struct arpq_interface *link, const struct arpq_ip *ip,
                             struct aq_target *target)
{
    ask_on(link, ip, target);
    target->answered = ARPQ_NEIGH_BROADCAST;
    target->mac = link->broadcast;
}

static void answer_multicast(const struct arpq_interface *link, const struct arpq_ip *ip,
                             struct aq_target *target)
{
    ask_on(link, ip, target);
    target->answered = ARPQ_NEIGH_MULTICAST;
    aq_multicast_mac(ip, (uint16_t)link->type, &link->broadcast, &target->mac);
}

/* ---- By what the handle knows ---- */

static int target_settle(const struct aq_belonging *found, const struct arpq_ip *ip,
                         struct aq_target *target)
{
    switch (found->how) {
    case AQ_OWN:
        answer_own(found->link, ip, target);
        return 0;
    case AQ_BROADCAST:
        answer_broadcast(found->link, ip, target);
        return 0;
    case AQ_CONNECTED:
        ask_on(found->link, ip, target);
        return 0;
    case AQ_NOWHERE:
        break;
    }
    return ASK_ROUTE;
}

/* The caller named the interface: anything may be a neighbour there. */
static int choose_on(const struct aq_view *view, const struct aq_query *query,
                     struct aq_target *target)
{
    const struct arpq_ip *ip = &query->ip;
    const struct arpq_interface *link = aq_view_link(view, query->route.ifindex);
    struct aq_belonging found;

    if (!link)
        return -ENODEV;
    if (aq_ip_is_limited_broadcast(ip)) {
        answer_broadcast(link, ip, target);
        return 0;
    }
    if (aq_ip_is_multicast(ip)) {
        answer_multicast(link, ip, target);
        return 0;
    }
    found = aq_view_find(view, ip, link->index);
    if (target_settle(&found, ip, target) == 0)
        return 0;
    if (query->flags & ARPQ_VIA_GATEWAY && !aq_ip_is_link_local(ip))
        return ASK_ROUTE;
    ask_on(link, ip, target);
    return 0;
}

static int choose_any(const struct aq_view *view, const struct aq_query *query,
                      struct aq_target *target)
{
    const struct arpq_ip *ip = &query->ip;
    struct aq_belonging found;

    if (aq_ip_is_multicast(ip) || aq_ip_is_limited_broadcast(ip))
        return ASK_ROUTE;
    found = aq_view_find(view, ip, 0);
    /* An own address on two interfaces is still an own address. */
    if (found.how == AQ_OWN)
        return target_settle(&found, ip, target);
    if (aq_ip_is_link_local(ip)) {
        found = aq_view_link_local(view);
        if (found.how == AQ_NOWHERE)
            return -ENETUNREACH;
        return found.several ? -EINVAL : target_settle(&found, ip, target);
    }
    if (found.several || (found.how == AQ_CONNECTED && aq_view_policy_routing(view)))
        return ASK_ROUTE;
    return target_settle(&found, ip, target);
}

/* ---- By the kernel's routing decision ---- */

static int ask_route(struct arpq *h, const struct aq_query *query, struct aq_route *route)
{
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(h, &rtnl);

    if (code < 0)
        return code;
    code = aq_rtnl_route_get(rtnl, &query->ip, &query->route, route);
    aq_sockets_unlock(h, rtnl);
    switch (code) {
    case -EHOSTUNREACH: /* unreachable, blackhole, prohibit and throw routes */
    case -EINVAL:
    case -EACCES:
    case -EAGAIN:
        return -ENETUNREACH;
    default:
        return code;
    }
}

/* On an interface that the caller named anything may be a neighbour. And groups need no
 * route: any interface that can send to one sends to the same address. */
static int choose_unrouted(const struct aq_view *view, const struct aq_query *query,
                           struct aq_target *target)
{
    const struct arpq_ip *ip = &query->ip;
    const struct arpq_interface *link = aq_view_link(view, query->route.ifindex);
    bool multicast = aq_ip_is_multicast(ip);

    if (link) {
        ask_on(link, ip, target);
        return 0;
    }
    if (!multicast && !aq_ip_is_limited_broadcast(ip))
        return -ENETUNREACH;
    link = aq_view_link_with(view, multicast ? IFF_MULTICAST : IFF_BROADCAST);
    if (!link)
        return -ENETUNREACH;
    if (multicast)
        answer_multicast(link, ip, target);
    else
        answer_broadcast(link, ip, target);
    return 0;
}

static int choose_routed(const struct aq_view *view, const struct aq_query *query,
                         const struct aq_route *route, struct aq_target *target)
{
    const struct arpq_interface *link = aq_view_link(view, route->ifindex);
    const struct arpq_ip *ip = &query->ip;
    struct aq_belonging found;

    if (!link)
        return -ENODEV;
    if (aq_ip_is_multicast(ip)) {
        answer_multicast(link, ip, target);
        return 0;
    }
    switch (route->type) {
    case RTN_LOCAL: /* by way of lo, whichever interface it is configured on */
    case RTN_ANYCAST:
        found = aq_view_find(view, ip, 0);
        answer_own(found.how == AQ_OWN ? found.link : link, ip, target);
        return 0;
    case RTN_BROADCAST:
        answer_broadcast(link, ip, target);
        return 0;
    case RTN_UNICAST:
        break;
    default:
        return -ENETUNREACH;
    }
    if (route->gateway.family == 0) {
        ask_on(link, ip, target);
        return 0;
    }
    if (!(query->flags & ARPQ_VIA_GATEWAY))
        return -ENETUNREACH;
    ask_on(link, &route->gateway, target);
    target->flags = ARPQ_NEIGH_GATEWAY;
    return 0;
}

int aq_target_find(struct arpq *h, const struct aq_query *query, struct aq_target *target)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    struct aq_route route;
    int code;

    target->flags = 0;
    target->thread = aq_readers_number(h, reader);
    if (query->route.ifindex)
        code = choose_on(view, query, target);
    else
        code = choose_any(view, query, target);
    aq_readers_leave(reader);
    if (code != ASK_ROUTE)
        return code;

    code = ask_route(h, query, &route);
    /* An own address that the view did not know is a new one. */
    if (code == 0 && route.type == RTN_LOCAL)
        (void)aq_interfaces_update(h, aq_interfaces_generation(h));
    view = aq_readers_enter(h, &reader);
    if (code == 0)
        code = choose_routed(view, query, &route, target);
    else if (code == -ENETUNREACH)
        code = choose_unrouted(view, query, target);
    aq_readers_leave(reader);
    return code;
}

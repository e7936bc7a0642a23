/* SPDX-License-Identifier: MIT */
#include "neigh/target.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/readers.h"
#include "handle/routes.h"
#include "kernel/link_ioctl.h"
#include "value/ip.h"
#include "value/multicast.h"

/* Not a result: the view does not contain the answer, so the kernel must decide the route. */
#define ASK_ROUTE 1

/* Returns whether an address is multicast or 255.255.255.255. Most addresses differ from these in
 * their first byte. */
static inline bool target_is_group(const struct arpq_ip *ip)
{
    if (ip->bytes[0] < 224)
        return false;
    return aq_ip_is_multicast(ip) || aq_ip_is_limited_broadcast(ip);
}

/* ---- Targets ---- */

static inline void target_set_link(const struct arpq_interface *link, const struct arpq_ip *ip,
                                   struct aq_target *target)
{
    target->answered = 0;
    target->by_index = false;
    target->ip = *ip;
    target->ifindex = link->ifindex;
    target->type = (uint16_t)link->type;
    target->mac_length = link->mac.length;
    memcpy(target->dev, link->name, sizeof target->dev);
    if (aq_ip_is_link_local(ip))
        target->ip.scope = link->ifindex;
}

static void target_set_own(const struct arpq_interface *link, const struct arpq_ip *ip,
                           struct aq_target *target)
{
    target_set_link(link, ip, target);
    target->answered = ARPQ_NEIGH_LOCAL;
    target->mac = link->mac;
    target->mac.origin = ARPQ_ORIGIN_LOCAL;
}

/* The route to an address of this machine may name the loopback interface although another interface
 * has the address. */
static void target_set_local(const struct aq_view *view, const struct arpq_interface *link,
                             const struct arpq_ip *ip, struct aq_target *target)
{
    struct aq_belonging found = {.how = AQ_NOWHERE};

    if (link->flags & IFF_LOOPBACK)
        found = aq_view_find(view, ip, 0);
    target_set_own(found.how == AQ_OWN ? found.link : link, ip, target);
}

static void target_set_broadcast(const struct arpq_interface *link, const struct arpq_ip *ip,
                                 struct aq_target *target)
{
    target_set_link(link, ip, target);
    target->answered = ARPQ_NEIGH_BROADCAST;
    target->mac = link->broadcast;
    target->mac.origin = ARPQ_ORIGIN_BROADCAST;
}

static void target_set_multicast(const struct arpq_interface *link, const struct arpq_ip *ip,
                                 struct aq_target *target)
{
    target_set_link(link, ip, target);
    target->answered = ARPQ_NEIGH_MULTICAST;
    aq_multicast_mac(ip, (uint16_t)link->type, &link->broadcast, &target->mac);
    target->mac.origin = ARPQ_ORIGIN_MULTICAST;
}

/* ---- By the interface that the caller named ---- */

/* Returns 0, or ASK_ROUTE if the addresses of the interfaces do not determine the target. */
static int target_by_address(const struct aq_belonging *found, const struct arpq_ip *ip,
                             struct aq_target *target)
{
    switch (found->how) {
    case AQ_OWN:
        target_set_own(found->link, ip, target);
        return 0;
    case AQ_BROADCAST:
        target_set_broadcast(found->link, ip, target);
        return 0;
    case AQ_CONNECTED:
        target_set_link(found->link, ip, target);
        return 0;
    case AQ_NOWHERE:
        break;
    }
    return ASK_ROUTE;
}

/* Any address may be a neighbour on the interface that the caller named. A VRF is not a link: its
 * routes lead to the interfaces in it. */
static int target_on_link(const struct aq_view *view, const struct aq_query *query,
                          struct aq_target *target)
{
    const struct arpq_ip *ip = &query->ip;
    const struct arpq_interface *link = aq_view_link(view, query->route.ifindex);
    struct aq_belonging found;

    if (!link)
        return -ENODEV;
    if (strcmp(link->kind, "vrf") == 0)
        return ASK_ROUTE;
    if (aq_ip_is_limited_broadcast(ip)) {
        target_set_broadcast(link, ip, target);
        return 0;
    }
    if (aq_ip_is_multicast(ip)) {
        target_set_multicast(link, ip, target);
        return 0;
    }
    found = aq_view_find(view, ip, link->ifindex);
    if (target_by_address(&found, ip, target) == 0)
        return 0;
    if (query->flags & ARPQ_LOOKUP_VIA_GATEWAY && !aq_ip_is_link_local(ip))
        return ASK_ROUTE;
    target_set_link(link, ip, target);
    return 0;
}

/* ---- By the copy of the routes ---- */

/* A link-local address without a scope is accepted if it is this machine's own, or if only one link
 * can have it. */
static int target_link_local(const struct aq_view *view, const struct arpq_ip *ip,
                             struct aq_target *target)
{
    struct aq_belonging found = aq_view_find(view, ip, 0);

    if (found.how != AQ_OWN)
        found = aq_view_link_local(view);
    if (found.how == AQ_NOWHERE)
        return -ENETUNREACH;
    return found.several && found.how != AQ_OWN ? -EINVAL : target_by_address(&found, ip, target);
}

/* Skips groups: a route chooses the interface for a group, but a group is not a neighbour. */
static inline int target_by_fib(const struct aq_view *view, const struct arpq_ip *ip,
                                struct aq_target *target)
{
    const struct aq_fib *fib = target_is_group(ip) ? NULL : aq_view_fib(view);
    const struct arpq_interface *link;

    switch (fib ? aq_fib_find(fib, ip, &link) : AQ_FIB_ASK) {
    case AQ_FIB_DIRECT:
        target_set_link(link, ip, target);
        return 0;
    case AQ_FIB_LOCAL:
        target_set_local(view, link, ip, target);
        return 0;
    case AQ_FIB_BROADCAST:
        target_set_broadcast(link, ip, target);
        return 0;
    case AQ_FIB_ASK:
        break;
    }
    return ASK_ROUTE;
}

/* Without rtnetlink, only the prefixes of the interfaces can determine the target. */
static int target_by_prefix(const struct aq_view *view, const struct arpq_ip *ip,
                            struct aq_target *target)
{
    struct aq_belonging found = aq_view_find(view, ip, 0);

    if (target_is_group(ip) || (found.several && found.how != AQ_OWN))
        return ASK_ROUTE;
    return target_by_address(&found, ip, target);
}

/* ---- By the kernel's routing decision ---- */

/* The kernel refuses a source that is not an address of this machine. The socket of a transparent
 * proxy has such a source. */
static bool target_has_foreign_source(struct arpq_handle *h, const struct aq_query *query)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    bool foreign =
        query->route.source.family && aq_view_find(view, &query->route.source, 0).how != AQ_OWN;

    aq_readers_leave(reader);
    return foreign;
}

static int target_ask_route(struct arpq_handle *h, const struct aq_query *query,
                            struct aq_route *route)
{
    int code = aq_routes_ask(h, &query->ip, &query->route, route);

    if ((code == -EINVAL || code == -ENETUNREACH) && target_has_foreign_source(h, query)) {
        struct aq_route_request sourceless = query->route;

        memset(&sourceless.source, 0, sizeof sourceless.source);
        code = aq_routes_ask(h, &query->ip, &sourceless, route);
    }
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

/* Any address may be a neighbour on an interface that the caller named. A group needs no route: all
 * interfaces that can send to it map it to the same address. */
static int target_without_route(const struct aq_view *view, const struct aq_query *query,
                                struct aq_target *target)
{
    const struct arpq_ip *ip = &query->ip;
    const struct arpq_interface *link = aq_view_link(view, query->route.ifindex);
    bool multicast = aq_ip_is_multicast(ip);

    if (link && strcmp(link->kind, "vrf") != 0) {
        target_set_link(link, ip, target);
        return 0;
    }
    if (!multicast && !aq_ip_is_limited_broadcast(ip))
        return -ENETUNREACH;
    link = aq_view_link_with(view, multicast ? IFF_MULTICAST : IFF_BROADCAST);
    if (!link)
        return -ENETUNREACH;
    if (multicast)
        target_set_multicast(link, ip, target);
    else
        target_set_broadcast(link, ip, target);
    return 0;
}

/* The route to an on-link gateway outside every prefix (`onlink`) names that gateway. */
static bool target_is_gateway(const struct aq_route *route, const struct arpq_ip *ip)
{
    return route->gateway.family && arpq_ip_compare(&route->gateway, ip) != 0;
}

static int target_by_route(const struct aq_view *view, const struct arpq_interface *link,
                           const struct aq_query *query, const struct aq_route *route,
                           struct aq_target *target)
{
    const struct arpq_ip *ip = &query->ip;

    if (aq_ip_is_multicast(ip)) {
        target_set_multicast(link, ip, target);
        return 0;
    }
    switch (route->type) {
    case RTN_LOCAL:
    case RTN_ANYCAST:
        target_set_local(view, link, ip, target);
        return 0;
    case RTN_BROADCAST:
        target_set_broadcast(link, ip, target);
        return 0;
    case RTN_UNICAST:
        break;
    default:
        return -ENETUNREACH;
    }
    if (!target_is_gateway(route, ip)) {
        target_set_link(link, ip, target);
        return 0;
    }
    if (!(query->flags & ARPQ_LOOKUP_VIA_GATEWAY))
        return -ENETUNREACH;
    target_set_link(link, &route->gateway, target);
    target->flags = ARPQ_NEIGH_GATEWAY;
    return 0;
}

/* ---- When the view may be old ---- */

/* The view may be old, so take from the kernel what can be read without waiting. The other members
 * of an interface hardly ever change. */
static int target_link_now(struct arpq_handle *h, const struct aq_view *view, uint32_t ifindex,
                           struct arpq_interface *link)
{
    const struct arpq_interface *old = aq_view_link(view, ifindex);
    struct arpq_mac mac;
    int code;

    *link = old ? *old : (struct arpq_interface){.ifindex = ifindex};
    if (h->inet_fd < 0)
        return old ? 0 : -ENODEV;
    code = aq_link_ioctl_read(h->inet_fd, ifindex, link->name, &mac);
    if (code < 0)
        return old && code != -ENODEV ? 0 : code;
    link->type = mac.type;
    if (!old || mac.length == link->mac.length)
        link->mac = mac;
    if (!old) {
        link->broadcast = mac;
        memset(link->broadcast.bytes, 0xff, mac.length);
    }
    return 0;
}

/* Sets the target from the kernel's routing decision, which is newer than the view. */
static int target_by_new_route(struct arpq_handle *h, const struct aq_view *view,
                               const struct aq_query *query, const struct aq_route *route,
                               struct aq_target *target)
{
    struct arpq_interface link;
    int code = target_link_now(h, view, route->ifindex, &link);

    if (code == 0)
        code = target_by_route(view, &link, query, route, target);
    target->by_index = true;
    return code;
}

/* ---- All together ---- */

static inline int target_by_view(const struct arpq_handle *h, const struct aq_view *view,
                                 const struct aq_query *query, struct aq_target *target)
{
    const struct arpq_ip *ip = &query->ip;
    const struct arpq_interface *link;
    struct aq_route route;
    int code = ASK_ROUTE;

    if (query->route.ifindex)
        code = target_on_link(view, query, target);
    else if (aq_ip_is_link_local(ip))
        return target_link_local(view, ip, target);
    else if (!h->has_rtnl)
        return target_by_prefix(view, ip, target);
    else if (query->route.mark == 0 && query->route.source.family == 0)
        code = target_by_fib(view, ip, target);
    if (code != ASK_ROUTE || !aq_routes_recall(h, ip, &query->route, &route))
        return code;
    link = aq_view_link(view, route.ifindex);
    return link ? target_by_route(view, link, query, &route, target) : ASK_ROUTE;
}

static int target_ask(struct arpq_handle *h, const struct aq_query *query, struct aq_target *target)
{
    const struct arpq_interface *link;
    struct aq_reader *reader;
    const struct aq_view *view;
    struct aq_route route;
    int code = target_ask_route(h, query, &route);

    view = aq_readers_enter(h, &reader);
    link = code == 0 ? aq_view_link(view, route.ifindex) : NULL;
    if (code == 0 && (!link || aq_interfaces_are_uncertain(h)))
        code = target_by_new_route(h, view, query, &route, target);
    else if (code == 0)
        code = target_by_route(view, link, query, &route, target);
    else if (code == -ENETUNREACH)
        code = target_without_route(view, query, target);
    else if (code == -EOPNOTSUPP || code == -EPERM || code == -ENOSYS)
        code = target_by_prefix(view, &query->ip, target);
    aq_readers_leave(reader);
    return code == ASK_ROUTE ? -EOPNOTSUPP : code;
}

/* The caller named the interface: its routes do not matter, but its name and address may have
 * changed, and the view may lack it. */
static int target_on_new_link(struct arpq_handle *h, const struct aq_view *view,
                              const struct aq_query *query, struct aq_target *target)
{
    struct arpq_interface link;
    int code = target_on_link(view, query, target);

    if (code != 0 && code != -ENODEV)
        return code;
    if (target_link_now(h, view, query->route.ifindex, &link) < 0)
        return -ENODEV;
    if (code == -ENODEV)
        target_set_link(&link, &query->ip, target);
    else if (target->answered == ARPQ_NEIGH_LOCAL)
        target_set_own(&link, &query->ip, target);
    target->by_index = true;
    return 0;
}

int aq_target_find(struct arpq_handle *h, const struct aq_query *query, struct aq_target *target)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    int code = ASK_ROUTE;

    target->flags = 0;
    target->thread = aq_readers_number(h, reader);
    if (!aq_interfaces_are_uncertain(h))
        code = target_by_view(h, view, query, target);
    else if (query->route.ifindex)
        code = target_on_new_link(h, view, query, target);
    aq_readers_leave(reader);
    if (code == ASK_ROUTE)
        return target_ask(h, query, target);
    if (code < 0)
        aq_detail_begin(h); /* the kernel was not asked, so it gave no text */
    return code;
}

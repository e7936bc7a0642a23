/* SPDX-License-Identifier: MIT */
/* Parses rtnetlink messages with each parser, and applies links and addresses to an interface map
 * and its index. The first byte of the input chooses the parser. With PICK_BY_TYPE the type of each
 * message chooses it. */
#include "fuzz/fuzz.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "ifmap/ifmap.h"
#include "ifmap/view.h"
#include "ifmap/view_build.h"
#include "kernel/rtnl_addr.h"
#include "kernel/rtnl_hops.h"
#include "kernel/rtnl_link.h"
#include "kernel/rtnl_neigh.h"
#include "kernel/rtnl_neightbl.h"
#include "kernel/rtnl_route.h"
#include "value/ip.h"

#define MESSAGES_MAX 64

enum pick { PICK_NEIGH, PICK_LINK, PICK_ADDR, PICK_ROUTE, PICK_BY_TYPE, PICK_NEIGHTBL, PICK_COUNT };

static void require_zero(const void *value, size_t size)
{
    const unsigned char *bytes = value;

    for (size_t i = 0; i < size; i++)
        require(bytes[i] == 0);
}

static void check_mac(const struct arpq_mac *mac)
{
    require(mac->length <= ARPQ_MAC_MAX && mac->origin == 0);
    require_zero(mac->bytes + mac->length, (size_t)(ARPQ_MAC_MAX - mac->length));
}

static void check_ip(const struct arpq_ip *ip)
{
    size_t length = aq_ip_length(ip);

    require(ip->family == 0 || length > 0);
    require_zero(ip->bytes + length, sizeof ip->bytes - length);
    require(ip->reserved == 0);
}

static void try_neigh(const struct nlmsghdr *message)
{
    struct arpq_neigh neigh;

    memset(&neigh, 0xaa, sizeof neigh);
    if (aq_rtnl_neigh_parse(message, &neigh) < 0) {
        require_zero(&neigh, sizeof neigh);
        return;
    }
    require(neigh.ip.family != 0 && neigh.ifindex <= INT32_MAX);
    check_ip(&neigh.ip);
    check_mac(&neigh.mac);
    require_zero(neigh.reserved, sizeof neigh.reserved);
}

struct texts {
    unsigned altnames;
    size_t bytes;
};

static int take_text(uint32_t which, const char *text, size_t length, void *context)
{
    struct texts *texts = context;

    require(which <= ARPQ_INTERFACE_BUS && !memchr(text, '\0', length));
    texts->altnames += which == AQ_RTNL_ALTNAME;
    texts->bytes += length;
    return 0;
}

static void try_more(const struct nlmsghdr *message, const struct arpq_interface *link)
{
    struct arpq_interface_stats stats;
    struct texts texts = {0};

    memset(&stats, 0xaa, sizeof stats);
    require(aq_rtnl_link_parse_more(message, &stats, take_text, &texts) == 0);
    require(texts.altnames == link->altname_count && texts.bytes < message->nlmsg_len);
    require(memchr(stats.qdisc, '\0', sizeof stats.qdisc));
    require(stats.reserved32 == 0);
    require_zero(stats.reserved, sizeof stats.reserved);
}

static void try_link(const struct nlmsghdr *message, struct aq_ifmap *map)
{
    struct arpq_interface link;

    memset(&link, 0xaa, sizeof link);
    if (aq_rtnl_link_parse(message, &link) < 0) {
        require_zero(&link, sizeof link);
        return;
    }
    require(link.ifindex > 0 && link.ifindex <= INT32_MAX);
    require(link.name[0] && memchr(link.name, '\0', sizeof link.name));
    check_mac(&link.mac);
    check_mac(&link.broadcast);
    check_mac(&link.permanent_mac);
    require(memchr(link.kind, '\0', sizeof link.kind));
    require(memchr(link.port_kind, '\0', sizeof link.port_kind));
    require(link.altname_first == 0 && link.reserved16 == 0);
    try_more(message, &link);
    require_zero(link.reserved, sizeof link.reserved);
    if (message->nlmsg_type == RTM_DELLINK) {
        aq_ifmap_remove_link(map, link.ifindex);
        require(!aq_ifmap_link(map, link.ifindex));
        return;
    }
    require(aq_ifmap_put_link(map, &link) == 0);
    require(aq_ifmap_link(map, link.ifindex) && aq_ifmap_link_named(map, link.name));
}

static void try_addr(const struct nlmsghdr *message, struct aq_ifmap *map)
{
    struct arpq_address address;

    memset(&address, 0xaa, sizeof address);
    if (aq_rtnl_addr_parse(message, &address) < 0) {
        require_zero(&address, sizeof address);
        return;
    }
    require(address.ip.family != 0);
    require(address.prefix_length <= aq_ip_length(&address.ip) * 8);
    require(memchr(address.label, '\0', sizeof address.label));
    check_ip(&address.ip);
    check_ip(&address.peer);
    check_ip(&address.broadcast);
    check_ip(&address.anycast);
    require_zero(address.reserved8, sizeof address.reserved8);
    require_zero(address.reserved, sizeof address.reserved);
    if (message->nlmsg_type == RTM_DELADDR)
        aq_ifmap_remove_address(map, &address);
    else
        require(aq_ifmap_put_address(map, &address) == 0);
}

static int take_hop(const struct aq_hop *hop, void *context)
{
    unsigned *hops = context;

    check_ip(&hop->gateway);
    require(hop->weight >= 1 && hop->weight <= 256);
    ++*hops;
    return 0;
}

static void try_hops(const struct nlmsghdr *message)
{
    struct aq_route_facts facts;
    unsigned hops = 0;
    int code;

    memset(&facts, 0xaa, sizeof facts);
    if (aq_rtnl_hops_parse(message, &facts) < 0) {
        require_zero(&facts, sizeof facts);
        return;
    }
    require(facts.entry.length <= aq_ip_length(&facts.entry.prefix) * 8);
    check_ip(&facts.entry.prefix);
    check_ip(&facts.source);
    code = aq_rtnl_hops_each(message, &facts, take_hop, &hops);
    require(code < 0 || (unsigned)code == hops);
    require(hops <= message->nlmsg_len / 8);
}

static void try_route(const struct nlmsghdr *message)
{
    struct aq_route route;

    memset(&route, 0xaa, sizeof route);
    if (aq_rtnl_route_parse(message, &route) < 0) {
        require_zero(&route, sizeof route);
        return;
    }
    check_ip(&route.gateway);
    try_hops(message);
}

static void try_neightbl(const struct nlmsghdr *message)
{
    static const uint16_t families[] = {AF_INET, AF_INET6};
    unsigned tables = 0;

    for (size_t i = 0; i < 2; i++) {
        struct arpq_table_stats stats;

        memset(&stats, 0xaa, sizeof stats);
        if (aq_rtnl_neightbl_parse(message, families[i], &stats) < 0) {
            require_zero(&stats, sizeof stats);
            continue;
        }
        tables++;
        require(stats.reserved32 == 0 && stats.forged == 0);
        require_zero(stats.reserved, sizeof stats.reserved);
    }
    require(tables <= 1);
}

static enum pick pick_of(enum pick pick, const struct nlmsghdr *message)
{
    if (pick != PICK_BY_TYPE)
        return pick;
    switch (message->nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
        return PICK_LINK;
    case RTM_NEWADDR:
    case RTM_DELADDR:
        return PICK_ADDR;
    case RTM_NEWROUTE:
        return PICK_ROUTE;
    case RTM_NEWNEIGHTBL:
        return PICK_NEIGHTBL;
    default:
        return PICK_NEIGH;
    }
}

static void try_message(enum pick pick, const struct nlmsghdr *message, struct aq_ifmap *map)
{
    switch (pick_of(pick, message)) {
    case PICK_NEIGH:
        try_neigh(message);
        break;
    case PICK_LINK:
        try_link(message, map);
        break;
    case PICK_ADDR:
        try_addr(message, map);
        break;
    case PICK_NEIGHTBL:
        try_neightbl(message);
        break;
    default:
        try_route(message);
        break;
    }
}

static void check_order(const struct aq_ifmap *map)
{
    size_t linked = 0;

    for (size_t i = 1; i < map->link_count; i++)
        require(map->links[i - 1].ifindex < map->links[i].ifindex);
    for (size_t i = 0; i < map->link_count; i++) {
        const struct arpq_interface *link = &map->links[i];

        require((size_t)link->address_first + link->address_count <= map->address_count);
        for (uint32_t n = 0; n < link->address_count; n++)
            require(map->addresses[link->address_first + n].ifindex == link->ifindex);
        require(link->address_first == linked);
        linked += link->address_count;
    }
    for (size_t i = linked; i < map->address_count; i++)
        require(!aq_ifmap_link(map, map->addresses[i].ifindex));
}

static void check_view(struct aq_ifmap *map)
{
    struct aq_view *view = NULL;

    require(aq_ifmap_settle(map) == 0);
    check_order(map);
    require(aq_view_build(map, NULL, &view) == 0 && view);
    for (size_t i = 0; i < map->address_count; i++) {
        const struct arpq_address *address = &map->addresses[i];
        struct aq_belonging on = aq_view_find(view, &address->ip, address->ifindex);
        struct aq_belonging any = aq_view_find(view, &address->ip, 0);
        const struct arpq_interface *link = aq_ifmap_link(map, address->ifindex);
        bool up = link && link->flags & IFF_UP;

        require((on.how == AQ_NOWHERE) == !on.link && (any.how == AQ_NOWHERE) == !any.link);
        if (up && !(address->flags & IFA_F_DADFAILED))
            require(on.how == AQ_OWN && any.how == AQ_OWN);
        if (address->ifindex == 0) /* index 0 stands for any interface */
            require(on.how == any.how && on.link == any.link);
        else if (up)
            require(!on.several);
        else /* the kernel keeps IPv4 addresses of links that are down */
            require(on.how == AQ_NOWHERE ||
                    (link && on.how == AQ_OWN && address->ip.family == AF_INET));
        require(!on.link || !address->ifindex || on.link->ifindex == address->ifindex);
        (void)aq_view_find(view, &address->broadcast, 0);
        (void)aq_view_link_named(view, address->label);
    }
    (void)aq_view_link_local(view);
    aq_view_free(view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aq_ifmap map = {0};
    const struct nlmsghdr *message;
    char *block;
    int left;

    if (size < 1 || size > 65536)
        return 0;
    block = exact_copy(data + 1, size - 1);
    left = (int)size - 1;
    message = (const struct nlmsghdr *)(void *)block;
    for (int n = 0; n < MESSAGES_MAX && aq_rtnl_is_whole(message, left); n++) {
        try_message((enum pick)(data[0] % PICK_COUNT), message, &map);
        message = aq_netlink_next(message, &left);
    }
    check_view(&map);
    aq_ifmap_clear(&map);
    free(block);
    return 0;
}

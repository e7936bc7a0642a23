/* SPDX-License-Identifier: MIT */
#include "sweep/setup.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>

#include "handle/interfaces.h"
#include "handle/links.h"
#include "sweep/reach.h"
#include "value/ip.h"

/* Flags of IPv6 addresses that cannot be a source. */
#define UNUSABLE (IFA_F_TENTATIVE | IFA_F_DADFAILED)

/* The most subnets. This limits the search for the source of a target. */
#define SUBNETS_MOST 256u

static bool is_near(const struct arpq_address *address, const struct arpq_ip *ip)
{
    struct arpq_ip a = address->peer.family ? address->peer : address->ip, b = *ip;

    aq_ip_mask(&a, address->prefix_length);
    aq_ip_mask(&b, address->prefix_length);
    return a.family == b.family && memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

/* Whether an address of the same subnet is a source already. */
static bool is_covered(const struct aq_sweep_link *link, const struct arpq_address *address)
{
    for (unsigned i = 0; i < link->source_count; i++)
        if (is_near(address, &link->sources[i]))
            return true;
    return false;
}

static void choose_sources(struct arpq_sweep *sweep, const struct aq_ifmap *map,
                           const struct arpq_interface *link)
{
    struct aq_sweep_link *here = &sweep->link;

    for (uint32_t i = 0; i < link->address_count && here->source_count < AQ_SWEEP_SOURCES; i++) {
        const struct arpq_address *address = &map->addresses[link->address_first + i];

        if (address->ip.family != AF_INET6 || address->flags & UNUSABLE ||
            is_covered(here, address))
            continue;
        here->sources[here->source_count] = address->ip;
        if (aq_ip_is_link_local(&address->ip))
            here->sources[here->source_count].scope = link->ifindex;
        here->source_count++;
    }
}

static bool is_listed(const struct arpq_sweep *sweep, const struct aq_sweep_subnet *subnet)
{
    for (size_t i = 0; i < sweep->subnet_count; i++)
        if (sweep->subnets[i].length == subnet->length &&
            arpq_ip_compare(&sweep->subnets[i].first, &subnet->first) == 0)
            return true;
    return false;
}

static int compare_lengths(const void *a, const void *b)
{
    const struct aq_sweep_subnet *left = a, *right = b;

    return (left->length < right->length) - (left->length > right->length);
}

/* List the subnets that are smaller than the prefix and lie in it. */
static int list_subnets(struct arpq_sweep *sweep, const struct aq_ifmap *map,
                        const struct arpq_interface *link)
{
    sweep->subnets = calloc(link->address_count + 1, sizeof *sweep->subnets);
    if (!sweep->subnets)
        return -ENOMEM;
    for (uint32_t i = 0; i < link->address_count && sweep->subnet_count < SUBNETS_MOST; i++) {
        const struct arpq_address *address = &map->addresses[link->address_first + i];
        struct aq_sweep_subnet subnet = {
            .first = address->peer.family ? address->peer : address->ip,
            .length = address->prefix_length,
            .source = address->ip,
        };

        aq_ip_mask(&subnet.first, subnet.length);
        if (subnet.length > sweep->plan.length && aq_plan_has(&sweep->plan, &subnet.first) &&
            !is_listed(sweep, &subnet))
            sweep->subnets[sweep->subnet_count++] = subnet;
    }
    qsort(sweep->subnets, sweep->subnet_count, sizeof *sweep->subnets, compare_lengths);
    return 0;
}

/* Returns the rank of an address as the source. The address in the smallest subnet that contains
 * the prefix has the highest rank. Other IPv4 addresses have rank 1. Other families have rank 0
 * and cannot be the source. */
static unsigned source_rank(const struct arpq_address *address, const struct arpq_ip *prefix)
{
    if (address->ip.family != AF_INET)
        return 0;
    return is_near(address, prefix) ? 2 + address->prefix_length : 1;
}

static int choose_source(struct arpq_sweep *sweep, const struct aq_ifmap *map,
                         const struct arpq_interface *link)
{
    unsigned best = 0;

    if (sweep->plan.first.family == AF_INET6)
        choose_sources(sweep, map, link);
    if (sweep->options.flags & ARPQ_SWEEP_NO_SOURCE || sweep->plan.first.family != AF_INET)
        return 0;
    sweep->link.source = sweep->options.source;
    if (sweep->link.source.family)
        return 0;
    for (uint32_t i = 0; i < link->address_count; i++) {
        const struct arpq_address *address = &map->addresses[link->address_first + i];
        unsigned rank = source_rank(address, &sweep->plan.first);

        if (rank <= best)
            continue;
        best = rank;
        sweep->link.source = address->ip;
    }
    if (best)
        return list_subnets(sweep, map, link);
    /* If a route led to the interface, the kernel has a source, and can resolve the targets. */
    return sweep->by_routes ? 0 : -EADDRNOTAVAIL;
}

const struct arpq_ip *aq_sweep_source(const struct arpq_sweep *sweep, const struct arpq_ip *target)
{
    for (size_t i = 0; i < sweep->subnet_count; i++) {
        const struct aq_sweep_subnet *subnet = &sweep->subnets[i];
        struct arpq_ip masked = *target;

        aq_ip_mask(&masked, subnet->length);
        if (memcmp(masked.bytes, subnet->first.bytes, sizeof masked.bytes) == 0)
            return &subnet->source;
    }
    return &sweep->link.source;
}

static int list_own(struct arpq_sweep *sweep, const struct aq_ifmap *map)
{
    sweep->own = calloc(map->address_count + 1, sizeof *sweep->own);
    if (!sweep->own)
        return -ENOMEM;
    for (size_t i = 0; i < map->address_count; i++) {
        const struct arpq_address *address = &map->addresses[i];
        const struct arpq_interface *link = aq_ifmap_link(map, address->ifindex);

        if (!link || !(link->flags & IFF_UP) || !aq_plan_has(&sweep->plan, &address->ip))
            continue;
        /* A sweep of a whole link, and a link-local address, concern that link only. */
        if (address->ifindex != sweep->link.ifindex &&
            (!sweep->plan.count || aq_ip_is_link_local(&address->ip)))
            continue;
        sweep->own[sweep->own_count++] = (struct arpq_found){
            .ip = address->ip,
            .mac = link->mac,
            .ifindex = address->ifindex,
            .flags = ARPQ_FOUND_LOCAL,
        };
    }
    return 0;
}

static int list_excluded(struct arpq_sweep *sweep, const struct aq_ifmap *map,
                         const struct arpq_interface *link)
{
    sweep->excluded = calloc(link->address_count * AQ_PLAN_EXCLUDED + 1, sizeof *sweep->excluded);
    if (!sweep->excluded)
        return -ENOMEM;
    for (uint32_t i = 0; i < link->address_count; i++)
        sweep->excluded_count += aq_plan_excluded(&map->addresses[link->address_first + i],
                                                  sweep->excluded + sweep->excluded_count);
    return 0;
}

bool aq_sweep_is_lowest(const struct arpq_sweep *sweep, const struct arpq_ip *ip)
{
    for (size_t i = 0; i < sweep->lowest_count; i++)
        if (memcmp(sweep->lowest[i].bytes, ip->bytes, sizeof ip->bytes) == 0)
            return true;
    return false;
}

static int list_lowest(struct arpq_sweep *sweep, const struct aq_ifmap *map,
                       const struct arpq_interface *link)
{
    sweep->lowest = calloc(link->address_count + 1, sizeof *sweep->lowest);
    if (!sweep->lowest)
        return -ENOMEM;
    for (uint32_t i = 0; i < link->address_count; i++) {
        struct arpq_ip *lowest = &sweep->lowest[sweep->lowest_count];

        if (aq_plan_lowest(&map->addresses[link->address_first + i], lowest) &&
            aq_plan_has(&sweep->plan, lowest) && !aq_sweep_is_lowest(sweep, lowest))
            sweep->lowest_count++;
    }
    return 0;
}

bool aq_sweep_waits_for_lowest(const struct arpq_sweep *sweep)
{
    return sweep->stats.targets <= sweep->lowest_count;
}

uint64_t aq_sweep_optional(const struct arpq_sweep *sweep, const struct aq_answers *answers)
{
    uint64_t count = 0;

    if (aq_sweep_waits_for_lowest(sweep))
        return 0;
    for (size_t i = 0; i < sweep->lowest_count; i++)
        count += aq_answers_is_silent(answers, aq_plan_number(&sweep->plan, &sweep->lowest[i]));
    return count;
}

bool aq_sweep_is_own(const struct arpq_sweep *sweep, const struct arpq_ip *ip)
{
    for (size_t i = 0; i < sweep->own_count; i++)
        if (memcmp(sweep->own[i].ip.bytes, ip->bytes, sizeof ip->bytes) == 0)
            return true;
    return false;
}

void aq_sweep_exclude(const struct arpq_sweep *sweep, struct aq_answers *answers)
{
    for (size_t i = 0; i < sweep->excluded_count; i++)
        if (aq_plan_has(&sweep->plan, &sweep->excluded[i]))
            aq_answers_exclude(answers, aq_plan_number(&sweep->plan, &sweep->excluded[i]));
    for (size_t i = 0; i < sweep->own_count; i++)
        (void)aq_answers_note(answers, aq_plan_number(&sweep->plan, &sweep->own[i].ip),
                              &sweep->own[i].mac);
}

static int setup_link(struct arpq_sweep *sweep, const struct aq_ifmap *map, uint32_t ifindex)
{
    const struct arpq_interface *link = aq_ifmap_link(map, ifindex);
    int code;

    if (!link)
        return -ENODEV;
    code = aq_reach_check(link);
    if (code == 0 && sweep->options.vlan && link->type != ARPHRD_ETHER)
        code = -EOPNOTSUPP;
    if (code == 0)
        code = aq_links_check_port(sweep->h, ifindex);
    if (code < 0)
        return code;
    sweep->link = (struct aq_sweep_link){.ifindex = ifindex,
                                         .type = (uint16_t)link->type,
                                         .mac = link->mac,
                                         .broadcast = link->broadcast};
    code = choose_source(sweep, map, link);
    if (code == 0)
        code = list_own(sweep, map);
    if (code == 0)
        code = list_excluded(sweep, map, link);
    return code < 0 ? code : list_lowest(sweep, map, link);
}

int aq_sweep_setup(struct arpq_sweep *sweep)
{
    uint32_t scope = sweep->plan.first.scope, ifindex = sweep->options.ifindex;
    struct aq_ifmap map;
    int code;

    if (scope && ifindex && scope != ifindex)
        return -EINVAL;
    if (!ifindex)
        ifindex = scope;
    /* The routes do not know to which VLAN a target belongs. */
    sweep->by_routes = !ifindex && !sweep->options.vlan && sweep->h->has_rtnl;
    code = aq_interfaces_copy(sweep->h, &map);
    if (code < 0)
        return code;
    if (!ifindex)
        code = aq_reach_choose(sweep, &map, &ifindex);
    if (code == 0)
        code = setup_link(sweep, &map, ifindex);
    aq_ifmap_clear(&map);
    return code;
}

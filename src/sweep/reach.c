/* SPDX-License-Identifier: MIT */
#include "sweep/reach.h"

#include <errno.h>
#include <net/if.h>

#include "handle/interfaces.h"
#include "handle/links.h"
#include "neigh/target.h"

/* The most addresses of the sample. */
#define SAMPLE_MOST 16u

/* ---- The interface of a sweep ---- */

int aq_reach_check(const struct arpq_interface *link)
{
    if (!(link->flags & IFF_UP))
        return -ENETDOWN;
    if (link->flags & (IFF_NOARP | IFF_LOOPBACK) || !link->mac.length || !link->broadcast.length)
        return -EOPNOTSUPP;
    return 0;
}

/* Find the target of an address. The kernel must reach the address itself, even if the handle
 * accepts gateways. */
static int reach_target(const struct arpq_sweep *sweep, const struct arpq_ip *ip,
                        struct aq_target *target)
{
    struct aq_query query;
    int code = aq_query_make(ip, 0, 0, &query);

    query.flags = 0;
    return code < 0 ? code : aq_target_find(sweep->h, &query, target);
}

/* Whether an error shows that this machine does not send to the address directly. */
static bool reach_is_elsewhere(int code)
{
    return code == -ENETUNREACH || code == -EINVAL || code == -ENODEV;
}

/* An interface of the sample, and the number of its addresses there. */
struct reach_link {
    uint32_t ifindex;
    unsigned count;
};

struct reach_sample {
    struct reach_link links[SAMPLE_MOST];
    unsigned link_count;
    struct aq_target first; /* the target of the first address */
    int code;               /* result of the search for it */
};

static void sample_add(struct reach_sample *sample, uint32_t ifindex)
{
    unsigned i = 0;

    while (i < sample->link_count && sample->links[i].ifindex != ifindex)
        i++;
    if (i == sample->link_count)
        sample->links[sample->link_count++].ifindex = ifindex;
    sample->links[i].count++;
}

/* Search addresses that are spread over the prefix, first the second one of the prefix: the lowest
 * one may be a broadcast address. Returns 0, or an error that does not concern an address. */
static int sample_take(const struct arpq_sweep *sweep, struct reach_sample *sample)
{
    const struct aq_plan *plan = &sweep->plan;
    uint64_t all = aq_plan_reachable(plan);
    uint64_t count = all < SAMPLE_MOST ? all : SAMPLE_MOST;

    for (uint64_t n = 0; n < count; n++) {
        struct aq_target target = {0};
        struct arpq_ip ip;
        int code;

        aq_plan_ip(plan, (uint32_t)((1 + n * (all / count)) % all), &ip);
        code = reach_target(sweep, &ip, &target);
        if (n == 0) {
            sample->first = target;
            sample->code = code;
        }
        if (code == 0 && !target.answered)
            sample_add(sample, target.ifindex);
        else if (code < 0 && !reach_is_elsewhere(code))
            return code;
    }
    return 0;
}

/* Whether the interface can be swept, and has an address to ask from. */
static bool reach_is_usable(const struct arpq_sweep *sweep, const struct aq_ifmap *map,
                            uint32_t ifindex)
{
    const struct arpq_interface *link = aq_ifmap_link(map, ifindex);
    const struct arpq_address *address;

    if (!link || aq_reach_check(link) < 0)
        return false;
    for (uint32_t i = 0; i < link->address_count; i++) {
        address = &map->addresses[link->address_first + i];
        if (address->ip.family == sweep->plan.first.family)
            return true;
    }
    return false;
}

/* Returns the interface with the most addresses, or NULL. The first one wins a tie. */
static const struct reach_link *sample_best(const struct reach_sample *sample,
                                            const struct arpq_sweep *sweep,
                                            const struct aq_ifmap *map)
{
    const struct reach_link *best = NULL;
    bool best_usable = false;

    for (unsigned i = 0; i < sample->link_count; i++) {
        const struct reach_link *link = &sample->links[i];
        bool usable = reach_is_usable(sweep, map, link->ifindex);

        if (best && (usable == best_usable ? link->count <= best->count : best_usable))
            continue;
        best = link;
        best_usable = usable;
    }
    return best;
}

int aq_reach_choose(const struct arpq_sweep *sweep, const struct aq_ifmap *map, uint32_t *ifindex)
{
    struct reach_sample sample = {0};
    const struct reach_link *best;
    int code;

    if (!sweep->plan.count && sweep->plan.length == 0)
        return -EINVAL;
    code = sample_take(sweep, &sample);
    if (code < 0)
        return code;
    best = sample_best(&sample, sweep, map);
    if (!best && sample.code < 0)
        return sample.code;
    if (!best && sample.first.answered & ARPQ_NEIGH_BROADCAST)
        return -EINVAL;
    *ifindex = best ? best->ifindex : sample.first.ifindex;
    return 0;
}

/* ---- Each target ---- */

int aq_reach_begin(const struct arpq_sweep *sweep)
{
    return sweep->by_routes ? aq_interfaces_refresh(sweep->h) : 0;
}

/* Whether the kernel resolves addresses on another link than the one of the sweep. */
static bool reach_resolves(const struct arpq_sweep *sweep, uint32_t ifindex)
{
    struct aq_link_facts facts = aq_links_facts(sweep->h, ifindex);

    return !facts.ifindex || (!(facts.flags & (IFF_NOARP | IFF_LOOPBACK)) && facts.mac_length > 0);
}

/* A link that goes down loses its routes. That ends the sweep. */
static int reach_on_no_route(const struct arpq_sweep *sweep)
{
    return aq_links_facts(sweep->h, sweep->link.ifindex).flags & IFF_UP ? 0 : -ENETDOWN;
}

int aq_reach_find(const struct arpq_sweep *sweep, const struct arpq_ip *ip, uint32_t *ifindex)
{
    struct aq_target target;
    int code;

    *ifindex = sweep->link.ifindex;
    if (!sweep->by_routes)
        return 1;
    code = reach_target(sweep, ip, &target);
    if (code == -EOPNOTSUPP) /* a sandbox refuses to tell the route */
        return 1;
    if (code < 0)
        return reach_is_elsewhere(code) ? reach_on_no_route(sweep) : code;
    if (target.answered)
        return 0;
    if (target.ifindex == *ifindex)
        return 1;
    *ifindex = target.ifindex;
    return reach_resolves(sweep, target.ifindex);
}

int aq_reach_is_on(const struct arpq_sweep *sweep, const struct arpq_ip *ip, uint32_t ifindex)
{
    uint32_t chosen;
    int code = aq_reach_find(sweep, ip, &chosen);

    return code == 1 ? chosen == ifindex : code;
}

/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include "kernel/neigh.h"
#include "kernel/verdict.h"

#define LO 1u

static const struct arpq_mac ones = {.length = 6, .bytes = {255, 255, 255, 255, 255, 255}};

static bool same_ip(const struct arpq_ip *a, const struct arpq_ip *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static bool same_mac(const struct arpq_mac *a, const struct arpq_mac *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* ---- The kernel's decision ---- */

static enum verdict_kind kind_of(const struct fib_query *query, const struct fib_route *route)
{
    static const uint8_t limited[4] = {255, 255, 255, 255};

    if (is_group(&query->ip))
        return query->ip.family == AF_INET && memcmp(query->ip.bytes, limited, 4) == 0
                   ? VERDICT_BROADCAST
                   : VERDICT_MULTICAST;
    if (route->error < 0)
        return VERDICT_REFUSED;
    switch (route->type) {
    case RTN_LOCAL:
    case RTN_ANYCAST:
        return VERDICT_LOCAL;
    case RTN_BROADCAST:
        return VERDICT_BROADCAST;
    case RTN_UNICAST:
        return route->gateway.family && !same_ip(&route->gateway, &query->ip) ? VERDICT_GATEWAY
                                                                              : VERDICT_DIRECT;
    default:
        return VERDICT_REFUSED;
    }
}

struct verdict verdict_of(const struct fib_query *query)
{
    struct fib_route route = fib_route(query);
    struct verdict verdict = {.kind = kind_of(query, &route), .ip = query->ip};

    verdict.ifindex = route.error < 0 ? 0 : route.oif;
    if (verdict.kind == VERDICT_LOCAL) {
        struct fib_query match = *query;

        match.match = true; /* the decision itself names lo */
        verdict.ifindex = fib_route(&match).oif;
    }
    verdict.key = verdict.kind == VERDICT_GATEWAY ? route.gateway : query->ip;
    if (verdict.kind >= VERDICT_DIRECT)
        verdict.neigh = fib_neigh(&verdict.key, verdict.ifindex);
    return verdict;
}

/* ---- The library's answer ---- */

static bool via_gateway(enum way way)
{
    return way == LOOKUP_VIA || way == GET_VIA;
}

static bool is_whole(enum way way)
{
    return way == GET || way == GET_VIA || way == RESOLVE;
}

static bool has_mac(uint32_t ifindex)
{
    const struct fib_link *link = fib_link(ifindex);

    return link && link->mac.length > 0;
}

/* The answer for an own address is the MAC of a link that has the address, or of the link of its
 * local route. If only a route makes the address local (127.9.9.9, for example), lo may have it as
 * well. */
static bool allows_local_link(const struct verdict *verdict, const struct fib_link *link,
                              enum way way, const struct outcome *outcome)
{
    bool is_owned = fib_owns(0, &verdict->ip);
    bool is_candidate = fib_owns(link->ifindex, &verdict->ip) ||
                        (link->ifindex == verdict->ifindex && link->ifindex != LO) ||
                        (!is_owned && link->ifindex == LO);

    if (!is_candidate)
        return false;
    if (link->mac.length == 0 && outcome->code == -EOPNOTSUPP)
        return true;
    return outcome->code == 0 && same_mac(&outcome->neigh.mac, &link->mac) &&
           (!is_whole(way) ||
            (outcome->neigh.ifindex == link->ifindex && outcome->neigh.flags == ARPQ_NEIGH_LOCAL));
}

static bool allows_local(const struct verdict *verdict, enum way way, const struct outcome *outcome)
{
    for (uint32_t ifindex = 1; ifindex < 64; ifindex++) {
        const struct fib_link *link = fib_link(ifindex);

        if (link && allows_local_link(verdict, link, way, outcome))
            return true;
    }
    return false;
}

static bool allows_mapped(const struct verdict *verdict, enum way way,
                          const struct outcome *outcome)
{
    const uint8_t *b = verdict->ip.bytes;
    struct arpq_mac mac = ones;
    uint32_t flag = ARPQ_NEIGH_BROADCAST;

    /* lo and t0 have no broadcast address and no mapping of groups. */
    if (verdict->ifindex && (!has_mac(verdict->ifindex) || verdict->ifindex == LO))
        return true;
    if (verdict->kind == VERDICT_MULTICAST) {
        flag = ARPQ_NEIGH_MULTICAST;
        mac =
            verdict->ip.family == AF_INET
                ? (struct arpq_mac){.length = 6, .bytes = {1, 0, 0x5e, b[1] & 0x7f, b[2], b[3]}}
                : (struct arpq_mac){.length = 6, .bytes = {0x33, 0x33, b[12], b[13], b[14], b[15]}};
    }
    return outcome->code == 0 && same_mac(&outcome->neigh.mac, &mac) &&
           (!is_whole(way) || outcome->neigh.flags == flag);
}

/* The expected code for that entry. */
static int code_of_entry(const struct fib_neigh *neigh, enum way way)
{
    if (way == RESOLVE)
        return neigh->mac.length ? 0 : -EAGAIN;
    if (!neigh->exists)
        return -ENOENT;
    if (is_whole(way))
        return 0;
    switch (neigh->state) {
    case ARPQ_STATE_NONE:
        return -ENOENT;
    case ARPQ_STATE_INCOMPLETE:
        return -EAGAIN;
    case ARPQ_STATE_FAILED:
        return -EHOSTUNREACH;
    default:
        return 0;
    }
}

static bool allows_entry(const struct verdict *verdict, enum way way, const struct outcome *outcome)
{
    const struct arpq_neigh *neigh = &outcome->neigh;
    uint32_t flag = verdict->kind == VERDICT_GATEWAY ? ARPQ_NEIGH_GATEWAY : 0;
    const struct fib_link *link = fib_link(verdict->ifindex);

    if (!has_mac(verdict->ifindex))
        return outcome->code == -EOPNOTSUPP;
    /* The kernel does not solicit without a carrier. */
    if (way == RESOLVE && !link->has_carrier && !verdict->neigh.mac.length)
        return outcome->code < 0;
    if (outcome->code != code_of_entry(&verdict->neigh, way))
        return false;
    if (outcome->code < 0)
        return true;
    return same_mac(&neigh->mac, &verdict->neigh.mac) &&
           (!is_whole(way) ||
            (neigh->ifindex == verdict->ifindex && same_ip(&neigh->ip, &verdict->key) &&
             (neigh->flags & ARPQ_NEIGH_GATEWAY) == flag &&
             (way == RESOLVE || neigh->state == verdict->neigh.state)));
}

bool verdict_allows(const struct verdict *verdict, enum way way, const struct outcome *outcome)
{
    if (outcome->code < 0 && !is_all_zero(&outcome->neigh, sizeof outcome->neigh))
        return false;
    switch (verdict->kind) {
    case VERDICT_REFUSED:
        return outcome->code == -ENETUNREACH;
    case VERDICT_LOCAL:
        return allows_local(verdict, way, outcome);
    case VERDICT_BROADCAST:
    case VERDICT_MULTICAST:
        return allows_mapped(verdict, way, outcome);
    case VERDICT_GATEWAY:
        if (!via_gateway(way))
            return outcome->code == -ENETUNREACH ||
                   (outcome->code == -EOPNOTSUPP && !has_mac(verdict->ifindex));
        break;
    case VERDICT_DIRECT:
        break;
    }
    return allows_entry(verdict, way, outcome);
}

/* ---- Printing ---- */

const char *way_name(enum way way)
{
    static const char *const names[] = {"lookup",    "lookup via gateway",
                                        "neigh_get", "neigh_get via gateway",
                                        "peer",      "resolve with timeout 0"};

    return names[way];
}

static void print_entry(const struct arpq_ip *ip, uint32_t ifindex, const struct arpq_mac *mac,
                        uint32_t state)
{
    char ip_text[INET6_ADDRSTRLEN] = "-", mac_text[ARPQ_MAC_STRLEN];
    const struct fib_link *link = fib_link(ifindex);

    inet_ntop(ip->family, ip->bytes, ip_text, sizeof ip_text);
    printf("%s dev %s mac \"%s\" state 0x%x", ip_text, link ? link->name : "-",
           arpq_mac_format(mac, 0, mac_text, sizeof mac_text), state);
}

void verdict_print(const struct verdict *verdict)
{
    static const char *const kinds[] = {"refused",   "local",  "broadcast",
                                        "multicast", "direct", "by a gateway"};

    printf("  kernel: %s, ", kinds[verdict->kind]);
    print_entry(&verdict->key, verdict->ifindex, &verdict->neigh.mac, verdict->neigh.state);
    puts(verdict->kind >= VERDICT_DIRECT && !verdict->neigh.exists ? ", no entry" : "");
}

void outcome_print(const struct outcome *outcome)
{
    const struct arpq_neigh *neigh = &outcome->neigh;

    printf("  library: code %d (%s), ", outcome->code, arpq_strerror(outcome->code));
    print_entry(&neigh->ip, neigh->ifindex, &neigh->mac, neigh->state);
    printf(" flags 0x%x\n", neigh->flags);
}

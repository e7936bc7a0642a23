/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <arpa/inet.h>

#include "kernel/neigh.h"
#include "kernel/topology.h"
#include "random.h"

#define DEVICES 5u /* the last one is t0 */

static const char *const devices[DEVICES] = {"v0", "v1", "v2", "v3", "t0"};

/* ---- Random parts of a command ---- */

static uint32_t pick(struct topology *t, uint32_t below)
{
    return draw(&t->random, below);
}

static bool chance(struct topology *t, uint32_t percent)
{
    return pick(t, 100) < percent;
}

static const char *any_device(struct topology *t)
{
    return devices[chance(t, 12) ? DEVICES - 1 : pick(t, DEVICES - 1)];
}

static uint16_t any_family(struct topology *t)
{
    return chance(t, 50) ? AF_INET : AF_INET6;
}

static struct arpq_ip any_ip(struct topology *t, uint16_t family)
{
    const uint8_t host = (uint8_t)(chance(t, 60) ? 1 + pick(t, 14) : pick(t, 256));

    if (family == AF_INET)
        return (struct arpq_ip){.family = AF_INET, .bytes = {10, 1, (uint8_t)pick(t, 4), host}};
    return (struct arpq_ip){.family = AF_INET6,
                            .bytes = {0xfd, 1, [7] = (uint8_t)pick(t, 4), [15] = host}};
}

static uint32_t any_length(struct topology *t, uint16_t family)
{
    static const uint8_t short_lengths[] = {8, 16, 20, 22, 23, 24, 24, 24, 25, 26, 28, 30, 31, 32};
    static const uint8_t long_lengths[] = {32, 48,  60,  62,  63,  64,  64, 64,
                                           96, 112, 120, 124, 126, 127, 128};

    return family == AF_INET ? short_lengths[pick(t, LENGTH(short_lengths))]
                             : long_lengths[pick(t, LENGTH(long_lengths))];
}

static struct arpq_ip mask_ip(struct arpq_ip ip, uint32_t length)
{
    for (uint32_t bit = length; bit < (ip.family == AF_INET ? 32u : 128u); bit++)
        ip.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
    return ip;
}

static const char *write_ip(const struct arpq_ip *ip)
{
    static char texts[8][INET6_ADDRSTRLEN];
    static unsigned next;
    char *text = texts[next++ % 8];

    assert_non_null(inet_ntop(ip->family, ip->bytes, text, INET6_ADDRSTRLEN));
    return text;
}

/* ---- Commands and targets ---- */

__attribute__((format(printf, 2, 3))) static void add(struct topology *t, const char *format, ...)
{
    va_list arguments;
    int length;

    if (t->count == COMMANDS_MAX)
        return;
    va_start(arguments, format);
    length = vsnprintf(t->commands[t->count].text, COMMAND_SIZE, format, arguments);
    va_end(arguments);
    assert_true(length > 0 && length < COMMAND_SIZE);
    t->commands[t->count++].skip = false;
}

static void aim_at(struct topology *t, struct arpq_ip ip)
{
    ip.scope = 0;
    if (t->target_count < TARGETS_MAX)
        t->targets[t->target_count++] = ip;
}

/* Add the first and the last address of a prefix and a random one to the targets. */
static void aim_into(struct topology *t, const struct arpq_ip *ip, uint32_t length)
{
    struct arpq_ip first = mask_ip(*ip, length), last = first, inside = first;
    uint32_t bits = ip->family == AF_INET ? 32 : 128;

    for (uint32_t bit = length; bit < bits; bit++) {
        last.bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
        if (chance(t, 50))
            inside.bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
    }
    aim_at(t, first);
    aim_at(t, last);
    aim_at(t, inside);
}

static const char *any_prefix(struct topology *t, uint16_t family)
{
    static char texts[4][INET6_ADDRSTRLEN + 4];
    static unsigned next;
    char *text = texts[next++ % 4];
    struct arpq_ip ip = any_ip(t, family);
    uint32_t length = any_length(t, family);

    if (chance(t, 8)) {
        snprintf(text, sizeof texts[0], "default");
        return text;
    }
    ip = mask_ip(ip, length);
    aim_into(t, &ip, length);
    snprintf(text, sizeof texts[0], "%s/%u", write_ip(&ip), length);
    return text;
}

static const char *any_target(struct topology *t, uint16_t family)
{
    struct arpq_ip ip = any_ip(t, family);

    for (unsigned tries = 0; tries < 8 && t->target_count > 0; tries++) {
        const struct arpq_ip *old = &t->targets[pick(t, (uint32_t)t->target_count)];

        if (old->family == family)
            ip = *old;
    }
    aim_at(t, ip);
    return write_ip(&ip);
}

/* No group: after a decision about one, the kernel gives the type multicast to every IPv4 route that
 * has the same next hop, so that its decisions contradict each other. */
static const char *any_host(struct topology *t, uint16_t family)
{
    const char *text;
    struct arpq_ip ip;

    do {
        text = any_target(t, family);
        ip = ip_of(text);
    } while (is_group(&ip));
    return text;
}

static const char *option(uint16_t family)
{
    return family == AF_INET ? "-4" : "-6";
}

/* ---- Addresses ---- */

static void change_address(struct topology *t, const char *verb)
{
    uint16_t family = any_family(t);
    const char *device = any_device(t);
    uint32_t length = any_length(t, family);
    struct arpq_ip ip = any_ip(t, family), peer = any_ip(t, family);
    char more[64] = "";

    aim_at(t, ip);
    aim_into(t, &ip, length);
    if (chance(t, 15))
        snprintf(more, sizeof more, " metric %u", 50 + 50 * pick(t, 4));
    if (chance(t, 12))
        strcat(more, " noprefixroute");
    if (family == AF_INET && chance(t, 15))
        sprintf(more + strlen(more), " label %s:%u", device, pick(t, 4));
    if (family == AF_INET && chance(t, 50))
        strcat(more, " brd +");
    if (family == AF_INET6)
        strcat(more, " nodad");
    if (chance(t, 8)) {
        aim_at(t, peer);
        add(t, "addr %s %s peer %s/%u dev %s%s", verb, write_ip(&ip), write_ip(&peer), length,
            device, family == AF_INET6 ? " nodad" : "");
        return;
    }
    add(t, "addr %s %s/%u dev %s%s", verb, write_ip(&ip), length, device, more);
}

/* ---- Routes ---- */

static const char *any_table(struct topology *t)
{
    return chance(t, 75) ? "" : chance(t, 50) ? " table 100" : " table 51820";
}

static const char *any_metric(struct topology *t)
{
    static const char *const metrics[] = {"", "", "", " metric 50", " metric 100", " metric 300"};

    return metrics[pick(t, LENGTH(metrics))];
}

static void change_gateway_route(struct topology *t, const char *verb, uint16_t family)
{
    const char *prefix = any_prefix(t, family);
    const char *tail = chance(t, 50) ? " onlink" : "";

    switch (pick(t, 6)) {
    case 0: /* an IPv6 gateway, also for an IPv4 route */
        add(t, "%s route %s %s via inet6 fe80::%x dev %s%s%s", option(family), verb, prefix,
            1 + pick(t, 2), any_device(t), any_metric(t), any_table(t));
        break;
    case 1:
        add(t, "%s route %s %s%s%s nexthop via %s dev %s%s nexthop via %s dev %s%s", option(family),
            verb, prefix, any_metric(t), any_table(t), any_target(t, family), any_device(t), tail,
            any_target(t, family), any_device(t), tail);
        break;
    case 2:
        add(t, "%s route %s %s%s%s nexthop dev %s nexthop dev %s weight 3", option(family), verb,
            prefix, any_metric(t), any_table(t), any_device(t), any_device(t));
        break;
    default:
        add(t, "%s route %s %s via %s dev %s%s%s%s", option(family), verb, prefix,
            any_target(t, family), any_device(t), any_metric(t), any_table(t), tail);
    }
}

static void change_route(struct topology *t, const char *verb, uint16_t family)
{
    static const char *const refusals[] = {"blackhole", "unreachable", "prohibit", "throw"};
    const char *prefix = any_prefix(t, family);

    switch (pick(t, 12)) {
    case 0:
    case 1:
        add(t, "%s route %s %s %s%s%s", option(family), verb, refusals[pick(t, 4)], prefix,
            any_metric(t), any_table(t));
        break;
    case 2:
        add(t, "%s route %s local %s dev %s%s", option(family), verb, prefix,
            chance(t, 50) ? "lo" : any_device(t), chance(t, 50) ? " table local" : "");
        break;
    case 3:
        if (family == AF_INET)
            add(t, "-4 route %s broadcast %s dev %s table local", verb, any_host(t, AF_INET),
                any_device(t));
        else
            add(t, "-6 route %s anycast %s dev %s table local", verb, any_target(t, AF_INET6),
                any_device(t));
        break;
    case 4:
        add(t, "%s route %s %s nhid %u%s%s", option(family), verb, prefix, 1 + pick(t, 8),
            any_metric(t), any_table(t));
        break;
    case 5:
    case 6:
    case 7:
        change_gateway_route(t, verb, family);
        break;
    case 8: /* a container, for example: one host of the LAN is reached through another device */
        add(t, "%s route %s %s dev %s%s", option(family), verb, any_host(t, family), any_device(t),
            any_table(t));
        break;
    default:
        add(t, "%s route %s %s dev %s%s%s", option(family), verb, prefix, any_device(t),
            any_metric(t), any_table(t));
    }
}

static void change_nexthop(struct topology *t, const char *verb, uint16_t family)
{
    uint32_t id = 1 + pick(t, 6);

    if (chance(t, 15))
        add(t, "nexthop %s id %u blackhole", verb, id);
    else if (chance(t, 25))
        add(t, "nexthop %s id %u group %u/%u", verb, 7 + pick(t, 2), id, 1 + pick(t, 6));
    else if (chance(t, 30))
        add(t, "%s nexthop %s id %u dev %s", option(family), verb, id, any_device(t));
    else
        add(t, "%s nexthop %s id %u via %s dev %s%s", option(family), verb, id,
            any_target(t, family), any_device(t),
            family == AF_INET && chance(t, 50) ? " onlink" : "");
}

/* ---- Rules ---- */

static void change_rule(struct topology *t, const char *verb, uint16_t family)
{
    const char *family_option = option(family);
    uint32_t preference = 100 + pick(t, 8);

    switch (pick(t, 7)) {
    case 0: /* the rules of wg-quick */
        add(t, "%s route replace default dev t0 table 51820", family_option);
        add(t, "%s rule %s not fwmark %u table 51820 pref 5210", family_option, verb,
            TOPOLOGY_MARK);
        add(t, "%s rule %s table main suppress_prefixlength 0 pref 5209", family_option, verb);
        break;
    case 1:
        add(t, "%s rule %s fwmark %u table 100 pref %u", family_option, verb, TOPOLOGY_MARK,
            preference);
        break;
    case 2:
        add(t, "%s rule %s from %s table 100 pref %u", family_option, verb, any_target(t, family),
            preference);
        break;
    case 3:
        add(t, "%s rule %s to %s table 100 pref %u", family_option, verb, any_prefix(t, family),
            preference);
        break;
    case 4:
        add(t, "%s rule %s iif %s table 100 pref %u", family_option, verb,
            chance(t, 50) ? "lo" : any_device(t), preference);
        break;
    case 5:
        add(t, "%s rule %s to %s %s pref %u", family_option, verb, any_target(t, family),
            chance(t, 50) ? "prohibit" : "blackhole", preference);
        break;
    default:
        add(t, "%s rule %s to %s table main pref %u", family_option, verb, any_prefix(t, family),
            preference);
    }
}

/* ---- Entries of the neighbour table ---- */

static void change_neigh(struct topology *t)
{
    static const char *const states[] = {"permanent", "permanent", "stale", "noarp"};
    const char *device = devices[pick(t, DEVICES - 1)];
    uint16_t family = any_family(t);
    const char *ip = any_target(t, family);
    static unsigned serial;

    if (family == AF_INET6 && chance(t, 15))
        ip = chance(t, 50) ? "fe80::1" : "fe80::2";
    if (chance(t, 12))
        add(t, "neigh replace %s dev %s nud %s", ip, device,
            chance(t, 50) ? "failed" : "incomplete");
    else
        add(t, "neigh replace %s dev %s lladdr 02:00:5e:00:%02x:%02x nud %s", ip, device,
            serial >> 8 & 255u, serial & 255u, states[pick(t, LENGTH(states))]);
    serial++;
}

/* ---- The whole topology ---- */

static void add_links(struct topology *t)
{
    for (unsigned i = 0; i < DEVICES - 1; i++) {
        const char *device = devices[i];

        add(t, "link add %s address 02:00:00:00:00:a%u type veth peer name %sp", device, i, device);
        add(t, "link set %s addrgenmode none", device);
        add(t, "link set %sp addrgenmode none", device);
        add(t, "link set %s up", device);
        add(t, "link set %sp up", device);
    }
    add(t, "link set t0 addrgenmode none");
    add(t, "link set t0 up");
}

static void add_fixed_targets(struct topology *t)
{
    static const char *const fixed[] = {"127.0.0.1", "127.9.9.9", "192.0.2.1",
                                        "224.0.0.9", "239.1.2.3", "255.255.255.255",
                                        "ff05::9",   "::1",       "2001:db8::1"};

    for (size_t i = 0; i < LENGTH(fixed); i++)
        aim_at(t, ip_of(fixed[i]));
    while (t->target_count < TARGETS_MAX / 2)
        aim_at(t, any_ip(t, any_family(t)));
}

static void change_link(struct topology *t)
{
    const char *device = devices[pick(t, DEVICES - 1)];

    switch (pick(t, 5)) {
    case 0:
        add(t, "link set %s %s", any_device(t), chance(t, 40) ? "down" : "up");
        break;
    case 1: /* the peer sets the carrier of the device */
        add(t, "link set %sp %s", device, chance(t, 40) ? "down" : "up");
        break;
    case 2:
        if (chance(t, 50))
            add(t, "link set v3 name w3");
        else
            add(t, "link set w3 name v3");
        break;
    case 3:
        add(t, "link set %s address 02:00:00:00:00:c%u", device, pick(t, 10));
        break;
    default:
        add(t, "sysctl net/ipv%c/conf/%s/ignore_routes_with_linkdown=%u", chance(t, 50) ? '4' : '6',
            chance(t, 50) ? "all" : device, pick(t, 2));
    }
}

/* Commands of one family are adjacent, so that one ip(8) process runs them. */
static void add_routes(struct topology *t, uint16_t family)
{
    for (uint32_t n = pick(t, 5); n > 0; n--)
        change_nexthop(t, "add", family);
    for (uint32_t n = pick(t, 10); n > 0; n--)
        change_route(t, chance(t, 75) ? "add" : chance(t, 50) ? "append" : "replace", family);
    if (chance(t, 20)) /* remove a route, possibly the prefix route of an address */
        change_route(t, "del", family);
    for (uint32_t n = chance(t, 40) ? pick(t, 5) : 0; n > 0; n--)
        change_rule(t, "add", family);
}

void topology_choose(struct topology *t, uint64_t seed)
{
    memset(t, 0, sizeof *t);
    t->random = seed;
    t->tun_fd = -1;
    add_links(t);
    if (chance(t, 20))
        add(t, "sysctl net/ipv6/conf/all/forwarding=1");
    for (uint32_t n = 3 + pick(t, 8); n > 0; n--)
        change_address(t, "add");
    add_routes(t, AF_INET);
    add_routes(t, AF_INET6);
    for (uint32_t n = chance(t, 40) ? 1 + pick(t, 3) : 0; n > 0; n--)
        change_link(t);
    add_fixed_targets(t);
    for (uint32_t n = 30 + pick(t, 50); n > 0; n--)
        change_neigh(t);
}

size_t topology_change(struct topology *t)
{
    size_t first = t->count;
    uint16_t family = any_family(t);

    switch (pick(t, 10)) {
    case 0:
    case 1:
        change_address(t, chance(t, 60) ? "add" : "del");
        break;
    case 2:
        change_link(t);
        break;
    case 3:
        change_nexthop(t, chance(t, 70) ? "replace" : "del", family);
        break;
    case 4:
        change_rule(t, chance(t, 50) ? "add" : "del", family);
        break;
    case 5:
        change_neigh(t);
        break;
    default:
        change_route(t, chance(t, 40) ? "add" : chance(t, 40) ? "replace" : "del", family);
    }
    return first;
}

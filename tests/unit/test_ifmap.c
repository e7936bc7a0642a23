/* SPDX-License-Identifier: MIT */
/* The interface map and its index, compared with a linear search. */
#include "test.h"

#include <linux/if_addr.h>
#include <net/if.h>
#include <sys/socket.h>

#include "ifmap/ifmap.h"
#include "ifmap/view.h"
#include "ifmap/view_build.h"
#include "value/ip.h"

#define NO_PREFIX_ROUTE 0x200u

static struct aq_ifmap map;
static struct aq_view *view;

static int tear_down(void **state)
{
    aq_view_free(view);
    view = NULL;
    aq_ifmap_clear(&map);
    return 0;
}

static void put_link(uint32_t index, const char *name, uint32_t flags)
{
    struct arpq_interface link = {
        .ifindex = index, .flags = flags, .mac = {.length = 6, .bytes = {2, 0, 0, 0, 0, 1}}};

    (void)snprintf(link.name, sizeof link.name, "%s", name);
    assert_int_equal(aq_ifmap_put_link(&map, &link), 0);
}

static struct arpq_address address_of(uint32_t ifindex, const char *ip, uint32_t length)
{
    struct arpq_address address = {.ip = ip_of(ip), .ifindex = ifindex, .prefix_length = length};

    return address;
}

static void put(uint32_t ifindex, const char *ip, uint32_t length, uint32_t flags)
{
    struct arpq_address address = address_of(ifindex, ip, length);

    address.flags = flags;
    assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
}

/* The number of addresses that are not removed. */
static size_t living(void)
{
    return map.address_count - map.removed;
}

static void build(void)
{
    assert_int_equal(aq_ifmap_settle(&map), 0);
    aq_view_free(view);
    assert_int_equal(aq_view_build(&map, NULL, &view), 0);
}

/* Check where an address belongs. `link` is 0 if it belongs to no link. */
static void check(const char *ip, uint32_t ifindex, enum aq_belongs how, uint32_t link,
                  bool several)
{
    struct arpq_ip value = ip_of(ip);
    struct aq_belonging found = aq_view_find(view, &value, ifindex);

    if (found.how != how || (found.link ? found.link->ifindex : 0) != link ||
        found.several != several)
        fail_msg("%s on %u: how %d, link %u, several %d", ip, ifindex, (int)found.how,
                 found.link ? found.link->ifindex : 0, found.several);
}

/* ---- The map ---- */

static void test_put_replace_remove_link(void **state)
{
    static const uint32_t order[] = {7, 3, 9, 1, 5, 8, 2, 6, 4, 30, 20, 10};

    for (size_t i = 0; i < 12; i++)
        put_link(order[i], "a", 0);
    assert_int_equal(map.link_count, 12);
    for (size_t i = 1; i < map.link_count; i++)
        assert_true(map.links[i - 1].ifindex < map.links[i].ifindex);
    put_link(5, "renamed", IFF_UP);
    assert_int_equal(map.link_count, 12);
    assert_string_equal(aq_ifmap_link(&map, 5)->name, "renamed");
    assert_int_equal(aq_ifmap_link_named(&map, "renamed")->ifindex, 5);
    assert_null(aq_ifmap_link_named(&map, "renam"));
    assert_null(aq_ifmap_link(&map, 11));
    assert_null(aq_ifmap_link(&map, 31));
    aq_ifmap_remove_link(&map, 11);
    assert_int_equal(map.link_count, 12);
    for (size_t i = 0; i < 12; i++) {
        aq_ifmap_remove_link(&map, order[i]);
        assert_null(aq_ifmap_link(&map, order[i]));
    }
    assert_int_equal(map.link_count, 0);
    aq_ifmap_remove_link(&map, 1);
}

static void test_address_identity(void **state)
{
    struct arpq_address address = address_of(2, "192.0.2.1", 24);

    put(2, "192.0.2.1", 24, 0);
    put(2, "192.0.2.1", 24, IFA_F_PERMANENT); /* replaces the first */
    assert_int_equal(living(), 1);
    assert_int_equal(map.addresses[0].flags, IFA_F_PERMANENT);
    put(2, "192.0.2.1", 25, 0); /* IPv4: a different prefix makes a different address */
    put(3, "192.0.2.1", 24, 0);
    address.peer = ip_of("192.0.2.9");
    /* IPv4: a different peer also makes a different address. */
    assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
    assert_int_equal(living(), 4);
    put(2, "2001:db8::1", 64, 0);
    put(2, "2001:db8::1", 128, 0); /* IPv6: only the IP address counts */
    assert_int_equal(living(), 5);
    address.peer = ip_of("192.0.2.10");
    aq_ifmap_remove_address(&map, &address);
    assert_int_equal(living(), 5);
    address.peer = ip_of("192.0.2.9");
    aq_ifmap_remove_address(&map, &address);
    aq_ifmap_remove_address(&map, &address);
    assert_int_equal(living(), 4);
    address = address_of(2, "2001:db8::1", 3);
    aq_ifmap_remove_address(&map, &address);
    assert_int_equal(living(), 3);
}

static void test_link_goes_with_its_addresses(void **state)
{
    for (uint32_t i = 3; i > 0; i--) {
        put_link(i, "a", IFF_UP);
        put(i, "192.0.2.1", 24, 0);
        put(i, "2001:db8::1", 64, 0);
    }
    aq_ifmap_remove_link(&map, 2);
    assert_int_equal(map.link_count, 2);
    assert_int_equal(living(), 4);
    assert_int_equal(aq_ifmap_settle(&map), 0);
    assert_int_equal(map.address_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(map.addresses[i].ifindex, i < 2 ? 1 : 3);
}

static void test_address_before_link(void **state)
{
    put(5, "192.0.2.5", 24, 0);
    put(2, "192.0.2.2", 24, 0);
    put(4, "192.0.2.4", 24, 0);
    put_link(4, "four", IFF_UP);
    put_link(3, "three", IFF_UP);
    build();
    assert_int_equal(aq_ifmap_link(&map, 4)->address_count, 1);
    assert_int_equal(aq_ifmap_link(&map, 4)->address_first, 0);
    assert_int_equal(aq_ifmap_link(&map, 3)->address_count, 0);
    /* Addresses without a link come last, in the order of arrival. */
    assert_int_equal(map.addresses[1].ifindex, 5);
    assert_int_equal(map.addresses[2].ifindex, 2);
    check("192.0.2.4", 0, AQ_OWN, 4, false);
    check("192.0.2.5", 0, AQ_CONNECTED, 4, false);
    put_link(5, "five", IFF_UP);
    build();
    check("192.0.2.5", 0, AQ_OWN, 5, false);
}

/* Add and remove addresses on three links at random. A list of the expected addresses, searched
 * linearly, gives the expected results and their order. */
#define CHURN_ADDRESSES 600u
#define CHURN_STEPS 20000u

struct churn {
    uint32_t stamp[3][CHURN_ADDRESSES]; /* the time of arrival, from 1; 0: not present */
    uint32_t count[3];
};

static struct arpq_address churn_address(uint32_t link, uint32_t n, uint32_t stamp)
{
    struct arpq_address address = {.ip = {.family = AF_INET6, .bytes = {0xfd, [14] = 0, [15] = 0}},
                                   .ifindex = link + 1,
                                   .prefix_length = 64,
                                   .metric = stamp};

    if (n % 2) {
        address.ip = (struct arpq_ip){.family = AF_INET, .bytes = {10, 1}};
        address.ip.bytes[2] = (uint8_t)(n >> 8);
        address.ip.bytes[3] = (uint8_t)n;
    } else {
        address.ip.bytes[14] = (uint8_t)(n >> 8);
        address.ip.bytes[15] = (uint8_t)n;
    }
    return address;
}

static void check_churn(const struct churn *churn)
{
    struct aq_ifmap copy;

    assert_int_equal(aq_ifmap_copy(&map, &copy), 0);
    for (uint32_t link = 0; link < 3; link++) {
        const struct arpq_interface *at = aq_ifmap_link(&copy, link + 1);
        uint32_t last = 0;

        assert_int_equal(at->address_count, churn->count[link]);
        for (uint32_t i = 0; i < at->address_count; i++) {
            const struct arpq_address *address = &copy.addresses[at->address_first + i];

            assert_int_equal(address->ifindex, link + 1);
            assert_true(address->metric > last);
            last = address->metric;
        }
    }
    for (uint32_t link = 0; link < 3; link++)
        for (uint32_t n = 0; n < CHURN_ADDRESSES; n++) {
            struct arpq_address address = churn_address(link, n, 0);
            const struct arpq_address *found = aq_ifmap_address(&map, &address);

            assert_int_equal(found ? found->metric : 0, churn->stamp[link][n]);
        }
    aq_ifmap_clear(&copy);
}

static void test_churn(void **state)
{
    static struct churn churn;
    uint32_t random = 12345;

    memset(&churn, 0, sizeof churn);
    for (uint32_t link = 0; link < 3; link++)
        put_link(link + 1, "a", IFF_UP);
    for (uint32_t step = 1; step <= CHURN_STEPS; step++) {
        uint32_t link, n, *stamp;
        struct arpq_address address;

        random = random * 1664525u + 1013904223u;
        link = (random >> 8) % 3;
        n = (random >> 12) % CHURN_ADDRESSES;
        stamp = &churn.stamp[link][n];
        address = churn_address(link, n, *stamp ? *stamp : step);
        if (random >> 31) {
            churn.count[link] += *stamp == 0;
            *stamp = address.metric;
            assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
        } else {
            churn.count[link] -= *stamp != 0;
            *stamp = 0;
            aq_ifmap_remove_address(&map, &address);
        }
        if (step % 2500 == 0)
            check_churn(&churn);
        if (step % 5000 == 0)
            assert_int_equal(aq_ifmap_settle(&map), 0);
    }
    assert_true(map.address_count <
                3 * CHURN_ADDRESSES * 4); /* removed addresses do not accumulate */
}

static unsigned long comparisons;

int __real_arpq_ip_compare(const struct arpq_ip *a, const struct arpq_ip *b);
int __wrap_arpq_ip_compare(const struct arpq_ip *a, const struct arpq_ip *b);
int __wrap_arpq_ip_compare(const struct arpq_ip *a, const struct arpq_ip *b)
{
    comparisons++;
    return __real_arpq_ip_compare(a, b);
}

/* The time to find an address does not grow with the number of addresses. */
#define MANY 20000u

static void test_many_on_one_link(void **state)
{
    put_link(1, "a", IFF_UP);
    comparisons = 0;
    for (uint32_t pass = 0; pass < 3; pass++)
        for (uint32_t n = 0; n < MANY; n++) {
            struct arpq_address address = churn_address(0, n, n + 1);

            if (pass < 2)
                assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
            else
                aq_ifmap_remove_address(&map, &address);
        }
    assert_int_equal(living(), 0);
    assert_between(comparisons, MANY, 20 * MANY);
}

static void test_copy(void **state)
{
    struct aq_ifmap copy;

    assert_int_equal(aq_ifmap_copy(&map, &copy), 0); /* an empty map */
    assert_int_equal(copy.link_count + copy.address_count, 0);
    aq_ifmap_clear(&copy);
    put_link(2, "two", IFF_UP);
    put(2, "192.0.2.2", 24, 0);
    assert_int_equal(aq_ifmap_settle(&map), 0);
    assert_int_equal(aq_ifmap_copy(&map, &copy), 0);
    aq_ifmap_clear(&map);
    assert_string_equal(aq_ifmap_link(&copy, 2)->name, "two");
    map = copy; /* the copy can grow */
    for (uint32_t i = 3; i < 40; i++) {
        put_link(i, "more", IFF_UP);
        put(i, "192.0.2.3", 24, 0);
    }
    assert_int_equal(map.link_count, 38);
    assert_int_equal(living(), 38);
}

/* ---- The index ---- */

static void test_kinds(void **state)
{
    struct arpq_address odd = address_of(2, "203.0.113.1", 24);

    build();
    check("192.0.2.1", 0, AQ_NOWHERE, 0, false); /* an empty map */
    odd.broadcast = ip_of("203.0.113.77");
    put_link(2, "two", IFF_UP);
    put(2, "192.0.2.1", 24, 0);
    put(2, "198.51.100.0", 31, 0);
    put(2, "10.1.1.1", 32, 0);
    put(2, "10.2.0.1", 16, NO_PREFIX_ROUTE);
    put(2, "2001:db8:1::1", 64, 0);
    put(2, "2001:db8:2::1", 128, 0);
    put(2, "2001:db8:3::1", 64, NO_PREFIX_ROUTE);
    put(2, "192.0.2.99", 24, IFA_F_SECONDARY);
    put(2, "2001:db8:1::66", 64, IFA_F_DADFAILED);
    assert_int_equal(aq_ifmap_put_address(&map, &odd), 0);
    build();
    check("192.0.2.1", 0, AQ_OWN, 2, false);
    check("192.0.2.99", 0, AQ_OWN, 2, false);
    check("192.0.2.2", 0, AQ_CONNECTED, 2, false);
    check("192.0.2.0", 0, AQ_CONNECTED, 2, false);
    check("192.0.2.255", 0, AQ_BROADCAST, 2, false);
    check("192.0.3.0", 0, AQ_NOWHERE, 0, false);
    check("198.51.100.0", 0, AQ_OWN, 2, false);
    check("198.51.100.1", 0, AQ_CONNECTED, 2, false);
    check("198.51.100.2", 0, AQ_NOWHERE, 0, false);
    check("10.1.1.1", 0, AQ_OWN, 2, false);
    check("10.2.0.1", 0, AQ_OWN, 2, false);
    check("10.2.0.2", 0, AQ_NOWHERE, 0, false);
    check("203.0.113.77", 0, AQ_BROADCAST, 2, false);
    check("203.0.113.255", 0, AQ_BROADCAST, 2, false);
    check("2001:db8:1::1", 0, AQ_OWN, 2, false);
    check("2001:db8:1::2", 0, AQ_CONNECTED, 2, false);
    /* DAD failed because another machine has the address. */
    check("2001:db8:1::66", 0, AQ_CONNECTED, 2, false);
    check("2001:db8:2::1", 0, AQ_OWN, 2, false);
    check("2001:db8:2::2", 0, AQ_NOWHERE, 0, false);
    check("2001:db8:3::2", 0, AQ_NOWHERE, 0, false);
    check("192.0.2.1", 2, AQ_OWN, 2, false);
    check("192.0.2.1", 3, AQ_NOWHERE, 0, false);
}

static void test_several(void **state)
{
    put_link(2, "two", IFF_UP);
    put_link(3, "three", IFF_UP);
    put_link(4, "four", IFF_UP);
    put_link(5, "five", 0); /* the link is down */
    put(3, "192.0.2.1", 24, 0);
    put(2, "192.0.2.2", 24, 0);
    put(2, "192.0.2.3", 24, 0);
    put(4, "192.0.2.129", 25, 0);
    put(4, "192.0.2.2", 32, 0);
    put(3, "198.51.100.1", 24, 0);
    put(5, "192.0.2.200", 28, 0);
    put(5, "198.51.100.1", 24, 0);
    put(4, "198.51.100.255", 32, 0); /* an own address takes precedence over a broadcast address */
    build();
    check("192.0.2.9", 0, AQ_CONNECTED, 2, true);
    check("192.0.2.9", 3, AQ_CONNECTED, 3, false);
    check("192.0.2.9", 4, AQ_NOWHERE, 0, false);
    check("192.0.2.130", 0, AQ_CONNECTED, 4, false); /* the longest prefix */
    check("192.0.2.130", 3, AQ_CONNECTED, 3, false);
    check("192.0.2.200", 0, AQ_OWN, 5, false); /* own addresses also count on a link that is down */
    check("192.0.2.200", 5, AQ_OWN, 5, false);
    check("192.0.2.201", 5, AQ_NOWHERE, 0, false);
    check("192.0.2.2", 0, AQ_OWN, 2, true);
    check("192.0.2.2", 3, AQ_CONNECTED, 3, false);
    check("192.0.2.3", 0, AQ_OWN, 2, false);
    check("192.0.2.255", 0, AQ_BROADCAST, 2, true);
    check("192.0.2.255", 4, AQ_BROADCAST, 4, false);
    check("198.51.100.1", 0, AQ_OWN, 3, true);
    check("198.51.100.255", 0, AQ_OWN, 4, false);
    check("198.51.100.255", 3, AQ_BROADCAST, 3, false);
}

static void test_peer(void **state)
{
    struct arpq_address address = address_of(2, "10.0.0.1", 32);

    put_link(2, "ppp0", IFF_UP | IFF_POINTOPOINT);
    address.peer = ip_of("10.9.9.9");
    assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
    address = address_of(2, "2001:db8::1", 64);
    address.peer = ip_of("2001:db8:9::1");
    assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
    build();
    check("10.0.0.1", 0, AQ_OWN, 2, false);
    check("10.9.9.9", 0, AQ_CONNECTED, 2, false);
    check("10.9.9.8", 0, AQ_NOWHERE, 0, false);
    check("2001:db8::2", 0, AQ_NOWHERE, 0, false);
    check("2001:db8:9::2", 0, AQ_CONNECTED, 2, false);
}

static void test_loopback(void **state)
{
    put_link(1, "lo", IFF_UP | IFF_LOOPBACK);
    put(1, "127.0.0.1", 8, 0);
    put(1, "::1", 128, 0);
    put(1, "2001:db8::1", 64, 0);
    put(1, "fe80::1", 64, 0);
    build();
    check("127.1.2.3", 0, AQ_OWN, 1, false);
    check("::1", 0, AQ_OWN, 1, false);
    check("2001:db8::2", 0, AQ_CONNECTED, 1, false); /* lo owns its whole prefix for IPv4 only */
    assert_null(aq_view_link_local(view).link);
    assert_null(aq_view_link_with(view, 0));
}

static void test_link_local(void **state)
{
    put_link(2, "two", IFF_UP);
    put_link(3, "three", IFF_UP);
    put_link(4, "four", IFF_BROADCAST);
    put(4, "fe80::4", 64, 0);
    build();
    assert_int_equal(aq_view_link_local(view).how, AQ_NOWHERE);
    put(2, "fe80::2", 64, 0);
    put(2, "fe80::22", 64, 0);
    build();
    assert_int_equal(aq_view_link_local(view).link->ifindex, 2);
    assert_false(aq_view_link_local(view).several);
    assert_int_equal(aq_view_link_local(view).how, AQ_CONNECTED);
    check("fe80::2", 2, AQ_OWN, 2, false);
    check("fe80::3", 2, AQ_NOWHERE, 0, false); /* the prefix is not in the index */
    put(3, "fe80::2", 64, 0);
    build();
    assert_true(aq_view_link_local(view).several);
    assert_int_equal(aq_view_link_local(view).link->ifindex, 2);
}

static void test_names(void **state)
{
    struct arpq_address address = address_of(2, "192.0.2.1", 24);

    put_link(2, "two", IFF_UP);
    put_link(3, "three", IFF_UP | IFF_MULTICAST);
    memcpy(address.label, "two:1", 6);
    assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
    address = address_of(3, "192.0.2.2", 24);
    memcpy(address.label, "two", 4);
    assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
    address = address_of(9, "192.0.2.9", 24); /* a link that does not exist */
    memcpy(address.label, "nine", 5);
    assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
    build();
    assert_int_equal(aq_view_link_named(view, "two:1")->ifindex, 2);
    /* Device names take precedence over labels. */
    assert_int_equal(aq_view_link_named(view, "two")->ifindex, 2);
    assert_null(aq_view_link_named(view, "nine"));
    assert_null(aq_view_link_named(view, "four"));
    assert_int_equal(aq_view_link_with(view, 0)->ifindex, 2);
    assert_int_equal(aq_view_link_with(view, IFF_MULTICAST)->ifindex, 3);
    assert_null(aq_view_link_with(view, IFF_BROADCAST));
    assert_int_equal(aq_view_link(view, 3)->ifindex, 3);
}

/* ---- Against a linear search ---- */

static uint64_t seed;

static uint32_t dice(uint32_t sides)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % sides;
}

struct naive {
    unsigned class; /* 129: an exact match */
    struct aq_belonging found;
};

static void consider(struct naive *best, const struct arpq_interface *link, unsigned class,
                     enum aq_belongs how)
{
    bool better = best->found.how == AQ_NOWHERE || class > best->class ||
                  (class == best->class && how < best->found.how);

    if (better)
        *best = (struct naive){class, {.how = how, .link = link}};
    else if (class == best->class && how == best->found.how &&
             link->ifindex != best->found.link->ifindex)
        best->found.several = true;
}

static bool same(const struct arpq_ip *a, const struct arpq_ip *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static bool in_prefix(const struct arpq_ip *ip, const struct arpq_ip *net, unsigned length)
{
    for (unsigned bit = 0; bit < length; bit++)
        if ((ip->bytes[bit / 8] ^ net->bytes[bit / 8]) & 0x80u >> bit % 8)
            return false;
    return ip->family == net->family;
}

static bool is_last(const struct arpq_ip *ip, unsigned length)
{
    for (unsigned bit = length; bit < 32; bit++)
        if (!(ip->bytes[bit / 8] & 0x80u >> bit % 8))
            return false;
    return true;
}

static void consider_address(struct naive *best, const struct arpq_interface *link,
                             const struct arpq_address *a, const struct arpq_ip *ip)
{
    bool v4 = a->ip.family == AF_INET;
    const struct arpq_ip *net = a->peer.family ? &a->peer : &a->ip;
    bool inside = in_prefix(ip, net, a->prefix_length);

    if (same(ip, &a->ip) && !(a->flags & IFA_F_DADFAILED))
        consider(best, link, 129, AQ_OWN);
    if (same(ip, &a->broadcast) ||
        (v4 && a->prefix_length < 31 && inside && is_last(ip, a->prefix_length)))
        consider(best, link, 129, AQ_BROADCAST);
    if (aq_ip_is_link_local(&a->ip) || a->flags & NO_PREFIX_ROUTE || a->prefix_length == 0)
        return;
    if (a->prefix_length == (v4 ? 32 : 128) && !a->peer.family)
        return;
    if (inside)
        consider(best, link, a->prefix_length,
                 v4 && link->flags & IFF_LOOPBACK ? AQ_OWN : AQ_CONNECTED);
}

/* Links that are up take precedence over links that are down. A link that is down has only own IPv4
 * addresses. */
static struct aq_belonging search(const struct arpq_ip *ip, uint32_t ifindex)
{
    struct naive best = {0};

    for (int up = 1; up >= 0; up--)
        for (size_t i = 0; i < map.address_count; i++) {
            const struct arpq_address *address = &map.addresses[i];
            const struct arpq_interface *link = aq_ifmap_link(&map, address->ifindex);

            if (!link || (link->flags & IFF_UP ? 1 : 0) != up ||
                (ifindex && link->ifindex != ifindex))
                continue;
            if (up)
                consider_address(&best, link, address, ip);
            else if (address->ip.family == AF_INET && same(ip, &address->ip))
                consider(&best, link, 129, AQ_OWN);
        }
    return best.found;
}

/* Vary few bits, so that addresses and prefixes coincide often. */
static struct arpq_ip random_ip(void)
{
    struct arpq_ip ip = {.family = dice(2) ? AF_INET : AF_INET6};
    size_t length = aq_ip_length(&ip);

    ip.bytes[0] = length == 4 ? 10 : 0x20;
    if (length == 16 && dice(8) == 0) {
        ip.bytes[0] = 0xfe;
        ip.bytes[1] = 0x80;
    }
    ip.bytes[length - 3] = (uint8_t)dice(4);
    ip.bytes[length - 2] = (uint8_t)dice(8);
    ip.bytes[length - 1] = (uint8_t)(dice(4) ? dice(256) : 255);
    return ip;
}

static void put_random_address(void)
{
    struct arpq_address address = {.ip = random_ip(), .ifindex = 1 + dice(22)};
    uint32_t whole = (uint32_t)aq_ip_length(&address.ip) * 8;

    address.prefix_length = dice(16) ? whole - dice(20) : dice(whole + 1);
    address.flags = (dice(6) ? 0 : NO_PREFIX_ROUTE) | (dice(6) ? 0 : IFA_F_DADFAILED);
    if (dice(6) == 0) {
        struct arpq_ip peer = random_ip();

        if (peer.family == address.ip.family)
            address.peer = peer;
    }
    if (address.ip.family == AF_INET && dice(4) == 0) {
        struct arpq_ip broadcast = random_ip();

        if (broadcast.family == AF_INET)
            address.broadcast = broadcast;
    }
    assert_int_equal(aq_ifmap_put_address(&map, &address), 0);
}

static void test_against_search(void **state)
{
    static const unsigned sizes[] = {20, 200, 2000};
    unsigned met[AQ_CONNECTED + 1] = {0}, several = 0;

    seed = 20240226;
    for (size_t round = 0; round < 3; round++) {
        (void)tear_down(NULL);
        for (uint32_t i = 20; i > 0; i--) /* links 21 and 22 have addresses but no link message */
            put_link(i, "x", (dice(5) ? IFF_UP : 0u) | (dice(8) ? 0u : IFF_LOOPBACK));
        for (unsigned i = 0; i < sizes[round]; i++)
            put_random_address();
        build();
        for (unsigned i = 0; i < 10000; i++) {
            struct arpq_ip ip = random_ip();
            uint32_t ifindex = dice(2) ? 0 : 1 + dice(22);
            struct aq_belonging got = aq_view_find(view, &ip, ifindex);
            struct aq_belonging want = search(&ip, ifindex);

            assert_int_equal(got.how, want.how);
            assert_int_equal(got.several, want.several);
            assert_int_equal(got.link ? got.link->ifindex : 0, want.link ? want.link->ifindex : 0);
            met[got.how]++;
            several += got.several;
        }
    }
    for (unsigned how = AQ_NOWHERE; how <= AQ_CONNECTED; how++)
        if (met[how] <= 100)
            fail_msg("%u was met %u times", how, met[how]);
    assert_true(several > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_put_replace_remove_link, tear_down),
        cmocka_unit_test_teardown(test_address_identity, tear_down),
        cmocka_unit_test_teardown(test_link_goes_with_its_addresses, tear_down),
        cmocka_unit_test_teardown(test_address_before_link, tear_down),
        cmocka_unit_test_teardown(test_churn, tear_down),
        cmocka_unit_test_teardown(test_many_on_one_link, tear_down),
        cmocka_unit_test_teardown(test_copy, tear_down),
        cmocka_unit_test_teardown(test_kinds, tear_down),
        cmocka_unit_test_teardown(test_several, tear_down),
        cmocka_unit_test_teardown(test_peer, tear_down),
        cmocka_unit_test_teardown(test_loopback, tear_down),
        cmocka_unit_test_teardown(test_link_local, tear_down),
        cmocka_unit_test_teardown(test_names, tear_down),
        cmocka_unit_test_teardown(test_against_search, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

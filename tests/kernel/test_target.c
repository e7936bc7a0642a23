/* SPDX-License-Identifier: MIT */
/* The interface and the entry that a lookup uses: ifindex 0, names, scopes, gateways. Each test has
 * a namespace with
 *   v0 02:00:00:00:00:a0 and w0 02:00:00:00:00:b0, both Ethernet, up, without addresses. */
#include "test.h"

#include <net/if_arp.h>
#include <sched.h>

#include "kernel/fixture.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "process.h"

#define MAC_W0 "02:00:00:00:00:b0"
#define ONES "ff:ff:ff:ff:ff:ff"
#define ZEROS "00:00:00:00:00:00"

static void add_neigh(const char *ip, const char *dev, const char *mac)
{
    sh("ip neigh replace %s dev %s lladdr %s nud permanent", ip, dev, mac);
}

static uint32_t lookup_flags; /* of the lookups that the checks below make */

static int set_up(void **state)
{
    lookup_flags = 0;
    netns_enter();
    fixture_add_veth("v0", MAC_V0);
    fixture_add_veth("w0", MAC_W0);
    return arpq_open(&h, NULL);
}

/* Check the code and the whole of *mac: the wanted bytes followed by zeros, or only zeros if text
 * is NULL. */
static void check_mac(int line, const char *what, int code, const struct arpq_mac *mac,
                      int want_code, const char *want_mac)
{
    struct arpq_mac want;
    char text[ARPQ_MAC_STRLEN];
    int same;

    memset(&want, 0, sizeof want);
    if (want_mac) {
        want = mac_of(want_mac);
        want.type = mac->type;
        want.origin = mac->origin;
    }
    same = memcmp(&want, mac, sizeof want) == 0;
    if (code == want_code && same && (code != 0 || want_mac))
        return;
    fprintf(stderr, "%s:%d: %s: got %d (%s) \"%s\", want %d (%s) \"%s\"\n", __FILE__, line, what,
            code, arpq_strerror(code), arpq_mac_format(mac, 0, text, sizeof text), want_code,
            arpq_strerror(want_code), want_mac ? want_mac : "");
    fail();
}

static void expect_ip(int line, const struct arpq_ip *ip, uint32_t ifindex, int code,
                      const char *mac)
{
    struct arpq_mac got;
    struct arpq_mac many;
    int32_t many_code = 1;
    char what[ARPQ_IP_STRLEN];

    memset(&got, 0xa5, sizeof got);
    memset(&many, 0xa5, sizeof many);
    arpq_ip_format(ip, what, sizeof what);
    check_mac(line, what, arpq_lookup(h, ip, ifindex, lookup_flags, &got), &got, code, mac);
    assert_int_equal(arpq_lookup_many(h, ip, 1, ifindex, lookup_flags, &many, &many_code),
                     code == 0);
    check_mac(line, what, many_code, &many, code, mac);
}

static void expect_text(int line, const char *ip, const char *dev, int code, const char *mac)
{
    struct arpq_mac got;

    memset(&got, 0xa5, sizeof got);
    check_mac(line, ip, arpq_lookup_text(h, ip, dev, lookup_flags, &got), &got, code, mac);
}

/* If dev is NULL, the library chooses the interface. Otherwise the call names it by its ifindex. */
static void expect(int line, const char *text, const char *dev, int code, const char *mac)
{
    struct arpq_ip ip = ip_of(text);

    expect_ip(line, &ip, dev ? ifindex_of(dev) : 0, code, mac);
    expect_text(line, text, dev, code, mac);
}

/* Check the entry's address, interface and flags. */
static void expect_neigh(int line, const char *text, uint32_t flags, const char *key,
                         const char *dev, const char *mac, uint32_t want_flags)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_ip want = ip_of(key);
    struct arpq_neigh neigh;
    int code;

    memset(&neigh, 0xa5, sizeof neigh);
    code = arpq_neigh_get(h, &ip, 0, flags, &neigh);
    check_mac(line, text, code, &neigh.mac, 0, mac);
    if (arpq_ip_compare(&neigh.ip, &want) != 0 || neigh.ifindex != ifindex_of(dev) ||
        neigh.flags != want_flags) {
        char got[ARPQ_IP_STRLEN];

        fprintf(stderr, "%s:%d: %s: ip %s ifindex %u flags %#x, want ip %s dev %s flags %#x\n",
                __FILE__, line, text, arpq_ip_format(&neigh.ip, got, sizeof got), neigh.ifindex,
                neigh.flags, key, dev, want_flags);
        fail();
    }
    if (want_flags & (ARPQ_NEIGH_LOCAL | ARPQ_NEIGH_MULTICAST | ARPQ_NEIGH_BROADCAST))
        assert_int_equal(neigh.state, ARPQ_STATE_NOARP);
}

static void expect_no_neigh(int line, const char *text, uint32_t flags, int want)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_neigh neigh;
    int code;

    memset(&neigh, 0xa5, sizeof neigh);
    code = arpq_neigh_get(h, &ip, 0, flags, &neigh);
    if (code != want || !is_all_zero(&neigh, sizeof neigh)) {
        fprintf(stderr, "%s:%d: neigh_get %s: got %d, want %d; zeroed %d\n", __FILE__, line, text,
                code, want, is_all_zero(&neigh, sizeof neigh));
        fail();
    }
}

#define MAC_IS(ip, dev, mac) expect(__LINE__, ip, dev, 0, mac)
#define FAILS(ip, dev, code) expect(__LINE__, ip, dev, code, NULL)
#define NEIGH_IS(ip, flags, key, dev, mac, want)                                                   \
    expect_neigh(__LINE__, ip, flags, key, dev, mac, want)
#define NO_NEIGH(ip, flags, code) expect_no_neigh(__LINE__, ip, flags, code)

/* ---- Answered without the table ---- */

static void test_own_addresses(void **state)
{
    struct arpq_ip loopback = ip_of("127.0.0.1");
    struct arpq_mac mac;

    sh("ip addr add 10.1.0.1/24 dev v0; ip addr add fd01::1/64 dev v0 nodad;"
       "ip addr add 10.2.0.1/24 dev w0");
    settle();
    MAC_IS("10.1.0.1", NULL, MAC_V0);
    MAC_IS("10.1.0.1", "v0", MAC_V0);
    MAC_IS("10.2.0.1", NULL, MAC_W0);
    MAC_IS("fd01::1", NULL, MAC_V0);
    MAC_IS("fd01::1", "v0", MAC_V0);
    MAC_IS("127.0.0.1", NULL, ZEROS);
    MAC_IS("127.0.0.1", "lo", ZEROS);
    MAC_IS("127.9.8.7", NULL, ZEROS);
    MAC_IS("::1", NULL, ZEROS);
    assert_int_equal(arpq_lookup(h, &loopback, 0, 0, &mac), 0);
    assert_int_equal(mac.length, 6);
    assert_int_equal(mac.type, ARPHRD_LOOPBACK);
    NEIGH_IS("10.1.0.1", 0, "10.1.0.1", "v0", MAC_V0, ARPQ_NEIGH_LOCAL);
    NEIGH_IS("fd01::1", 0, "fd01::1", "v0", MAC_V0, ARPQ_NEIGH_LOCAL);
    NEIGH_IS("127.0.0.1", 0, "127.0.0.1", "lo", ZEROS, ARPQ_NEIGH_LOCAL);
    NEIGH_IS("::1", 0, "::1", "lo", ZEROS, ARPQ_NEIGH_LOCAL);
    /* Every address of an IPv4 prefix on lo is an own address. */
    sh("ip addr add 10.55.0.1/24 dev lo");
    settle();
    MAC_IS("10.55.0.1", NULL, ZEROS);
    MAC_IS("10.55.0.77", NULL, ZEROS);
    NEIGH_IS("127.9.8.7", 0, "127.9.8.7", "lo", ZEROS, ARPQ_NEIGH_LOCAL);
    /* The named interface does not have the address, but a machine on its link may have it. */
    FAILS("10.1.0.1", "w0", -ENOENT);
    /* A route to lo does not take the address from its interface. */
    sh("ip route replace local 10.1.0.1 dev lo; ip route add local 10.66.0.0/16 dev lo");
    settle();
    MAC_IS("10.1.0.1", NULL, MAC_V0);
    NEIGH_IS("10.1.0.1", 0, "10.1.0.1", "v0", MAC_V0, ARPQ_NEIGH_LOCAL);
    MAC_IS("10.66.0.7", NULL, ZEROS);
}

static void test_groups(void **state)
{
    sh("ip addr add 10.1.0.1/24 dev v0; ip addr add fd01::1/64 dev v0 nodad");
    settle();
    MAC_IS("224.0.0.251", NULL, "01:00:5e:00:00:fb");
    MAC_IS("224.0.0.251", "v0", "01:00:5e:00:00:fb");
    MAC_IS("239.129.1.2", NULL, "01:00:5e:01:01:02");
    MAC_IS("239.255.255.255", "w0", "01:00:5e:7f:ff:ff");
    MAC_IS("ff02::1", NULL, "33:33:00:00:00:01");
    MAC_IS("ff02::1%v0", NULL, "33:33:00:00:00:01");
    MAC_IS("ff02::1:ff12:3456", "v0", "33:33:ff:12:34:56");
    MAC_IS("ff05::1:3", NULL, "33:33:00:01:00:03");
    sh("ip route add default via 10.1.0.254; ip route add 224.0.0.0/4 dev v0");
    MAC_IS("224.0.0.251", NULL, "01:00:5e:00:00:fb");
    NEIGH_IS("224.0.0.251", 0, "224.0.0.251", "v0", "01:00:5e:00:00:fb", ARPQ_NEIGH_MULTICAST);
    sh("ip route del default; ip route add default via 10.1.0.254 dev v0");
    NEIGH_IS("224.0.0.9", ARPQ_LOOKUP_VIA_GATEWAY, "224.0.0.9", "v0", "01:00:5e:00:00:09",
             ARPQ_NEIGH_MULTICAST);
}

static void test_broadcasts(void **state)
{
    sh("ip addr add 10.1.0.1/24 brd + dev v0; ip addr add 10.3.0.1/24 dev v0;"
       "ip addr add 10.4.0.1/16 brd 10.4.0.77 dev w0; ip addr add 10.5.0.0/31 dev w0");
    settle();
    MAC_IS("10.1.0.255", NULL, ONES);
    MAC_IS("10.1.0.255", "v0", ONES);
    MAC_IS("10.3.0.255", NULL, ONES); /* not configured, but the kernel uses it */
    MAC_IS("10.4.0.77", NULL, ONES);
    MAC_IS("10.4.255.255", NULL, ONES);
    FAILS("10.4.0.255", NULL, -ENOENT);
    FAILS("10.5.0.1", NULL, -ENOENT); /* a /31 has no broadcast address */
    MAC_IS("255.255.255.255", NULL, ONES);
    MAC_IS("255.255.255.255", "v0", ONES);
    NEIGH_IS("10.1.0.255", 0, "10.1.0.255", "v0", ONES, ARPQ_NEIGH_BROADCAST);
    NEIGH_IS("10.4.0.77", 0, "10.4.0.77", "w0", ONES, ARPQ_NEIGH_BROADCAST);
}

/* The kernel's decision about a group is cached with the next hop, for each processor. */
static void test_routes_of_groups(void **state)
{
    cpu_set_t all, one;

    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    CPU_ZERO(&one);
    CPU_SET((unsigned)sched_getcpu(), &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    sh("ip addr add 10.1.0.1/24 dev v0; ip route add 224.0.0.0/4 dev v0;"
       "ip route add 10.5.0.0/16 dev v0");
    add_neigh("10.5.0.1", "v0", MAC_A);
    sh("ip route get 224.1.1.1 >/dev/null; ip route get 10.5.0.1 | grep -q ^multicast");
    MAC_IS("10.5.0.1", NULL, MAC_A);
    FAILS("10.5.0.2", NULL, -ENOENT);
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

/* ---- Prefixes ---- */

static void test_longest_prefix(void **state)
{
    sh("ip addr add 10.0.0.1/8 dev v0; ip addr add 10.1.0.1/16 dev w0;"
       "ip addr add 10.1.2.1/24 dev v0;"
       "ip addr add fd00::1/32 dev v0 nodad; ip addr add fd00:0:1::1/48 dev w0 nodad");
    add_neigh("10.1.0.9", "v0", MAC_A);
    add_neigh("10.1.0.9", "w0", MAC_B);
    add_neigh("10.2.0.9", "v0", MAC_A);
    add_neigh("10.2.0.9", "w0", MAC_B);
    add_neigh("10.1.2.9", "v0", MAC_A);
    add_neigh("10.1.2.9", "w0", MAC_B);
    add_neigh("10.1.0.10", "v0", MAC_A);
    add_neigh("fd00:0:1::9", "v0", MAC_A);
    add_neigh("fd00:0:1::9", "w0", MAC_B);
    add_neigh("fd00:0:2::9", "v0", MAC_A);
    add_neigh("fd00:0:2::9", "w0", MAC_B);
    settle();
    MAC_IS("10.1.0.9", NULL, MAC_B);
    MAC_IS("10.1.0.9", "v0", MAC_A);
    MAC_IS("10.1.0.9", "w0", MAC_B);
    MAC_IS("10.2.0.9", NULL, MAC_A);
    MAC_IS("10.1.2.9", NULL, MAC_A);
    FAILS("10.1.0.10", NULL, -ENOENT); /* only off-link addresses use the gateway */
    MAC_IS("10.1.0.10", "v0", MAC_A);
    MAC_IS("fd00:0:1::9", NULL, MAC_B);
    MAC_IS("fd00:0:1::9", "v0", MAC_A);
    MAC_IS("fd00:0:2::9", NULL, MAC_A);
    NEIGH_IS("10.1.0.9", 0, "10.1.0.9", "w0", MAC_B, 0);
}

static void test_small_prefixes(void **state)
{
    sh("ip addr add 10.6.0.0/31 dev v0; ip addr add 10.7.0.1 peer 10.8.0.1/32 dev w0;"
       "ip addr add 10.9.0.1/32 dev v0; ip route add 10.10.0.0/24 dev w0;"
       "ip addr add 10.12.0.1 peer 10.13.0.0/24 dev v0;"
       "ip addr add fd06::/127 dev v0 nodad; ip addr add fd07::1 peer fd08::1/128 dev w0 nodad;"
       "ip -6 route add fd10::/64 dev w0");
    add_neigh("10.6.0.1", "v0", MAC_A);
    add_neigh("10.8.0.1", "w0", MAC_B);
    add_neigh("10.10.0.5", "w0", MAC_B);
    add_neigh("10.13.0.5", "v0", MAC_A);
    add_neigh("fd06::1", "v0", MAC_A);
    add_neigh("fd08::1", "w0", MAC_B);
    add_neigh("fd10::5", "w0", MAC_B);
    settle();
    MAC_IS("10.6.0.0", NULL, MAC_V0);
    MAC_IS("10.6.0.1", NULL, MAC_A);
    FAILS("10.6.0.2", NULL, -ENETUNREACH);
    MAC_IS("10.7.0.1", NULL, MAC_W0);
    MAC_IS("10.8.0.1", NULL, MAC_B);
    FAILS("10.7.0.2", NULL, -ENETUNREACH);
    FAILS("10.8.0.2", NULL, -ENETUNREACH);
    MAC_IS("10.9.0.1", NULL, MAC_V0);
    FAILS("10.9.0.2", NULL, -ENETUNREACH);
    MAC_IS("10.10.0.5", NULL, MAC_B);
    FAILS("10.10.0.6", NULL, -ENOENT);
    MAC_IS("10.13.0.5", NULL, MAC_A);
    FAILS("10.12.0.2", NULL, -ENETUNREACH);
    MAC_IS("fd06::1", NULL, MAC_A);
    MAC_IS("fd07::1", NULL, MAC_W0);
    MAC_IS("fd08::1", NULL, MAC_B);
    MAC_IS("fd10::5", NULL, MAC_B);
    FAILS("fd10::6", NULL, -ENOENT);
    FAILS("fd11::6", NULL, -ENETUNREACH);
}

static void test_equal_prefixes(void **state)
{
    sh("ip addr add 10.1.0.1/24 dev v0 metric 200; ip addr add 10.1.0.2/24 dev w0 metric 100;"
       "ip addr add fd01::1/64 dev v0 nodad metric 200;"
       "ip addr add fd01::2/64 dev w0 nodad metric 100");
    add_neigh("10.1.0.9", "v0", MAC_A);
    add_neigh("10.1.0.9", "w0", MAC_B);
    add_neigh("fd01::9", "v0", MAC_A);
    add_neigh("fd01::9", "w0", MAC_B);
    settle();
    MAC_IS("10.1.0.9", NULL, MAC_B);
    MAC_IS("fd01::9", NULL, MAC_B);
    MAC_IS("10.1.0.1", NULL, MAC_V0);
    MAC_IS("10.1.0.2", NULL, MAC_W0);
    sh("ip addr change 10.1.0.1/24 dev v0 metric 50; ip addr change fd01::1/64 dev v0 metric 50");
    settle();
    MAC_IS("10.1.0.9", NULL, MAC_A);
    MAC_IS("fd01::9", NULL, MAC_A);
}

static void test_no_prefix_route(void **state)
{
    sh("ip addr add 10.6.0.1/24 dev v0 noprefixroute;"
       "ip addr add fd06::1/64 dev v0 noprefixroute nodad");
    add_neigh("10.6.0.2", "v0", MAC_A);
    add_neigh("10.6.0.2", "w0", MAC_B);
    add_neigh("fd06::2", "v0", MAC_A);
    add_neigh("fd06::2", "w0", MAC_B);
    settle();
    MAC_IS("10.6.0.1", NULL, MAC_V0);
    FAILS("10.6.0.2", NULL, -ENETUNREACH);
    FAILS("fd06::2", NULL, -ENETUNREACH);
    MAC_IS("10.6.0.2", "v0", MAC_A);
    sh("ip route add 10.6.0.0/24 dev w0; ip -6 route add fd06::/64 dev w0");
    MAC_IS("10.6.0.2", NULL, MAC_B);
    MAC_IS("fd06::2", NULL, MAC_B);
}

/* ---- Names ---- */

static void test_names(void **state)
{
    sh("ip addr add 10.1.0.1/24 dev v0; ip addr add 10.5.0.1/24 dev v0 label v0:1;"
       "ip link property add dev v0 altname uplink;"
       "ip addr add fe80::1/64 dev v0 nodad");
    add_neigh("10.5.0.2", "v0", MAC_A);
    add_neigh("fe80::9", "v0", MAC_B);
    settle();
    MAC_IS("10.5.0.1", NULL, MAC_V0);
    MAC_IS("10.5.0.2", NULL, MAC_A);
    MAC_IS("10.5.0.2", "v0", MAC_A);
    expect_text(__LINE__, "10.5.0.1", "v0:1", 0, MAC_V0);
    expect_text(__LINE__, "10.5.0.2", "v0:1", 0, MAC_A);
    expect_text(__LINE__, "10.5.0.2", "uplink", 0, MAC_A);
    expect_text(__LINE__, "10.5.0.2", "w0", -ENOENT, NULL);
    expect_text(__LINE__, "10.5.0.2", "nosuch", -ENODEV, NULL);
    expect_text(__LINE__, "10.5.0.2", "v0:2", -ENODEV, NULL);
    expect_text(__LINE__, "10.5.0.2", "a-name-of-more-than-fifteen-characters", -ENODEV, NULL);
    expect_text(__LINE__, "10.5.0.2", "", -EINVAL, NULL);
    expect_text(__LINE__, "10.5.0.2 ", "v0", -EINVAL, NULL);
    expect_text(__LINE__, "10.5.0", NULL, -EINVAL, NULL);
    expect_text(__LINE__, "", NULL, -EINVAL, NULL);
    expect_text(__LINE__, "fe80::9%v0", NULL, 0, MAC_B);
    expect_text(__LINE__, "fe80::9%uplink", NULL, 0, MAC_B);
    expect_text(__LINE__, "fe80::9%v0", "uplink", 0, MAC_B);
    expect_text(__LINE__, "fe80::9%v0", "w0", -EINVAL, NULL);
    expect_text(__LINE__, "fe80::9%nosuch", NULL, -ENODEV, NULL);
}

/* ---- The routing decision ---- */

static void test_policy_rule(void **state)
{
    sh("ip addr add 10.1.0.1/24 dev v0; ip addr add 10.2.0.1/24 dev w0;"
       "ip route add 10.1.0.0/24 dev w0 table 100;"
       "ip addr add fd01::1/64 dev v0 nodad; ip -6 route add fd01::/64 dev w0 table 100");
    add_neigh("10.1.0.9", "v0", MAC_A);
    add_neigh("10.1.0.9", "w0", MAC_B);
    add_neigh("10.2.0.9", "w0", MAC_B);
    add_neigh("fd01::9", "v0", MAC_A);
    add_neigh("fd01::9", "w0", MAC_B);
    settle();
    MAC_IS("10.1.0.9", NULL, MAC_A);
    sh("ip rule add to 10.1.0.0/24 lookup 100 pref 1000");
    settle();
    MAC_IS("10.1.0.9", NULL, MAC_B);
    MAC_IS("10.1.0.9", "v0", MAC_A);
    MAC_IS("10.2.0.9", NULL, MAC_B);
    MAC_IS("10.1.0.1", NULL, MAC_V0);
    sh("ip rule del pref 1000");
    settle();
    MAC_IS("10.1.0.9", NULL, MAC_A);
    MAC_IS("fd01::9", NULL, MAC_A);
    sh("ip -6 rule add to fd01::/64 lookup 100 pref 1000");
    settle();
    MAC_IS("fd01::9", NULL, MAC_B);
    sh("ip -6 rule del pref 1000");
    settle();
    MAC_IS("fd01::9", NULL, MAC_A);
    /* The handle is opened while the rule exists. */
    sh("ip rule add to 10.1.0.0/24 lookup 100 pref 1000");
    arpq_close(h);
    assert_int_equal(arpq_open(&h, NULL), 0);
    MAC_IS("10.1.0.9", NULL, MAC_B);
}

static void test_refusing_routes(void **state)
{
    static const char *const refused[] = {"10.20.0.5", "10.21.0.5", "10.22.0.5",
                                          "10.23.0.5", "fd20::5",   "fd21::5",
                                          "fd22::5",   "192.0.2.5", "2001:db8::5"};

    sh("ip addr add 10.1.0.1/24 dev v0; ip addr add fd01::1/64 dev v0 nodad;"
       "ip route add blackhole 10.20.0.0/24; ip route add unreachable 10.21.0.0/24;"
       "ip route add prohibit 10.22.0.0/24; ip route add throw 10.23.0.0/24;"
       "ip -6 route add blackhole fd20::/64; ip -6 route add unreachable fd21::/64;"
       "ip -6 route add prohibit fd22::/64");
    settle();
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        FAILS(refused[i], NULL, -ENETUNREACH);
        NO_NEIGH(refused[i], 0, -ENETUNREACH);
        NO_NEIGH(refused[i], ARPQ_LOOKUP_VIA_GATEWAY, -ENETUNREACH);
    }
}

static void test_gateways(void **state)
{
    sh("ip addr add 10.1.0.1/24 dev v0; ip addr add fd01::1/64 dev v0 nodad;"
       "ip addr add fe80::1/64 dev w0 nodad;"
       "ip route add default via 10.1.0.254; ip route add 10.70.0.0/16 via 10.1.0.253;"
       "ip route add 10.77.0.0/16 via inet6 fe80::9 dev w0;"
       "ip route add 10.78.0.0/16 via inet6 fd01::fe dev v0;"
       "ip -6 route add default via fd01::fe; ip -6 route add fd77::/64 via fe80::9 dev w0");
    add_neigh("10.1.0.254", "v0", MAC_A);
    add_neigh("10.1.0.2", "v0", MAC_B);
    add_neigh("fd01::fe", "v0", MAC_A);
    add_neigh("fe80::9", "w0", MAC_B);
    settle();
    FAILS("192.0.2.5", NULL, -ENETUNREACH);
    FAILS("10.77.0.1", NULL, -ENETUNREACH);
    FAILS("2001:db8::1", NULL, -ENETUNREACH);
    NO_NEIGH("192.0.2.5", 0, -ENETUNREACH);
    NEIGH_IS("192.0.2.5", ARPQ_LOOKUP_VIA_GATEWAY, "10.1.0.254", "v0", MAC_A, ARPQ_NEIGH_GATEWAY);
    NEIGH_IS("10.77.0.1", ARPQ_LOOKUP_VIA_GATEWAY, "fe80::9%w0", "w0", MAC_B, ARPQ_NEIGH_GATEWAY);
    NEIGH_IS("10.78.0.1", ARPQ_LOOKUP_VIA_GATEWAY, "fd01::fe", "v0", MAC_A, ARPQ_NEIGH_GATEWAY);
    NEIGH_IS("2001:db8::1", ARPQ_LOOKUP_VIA_GATEWAY, "fd01::fe", "v0", MAC_A, ARPQ_NEIGH_GATEWAY);
    NEIGH_IS("fd77::1", ARPQ_LOOKUP_VIA_GATEWAY, "fe80::9%w0", "w0", MAC_B, ARPQ_NEIGH_GATEWAY);
    NEIGH_IS("10.1.0.2", ARPQ_LOOKUP_VIA_GATEWAY, "10.1.0.2", "v0", MAC_B, 0);
    NEIGH_IS("10.1.0.1", ARPQ_LOOKUP_VIA_GATEWAY, "10.1.0.1", "v0", MAC_V0, ARPQ_NEIGH_LOCAL);
    NO_NEIGH("10.70.0.1", ARPQ_LOOKUP_VIA_GATEWAY, -ENOENT);
    NO_NEIGH("192.0.2.5", 0x8u, -EINVAL);
    NO_NEIGH("192.0.2.5", 0x80000000u, -EINVAL);

    lookup_flags = ARPQ_LOOKUP_VIA_GATEWAY;
    MAC_IS("192.0.2.5", NULL, MAC_A);
    MAC_IS("192.0.2.5", "v0", MAC_A);
    MAC_IS("10.77.0.1", NULL, MAC_B);
    MAC_IS("10.78.0.1", NULL, MAC_A);
    MAC_IS("2001:db8::1", NULL, MAC_A);
    MAC_IS("fd77::1", NULL, MAC_B);
    MAC_IS("10.1.0.2", NULL, MAC_B);
    FAILS("10.70.0.1", NULL, -ENOENT);
    sh("ip neigh replace 10.1.0.253 dev v0 nud incomplete");
    FAILS("10.70.0.1", NULL, -EAGAIN);
    sh("ip neigh replace 10.1.0.253 dev v0 nud failed");
    FAILS("10.70.0.1", NULL, -EHOSTUNREACH);
    sh("ip route del default");
    settle();
    FAILS("192.0.2.5", NULL, -ENETUNREACH);
}

/* Looks up until the code is as wanted. Fails if that takes longer than the library remembers a
 * decision. */
static void expect_within_second(const char *text, int code)
{
    const struct arpq_ip ip = ip_of(text);
    const uint64_t began_ms = now_ms();
    struct arpq_mac mac;

    while (arpq_lookup(h, &ip, 0, 0, &mac) != code) {
        assert_true(now_ms() - began_ms < 1000 + 500 * slowness());
        sleep_ms(2);
    }
}

/* The kernel falls back to a shorter IPv6 prefix while the gateway of the longer one does not answer.
 * No event announces the other decision. */
static void test_unreachable_gateway(void **state)
{
    sh("ip addr add fd01::2/62 dev v0 nodad; ip addr add fd09::2/64 dev w0 nodad;"
       "ip -6 route add fd01:0:0:2::/64 via fd09::8 dev w0");
    settle();
    FAILS("fd01:0:0:2::58", NULL, -ENETUNREACH);
    sh("ip neigh replace fd09::8 dev w0 nud failed");
    expect_within_second("fd01:0:0:2::58", -ENOENT);
    sh("ip neigh replace fd09::8 dev w0 lladdr " MAC_B " nud permanent");
    expect_within_second("fd01:0:0:2::58", -ENETUNREACH);
}

/* ---- Link-local ---- */

static void test_link_local(void **state)
{
    struct arpq_ip ip = ip_of("fe80::9");

    sh("ip addr add fe80::a/64 dev v0 nodad");
    add_neigh("fe80::9", "v0", MAC_A);
    add_neigh("fe80::9", "w0", MAC_B);
    sh("sysctl -qw net.ipv6.conf.v0p.disable_ipv6=1 net.ipv6.conf.w0p.disable_ipv6=1");
    settle();
    MAC_IS("fe80::9", NULL, MAC_A); /* only v0 has link-local addresses */
    NEIGH_IS("fe80::9", 0, "fe80::9%v0", "v0", MAC_A, 0);
    sh("ip addr add fe80::b/64 dev w0 nodad");
    settle();
    FAILS("fe80::9", NULL, -EINVAL);
    NO_NEIGH("fe80::9", 0, -EINVAL);
    MAC_IS("fe80::9%v0", NULL, MAC_A);
    MAC_IS("fe80::9%w0", NULL, MAC_B);
    MAC_IS("fe80::9", "v0", MAC_A);
    MAC_IS("fe80::9", "w0", MAC_B);
    MAC_IS("fe80::9%v0", "v0", MAC_A);
    FAILS("fe80::9%v0", "w0", -EINVAL);
    FAILS("fe80::9%w0", "v0", -EINVAL);
    FAILS("fe80::8%w0", NULL, -ENOENT);
    NEIGH_IS("fe80::9%w0", 0, "fe80::9%w0", "w0", MAC_B, 0);
    MAC_IS("fe80::a%v0", NULL, MAC_V0);
    MAC_IS("fe80::b%w0", NULL, MAC_W0);
    NEIGH_IS("fe80::b%w0", 0, "fe80::b%w0", "w0", MAC_W0, ARPQ_NEIGH_LOCAL);
    /* Both links have the same own address. Each link has its own MAC. */
    sh("ip addr add fe80::c/64 dev v0 nodad; ip addr add fe80::c/64 dev w0 nodad");
    settle();
    MAC_IS("fe80::c%v0", NULL, MAC_V0);
    MAC_IS("fe80::c%w0", NULL, MAC_W0);
    ip.scope = 4000000;
    expect_ip(__LINE__, &ip, 0, -ENODEV, NULL);
    ip.scope = 0x80000000u;
    expect_ip(__LINE__, &ip, 0, -EINVAL, NULL);
    sh("ip addr flush dev w0");
    settle();
    MAC_IS("fe80::9", NULL, MAC_A);
}

static void test_no_link_local(void **state)
{
    sh("ip addr add 10.1.0.1/24 dev v0");
    settle();
    FAILS("fe80::9", NULL, -ENETUNREACH);
}

/* ---- Interfaces that are not there ---- */

static void test_interface_down(void **state)
{
    sh("ip addr add 10.1.0.1/24 dev v0; ip addr add fd01::1/64 dev v0 nodad");
    add_neigh("10.1.0.2", "v0", MAC_A);
    add_neigh("fd01::2", "v0", MAC_A);
    settle();
    MAC_IS("10.1.0.2", NULL, MAC_A);
    MAC_IS("fd01::2", NULL, MAC_A);
    sh("ip link set v0 down");
    settle();
    FAILS("10.1.0.2", NULL, -ENETUNREACH);
    FAILS("fd01::2", NULL, -ENETUNREACH);
    FAILS("10.1.0.2", "v0", -ENOENT);
    sh("ip link set v0 up");
    add_neigh("10.1.0.2", "v0", MAC_B);
    settle();
    MAC_IS("10.1.0.2", NULL, MAC_B);
    sh("ip link del v0");
    settle();
    FAILS("10.1.0.2", NULL, -ENETUNREACH);
}

static void test_wrong_arguments(void **state)
{
    struct arpq_ip ip = ip_of("10.1.0.2");
    struct arpq_mac mac;

    sh("ip addr add 10.1.0.1/24 dev v0");
    add_neigh("10.1.0.2", "v0", MAC_A);
    settle();
    expect_ip(__LINE__, &ip, 4000000, -ENODEV, NULL);
    expect_ip(__LINE__, &ip, 0x80000000u, -EINVAL, NULL);
    FAILS("0.0.0.0", NULL, -EINVAL);
    FAILS("0.0.0.0", "v0", -EINVAL);
    FAILS("::", NULL, -EINVAL);
    FAILS("::ffff:0.0.0.0", NULL, -EINVAL);
    MAC_IS("::ffff:10.1.0.2", NULL, MAC_A);
    MAC_IS("::ffff:10.1.0.2", "v0", MAC_A);
    MAC_IS("::ffff:10.1.0.1", NULL, MAC_V0);
    NEIGH_IS("::ffff:10.1.0.2", 0, "10.1.0.2", "v0", MAC_A, 0);
    ip.family = 0;
    expect_ip(__LINE__, &ip, 0, -EAFNOSUPPORT, NULL);
    ip.family = AF_UNIX;
    expect_ip(__LINE__, &ip, 0, -EAFNOSUPPORT, NULL);
    ip.family = AF_INET;
    memset(&mac, 0xa5, sizeof mac);
    assert_int_equal(arpq_lookup(NULL, &ip, 0, 0, &mac), -EINVAL);
    assert_true(is_all_zero(&mac, sizeof mac));
    memset(&mac, 0xa5, sizeof mac);
    assert_int_equal(arpq_lookup(h, NULL, 0, 0, &mac), -EINVAL);
    assert_true(is_all_zero(&mac, sizeof mac));
    assert_int_equal(arpq_lookup(h, &ip, 0, 0, NULL), -EINVAL);
    assert_int_equal(arpq_neigh_get(h, &ip, 0, 0, NULL), -EINVAL);
    assert_int_equal(arpq_lookup_text(h, NULL, NULL, 0, &mac), -EINVAL);
    /* A failed call leaves the handle usable. */
    MAC_IS("10.1.0.2", NULL, MAC_A);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_own_addresses),
        TEST_FIXTURE(test_groups),
        TEST_FIXTURE(test_broadcasts),
        TEST_FIXTURE(test_routes_of_groups),
        TEST_FIXTURE(test_longest_prefix),
        TEST_FIXTURE(test_small_prefixes),
        TEST_FIXTURE(test_equal_prefixes),
        TEST_FIXTURE(test_no_prefix_route),
        TEST_FIXTURE(test_names),
        TEST_FIXTURE(test_policy_rule),
        TEST_FIXTURE(test_refusing_routes),
        TEST_FIXTURE(test_gateways),
        TEST_FIXTURE(test_unreachable_gateway),
        TEST_FIXTURE(test_link_local),
        TEST_FIXTURE(test_no_link_local),
        TEST_FIXTURE(test_interface_down),
        TEST_FIXTURE(test_wrong_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

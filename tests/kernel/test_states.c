/* SPDX-License-Identifier: MIT */
/* The library's answers for a neighbour entry in every state, on every kind of link. */
#include "test.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <time.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/tun.h"
#include "process.h"

#define TYPE_IEEE802154 804 /* ARPHRD_IEEE802154: 8-byte addresses */
#define TYPE_IP6GRE 823     /* ARPHRD_IP6GRE: 16-byte addresses */

static int set_up(void **state)
{
    return fixture_set_up(state);
}

static void check_mac(int line, const char *what, int code, const struct arpq_mac *mac,
                      int want_code, const char *want_mac, uint16_t want_type)
{
    struct arpq_mac want;
    char text[ARPQ_MAC_STRLEN];

    memset(&want, 0, sizeof want);
    if (want_mac) {
        want = mac_of(want_mac);
        want.type = want_type;
    }
    if (code == want_code && memcmp(&want, mac, sizeof want) == 0)
        return;
    fprintf(stderr, "%s:%d: %s: got %d (%s) \"%s\" type %u, want %d (%s) \"%s\" type %u\n",
            __FILE__, line, what, code, arpq_strerror(code),
            arpq_mac_format(mac, 0, text, sizeof text), mac->type, want_code,
            arpq_strerror(want_code), want_mac ? want_mac : "", want_type);
    fail();
}

/* Call arpq_lookup twice: the caller names the interface, then the library chooses it. */
static void expect_lookup(int line, const char *text, const char *dev, int code, const char *mac,
                          uint16_t type)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_mac got;

    memset(&got, 0xa5, sizeof got);
    check_mac(line, text, arpq_lookup(h, &ip, ifindex_of(dev), 0, &got), &got, code, mac, type);
    memset(&got, 0xa5, sizeof got);
    check_mac(line, text, arpq_lookup(h, &ip, 0, 0, &got), &got, code, mac, type);
}

static struct arpq_neigh get_neigh(int line, const char *text, const char *dev, uint32_t state,
                                   const char *mac, uint16_t type)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_neigh neigh;
    int code;

    memset(&neigh, 0xa5, sizeof neigh);
    code = arpq_neigh_get(h, &ip, ifindex_of(dev), 0, &neigh);
    /* The type of the link is set even if the entry has no MAC yet. */
    if (!mac)
        neigh.mac.type = 0;
    check_mac(line, text, code, &neigh.mac, 0, mac, type);
    if (neigh.state != state) {
        fprintf(stderr, "%s:%d: %s: state %#x, want %s\n", __FILE__, line, text, neigh.state,
                arpq_name(ARPQ_NAMES_STATE, state));
        fail();
    }
    assert_int_equal(arpq_ip_compare(&neigh.ip, &ip), 0);
    assert_int_equal(neigh.ifindex, ifindex_of(dev));
    assert_true(is_all_zero(neigh.reserved, sizeof neigh.reserved));
    assert_int_equal(neigh.reserved16, 0);
    return neigh;
}

static void expect_no_neigh(int line, const char *text, const char *dev, int want)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_neigh neigh;
    int code;

    memset(&neigh, 0xa5, sizeof neigh);
    code = arpq_neigh_get(h, &ip, ifindex_of(dev), 0, &neigh);
    if (code != want || !is_all_zero(&neigh, sizeof neigh)) {
        fprintf(stderr, "%s:%d: neigh_get %s: %d, want %d, zeroed\n", __FILE__, line, text, code,
                want);
        fail();
    }
}

#define MAC_IS(ip, dev, mac) expect_lookup(__LINE__, ip, dev, 0, mac, ARPHRD_ETHER)
#define FAILS(ip, dev, code) expect_lookup(__LINE__, ip, dev, code, NULL, 0)
#define NEIGH(ip, dev, state, mac) get_neigh(__LINE__, ip, dev, state, mac, ARPHRD_ETHER)
#define NO_NEIGH(ip, dev, code) expect_no_neigh(__LINE__, ip, dev, code)

/* ---- States ---- */

static const char *const keys[] = {"10.1.0.9", "fd01::9"};

#define FOR_EACH_KEY(key) for (const char *const *key = keys; key < keys + 2; key++)

static void test_valid_states(void **state)
{
    static const struct {
        const char *nud;
        uint32_t state;
    } states[] = {
        {"reachable", ARPQ_STATE_REACHABLE}, {"stale", ARPQ_STATE_STALE},
        {"probe", ARPQ_STATE_PROBE},         {"permanent", ARPQ_STATE_PERMANENT},
        {"noarp", ARPQ_STATE_NOARP},
    };

    FOR_EACH_KEY(key)
    {
        for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
            sh("ip neigh replace %s dev v0 lladdr " MAC_A " nud %s", *key, states[i].nud);
            MAC_IS(*key, "v0", MAC_A);
            NEIGH(*key, "v0", states[i].state, MAC_A);
            sh("ip neigh del %s dev v0", *key);
        }
    }
}

/* The kernel's timer moves a DELAY entry to PROBE at once. The library may return either state, but
 * always the same MAC. */
static void test_delayed(void **state)
{
    FOR_EACH_KEY(key)
    {
        sh("ip neigh replace %s dev v0 lladdr " MAC_A " nud delay", *key);
        MAC_IS(*key, "v0", MAC_A);
        sh("ip neigh del %s dev v0", *key);
    }
}

static void test_incomplete(void **state)
{
    FOR_EACH_KEY(key)
    {
        sh("ip neigh replace %s dev v0 nud incomplete", *key);
        FAILS(*key, "v0", -EAGAIN);
        NEIGH(*key, "v0", ARPQ_STATE_INCOMPLETE, NULL);
    }
}

static void test_failed(void **state)
{
    FOR_EACH_KEY(key)
    {
        sh("ip neigh replace %s dev v0 lladdr " MAC_A " nud reachable", *key);
        MAC_IS(*key, "v0", MAC_A);
        /* The kernel keeps the bytes of the old MAC in the entry. */
        sh("ip neigh replace %s dev v0 nud failed", *key);
        FAILS(*key, "v0", -EHOSTUNREACH);
        NEIGH(*key, "v0", ARPQ_STATE_FAILED, NULL);
        sh("ip neigh replace %s dev v0 lladdr " MAC_B " nud stale", *key);
        MAC_IS(*key, "v0", MAC_B);
    }
}

static void test_none_and_absent(void **state)
{
    FOR_EACH_KEY(key)
    {
        FAILS(*key, "v0", -ENOENT);
        NO_NEIGH(*key, "v0", -ENOENT);
        sh("ip neigh replace %s dev v0 nud none", *key);
        FAILS(*key, "v0", -ENOENT);
        NEIGH(*key, "v0", ARPQ_STATE_NONE, NULL);
        sh("ip neigh replace %s dev v0 lladdr " MAC_A " nud reachable", *key);
        MAC_IS(*key, "v0", MAC_A);
        sh("ip neigh del %s dev v0", *key);
        FAILS(*key, "v0", -ENOENT);
    }
}

static void test_proxies(void **state)
{
    FOR_EACH_KEY(key)
    {
        sh("ip neigh add proxy %s dev v0", *key);
        FAILS(*key, "v0", -ENOENT);
        NO_NEIGH(*key, "v0", -ENOENT);
    }
}

/* ---- Links ---- */

static void test_kinds_of_links(void **state)
{
    static const char *const devices[] = {"br0", "mv0", "vx0"};
    char key[64];

    sh("ip link add br0 type bridge; ip link add b1 type veth peer name b1p;"
       "ip link set b1 master br0; ip link set b1 up; ip link set b1p up;"
       "ip link add mv0 link v0 type macvlan mode bridge;"
       "ip link add vx0 type vxlan id 42 dev v0 dstport 4789 local 10.1.0.1");
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        const char *dev = devices[i];
        unsigned n = 20 + (unsigned)i;

        sh("ip link set %s addrgenmode none; ip link set %s up;"
           "ip addr add 10.%u.0.1/24 dev %s; ip addr add fd%u::1/64 dev %s nodad;"
           "ip neigh replace 10.%u.0.9 dev %s lladdr " MAC_A " nud permanent;"
           "ip neigh replace fd%u::9 dev %s lladdr " MAC_B " nud permanent",
           dev, dev, n, dev, n, dev, n, dev, n, dev);
    }
    settle();
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        unsigned n = 20 + (unsigned)i;

        snprintf(key, sizeof key, "10.%u.0.9", n);
        MAC_IS(key, devices[i], MAC_A);
        NEIGH(key, devices[i], ARPQ_STATE_PERMANENT, MAC_A);
        snprintf(key, sizeof key, "fd%u::9", n);
        MAC_IS(key, devices[i], MAC_B);
        snprintf(key, sizeof key, "10.%u.0.8", n);
        FAILS(key, devices[i], -ENOENT);
    }
}

static void test_long_addresses(void **state)
{
    static const char eight[] = "02:00:00:00:00:00:0a:08";
    static const char sixteen[] = "02:00:00:00:00:00:0a:08:09:0a:0b:0c:0d:0e:0f:10";
    int tap8 = open_tun("tap8", IFF_TAP, TYPE_IEEE802154);
    int tap16 = open_tun("tap16", IFF_TAP, TYPE_IP6GRE);

    sh("ip link set tap8 up; ip addr add 10.8.0.1/24 dev tap8;"
       "ip link set tap16 up; ip addr add 10.16.0.1/24 dev tap16;"
       "ip neigh replace 10.8.0.9 dev tap8 lladdr %s nud permanent;"
       "ip neigh replace 10.16.0.9 dev tap16 lladdr %s nud permanent;"
       "ip neigh replace 10.16.0.8 dev tap16 nud incomplete",
       eight, sixteen);
    settle();
    expect_lookup(__LINE__, "10.8.0.9", "tap8", 0, eight, TYPE_IEEE802154);
    get_neigh(__LINE__, "10.8.0.9", "tap8", ARPQ_STATE_PERMANENT, eight, TYPE_IEEE802154);
    expect_lookup(__LINE__, "10.16.0.9", "tap16", 0, sixteen, TYPE_IP6GRE);
    get_neigh(__LINE__, "10.16.0.9", "tap16", ARPQ_STATE_PERMANENT, sixteen, TYPE_IP6GRE);
    FAILS("10.16.0.8", "tap16", -EAGAIN);
    FAILS("10.8.0.8", "tap8", -ENOENT);
    FAILS("10.16.0.7", "tap16", -ENOENT);
    close(tap8);
    close(tap16);
}

static void test_without_addresses(void **state)
{
    int tun = open_tun("tun0", IFF_TUN, TUN_KEEPS_TYPE);

    sh("ip link set tun0 up; ip addr add 10.30.0.1/24 dev tun0;"
       "ip addr add fd30::1/64 dev tun0 nodad");
    settle();
    FAILS("10.30.0.9", "tun0", -EOPNOTSUPP);
    FAILS("fd30::9", "tun0", -EOPNOTSUPP);
    FAILS("10.30.0.1", "tun0", -EOPNOTSUPP);
    close(tun);
}

/* ---- The whole entry ---- */

static void test_flags_and_protocol(void **state)
{
    struct arpq_neigh neigh;

    sh("ip neigh replace 10.1.0.10 dev v0 lladdr " MAC_A " nud stale extern_learn;"
       "ip neigh replace fd01::10 dev v0 lladdr " MAC_A " nud stale router;"
       "ip neigh replace 10.1.0.11 dev v0 lladdr " MAC_A " nud permanent protocol 186;"
       "ip neigh replace 10.1.0.12 dev v0 lladdr " MAC_A " nud reachable;"
       "ip neigh replace 10.1.0.13 dev v0 managed extern_learn");
    neigh = NEIGH("10.1.0.10", "v0", ARPQ_STATE_STALE, MAC_A);
    assert_int_equal(neigh.flags, ARPQ_NEIGH_EXT_LEARNED);
    neigh = NEIGH("fd01::10", "v0", ARPQ_STATE_STALE, MAC_A);
    assert_int_equal(neigh.flags, ARPQ_NEIGH_ROUTER);
    neigh = NEIGH("10.1.0.11", "v0", ARPQ_STATE_PERMANENT, MAC_A);
    assert_int_equal(neigh.protocol, 186);
    assert_int_equal(neigh.flags, 0);
    neigh = NEIGH("10.1.0.12", "v0", ARPQ_STATE_REACHABLE, MAC_A);
    assert_int_equal(neigh.protocol, 0);
    assert_int_equal(neigh.flags, 0);
    assert_int_equal(neigh.type, 1); /* RTN_UNICAST */
    assert_int_equal(neigh.probes, 0);
    assert_true(neigh.refcount < 16);
    if (!can_manage()) {
        report_not_runnable("the last lines of test_flags_and_protocol", MANAGES_NOTHING);
        return;
    }
    neigh = NEIGH("10.1.0.13", "v0", ARPQ_STATE_INCOMPLETE, NULL);
    assert_int_equal(neigh.flags, ARPQ_NEIGH_MANAGED | ARPQ_NEIGH_EXT_LEARNED);
}

static void test_ages(void **state)
{
    const struct timespec pause_between = {0, 300000000};
    struct arpq_neigh before;
    struct arpq_neigh after;

    FOR_EACH_KEY(key)
    {
        sh("ip neigh replace %s dev v0 lladdr " MAC_A " nud reachable", *key);
        before = NEIGH(*key, "v0", ARPQ_STATE_REACHABLE, MAC_A);
        assert_true(before.confirmed_ms < 2000);
        assert_true(before.updated_ms < 2000);
        nanosleep(&pause_between, NULL);
        after = NEIGH(*key, "v0", ARPQ_STATE_REACHABLE, MAC_A);
        assert_between(after.confirmed_ms - before.confirmed_ms, 250, 2000);
        assert_between(after.updated_ms - before.updated_ms, 250, 2000);
        assert_between(after.used_ms - before.used_ms, 250, 2000);
    }
}

/* ---- Many addresses at once ---- */

static void test_many(void **state)
{
    static const struct {
        const char *ip;
        const char *entry; /* the arguments of ip neigh replace, or NULL */
        int code;
        const char *mac;
        uint8_t origin;
    } rows[] = {
        {"10.1.0.20", "lladdr " MAC_A " nud stale", 0, MAC_A, 0},
        {"10.1.0.21", "nud incomplete", -EAGAIN, NULL, 0},
        {"10.1.0.22", NULL, -ENOENT, NULL, 0},
        {"fd01::20", "lladdr " MAC_B " nud permanent", 0, MAC_B, 0},
        {"192.0.2.1", NULL, -ENETUNREACH, NULL, 0},
        {"10.1.0.1", NULL, 0, MAC_V0, ARPQ_ORIGIN_LOCAL},
        {"10.1.0.255", NULL, 0, "ff:ff:ff:ff:ff:ff", ARPQ_ORIGIN_BROADCAST},
        {"0.0.0.0", NULL, -EINVAL, NULL, 0},
        {"10.1.0.23", "nud failed", -EHOSTUNREACH, NULL, 0},
        {"fd01::21", "nud failed", -EHOSTUNREACH, NULL, 0},
        {"10.1.0.24", "lladdr " MAC_B " nud noarp", 0, MAC_B, 0},
        {"ff02::fb", NULL, 0, "33:33:00:00:00:fb", ARPQ_ORIGIN_MULTICAST},
    };
    enum { COUNT = sizeof rows / sizeof *rows };
    struct arpq_ip ips[COUNT];
    struct arpq_mac macs[COUNT];
    struct arpq_mac again[COUNT];
    int32_t codes[COUNT];
    int found = 0;

    for (int i = 0; i < COUNT; i++) {
        ips[i] = ip_of(rows[i].ip);
        found += rows[i].code == 0;
        if (rows[i].entry)
            sh("ip neigh replace %s dev v0 %s", rows[i].ip, rows[i].entry);
    }
    settle();
    memset(macs, 0xa5, sizeof macs);
    assert_int_equal(arpq_lookup_many(h, ips, COUNT, 0, 0, macs, codes), found);
    for (int i = 0; i < COUNT; i++) {
        struct arpq_mac mac = macs[i];

        assert_int_equal(mac.origin, rows[i].origin);
        mac.origin = 0;
        check_mac(__LINE__, rows[i].ip, codes[i], &mac, rows[i].code, rows[i].mac,
                  rows[i].mac ? ARPHRD_ETHER : 0);
    }
    memset(again, 0xa5, sizeof again);
    assert_int_equal(arpq_lookup_many(h, ips, COUNT, 0, 0, again, NULL), found);
    assert_memory_equal(again, macs, sizeof macs);

    assert_int_equal(arpq_lookup_many(h, NULL, 0, 0, 0, NULL, NULL), 0);
    assert_int_equal(arpq_lookup_many(h, NULL, 1, 0, 0, macs, codes), -EINVAL);
    assert_int_equal(arpq_lookup_many(h, ips, 1, 0, 0, NULL, codes), -EINVAL);
    assert_int_equal(arpq_lookup_many(h, ips, 0x80000000u, 0, 0, macs, codes), -EINVAL);
    assert_int_equal(arpq_lookup_many(NULL, ips, 1, 0, 0, macs, codes), -EINVAL);
    assert_int_equal(arpq_lookup_many(h, ips, COUNT, 4000000, 0, macs, codes), 0);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(codes[i], i == 7 ? -EINVAL : -ENODEV);
        assert_true(is_all_zero(&macs[i], sizeof macs[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_valid_states),
        TEST_FIXTURE(test_delayed),
        TEST_FIXTURE(test_incomplete),
        TEST_FIXTURE(test_failed),
        TEST_FIXTURE(test_none_and_absent),
        TEST_FIXTURE(test_proxies),
        TEST_FIXTURE(test_kinds_of_links),
        TEST_FIXTURE(test_long_addresses),
        TEST_FIXTURE(test_without_addresses),
        TEST_FIXTURE(test_flags_and_protocol),
        TEST_FIXTURE(test_ages),
        TEST_FIXTURE(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

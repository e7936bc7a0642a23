/* SPDX-License-Identifier: MIT */
/* Entries are created, changed and removed as requested, or not at all. */
#include "test.h"

#include <linux/if_arp.h>
#include <linux/if_tun.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/table.h"
#include "kernel/table_names.h"
#include "kernel/tun.h"
#include "process.h"

#define EITHER 0u
#define PROXY ARPQ_NEIGH_PROXY
#define ALL_PROXIES (ARPQ_NEIGH_DELETE_PROXY | ARPQ_NEIGH_DELETE_NETMASK)

/* Set an entry and return the code; mac and dev may be NULL. */
static int set_whole(const char *ip, const char *dev, const char *mac, uint32_t state,
                     uint32_t neigh_flags, uint8_t protocol, uint32_t flags)
{
    const struct arpq_neigh neigh = {
        .ip = ip_of(ip),
        .mac = mac ? mac_of(mac) : (struct arpq_mac){.length = 0},
        .ifindex = dev ? ifindex_of(dev) : 0,
        .state = state,
        .flags = neigh_flags,
        .protocol = protocol,
    };

    return arpq_neigh_set(h, &neigh, flags);
}

static int set(const char *ip, const char *dev, const char *mac, uint32_t state, uint32_t flags)
{
    return set_whole(ip, dev, mac, state, 0, 0, flags);
}

static int set_proxy(const char *ip, const char *dev, uint32_t flags)
{
    return set_whole(ip, dev, NULL, 0, PROXY, 0, flags);
}

static int remove_entry(const char *ip, const char *dev, uint32_t flags)
{
    const struct arpq_ip value = ip_of(ip);

    return arpq_neigh_delete(h, &value, dev ? ifindex_of(dev) : 0, flags);
}

static struct arpq_neigh get(const char *ip, const char *dev)
{
    const struct arpq_ip value = ip_of(ip);
    struct arpq_neigh neigh;

    assert_int_equal(arpq_neigh_get(h, &value, dev ? ifindex_of(dev) : 0, 0, &neigh), 0);
    return neigh;
}

static void check_table(const char *what, const char *want)
{
    struct arpq_table *table = list(NULL);

    check_names(what, table, want);
    arpq_table_free(table);
}

static void check_proxies(const char *what, const char *want)
{
    struct arpq_table *table = list(FILTER(.flags = ARPQ_FILTER_PROXY));

    check_names(what, table, want);
    arpq_table_free(table);
}

/* ---- Create, replace, either ---- */

static void check_matrix(const char *ip, const char *dev, uint32_t neigh_flags)
{
    uint32_t delete_flags = neigh_flags ? ARPQ_NEIGH_DELETE_PROXY : 0;

#define SET(mac, flags) set_whole(ip, dev, mac, 0, neigh_flags, 0, flags)
    assert_int_equal(SET(MAC_A, ARPQ_NEIGH_SET_REPLACE), -ENOENT);
    check_table(ip, "");
    check_proxies(ip, "");
    assert_int_equal(SET(MAC_A, ARPQ_NEIGH_SET_CREATE), 0);
    assert_int_equal(SET(MAC_B, ARPQ_NEIGH_SET_CREATE), -EEXIST);
    if (!neigh_flags)
        assert_int_equal(get(ip, dev).mac.bytes[5], 0xaa);
    assert_int_equal(SET(MAC_B, ARPQ_NEIGH_SET_REPLACE), 0);
    if (!neigh_flags)
        assert_int_equal(get(ip, dev).mac.bytes[5], 0xbb);
    assert_int_equal(SET(MAC_A, EITHER), 0);
    if (!neigh_flags)
        assert_int_equal(get(ip, dev).mac.bytes[5], 0xaa);
    assert_int_equal(remove_entry(ip, dev, delete_flags), 0);
    assert_int_equal(remove_entry(ip, dev, delete_flags), -ENOENT);
    check_table(ip, "");
    check_proxies(ip, "");
    assert_int_equal(SET(MAC_B, EITHER), 0);
    if (!neigh_flags)
        assert_int_equal(get(ip, dev).mac.bytes[5], 0xbb);
    assert_int_equal(remove_entry(ip, dev, delete_flags), 0);
#undef SET
}

static void test_matrix(void **state)
{
    check_matrix("10.1.0.2", "v0", 0);
    check_matrix("10.1.0.2", NULL, 0);
    check_matrix("::ffff:10.1.0.2", NULL, 0);
    check_matrix("fd01::2", "v0", 0);
    check_matrix("fd01::2", NULL, 0);
    check_matrix("fe80::2", "v0", 0);
    check_matrix("10.1.0.2", "v0", PROXY);
    check_matrix("10.1.0.2", NULL, PROXY);
    check_matrix("fd01::2", "v0", PROXY);
    /* The kernel has no IPv6 proxy entries without a device and returns ENOBUFS. */
    assert_int_equal(set_proxy("fd01::2", NULL, EITHER), -EOPNOTSUPP);
    assert_int_equal(remove_entry("fd01::2", NULL, ARPQ_NEIGH_DELETE_PROXY), -ENOENT);
}

/* A proxy entry that has no device applies to all devices. */
static void test_proxies(void **state)
{
    assert_int_equal(set_proxy("10.1.0.2", NULL, ARPQ_NEIGH_SET_CREATE), 0);
    assert_int_equal(set_proxy("10.1.0.2", "v0", ARPQ_NEIGH_SET_CREATE), -EEXIST);
    /* The kernel makes no other one for an interface, and does not say so. */
    assert_int_equal(set_proxy("10.1.0.2", "v0", EITHER), -EEXIST);
    assert_int_equal(set_proxy("10.1.0.2", "v0", ARPQ_NEIGH_SET_REPLACE), -ENOENT);
    check_proxies("one of every interface", "10.1.0.2@*");
    assert_int_equal(remove_entry("10.1.0.2", "v0", ARPQ_NEIGH_DELETE_PROXY), -ENOENT);
    assert_int_equal(remove_entry("10.1.0.2", NULL, 0), -ENOENT);
    assert_int_equal(remove_entry("10.1.0.2", NULL, ARPQ_NEIGH_DELETE_PROXY), 0);
    assert_int_equal(set_proxy("10.1.0.2", "v0", ARPQ_NEIGH_SET_CREATE), 0);
    assert_int_equal(set_proxy("10.1.0.2", "v0p", ARPQ_NEIGH_SET_CREATE), 0);
    assert_int_equal(set_proxy("10.1.0.2", NULL, ARPQ_NEIGH_SET_REPLACE), -ENOENT);
    assert_int_equal(set_proxy("10.1.0.2", NULL, ARPQ_NEIGH_SET_CREATE), 0);
    check_proxies("one of each", "10.1.0.2@* 10.1.0.2@v0 10.1.0.2@v0p");
    assert_int_equal(set_proxy("10.1.0.2", "v0", ARPQ_NEIGH_SET_REPLACE), 0);
    assert_int_equal(set_proxy("10.1.0.2", "v0p", EITHER), 0);
    assert_int_equal(set_proxy("10.1.0.2", "v0p", ARPQ_NEIGH_SET_CREATE), -EEXIST);
    assert_int_equal(
        set_whole("fd01::2", "v0", NULL, 0, PROXY | ARPQ_NEIGH_ROUTER, 42, ARPQ_NEIGH_SET_CREATE),
        0);
    assert_int_equal(sh_status("ip -d -6 neigh show proxy | grep -q "
                               "'^fd01::2 dev v0 router proxy *proto babel'"),
                     0);
    /* A loss of carrier removes entries that are not permanent. Linux 5.10 removes all. */
    sh("ip link set v0p down");
    if (!kernel_before(6, 1))
        check_proxies("without carrier", "10.1.0.2@* 10.1.0.2@v0 fd01::2@v0");
    check_table("proxies are no entries", "");
    /* An entry without a device would survive its namespace and appear in a later one. */
    assert_int_equal(remove_entry("10.1.0.2", NULL, ARPQ_NEIGH_DELETE_PROXY), 0);
}

static void expect_proxy_arp(char all, char v0, char v1)
{
    char text[64];

    assert_int_equal(sh_read(text, sizeof text,
                             "cat /proc/sys/net/ipv4/conf/all/proxy_arp "
                             "/proc/sys/net/ipv4/conf/v0/proxy_arp "
                             "/proc/sys/net/ipv4/conf/v0p/proxy_arp"),
                     0);
    assert_int_equal(text[0], all);
    assert_int_equal(text[2], v0);
    assert_int_equal(text[4], v1);
}

static void test_proxy_for_all(void **state)
{
    expect_proxy_arp('0', '0', '0');
    assert_int_equal(set_proxy("0.0.0.0", "v0", ARPQ_NEIGH_SET_NETMASK), 0);
    expect_proxy_arp('0', '1', '0');
    assert_int_equal(set_proxy("0.0.0.0", NULL, ARPQ_NEIGH_SET_NETMASK), 0);
    expect_proxy_arp('1', '1', '0');
    assert_int_equal(remove_entry("0.0.0.0", "v0", ALL_PROXIES), 0);
    expect_proxy_arp('1', '0', '0');
    assert_int_equal(remove_entry("0.0.0.0", NULL, ALL_PROXIES), 0);
    expect_proxy_arp('0', '0', '0');
    check_proxies("for all", "");
    assert_int_equal(set_proxy("10.1.0.2", "v0", ARPQ_NEIGH_SET_NETMASK), -EINVAL);
    assert_int_equal(set_proxy("::", "v0", ARPQ_NEIGH_SET_NETMASK), -EINVAL);
    assert_int_equal(set("0.0.0.0", "v0", MAC_A, 0, ARPQ_NEIGH_SET_NETMASK), -EINVAL);
    assert_int_equal(set_proxy("0.0.0.0", "v0", ARPQ_NEIGH_SET_NETMASK | ARPQ_NEIGH_SET_CREATE),
                     -EINVAL);
    assert_int_equal(set_proxy("0.0.0.0", "v0", ARPQ_NEIGH_SET_NETMASK | ARPQ_NEIGH_SET_REPLACE),
                     -EINVAL);
    assert_int_equal(set_proxy("0.0.0.0", "v0", 0), -EADDRNOTAVAIL);
    assert_int_equal(remove_entry("0.0.0.0", "v0", ARPQ_NEIGH_DELETE_NETMASK), -EINVAL);
    assert_int_equal(remove_entry("10.1.0.2", "v0", ALL_PROXIES), -EINVAL);
    expect_proxy_arp('0', '0', '0');
}

/* ---- Every state and flag, as ip shows them ---- */

static void expect_shown(const char *ip, const char *const *words)
{
    char text[1024];

    assert_int_equal(sh_read(text, sizeof text, "ip -d -j neigh show nud all to %s", ip), 0);
    for (; *words; words++)
        if (!strstr(text, *words))
            fail_msg("%s: no %s in %s", ip, *words, text);
}

static void expect_state(const char *ip, const char *name)
{
    char word[64];

    (void)snprintf(word, sizeof word, "\"state\":[\"%s\"]", name);
    expect_shown(ip, (const char *const[]){word, NULL});
}

static void check_states(const char *ip)
{
    static const struct {
        uint32_t state;
        bool mac;
    } rows[] = {
        {ARPQ_STATE_INCOMPLETE, false}, {ARPQ_STATE_FAILED, false},   {ARPQ_STATE_REACHABLE, true},
        {ARPQ_STATE_STALE, true},       {ARPQ_STATE_DELAY, true},     {ARPQ_STATE_PROBE, true},
        {ARPQ_STATE_NOARP, true},       {ARPQ_STATE_PERMANENT, true},
    };

    for (size_t i = 0; i < LENGTH(rows); i++)
        for (size_t from = 0; from <= LENGTH(rows); from++) {
            const char *name = arpq_name(ARPQ_NAMES_STATE, rows[i].state);

            if (from < LENGTH(rows))
                assert_int_equal(set(ip, NULL, rows[from].mac ? MAC_B : NULL, rows[from].state,
                                     ARPQ_NEIGH_SET_INSIST),
                                 0);
            assert_int_equal(
                set(ip, NULL, rows[i].mac ? MAC_A : NULL, rows[i].state, ARPQ_NEIGH_SET_INSIST), 0);
            /* A timer that expires at once turns DELAY into PROBE. */
            if (rows[i].state != ARPQ_STATE_DELAY)
                expect_state(ip, name);
            if (rows[i].mac)
                assert_int_equal(get(ip, NULL).mac.bytes[5], 0xaa);
            assert_int_equal(remove_entry(ip, NULL, 0), 0);
        }
}

static void test_states(void **state)
{
    check_states("10.1.0.2");
    check_states("fd01::2");
}

static void test_state_of_nothing(void **state)
{
    assert_int_equal(set("10.1.0.2", NULL, MAC_A, ARPQ_STATE_NONE, EITHER), 0);
    expect_state("10.1.0.2", "PERMANENT");
    assert_int_equal(set("10.1.0.3", NULL, MAC_A, 3, EITHER), -EINVAL);
    assert_int_equal(set("10.1.0.3", NULL, MAC_A, 0x100, EITHER), -EINVAL);
    assert_int_equal(set("10.1.0.3", NULL, NULL, ARPQ_STATE_NONE, EITHER), -EINVAL);
    assert_int_equal(set("10.1.0.3", NULL, NULL, ARPQ_STATE_STALE, EITHER), -EINVAL);
    assert_int_equal(set("10.1.0.3", NULL, NULL, ARPQ_STATE_NOARP, EITHER), -EINVAL);
    assert_int_equal(set("10.1.0.3", NULL, NULL, ARPQ_STATE_PERMANENT, EITHER), -EINVAL);
    /* The kernel would never resolve such an entry. */
    assert_int_equal(set("10.1.0.3", NULL, NULL, ARPQ_STATE_INCOMPLETE, EITHER), -EADDRNOTAVAIL);
    /* Confirming an unknown address would leave an empty entry. */
    assert_int_equal(set("10.1.0.3", NULL, NULL, ARPQ_STATE_PROBE, EITHER), -ENOENT);
    assert_int_equal(set("10.1.0.3", NULL, NULL, ARPQ_STATE_DELAY, ARPQ_NEIGH_SET_REPLACE),
                     -ENOENT);
    assert_int_equal(set("10.1.0.3", NULL, NULL, ARPQ_STATE_PROBE, ARPQ_NEIGH_SET_CREATE), -EINVAL);
    check_table("nothing was left behind", "10.1.0.2@v0");
    assert_int_equal(set("10.1.0.2", NULL, NULL, ARPQ_STATE_PROBE, EITHER), 0);
    assert_int_equal(get("10.1.0.2", NULL).state, ARPQ_STATE_PROBE);
    assert_int_equal(get("10.1.0.2", NULL).mac.bytes[5], 0xaa);
    assert_int_equal(set("10.1.0.2", NULL, NULL, ARPQ_STATE_FAILED, EITHER), 0);
    assert_string_equal(arpq_detail(h), "");
    assert_int_equal(set("10.1.0.2", NULL, NULL, ARPQ_STATE_PROBE, EITHER), -EINVAL);
    assert_string_equal(arpq_detail(h), "No link layer address given");
    expect_state("10.1.0.2", "FAILED");
    assert_int_equal(set("10.1.0.2", NULL, MAC_A, 0, 0x8000), -EINVAL);
    assert_string_equal(arpq_detail(h), "");
}

static void test_flags(void **state)
{
    static const char *const all[] = {"\"router\":null",
                                      "\"managed\":null",
                                      "\"extern_learn\":null",
                                      "\"state\":[\"REACHABLE\"]",
                                      "\"protocol\":\"babel\"",
                                      "\"lladdr\":\"" MAC_A "\"",
                                      NULL};
    static const char *const asking[] = {"\"managed\":null", "\"state\":[\"INCOMPLETE\"]", NULL};
    static const char *const ips[] = {"10.1.0.2", "fd01::2"};
    struct arpq_neigh neigh;

    if (!can_manage())
        SKIP_NOT_RUNNABLE(MANAGES_NOTHING);
    for (size_t i = 0; i < LENGTH(ips); i++) {
        const uint32_t flags = ARPQ_NEIGH_ROUTER | ARPQ_NEIGH_MANAGED | ARPQ_NEIGH_EXT_LEARNED;

        assert_int_equal(
            set_whole(ips[i], "v0", MAC_A, ARPQ_STATE_REACHABLE, flags, 42, ARPQ_NEIGH_SET_CREATE),
            0);
        expect_shown(ips[i], all);
        /* An entry that was read can be set again. */
        neigh = get(ips[i], "v0");
        assert_int_equal(neigh.flags, flags);
        neigh.flags |= ARPQ_NEIGH_STICKY | ARPQ_NEIGH_OFFLOADED | ARPQ_NEIGH_GATEWAY;
        assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_REPLACE), 0);
        expect_shown(ips[i], all);
        assert_int_equal(remove_entry(ips[i], "v0", 0), 0);
        assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_CREATE), 0);
        expect_shown(ips[i], all);
        /* The call clears flags that the caller does not set. */
        assert_int_equal(set(ips[i], "v0", MAC_A, ARPQ_STATE_REACHABLE, EITHER), 0);
        assert_int_equal(get(ips[i], "v0").flags, 0);
        assert_int_equal(set_whole(ips[i], "v0", MAC_A, 0, ARPQ_NEIGH_ROUTER, 0, EITHER), 0);
        assert_int_equal(get(ips[i], "v0").flags, ARPQ_NEIGH_ROUTER);
        assert_int_equal(remove_entry(ips[i], "v0", 0), 0);
        /* The kernel resolves a managed entry itself and keeps it current. */
        assert_int_equal(
            set_whole(ips[i], "v0", NULL, 0, ARPQ_NEIGH_MANAGED, 0, ARPQ_NEIGH_SET_CREATE), 0);
        expect_shown(ips[i], asking);
        neigh = get(ips[i], "v0");
        assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_REPLACE), 0);
        expect_shown(ips[i], asking);
        assert_int_equal(
            set_whole(ips[i], "v0", MAC_A, ARPQ_STATE_PERMANENT, ARPQ_NEIGH_MANAGED, 0, EITHER),
            -EINVAL);
        assert_int_equal(set_whole(ips[i], "v0", NULL, 0, PROXY | ARPQ_NEIGH_MANAGED, 0, EITHER),
                         -EINVAL);
    }
    assert_int_equal(set_whole("10.1.0.4", "v0", MAC_A, 0, ARPQ_NEIGH_MANAGED, 0, EITHER), 0);
    assert_int_equal(get("10.1.0.4", "v0").mac.bytes[5], 0xaa);
    assert_int_equal(get("10.1.0.4", "v0").flags, ARPQ_NEIGH_MANAGED);
}

/* ---- Refusals ---- */

/* The kernel sends the event of a new IPv6 address later, from a worker. */
static int has_own(void *context)
{
    const struct arpq_ip ip = ip_of(context);
    struct arpq_neigh neigh;

    return arpq_neigh_get(h, &ip, ifindex_of("v0"), 0, &neigh) == 0 &&
           neigh.flags & ARPQ_NEIGH_LOCAL;
}

static void test_addresses_refused(void **state)
{
    char own[] = "fe80::1";
    static const struct {
        const char *ip, *dev;
        int insisted;
    } rows[] = {
        {"10.1.0.1", "v0", 0},        {"10.1.0.1", NULL, 0},
        {"10.1.0.1", "v0p", 0},       {"10.1.255.255", "v0", 0},
        {"10.1.255.255", "v0p", 0},   {"10.1.255.255", NULL, 0},
        {"255.255.255.255", "v0", 0}, {"224.0.0.5", "v0", 0},
        {"239.1.2.3", NULL, 0},       {"0.0.0.0", "v0", 0},
        {"0.0.0.0", NULL, -EINVAL},   {"127.0.0.1", "v0", 0},
        {"127.9.9.9", "v0", 0},       {"fd01::1", "v0", 0},
        {"fd01::1", "v0p", 0},        {"::1", "v0", 0},
        {"ff02::1:5", "v0", 0},       {"::", "v0", 0},
        {"::ffff:10.1.0.1", "v0", 0},
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct arpq_neigh local = {.ip = ip_of(rows[i].ip),
                                         .mac = mac_of(MAC_A),
                                         .ifindex = rows[i].dev ? ifindex_of(rows[i].dev) : 0};
        int code;

        if (arpq_neigh_set(h, &local, EITHER) != -EADDRNOTAVAIL)
            fail_msg("%s@%s is not refused", rows[i].ip, rows[i].dev ? rows[i].dev : "*");
        assert_int_equal(set_proxy(rows[i].ip, rows[i].dev, EITHER), -EADDRNOTAVAIL);
        check_table(rows[i].ip, "");
        check_proxies(rows[i].ip, "");
        code = arpq_neigh_set(h, &local, ARPQ_NEIGH_SET_INSIST);
        if (code != rows[i].insisted)
            fail_msg("%s@%s insisted: %d", rows[i].ip, rows[i].dev ? rows[i].dev : "*", code);
        if (code < 0)
            continue;
        assert_int_equal(remove_entry(rows[i].ip, rows[i].dev, 0), 0);
        if (!rows[i].dev && local.ip.family == AF_INET6)
            continue;
        assert_int_equal(set_proxy(rows[i].ip, rows[i].dev, ARPQ_NEIGH_SET_INSIST), 0);
        assert_int_equal(remove_entry(rows[i].ip, rows[i].dev, ARPQ_NEIGH_DELETE_PROXY), 0);
    }
    check_table("all was removed", "");
    assert_int_equal(set("127.9.9.9", NULL, MAC_A, 0, EITHER), -EADDRNOTAVAIL);
    sh("ip route add local 10.6.0.0/16 dev lo"); /* an own address by routing */
    assert_int_equal(set("10.6.0.5", NULL, MAC_A, 0, EITHER), -EADDRNOTAVAIL);
    sh("ip link set lo down");
    assert_int_equal(set("127.0.0.1", "v0", MAC_A, 0, EITHER), -EADDRNOTAVAIL);
    assert_int_equal(set("::1", "v0", MAC_A, 0, EITHER), -EADDRNOTAVAIL);
    /* A link-local address of one link is not an own address on another. */
    sh("ip addr add fe80::1/64 dev v0 nodad; ip addr add fe80::2/64 dev v0p nodad");
    assert_true(wait_until(has_own, own, 5000));
    assert_int_equal(set("fe80::1", "v0", MAC_A, 0, EITHER), -EADDRNOTAVAIL);
    assert_int_equal(set("fe80::1", "v0p", MAC_A, 0, EITHER), 0);
    /* The address becomes an own address immediately before the call. */
    sh("ip addr add 10.9.0.1/24 dev v0p");
    assert_int_equal(set("10.9.0.1", "v0", MAC_A, 0, EITHER), -EADDRNOTAVAIL);
    assert_int_equal(set("10.9.0.255", "v0", MAC_A, 0, EITHER), -EADDRNOTAVAIL);
    sh("ip addr del 10.9.0.1/24 dev v0p");
    assert_int_equal(set("10.9.0.1", "v0", MAC_A, 0, EITHER), 0);
}

static void test_macs_refused(void **state)
{
    static const char *const bad[] = {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:05",
                                      "33:33:00:00:00:01"};
    static const char *const wrong[] = {"02", "02:00:00:00:00", "02:00:00:00:00:00:01",
                                        "02:00:00:00:00:00:00:01"};

    for (size_t i = 0; i < LENGTH(bad); i++) {
        assert_int_equal(set("10.1.0.2", NULL, bad[i], 0, EITHER), -EADDRNOTAVAIL);
        assert_int_equal(set("fd01::2", NULL, bad[i], 0, EITHER), -EADDRNOTAVAIL);
        check_table(bad[i], "");
        assert_int_equal(set("10.1.0.2", NULL, bad[i], 0, ARPQ_NEIGH_SET_INSIST), 0);
        assert_int_equal(remove_entry("10.1.0.2", NULL, 0), 0);
    }
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        assert_int_equal(set("10.1.0.2", NULL, wrong[i], 0, EITHER), -EINVAL);
        assert_int_equal(set("10.1.0.2", NULL, wrong[i], 0, ARPQ_NEIGH_SET_INSIST), -EINVAL);
    }
    check_table("wrong lengths", "");
}

static void test_arguments(void **state)
{
    struct arpq_neigh neigh = {.ip = ip_of("10.1.0.2"), .mac = mac_of(MAC_A)};
    struct arpq_ip ip = neigh.ip;

    assert_int_equal(arpq_neigh_set(NULL, &neigh, 0), -EINVAL);
    assert_int_equal(arpq_neigh_set(h, NULL, 0), -EINVAL);
    assert_int_equal(arpq_neigh_set(h, &neigh, 0x10), -EINVAL);
    assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_CREATE | ARPQ_NEIGH_SET_REPLACE),
                     -EINVAL);
    neigh.ifindex = 4242;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -ENODEV);
    neigh.flags = PROXY;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -ENODEV);
    neigh.flags = 0;
    neigh.ifindex = 0x80000000u;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -EINVAL);
    neigh.ifindex = 0;
    neigh.mac.length = 33;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -EINVAL);
    neigh.mac.length = 6;
    neigh.ip.family = AF_UNIX;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -EAFNOSUPPORT);
    neigh.ip = ip_of("fe80::2");
    /* No link has a link-local address. */
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -ENETUNREACH);
    neigh.ip.scope = ifindex_of("v0p");
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), 0);
    neigh.ifindex = ifindex_of("v0");
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -EINVAL);
    neigh.ip = ip_of("192.0.2.1");
    neigh.ifindex = 0;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -ENETUNREACH);

    assert_int_equal(arpq_neigh_delete(NULL, &ip, 0, 0), -EINVAL);
    assert_int_equal(arpq_neigh_delete(h, NULL, 0, 0), -EINVAL);
    assert_int_equal(arpq_neigh_delete(h, &ip, 0, ARPQ_NEIGH_PROXY), -EINVAL);
    assert_int_equal(arpq_neigh_delete(h, &ip, 4242, 0), -ENODEV);
    assert_int_equal(arpq_neigh_delete(h, &ip, 4242, ARPQ_NEIGH_DELETE_PROXY), -ENODEV);
    assert_int_equal(arpq_neigh_delete(h, &ip, 0x80000000u, 0), -EINVAL);
    assert_int_equal(remove_entry("192.0.2.1", NULL, 0), -ENETUNREACH);
    assert_int_equal(remove_entry("0.0.0.0", NULL, 0), -EINVAL);
    ip.family = 0;
    assert_int_equal(arpq_neigh_delete(h, &ip, 0, 0), -EAFNOSUPPORT);
}

/* ---- Interfaces ---- */

static void test_choice(void **state)
{
    sh("ip addr add 10.2.0.1/24 dev v0p; ip addr add 10.1.7.1/24 dev v0p; ip addr add 10.3.0.1/24 "
       "dev v0; ip addr add 10.3.0.2/24 dev v0p; ip route add 10.4.0.0/24 dev v0p");
    assert_int_equal(set("10.2.0.9", NULL, MAC_A, 0, EITHER), 0);
    assert_int_equal(set("10.1.7.9", NULL, MAC_A, 0, EITHER), 0);
    assert_int_equal(set("10.1.8.9", NULL, MAC_A, 0, EITHER), 0);
    assert_int_equal(set("10.3.0.9", NULL, MAC_A, 0, EITHER), 0);
    assert_int_equal(set("10.4.0.9", NULL, MAC_A, 0, EITHER), 0);
    assert_int_equal(set("192.0.2.1", "v0p", MAC_A, 0, EITHER), 0);
    check_table("chosen", "10.2.0.9@v0p 10.1.7.9@v0p 10.1.8.9@v0 10.3.0.9@v0 10.4.0.9@v0p "
                          "192.0.2.1@v0p");
    sh("ip route add 192.0.2.0/24 via 10.1.0.77");
    assert_int_equal(set("192.0.2.1", NULL, MAC_A, 0, EITHER), -ENETUNREACH);
    assert_int_equal(remove_entry("10.3.0.9", "v0p", 0), -ENOENT);
    assert_int_equal(remove_entry("10.3.0.9", NULL, 0), 0);
    assert_int_equal(remove_entry("10.4.0.9", NULL, 0), 0);
    check_table("chosen again", "10.2.0.9@v0p 10.1.7.9@v0p 10.1.8.9@v0 192.0.2.1@v0p");
}

/* An address behind a gateway is no neighbour: neither call changes the gateway's entry. */
static void test_gateway_is_left_alone(void **state)
{
    sh("ip route add default via 10.1.0.77; ip neigh add 10.1.0.77 lladdr " MAC_A " dev v0");
    assert_int_equal(set("192.0.2.1", NULL, MAC_B, 0, EITHER), -ENETUNREACH);
    assert_int_equal(remove_entry("192.0.2.1", NULL, 0), -ENETUNREACH);
    assert_int_equal(set("192.0.2.1", "v0", MAC_B, 0, EITHER), 0);
    assert_int_equal(get("10.1.0.77", "v0").mac.bytes[5], 0xaa);
}

/* Edits act in the handle's namespace, whichever namespace the caller is in. */
static void test_other_namespace(void **state)
{
    struct netns_second second = netns_second();
    const struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = second.fd};

    netns_sh(&second,
             "ip link add v0 index %u type veth peer name v1; ip link set v0 up;"
             "ip addr add 10.1.0.1/16 dev v0",
             ifindex_of("v0"));
    arpq_close(h);
    assert_int_equal(arpq_open(&h, &options), 0);
    assert_int_equal(set("10.1.0.2", NULL, MAC_A, 0, ARPQ_NEIGH_SET_CREATE), 0);
    assert_int_equal(set("10.1.0.3", NULL, MAC_A, 0, ARPQ_NEIGH_SET_CREATE), 0);
    assert_int_equal(set_proxy("0.0.0.0", "v0", ARPQ_NEIGH_SET_NETMASK), 0);
    assert_int_equal(remove_entry("10.1.0.3", "v0", 0), 0);
    netns_sh(&second, "ip neigh show 10.1.0.2 | grep -q PERMANENT;"
                      "test -z \"$(ip neigh show 10.1.0.3)\"");
    expect_proxy_arp('0', '0', '0');
    check_table("there", "10.1.0.2@v0");
    assert_int_equal(sh_status("ip neigh show | grep -q 10.1.0"), 1);
    netns_second_free(&second);
}

/* An entry in any state can be removed. */
static void test_delete(void **state)
{
    static const char *const states[] = {"none",
                                         "incomplete lladdr " MAC_A,
                                         "failed",
                                         "stale lladdr " MAC_A,
                                         "delay lladdr " MAC_A,
                                         "noarp lladdr " MAC_A,
                                         "permanent lladdr " MAC_A};

    for (size_t i = 0; i < LENGTH(states); i++) {
        sh("ip neigh add 10.1.0.2 dev v0 nud %s; ip neigh add fd01::2 dev v0 nud %s", states[i],
           states[i]);
        assert_int_equal(remove_entry("10.1.0.2", "v0p", 0), -ENOENT);
        assert_int_equal(remove_entry("10.1.0.2", NULL, 0), 0);
        assert_int_equal(remove_entry("fd01::2", "v0", 0), 0);
        check_table(states[i], "");
    }
}

/* ---- Other links ---- */

static void test_other_links(void **state)
{
    int tap = open_tun("tap0", IFF_TAP, ARPHRD_IEEE802154), tun = open_tun("tun0", IFF_TUN, -1);

    sh("ip link set tap0 addrgenmode none; ip link set tun0 addrgenmode none;"
       "ip link set tap0 up; ip link set tun0 up; ip addr add 10.8.0.1/24 dev tap0;"
       "ip addr add 10.9.0.1/24 dev tun0");
    assert_int_equal(set("10.8.0.2", NULL, "02:00:00:00:00:00:00:08", 0, EITHER), 0);
    assert_int_equal(set("10.8.0.3", NULL, MAC_A, 0, EITHER), -EINVAL);
    assert_int_equal(get("10.8.0.2", NULL).mac.length, 8);
    /* On such a link the kernel uses a single IPv4 entry, without a MAC, for all addresses. */
    assert_int_equal(set("10.9.0.2", NULL, NULL, 0, EITHER), -EOPNOTSUPP);
    assert_int_equal(set("10.9.0.2", "lo", MAC_A, 0, EITHER), -EOPNOTSUPP);
    assert_int_equal(set("fd09::2", "tun0", MAC_A, 0, EITHER), -EINVAL);
    check_table("by length", "10.8.0.2@tap0");
    close(tap);
    close(tun);
}

/* ---- Without privileges ---- */

static void change_as_nobody(void)
{
    const struct arpq_filter filter = {.size = sizeof filter, .ifindex = ifindex_of("v0")};
    const struct arpq_filter proxies = {.size = sizeof filter, .flags = ARPQ_FILTER_PROXY};
    uint32_t removed = 7;

    arpq_close(h);
    become_nobody();
    if (arpq_open(&h, NULL) != 0)
        _exit(3);
    if (set("10.1.0.3", "v0", MAC_B, 0, EITHER) != -EPERM ||
        set("10.1.0.3", "v0", MAC_B, 0, ARPQ_NEIGH_SET_CREATE) != -EPERM ||
        set("10.1.0.2", NULL, MAC_B, 0, ARPQ_NEIGH_SET_REPLACE) != -EPERM ||
        set("fd01::2", NULL, MAC_B, 0, EITHER) != -EPERM ||
        set_whole("10.1.0.3", NULL, NULL, 0, ARPQ_NEIGH_MANAGED, 0, EITHER) != -EPERM ||
        set_proxy("10.1.0.3", "v0", EITHER) != -EPERM ||
        set_proxy("10.1.0.3", NULL, ARPQ_NEIGH_SET_CREATE) != -EPERM ||
        set_proxy("0.0.0.0", NULL, ARPQ_NEIGH_SET_NETMASK) != -EPERM)
        _exit(4);
    if (remove_entry("10.1.0.2", NULL, 0) != -EPERM ||
        remove_entry("10.1.0.99", "v0", 0) != -EPERM ||
        remove_entry("10.1.0.9", "v0", ARPQ_NEIGH_DELETE_PROXY) != -EPERM ||
        remove_entry("0.0.0.0", NULL, ALL_PROXIES) != -EPERM)
        _exit(5);
    if (arpq_neigh_flush(h, &filter, &removed) != -EPERM || removed != 0)
        _exit(6);
    if (arpq_neigh_flush(h, &proxies, NULL) != -EPERM)
        _exit(7);
    arpq_close(h);
    _exit(0);
}

static void test_unprivileged(void **state)
{
    char before[2048], after[2048];
    const char *show = "ip -j neigh show nud all | jq -c"
                       " 'map(select(.dst | startswith(\"ff\") | not)) | sort_by(.dst)';"
                       "ip neigh show proxy; cat /proc/sys/net/ipv4/conf/*/proxy_arp";
    pid_t pid;

    sh("ip neigh add 10.1.0.2 lladdr " MAC_A " dev v0 nud stale; ip neigh add fd01::2 lladdr " MAC_A
       " dev v0; ip neigh add proxy 10.1.0.9 dev v0");
    assert_int_equal(sh_read(before, sizeof before, "%s", show), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        change_as_nobody();
    assert_ended_well(pid);
    assert_int_equal(sh_read(after, sizeof after, "%s", show), 0);
    assert_string_equal(before, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_matrix),
        TEST(test_proxies),
        TEST(test_proxy_for_all),
        TEST(test_states),
        TEST(test_state_of_nothing),
        TEST(test_flags),
        TEST(test_addresses_refused),
        TEST(test_macs_refused),
        TEST(test_arguments),
        TEST(test_choice),
        TEST(test_gateway_is_left_alone),
        TEST(test_delete),
        TEST(test_other_namespace),
        TEST(test_other_links),
        TEST(test_unprivileged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

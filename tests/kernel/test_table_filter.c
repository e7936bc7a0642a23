/* SPDX-License-Identifier: MIT */
/* Filters on the kernel's table: the entries that match, and the filters that are refused. */
#include "test.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/table.h"
#include "kernel/table_names.h"
#include "kernel/tun.h"

/* ---- Filters ---- */

static const struct row rows[] = {
    {.what = "all", .want = V0_4 " " V0_6 " " PORTS_4 " " PORTS_6},
    {.what = "IPv4", .family = AF_INET, .want = V0_4 " " PORTS_4},
    {.what = "IPv6", .family = AF_INET6, .want = V0_6 " " PORTS_6},
    {.what = "v0", .dev = "v0", .want = V0_4 " " V0_6},
    {.what = "p2", .dev = "p2", .want = "10.2.0.3@p2"},
    {.what = "nothing on it", .dev = "br0", .want = ""},
    {.what = "ports", .master = "br0", .want = PORTS_4 " " PORTS_6},
    {.what = "no ports", .master = "br1", .want = ""},
    {.what = "no master", .master = "v0", .want = ""},
    {.what = "port of", .master = "br0", .dev = "p1", .want = "10.2.0.2@p1 " PORTS_6},
    {.what = "no port of", .master = "br0", .dev = "v0", .want = ""},
    {.what = "ports, IPv6", .master = "br0", .family = AF_INET6, .want = PORTS_6},
    {.what = "stale", .states = ARPQ_STATE_STALE, .want = "10.1.0.3@v0 10.1.0.130@v0 fd01::2@v0"},
    {.what = "none", .states = ARPQ_FILTER_STATE_NONE, .want = "10.1.0.131@v0"},
    {.what = "none or failed",
     .states = ARPQ_FILTER_STATE_NONE | ARPQ_STATE_FAILED,
     .want = "10.1.0.131@v0 10.1.0.132@v0"},
    {.what = "failed", .states = ARPQ_STATE_FAILED, .want = "10.1.0.132@v0"},
    {.what = "permanent v0",
     .states = ARPQ_STATE_PERMANENT,
     .dev = "v0",
     .want = "10.1.0.2@v0 fd01::3@v0"},
    {.what = "reachable", .states = ARPQ_STATE_REACHABLE, .want = ""},
    {.what = "router", .neigh_flags = ARPQ_NEIGH_ROUTER, .want = "fd01::2@v0"},
    {.what = "learned", .neigh_flags = ARPQ_NEIGH_EXT_LEARNED, .want = "10.1.0.3@v0"},
    {.what = "both flags", .neigh_flags = ARPQ_NEIGH_ROUTER | ARPQ_NEIGH_EXT_LEARNED, .want = ""},
    {.what = "managed", .neigh_flags = ARPQ_NEIGH_MANAGED, .want = ""},
    {.what = "/0", .prefix = "10.9.9.9", .length = 0, .want = V0_4 " " PORTS_4},
    {.what = "v6 /0", .prefix = "fd01::", .length = 0, .want = V0_6 " " PORTS_6},
    {.what = "/1", .prefix = "127.0.0.1", .length = 1, .want = V0_4 " " PORTS_4},
    {.what = "other /1", .prefix = "128.0.0.0", .length = 1, .want = ""},
    {.what = "/16", .prefix = "10.2.0.0", .length = 16, .want = PORTS_4},
    {.what = "/24, host bits", .prefix = "10.1.0.77", .length = 24, .want = V0_4},
    {.what = "/25", .prefix = "10.1.0.0", .length = 25, .want = "10.1.0.2@v0 10.1.0.3@v0"},
    {.what = "/31", .prefix = "10.1.0.131", .length = 31, .want = "10.1.0.130@v0 10.1.0.131@v0"},
    {.what = "/32", .prefix = "10.1.0.130", .length = 32, .want = "10.1.0.130@v0"},
    {.what = "/32 of none", .prefix = "10.1.0.4", .length = 32, .want = ""},
    {.what = "/64", .prefix = "fd01::ffff", .length = 64, .want = V0_6},
    {.what = "/63", .prefix = "fd01::", .length = 63, .want = V0_6 " " PORTS_6},
    {.what = "/127", .prefix = "fd01::2", .length = 127, .want = V0_6},
    {.what = "/128", .prefix = "fd01::3", .length = 128, .want = "fd01::3@v0"},
    {.what = "prefix and family",
     .prefix = "10.1.0.2",
     .length = 32,
     .family = AF_INET,
     .want = "10.1.0.2@v0"},
    {.what = "protocol", .protocol = 42, .want = "10.1.0.2@v0 " PORTS_6},
    {.what = "protocol and link", .protocol = 42, .dev = "p1", .want = PORTS_6},
    {.what = "no protocol", .protocol = 43, .want = ""},
    {.what = "A",
     .mac = MAC_A,
     .want = "10.1.0.2@v0 10.1.0.130@v0 10.2.0.2@p1 fd01::2@v0 fd01:0:0:1::2@p1"},
    {.what = "type does not count",
     .mac = MAC_A,
     .mac_type = 804,
     .dev = "p1",
     .want = "10.2.0.2@p1 fd01:0:0:1::2@p1"},
    {.what = "shorter mac", .mac = "02:00:00:00:0a", .want = ""},
    {.what = "longer mac", .mac = MAC_A ":00:00", .want = ""},
    {.what = "everything",
     .mac = MAC_A,
     .dev = "v0",
     .states = ARPQ_STATE_STALE | ARPQ_STATE_PERMANENT,
     .prefix = "10.1.0.128",
     .length = 25,
     .family = AF_INET,
     .want = "10.1.0.130@v0"},
    {.what = "proxies",
     .flags = ARPQ_FILTER_PROXY,
     .want = "10.0.0.9@v0 10.0.0.9@p1 10.0.1.9@v0 fd01::99@v0"},
    {.what = "IPv6 proxies", .flags = ARPQ_FILTER_PROXY, .family = AF_INET6, .want = "fd01::99@v0"},
    {.what = "p1's proxies", .flags = ARPQ_FILTER_PROXY, .dev = "p1", .want = "10.0.0.9@p1"},
    {.what = "ports' proxies", .flags = ARPQ_FILTER_PROXY, .master = "br0", .want = "10.0.0.9@p1"},
    {.what = "proxies in /24",
     .flags = ARPQ_FILTER_PROXY,
     .prefix = "10.0.1.0",
     .length = 24,
     .want = "10.0.1.9@v0"},
};

static void test_filters(void **state)
{
    const struct arpq_neigh *neigh;
    struct arpq_filter filter = {.size = sizeof filter, .flags = ARPQ_FILTER_PROXY};
    struct arpq_table *table;

    make_filter_table();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
    table = list(NULL);
    check_names("NULL", table, rows[0].want);
    arpq_table_free(table);
    table = list(&filter);
    for (uint32_t i = 0; (neigh = arpq_table_at(table, i)); i++) {
        assert_int_equal(neigh->mac.length, 0);
        assert_int_equal(neigh->state, ARPQ_STATE_NONE);
        assert_int_equal(neigh->flags, ARPQ_NEIGH_PROXY);
    }
    arpq_table_free(table);
    /* A caller that was compiled with an older header has only the first members. */
    filter = (struct arpq_filter){.size = 24, .ifindex = ifindex_of("p2"), .prefix_length = 77};
    table = list(&filter);
    check_names("size 24", table, "10.2.0.3@p2");
    arpq_table_free(table);
}

/* Ports that join and leave after the handle was opened. */
static void test_filter_follows_ports(void **state)
{
    struct row row = {.what = "follows", .master = "br0", .want = PORTS_4 " " PORTS_6};

    make_filter_table();
    check_row(&row);
    sh("ip link set p2 nomaster");
    row.want = "10.2.0.2@p1 " PORTS_6;
    check_row(&row);
    sh("ip link set v0 master br0");
    row.want = "10.2.0.2@p1 " PORTS_6 " " V0_4 " " V0_6;
    check_row(&row);
    row.master = "br1";
    row.want = "";
    check_row(&row);
}

static void refuse(int line, const struct arpq_filter *filter, int want)
{
    struct arpq_table *table = (void *)&line;
    int code = arpq_table_get(h, filter, &table);
    int each = arpq_table_each(h, filter, never, NULL, NULL);

    if (code != want || each != want || table)
        fail_msg("line %d: %d and %d, want %d; table %p", line, code, each, want, (void *)table);
}

#define SENSELESS(...) refuse(__LINE__, FILTER(__VA_ARGS__), -EINVAL)

static void test_senseless_filters(void **state)
{
    uint32_t v0 = ifindex_of("v0");
    struct {
        struct arpq_filter filter;
        uint8_t behind[16];
    } longer = {.filter = {.size = sizeof longer}};
    struct arpq_table *table;

    refuse(__LINE__, &(struct arpq_filter){.size = 0}, -EINVAL);
    refuse(__LINE__, &(struct arpq_filter){.size = 23}, -EINVAL);
    refuse(__LINE__, &(struct arpq_filter){.size = 4097}, -EINVAL);
    refuse(__LINE__, &(struct arpq_filter){.size = UINT32_MAX}, -EINVAL);
    SENSELESS(.reserved = {1});
    SENSELESS(.reserved = {[9] = 0x01000000});
    SENSELESS(.flags = 2);
    SENSELESS(.flags = 0x80000001u);
    SENSELESS(.family = AF_UNIX);
    SENSELESS(.family = 7); /* AF_BRIDGE */
    SENSELESS(.family = 0x0200);
    SENSELESS(.ifindex = 0x80000000u);
    SENSELESS(.master = 0x80000000u);
    SENSELESS(.states = 0x200);
    SENSELESS(.states = 0x80000080u);
    SENSELESS(.neigh_flags = ARPQ_NEIGH_LOCAL);
    SENSELESS(.neigh_flags = ARPQ_NEIGH_GATEWAY);
    SENSELESS(.prefix = ip_of("10.1.0.0"), .prefix_length = 24, .family = AF_INET6);
    SENSELESS(.prefix = ip_of("fd01::"), .prefix_length = 24, .family = AF_INET);
    SENSELESS(.prefix = ip_of("10.1.0.0"), .prefix_length = 33);
    SENSELESS(.prefix = ip_of("fd01::"), .prefix_length = 129);
    SENSELESS(.prefix = {.family = AF_UNIX}, .prefix_length = 1);
    SENSELESS(.prefix = {.family = AF_UNIX});
    SENSELESS(.prefix = {.family = AF_INET6, .bytes = {0xfe, 0x80}, .scope = v0},
              .prefix_length = 64);
    SENSELESS(.prefix = {.family = AF_INET6, .bytes = {0xfe, 0x80}, .scope = v0},
              .prefix_length = 64, .ifindex = ifindex_of("v0p"));
    SENSELESS(.prefix_length = 1);
    SENSELESS(.mac = {.length = ARPQ_MAC_MAX + 1});
    SENSELESS(.flags = ARPQ_FILTER_PROXY, .mac = mac_of(MAC_A));
    SENSELESS(.flags = ARPQ_FILTER_PROXY, .states = ARPQ_FILTER_STATE_NONE);
    refuse(__LINE__, FILTER(.ifindex = 4000000), -ENODEV);
    refuse(__LINE__, FILTER(.master = 4000000), -ENODEV);
    refuse(__LINE__, FILTER(.ifindex = INT32_MAX), -ENODEV);
    refuse(__LINE__, FILTER(.ifindex = v0, .master = INT32_MAX), -ENODEV);
    longer.behind[15] = 1;
    refuse(__LINE__, &longer.filter, -EINVAL);
    longer.behind[15] = 0;
    assert_int_equal(arpq_table_get(h, &longer.filter, &table), 0);
    arpq_table_free(table);
}

/* ---- By link-layer address ---- */

static void check_find(const struct arpq_mac *mac, const char *want)
{
    struct arpq_table *table = NULL;

    assert_int_equal(arpq_table_find_mac(h, mac, &table), 0);
    check_names("find_mac", table, want);
    arpq_table_free(table);
}

static void test_find_mac(void **state)
{
    struct arpq_mac a = mac_of(MAC_A), eight = mac_of(MAC_A ":08:08"), none = {0};
    struct arpq_mac other = mac_of("02:00:00:00:0a:00"), bad = {.length = ARPQ_MAC_MAX + 1};
    struct arpq_table *table = (void *)&a;
    int fd = open_tun("tap8", IFF_TAP, 804);

    make_filter_table();
    sh("ip link set tap8 addrgenmode none || :; ip link set tap8 up");
    sh("ip neigh add 10.8.0.8 dev tap8 lladdr " MAC_A ":08:08 nud permanent");
    check_find(&a, "10.1.0.2@v0 10.1.0.130@v0 10.2.0.2@p1 fd01::2@v0 fd01:0:0:1::2@p1");
    a.type = ARPHRD_INFINIBAND;
    check_find(&a, "10.1.0.2@v0 10.1.0.130@v0 10.2.0.2@p1 fd01::2@v0 fd01:0:0:1::2@p1");
    check_find(&eight, "10.8.0.8@tap8");
    check_find(&other, "");
    assert_int_equal(arpq_table_find_mac(h, &none, &table), -EINVAL);
    assert_null(table);
    table = (void *)&a;
    assert_int_equal(arpq_table_find_mac(h, &bad, &table), -EINVAL);
    assert_null(table);
    table = (void *)&a;
    assert_int_equal(arpq_table_find_mac(h, NULL, &table), -EINVAL);
    assert_null(table);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_filters),
        TEST(test_filter_follows_ports),
        TEST(test_senseless_filters),
        TEST(test_find_mac),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* A flush removes the entries that match, and keeps entries that somebody set on purpose. */
#include "test.h"

#include "kernel/netns.h"
#include "kernel/table.h"
#include "kernel/table_names.h"

/* ---- Spared entries ---- */

#define STALE4 "10.1.0.2@v0"
#define STALE6 "fd01::2@v0"
#define FAILED4 "10.1.0.3@v0"
#define PERMANENT4 "10.1.0.4@v0"
#define PERMANENT6 "fd01::4@v0"
#define NOARP4 "10.1.0.5@v0"
#define LEARNED4 "10.1.0.6@v0"
#define MANAGED4 "10.1.0.7@v0"
#define BOTH4 "10.1.0.8@v0"
#define PORT4 "10.1.0.9@p1"
#define OWNED4 "10.1.0.10@v0"

static void make_entries(void)
{
    sh("ip link add br0 type bridge; ip link add p1 type veth peer name p1p;"
       "ip link set p1 addrgenmode none; ip link set p1p addrgenmode none;"
       "ip link set p1 master br0; ip link set p1 up; ip link set p1p up;"
       "N='ip neigh add'; M='lladdr " MAC_A "';"
       "$N 10.1.0.2 $M dev v0 nud stale; $N fd01::2 $M dev v0 nud stale;"
       "$N 10.1.0.3 dev v0 nud failed; $N 10.1.0.4 $M dev v0; $N fd01::4 lladdr " MAC_B " dev v0;"
       "$N 10.1.0.5 $M dev v0 nud noarp; $N 10.1.0.6 $M dev v0 nud stale extern_learn;"
       "$N 10.1.0.7 dev v0 managed; $N 10.1.0.8 dev v0 managed extern_learn;"
       "$N 10.1.0.9 $M dev p1 nud stale; $N 10.1.0.10 $M dev v0 protocol 42;"
       "$N proxy 10.1.0.99 dev v0; $N proxy fd01::99 dev v0; $N proxy 10.1.0.98 dev p1 protocol "
       "42");
}

static void expect(const char *what, const struct arpq_filter *filter, const char *want)
{
    struct arpq_table *table = list(filter);

    check_names(what, table, want);
    arpq_table_free(table);
}

#define PROXIES "10.1.0.99@v0 fd01::99@v0 10.1.0.98@p1"

struct flush_row {
    const char *what;
    struct arpq_filter filter;
    const char *dev, *master, *mac;
    uint32_t removed;
    const char *left, *proxies;
};

#define SET_ON_PURPOSE                                                                             \
    PERMANENT4 " " PERMANENT6 " " NOARP4 " " LEARNED4 " " MANAGED4 " " BOTH4 " " OWNED4
#define WITH(...)                                                                                  \
    {                                                                                              \
        .size = sizeof(struct arpq_filter), __VA_ARGS__                                            \
    }

static const struct flush_row flush_rows[] = {
    {"an interface", WITH(.family = 0), "v0", NULL, NULL, 3, SET_ON_PURPOSE " " PORT4, PROXIES},
    {"the ports of a master", WITH(.family = 0), NULL, "br0", NULL, 1,
     SET_ON_PURPOSE " " STALE4 " " STALE6 " " FAILED4, PROXIES},
    {"IPv4", WITH(.family = AF_INET), NULL, NULL, NULL, 3, SET_ON_PURPOSE " " STALE6, PROXIES},
    {"IPv6", WITH(.family = AF_INET6), NULL, NULL, NULL, 1,
     SET_ON_PURPOSE " " STALE4 " " FAILED4 " " PORT4, PROXIES},
    {"STALE", WITH(.states = ARPQ_STATE_STALE), NULL, NULL, NULL, 3, SET_ON_PURPOSE " " FAILED4,
     PROXIES},
    {"PERMANENT", WITH(.states = ARPQ_STATE_PERMANENT), NULL, NULL, NULL, 3,
     NOARP4 " " LEARNED4 " " MANAGED4 " " BOTH4 " " STALE4 " " STALE6 " " FAILED4 " " PORT4,
     PROXIES},
    {"NOARP and FAILED of IPv4",
     WITH(.states = ARPQ_STATE_NOARP | ARPQ_STATE_FAILED, .family = AF_INET), "v0", NULL, NULL, 2,
     PERMANENT4 " " PERMANENT6 " " LEARNED4 " " MANAGED4 " " BOTH4 " " OWNED4 " " STALE4 " " STALE6
                " " PORT4,
     PROXIES},
    {"EXT_LEARNED", WITH(.neigh_flags = ARPQ_NEIGH_EXT_LEARNED), NULL, NULL, NULL, 1,
     PERMANENT4 " " PERMANENT6 " " NOARP4 " " MANAGED4 " " BOTH4 " " OWNED4 " " STALE4 " " STALE6
                " " FAILED4 " " PORT4,
     PROXIES},
    {"MANAGED", WITH(.neigh_flags = ARPQ_NEIGH_MANAGED), NULL, NULL, NULL, 1,
     PERMANENT4 " " PERMANENT6 " " NOARP4 " " LEARNED4 " " BOTH4 " " OWNED4 " " STALE4 " " STALE6
                " " FAILED4 " " PORT4,
     PROXIES},
    {"both", WITH(.neigh_flags = ARPQ_NEIGH_MANAGED | ARPQ_NEIGH_EXT_LEARNED), NULL, NULL, NULL, 1,
     PERMANENT4 " " PERMANENT6 " " NOARP4 " " LEARNED4 " " MANAGED4 " " OWNED4 " " STALE4 " " STALE6
                " " FAILED4 " " PORT4,
     PROXIES},
    {"an owner", WITH(.protocol = 42), NULL, NULL, NULL, 1,
     PERMANENT4 " " PERMANENT6 " " NOARP4 " " LEARNED4 " " MANAGED4 " " BOTH4 " " STALE4 " " STALE6
                " " FAILED4 " " PORT4,
     PROXIES},
    {"nobody", WITH(.protocol = 43), NULL, NULL, NULL, 0,
     SET_ON_PURPOSE " " STALE4 " " STALE6 " " FAILED4 " " PORT4, PROXIES},
    {"an address", WITH(.states = ARPQ_STATE_PERMANENT), NULL, NULL, MAC_B, 1,
     PERMANENT4 " " NOARP4 " " LEARNED4 " " MANAGED4 " " BOTH4 " " OWNED4 " " STALE4 " " STALE6
                " " FAILED4 " " PORT4,
     PROXIES},
    {"proxies", WITH(.flags = ARPQ_FILTER_PROXY), NULL, NULL, NULL, 3,
     SET_ON_PURPOSE " " STALE4 " " STALE6 " " FAILED4 " " PORT4, ""},
    {"proxies of an interface", WITH(.flags = ARPQ_FILTER_PROXY), "v0", NULL, NULL, 2,
     SET_ON_PURPOSE " " STALE4 " " STALE6 " " FAILED4 " " PORT4, "10.1.0.98@p1"},
    {"proxies of an owner", WITH(.flags = ARPQ_FILTER_PROXY, .protocol = 42), NULL, NULL, NULL, 1,
     SET_ON_PURPOSE " " STALE4 " " STALE6 " " FAILED4 " " PORT4, "10.1.0.99@v0 fd01::99@v0"},
};

static void test_spared(void **state)
{
    if (!can_manage())
        SKIP_NOT_RUNNABLE(MANAGES_NOTHING);
    for (size_t i = 0; i < LENGTH(flush_rows); i++) {
        const struct flush_row *row = &flush_rows[i];
        struct arpq_filter filter = row->filter;
        uint32_t removed = 77;

        assert_int_equal(i ? set_up(state) : 0, 0);
        make_entries();
        filter.ifindex = row->dev ? ifindex_of(row->dev) : 0;
        filter.master = row->master ? ifindex_of(row->master) : 0;
        if (row->mac)
            filter.mac = mac_of(row->mac);
        assert_int_equal(arpq_neigh_flush(h, &filter, &removed), 0);
        expect(row->what, NULL, row->left);
        expect(row->what, FILTER(.flags = ARPQ_FILTER_PROXY), row->proxies);
        if (removed != row->removed)
            fail_msg("%s: %u removed, not %u", row->what, removed, row->removed);
        if (i + 1 < LENGTH(flush_rows))
            (void)tear_down(state);
    }
}

static void test_prefix(void **state)
{
    struct arpq_filter filter = {.size = sizeof filter, .prefix = ip_of("10.1.0.2")};
    uint32_t removed;

    if (!can_manage())
        SKIP_NOT_RUNNABLE(MANAGES_NOTHING);
    make_entries();
    filter.prefix_length = 31;
    assert_int_equal(arpq_neigh_flush(h, &filter, &removed), 0);
    assert_int_equal(removed, 2);
    filter.prefix = ip_of("::");
    filter.prefix_length = 0;
    assert_int_equal(arpq_neigh_flush(h, &filter, &removed), 0);
    assert_int_equal(removed, 1);
    expect("prefixes", NULL, SET_ON_PURPOSE " " PORT4);
}

/* The kernel makes entries of groups. Only a filter with the state NOARP matches them. */
static void test_groups(void **state)
{
    const char *shown = "ip neigh show nud noarp dev v0 | grep '^ff02::77 ';"
                        "ip neigh show nud noarp dev v0 | grep '^224.0.0.77 '";

    sh("ip neigh add ff02::77 lladdr 33:33:00:00:00:77 dev v0 nud noarp;"
       "ip neigh add 224.0.0.77 lladdr 01:00:5e:00:00:4d dev v0 nud noarp");
    assert_int_equal(arpq_neigh_flush(h, FILTER(.ifindex = ifindex_of("v0")), NULL), 0);
    assert_int_equal(arpq_neigh_flush(h, FILTER(.family = AF_INET6), NULL), 0);
    assert_int_equal(arpq_neigh_flush(h, FILTER(.family = AF_INET), NULL), 0);
    sh("{ %s; } >/dev/null", shown);
    assert_int_equal(arpq_neigh_flush(h, FILTER(.states = ARPQ_STATE_NOARP), NULL), 0);
    assert_int_equal(sh_status("%s", shown), 1);
}

/* ---- Unknown names ---- */

static void test_names_something(void **state)
{
    struct arpq_filter filter = {.size = sizeof filter};
    uint32_t removed = 77;

    if (!can_manage())
        SKIP_NOT_RUNNABLE(MANAGES_NOTHING);
    make_entries();
    assert_int_equal(arpq_neigh_flush(h, NULL, &removed), -EINVAL);
    assert_int_equal(removed, 0);
    removed = 77;
    assert_int_equal(arpq_neigh_flush(h, &filter, &removed), -EINVAL);
    assert_int_equal(removed, 0);
    memset(filter.prefix.bytes, 9, sizeof filter.prefix.bytes); /* an address without a family */
    assert_int_equal(arpq_neigh_flush(h, &filter, &removed), -EINVAL);
    assert_int_equal(arpq_neigh_flush(NULL, FILTER(.protocol = 42), &removed), -EINVAL);
    filter.ifindex = 4242;
    removed = 77;
    assert_int_equal(arpq_neigh_flush(h, &filter, &removed), -ENODEV);
    assert_int_equal(removed, 0);
    filter.ifindex = 0x80000000u;
    assert_int_equal(arpq_neigh_flush(h, &filter, NULL), -EINVAL);
    expect("nothing", NULL, SET_ON_PURPOSE " " STALE4 " " STALE6 " " FAILED4 " " PORT4);
    assert_int_equal(arpq_neigh_flush(h, FILTER(.protocol = 42), NULL), 0);
}

/* ---- Many addresses at once ---- */

#define OWNERS 3u
#define OWNED 334u

static void test_owners(void **state)
{
    static const struct arpq_neigh none;

    for (uint32_t n = 0; n < OWNERS * OWNED; n++) {
        struct arpq_neigh neigh = none;

        neigh.ip = numbered_ip(n);
        neigh.mac = numbered_mac(n);
        neigh.protocol = (uint8_t)(200 + n % OWNERS);
        neigh.state = ARPQ_STATE_PERMANENT;
        neigh.flags = n % 5 ? 0 : ARPQ_NEIGH_EXT_LEARNED;
        assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_CREATE), 0);
    }
    for (uint32_t owner = 0; owner < OWNERS; owner++) {
        uint32_t removed = 0, left = 0;

        assert_int_equal(arpq_neigh_flush(h, FILTER(.protocol = (uint8_t)(200 + owner)), &removed),
                         0);
        assert_int_equal(removed, OWNED);
        for (uint32_t n = 0; n < OWNERS * OWNED; n++) {
            const struct arpq_ip ip = numbered_ip(n);
            struct arpq_neigh neigh;
            int code = arpq_neigh_get(h, &ip, ifindex_of("v0"), 0, &neigh);

            assert_int_equal(code, n % OWNERS > owner ? 0 : -ENOENT);
            left += code == 0;
        }
        assert_int_equal(left, (OWNERS - 1 - owner) * OWNED);
    }
}

static void test_many(void **state)
{
    uint32_t removed;

    change_numbered("add", 0, 1000);
    sh("for p in 101 102; do ip neigh add 10.1.0.$p lladdr " MAC_A " dev v0 nud stale; done");
    assert_int_equal(arpq_neigh_flush(h, FILTER(.states = ARPQ_STATE_PERMANENT), &removed), 0);
    assert_int_equal(removed, 1000);
    expect("many", NULL, "10.1.0.101@v0 10.1.0.102@v0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_spared),          TEST(test_prefix), TEST(test_groups),
        TEST(test_names_something), TEST(test_owners), TEST(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

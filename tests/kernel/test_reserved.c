/* SPDX-License-Identifier: MIT */
/* Values with a reserved member that is not zero are refused, so that a later release can give the
 * member a meaning. The link is that of the fixture, with a neighbour that answers. */
#include "test.h"

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "process.h"

static struct arpq_ip spoilt;

static int set_up(void **state)
{
    fixture_enter(24);
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr %s nud permanent", MAC_A);
    settle();
    spoilt = ip_of("10.1.0.9");
    spoilt.reserved = 1;
    return arpq_open(&h, NULL);
}

static void test_lookups(void **state)
{
    struct arpq_mac mac;
    struct arpq_neigh neigh;
    int32_t code = 0;

    assert_int_equal(arpq_lookup(h, &spoilt, 0, 0, &mac), -EINVAL);
    assert_int_equal(mac.length, 0);
    assert_int_equal(arpq_lookup_many(h, &spoilt, 1, 0, 0, &mac, &code), 0);
    assert_int_equal(code, -EINVAL);
    assert_int_equal(arpq_neigh_get(h, &spoilt, 0, 0, &neigh), -EINVAL);
    assert_int_equal(arpq_resolve(h, &spoilt, 0, 0, 100, &neigh), -EINVAL);
    spoilt.reserved = 0;
    assert_int_equal(arpq_lookup(h, &spoilt, 0, 0, &mac), 0);
}

static void test_mirror(void **state)
{
    struct arpq_mirror *mirror;
    struct arpq_mac mac;
    struct arpq_neigh neigh;
    int32_t code = 0;

    assert_int_equal(arpq_mirror_open(h, &mirror, NULL), 0);
    assert_int_equal(arpq_mirror_lookup(mirror, &spoilt, 0, &mac), -EINVAL);
    assert_int_equal(arpq_mirror_get(mirror, &spoilt, 0, &neigh), -EINVAL);
    assert_int_equal(arpq_mirror_lookup_many(mirror, &spoilt, 1, 0, &mac, &code), 0);
    assert_int_equal(code, -EINVAL);
    spoilt.reserved = 0;
    assert_int_equal(arpq_mirror_lookup(mirror, &spoilt, 0, &mac), 0);
    arpq_mirror_close(mirror);
}

static int count(const struct arpq_found *found, void *context)
{
    ++*(unsigned *)context;
    return 0;
}

static void test_filters_and_packets(void **state)
{
    const struct arpq_filter filter = {.size = sizeof filter, .prefix = spoilt};
    struct arpq_table *table;
    struct arpq_ping_reply reply;
    unsigned found = 0;

    assert_int_equal(arpq_table_get(h, &filter, &table), -EINVAL);
    assert_int_equal(arpq_neigh_flush(h, &filter, NULL), -EINVAL);
    assert_int_equal(arpq_ping(h, &spoilt, NULL, &reply), -EINVAL);
    assert_int_equal(arpq_sweep_each(h, &spoilt, 32, NULL, count, &found, NULL), -EINVAL);
    assert_int_equal(found, 0);
}

static void test_sources(void **state)
{
    const struct arpq_ip ip = ip_of("10.1.0.9");
    struct arpq_ping_options ping = {.size = sizeof ping, .source = ip_of("10.1.0.1")};
    struct arpq_sweep_options sweep = {.size = sizeof sweep, .source = ip_of("10.1.0.1")};
    struct arpq_ping_reply reply;
    struct arpq_pinger *pinger;
    struct arpq_sweep *opened;

    ping.source.reserved = 1;
    sweep.source.reserved = 1;
    assert_int_equal(arpq_ping(h, &ip, &ping, &reply), -EINVAL);
    assert_int_equal(arpq_pinger_open(h, &pinger, &ping), -EINVAL);
    assert_int_equal(arpq_sweep_open(h, &opened, &ip, 32, &sweep), -EINVAL);
    sweep.source.reserved = 0;
    assert_int_equal(arpq_sweep_open(h, &opened, &ip, 32, &sweep), 0);
    arpq_sweep_close(opened);
}

static void test_changes(void **state)
{
    struct arpq_neigh neigh = {.ip = ip_of("10.1.0.8"), .mac = mac_of(MAC_B)};
    struct arpq_address address = {.ip = ip_of("10.1.0.77"), .ifindex = ifindex_of("v0")};

    assert_int_equal(arpq_neigh_delete(h, &spoilt, 0, 0), -EINVAL);
    neigh.ip.reserved = 1;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -EINVAL);
    neigh.ip.reserved = 0;
    neigh.reserved16 = 1;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -EINVAL);
    neigh.reserved16 = 0;
    neigh.reserved[4] = 1;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), -EINVAL);
    neigh.reserved[4] = 0;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), 0);

    address.peer.reserved = 1;
    assert_int_equal(arpq_address_add(h, &address, 0), -EINVAL);
    address.peer.reserved = 0;
    address.reserved8[2] = 1;
    assert_int_equal(arpq_address_modify(h, &address, 0), -EINVAL);
    address.reserved8[2] = 0;
    address.reserved[7] = 1;
    assert_int_equal(arpq_address_remove(h, &address, 0), -EINVAL);
    address.reserved[7] = 0;
    assert_int_equal(arpq_address_add(h, &address, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_lookups),
        TEST_FIXTURE(test_mirror),
        TEST_FIXTURE(test_filters_and_packets),
        TEST_FIXTURE(test_sources),
        TEST_FIXTURE(test_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Kernels before 5.0 do not answer requests for a single neighbour. They support only dumps. */
#include "test.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpq.h>

#include "kernel/netns.h"
#include "namespace.h"
#include "unit/old_kernel.h"

#define MAC "02:00:00:00:00:02"
#define ENTRIES 1500u /* enough entries that their events overrun the smallest buffer */

static struct arpq_handle *h;
static uint32_t d0;

static const struct arpq_ip known[] = {
    {.family = AF_INET, .bytes = {10, 1, 0, 2}},
    {.family = AF_INET6, .bytes = {0xfd, 1, [15] = 2}},
};
static const struct arpq_ip absent[] = {
    {.family = AF_INET, .bytes = {10, 1, 0, 3}},
    {.family = AF_INET6, .bytes = {0xfd, 1, [15] = 3}},
};

static int set_up(void **state)
{
    if (!namespace_enter())
        not_run("no namespace");
    sh("ip link add d0 type veth peer name d1 && ip link set d0 up &&"
       " ip addr add 10.1.0.1/16 dev d0 && ip addr add fd01::1/64 dev d0 nodad &&"
       " ip neigh add 10.1.0.2 dev d0 lladdr " MAC " nud permanent &&"
       " ip neigh add fd01::2 dev d0 lladdr " MAC " nud permanent &&"
       " ip neigh add proxy 10.1.0.9 dev d0 && ip neigh add proxy fd01::9 dev d0");
    d0 = if_nametoindex("d0");
    old_kernel.no_single_get = true;
    assert_int_equal(arpq_open(&h, NULL), 0);
    return 0;
}

static int tear_down(void **state)
{
    arpq_close(h);
    return 0;
}

static void test_get(void **state)
{
    struct arpq_neigh neigh;
    struct arpq_mac mac;

    for (int i = 0; i < 2; i++) {
        assert_int_equal(arpq_lookup(h, &known[i], 0, 0, &mac), 0);
        assert_int_equal(mac.bytes[5], 2);
        assert_int_equal(arpq_neigh_get(h, &known[i], 0, 0, &neigh), 0);
        assert_int_equal(neigh.state, ARPQ_STATE_PERMANENT);
        assert_int_equal(neigh.ifindex, d0);
        assert_int_equal(arpq_lookup(h, &absent[i], 0, 0, &mac), -ENOENT);
        assert_int_equal(arpq_neigh_get(h, &absent[i], 0, 0, &neigh), -ENOENT);
    }
}

/* An entry counts as absent if two dumps lack it. */
static void test_short_dump(void **state)
{
    struct arpq_neigh neigh;

    for (int i = 0; i < 2; i++) {
        old_kernel.short_dumps = 1;
        assert_int_equal(arpq_neigh_get(h, &known[i], 0, 0, &neigh), 0);
        assert_int_equal(old_kernel.short_dumps, 0);
        assert_int_equal(neigh.mac.bytes[5], 2);
    }
}

static void test_get_many(void **state)
{
    struct arpq_ip ips[300];
    struct arpq_neigh neighs[300];
    int32_t codes[300];

    for (uint32_t i = 0; i < 300; i++)
        ips[i] = i % 3 == 0 ? known[i % 2] : absent[i % 2];
    assert_int_equal(arpq_neigh_get_many(h, ips, 300, 0, 0, neighs, codes), 100);
    for (uint32_t i = 0; i < 300; i++) {
        assert_int_equal(codes[i], i % 3 == 0 ? 0 : -ENOENT);
        assert_int_equal(neighs[i].mac.bytes[5], i % 3 == 0 ? 2 : 0);
    }
}

/* Resolve an address that has an entry, and an address that does not answer. */
static void test_resolve(void **state)
{
    struct arpq_neigh neigh;

    for (int i = 0; i < 2; i++) {
        assert_int_equal(arpq_resolve(h, &known[i], 0, 0, 1000, &neigh), 0);
        assert_int_equal(neigh.mac.bytes[5], 2);
        assert_int_equal(arpq_resolve(h, &absent[i], d0, 0, 100, &neigh), -EHOSTUNREACH);
    }
}

static void test_proxy(void **state)
{
    static const struct arpq_ip proxies[] = {
        {.family = AF_INET, .bytes = {10, 1, 0, 9}},
        {.family = AF_INET6, .bytes = {0xfd, 1, [15] = 9}},
    };
    struct arpq_neigh neigh = {.ifindex = d0, .flags = ARPQ_NEIGH_PROXY};

    for (int i = 0; i < 2; i++) {
        neigh.ip = proxies[i];
        assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_CREATE), -EEXIST);
        assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_REPLACE), 0);
        neigh.ip = absent[i];
        assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_REPLACE), -ENOENT);
    }
}

static void change_many(const char *verb)
{
    sh("for i in $(seq 1 %u); do echo neigh %s 10.1.$((1 + i / 250)).$((1 + i %% 250)) dev d0"
       " lladdr " MAC " nud permanent; done | ip -batch -",
       ENTRIES, verb);
}

/* Entries are removed while events are lost. The replica soon equals the table again, and then
 * stops dumping. */
static void test_overrun(void **state)
{
    const struct arpq_mirror_options options = {.size = sizeof options, .receive_buffer = 1};
    struct arpq_sync_stats stats;
    struct arpq_mirror *mirror;
    uint64_t end = now_ms() + 5000, dumps;
    struct arpq_mac mac;

    change_many("add");
    assert_int_equal(arpq_mirror_open(h, &mirror, &options), 0);
    change_many("del");
    do {
        struct pollfd fd = {.fd = arpq_mirror_fd(mirror), .events = POLLIN};

        poll(&fd, 1, 100);
        (void)arpq_mirror_sync(mirror);
        assert_int_equal(arpq_mirror_stats(mirror, &stats), 0);
    } while (now_ms() < end && (stats.stale || stats.overruns == 0));
    assert_true(stats.overruns > 0);
    assert_false(stats.stale);
    assert_true(stats.entries < 100);
    assert_int_equal(arpq_mirror_lookup(mirror, &known[0], d0, &mac), 0);
    dumps = stats.dumps;
    for (int i = 0; i < 4; i++) {
        struct pollfd fd = {.fd = arpq_mirror_fd(mirror), .events = POLLIN};

        poll(&fd, 1, 150);
        (void)arpq_mirror_sync(mirror);
    }
    assert_int_equal(arpq_mirror_stats(mirror, &stats), 0);
    assert_int_equal(stats.dumps, dumps);
    arpq_mirror_close(mirror);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get),      cmocka_unit_test(test_short_dump),
        cmocka_unit_test(test_get_many), cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_proxy),    cmocka_unit_test(test_overrun),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: MIT */
/* A bridge receives the replies to requests that are sent from one of its ports, so the library's
 * error text names the port and the bridge. */
#include "test.h"

#include <errno.h>

#include <arpq.h>

#include "kernel/netns.h"
#include "process.h"

static struct arpq_handle *h;

static int set_up(void **state)
{
    netns_enter();
    sh("ip link add br0 type bridge; ip link add p0 type veth peer name p0p;"
       "ip link set p0 master br0; ip link set p0 up; ip link set p0p up; ip link set br0 up;"
       "ip addr add 10.1.0.1/24 dev br0; ip addr add 10.2.0.1/24 dev p0");
    assert_int_equal(arpq_open(&h, NULL), 0);
    return 0;
}

static int tear_down(void **state)
{
    arpq_close(h);
    return 0;
}

static void test_sweep(void **state)
{
    const struct arpq_ip v4 = ip_of("10.1.0.0"), v6 = ip_of("::");
    const struct arpq_sweep_options options = {.size = sizeof options, .ifindex = ifindex_of("p0")};
    struct arpq_sweep *sweep;

    assert_int_equal(arpq_sweep_open(h, &sweep, &v4, 30, &options), -EBUSY);
    assert_string_equal(arpq_detail(h), "p0 is a port of br0");
    assert_int_equal(arpq_sweep_open(h, &sweep, &v6, 0, &options), -EBUSY);
    assert_string_equal(arpq_detail(h), "p0 is a port of br0");
}

static void test_resolve(void **state)
{
    const struct arpq_ip ip = ip_of("10.2.0.9");
    struct arpq_neigh neigh;

    assert_int_equal(arpq_resolve(h, &ip, ifindex_of("p0"), 0, 500, &neigh), -EBUSY);
    assert_string_equal(arpq_detail(h), "p0 is a port of br0");
    assert_int_equal(arpq_resolve(h, &ip, 0, 0, 500, &neigh), -EBUSY);
    assert_string_equal(arpq_detail(h), "p0 is a port of br0");
    /* The library returns an entry that a user set. */
    sh("ip neigh add 10.2.0.9 lladdr 02:00:00:00:00:09 dev p0");
    assert_int_equal(arpq_resolve(h, &ip, ifindex_of("p0"), 0, 500, &neigh), 0);
}

static void test_ping(void **state)
{
    const struct arpq_ping_options options = {.size = sizeof options, .ifindex = ifindex_of("p0")};
    const struct arpq_ip ip = ip_of("10.2.0.9");
    struct arpq_ping_reply reply;

    assert_int_equal(arpq_ping(h, &ip, &options, &reply), -EBUSY);
    assert_string_equal(arpq_detail(h), "p0 is a port of br0");
}

/* A ping sees that its interface became a port, or is no longer one. */
static void test_ping_sees_changes(void **state)
{
    const struct arpq_ping_options options = {
        .size = sizeof options, .answer_ms = 10, .ifindex = ifindex_of("p0")};
    const struct arpq_ip ip = ip_of("10.2.0.9");
    struct arpq_ping_reply reply;

    sh("ip link set p0 nomaster");
    sleep_ms(20);
    assert_int_equal(arpq_ping(h, &ip, &options, &reply), -ETIMEDOUT);
    sh("ip link set p0 master br0");
    sleep_ms(20);
    assert_int_equal(arpq_ping(h, &ip, &options, &reply), -EBUSY);
}

/* The bridge itself is not a port. No text of an earlier call remains. */
static void test_bridge_itself(void **state)
{
    const struct arpq_ip ip = ip_of("10.1.0.9");
    struct arpq_neigh neigh;

    assert_int_equal(arpq_resolve(h, &ip, 0, 0, 100, &neigh), -EHOSTUNREACH);
    assert_string_equal(arpq_detail(h), "");
}

/* The ports of a VRF receive their own packets, unlike the ports of a bridge. */
static void test_vrf(void **state)
{
    const struct arpq_ip ip = ip_of("10.2.0.9");
    struct arpq_neigh neigh;

    if (sh_status("ip link add vrf0 type vrf table 10") != 0)
        return; /* the kernel has no VRF */
    sh("ip link set vrf0 up; ip link set p0 master vrf0");
    assert_int_equal(arpq_resolve(h, &ip, ifindex_of("p0"), 0, 100, &neigh), -EHOSTUNREACH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sweep, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_resolve, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ping, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ping_sees_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bridge_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vrf, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

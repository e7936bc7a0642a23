/* SPDX-License-Identifier: MIT */
/* The library refuses settings that an older kernel would ignore, before it changes anything. */
#include "test.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <arpq.h>

#include "namespace.h"
#include "unit/old_kernel.h"

#define BIT(attribute) (UINT64_C(1) << (attribute))
#define FLAGS_EXT 15
#define RT_PRIORITY 9
#define PROTO 11

static struct arpq_handle *h;
static uint32_t d0;

static const struct arpq_ip ips[] = {
    {.family = AF_INET, .bytes = {10, 1, 0, 2}},
    {.family = AF_INET6, .bytes = {0xfd, 1, [15] = 2}},
};

static int set_up(void **state)
{
    if (!namespace_enter())
        not_run("no namespace");
    assert_int_equal(system("ip link add d0 type veth peer name d1 && ip link set d0 up &&"
                            " ip addr add 10.1.0.1/24 dev d0 &&"
                            " ip addr add fd01::1/64 dev d0 nodad"),
                     0);
    d0 = if_nametoindex("d0");
    assert_int_equal(arpq_open(&h, NULL), 0);
    return 0;
}

static int tear_down(void **state)
{
    arpq_close(h);
    return 0;
}

static int reset(void **state)
{
    memset(&old_kernel, 0, sizeof old_kernel);
    return 0;
}

static bool exists(const struct arpq_ip *ip)
{
    struct arpq_neigh neigh;

    return arpq_neigh_get(h, ip, d0, 0, &neigh) == 0;
}

static int set_neigh(const struct arpq_ip *ip, uint32_t flags, uint8_t protocol, bool with_mac)
{
    struct arpq_neigh neigh = {.ip = *ip,
                               .ifindex = d0,
                               .state = with_mac ? ARPQ_STATE_STALE : ARPQ_STATE_NONE,
                               .flags = flags,
                               .protocol = protocol};

    if (with_mac)
        neigh.mac = (struct arpq_mac){.length = 6, .bytes = {2, [5] = 2}};
    return arpq_neigh_set(h, &neigh, 0);
}

static void test_extended_flags(void **state)
{
    for (int i = 0; i < 2; i++) {
        old_kernel.neigh_attributes = BIT(FLAGS_EXT); /* before 5.16 */
        for (int with_mac = 0; with_mac < 2; with_mac++) {
            assert_int_equal(set_neigh(&ips[i], ARPQ_NEIGH_MANAGED, 0, with_mac), -EOPNOTSUPP);
            assert_false(exists(&ips[i]));
        }
        old_kernel.neigh_attributes = 0; /* before 6.17 */
        old_kernel.flags_ext = 0x4;
        assert_int_equal(set_neigh(&ips[i], ARPQ_NEIGH_EXT_VALIDATED, 0, true), -EOPNOTSUPP);
        assert_false(exists(&ips[i]));
        assert_int_equal(set_neigh(&ips[i], ARPQ_NEIGH_MANAGED, 0, true), 0);
        assert_int_equal(arpq_neigh_delete(h, &ips[i], d0, 0), 0);
    }
}

static void test_neigh_protocol(void **state)
{
    for (int i = 0; i < 2; i++) {
        old_kernel.neigh_attributes = BIT(NDA_PROTOCOL) | BIT(FLAGS_EXT); /* before 5.0 */
        assert_int_equal(set_neigh(&ips[i], 0, 42, true), -EOPNOTSUPP);
        assert_false(exists(&ips[i]));
        assert_int_equal(set_neigh(&ips[i], ARPQ_NEIGH_PROXY, 42, false), -EOPNOTSUPP);
        assert_int_equal(set_neigh(&ips[i], 0, 0, true), 0);
        assert_int_equal(arpq_neigh_delete(h, &ips[i], d0, 0), 0);
        old_kernel.neigh_attributes = 0;
        assert_int_equal(set_neigh(&ips[i], 0, 42, true), 0);
        assert_int_equal(arpq_neigh_delete(h, &ips[i], d0, 0), 0);
    }
}

static int add_address(const struct arpq_ip *ip, uint32_t metric, uint8_t protocol, uint32_t flags)
{
    struct arpq_address address = {.ip = *ip,
                                   .ifindex = d0,
                                   .prefix_length = 24,
                                   .metric = metric,
                                   .protocol = protocol,
                                   .flags = flags};

    return arpq_address_add(h, &address, 0);
}

static int remove_address(const struct arpq_ip *ip)
{
    const struct arpq_address address = {.ip = *ip, .ifindex = d0, .prefix_length = 24};

    return arpq_address_remove(h, &address, 0);
}

static void test_address(void **state)
{
    for (int i = 0; i < 2; i++) {
        struct arpq_address address = {
            .ip = ips[i], .ifindex = d0, .prefix_length = 24, .metric = 7};

        old_kernel.addr_attributes = BIT(PROTO); /* before 5.18 */
        assert_int_equal(add_address(&ips[i], 0, 42, 0), -EOPNOTSUPP);
        assert_int_equal(remove_address(&ips[i]), -ENOENT);
        assert_int_equal(add_address(&ips[i], 7, 0, 0), 0);
        assert_int_equal(remove_address(&ips[i]), 0);
        old_kernel.addr_attributes = BIT(PROTO) | BIT(RT_PRIORITY); /* before 4.18 */
        assert_int_equal(add_address(&ips[i], 7, 0, 0), -EOPNOTSUPP);
        assert_int_equal(add_address(&ips[i], 0, 0, 0), 0);
        assert_int_equal(arpq_address_modify(h, &address, 0), -EOPNOTSUPP);
        assert_int_equal(remove_address(&ips[i]), 0);
        old_kernel.addr_attributes = 0;
        assert_int_equal(add_address(&ips[i], 7, 42, 0), 0);
        assert_int_equal(remove_address(&ips[i]), 0);
    }
}

/* Every kernel ignores these flags for IPv4. */
static void test_ipv4_flags(void **state)
{
    static const uint32_t dropped[] = {ARPQ_ADDRESS_NO_DAD, ARPQ_ADDRESS_OPTIMISTIC,
                                       ARPQ_ADDRESS_HOME, ARPQ_ADDRESS_MANAGE_TEMP};

    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
        assert_int_equal(add_address(&ips[0], 0, 0, dropped[i]), -EOPNOTSUPP);
    assert_int_equal(remove_address(&ips[0]), -ENOENT);
    assert_int_equal(add_address(&ips[0], 0, 0, ARPQ_ADDRESS_NO_PREFIX_ROUTE), 0);
    assert_int_equal(remove_address(&ips[0]), 0);
}

/* A kernel that keeps the protocol in silence: the whole change is refused. */
static void test_address_protocol(void **state)
{
    struct arpq_address address = {
        .ip = ips[0], .ifindex = d0, .prefix_length = 24, .valid_s = 60, .preferred_s = 30};

    assert_int_equal(add_address(&ips[0], 0, 42, 0), 0);
    old_kernel.kept_protocol = 42;
    address.protocol = 43;
    assert_int_equal(arpq_address_modify(h, &address, 0), -EOPNOTSUPP);
    assert_int_equal(system("ip -4 addr show dev d0 to 10.1.0.2 | grep -q 'valid_lft forever'"), 0);
    address.protocol = 42;
    assert_int_equal(arpq_address_modify(h, &address, 0), 0);
    assert_int_equal(system("ip -4 addr show dev d0 to 10.1.0.2 | grep -q 'valid_lft 60sec'"), 0);
    old_kernel.kept_protocol = 0;
    address.protocol = 43;
    assert_int_equal(arpq_address_modify(h, &address, 0), 0);
    assert_int_equal(remove_address(&ips[0]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_extended_flags, reset),
        cmocka_unit_test_setup(test_neigh_protocol, reset),
        cmocka_unit_test_setup(test_address, reset),
        cmocka_unit_test_setup(test_address_protocol, reset),
        cmocka_unit_test_setup(test_ipv4_flags, reset),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

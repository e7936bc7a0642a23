/* SPDX-License-Identifier: MIT */
/* Compares one call for many neighbours with a call for each. */
#include "test.h"

#include <net/if_arp.h>
#include <sys/socket.h>

#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/table.h"

#define MANY 1000u

static void clear_ages(struct arpq_neigh *neigh)
{
    neigh->confirmed_ms = neigh->used_ms = neigh->updated_ms = 0;
    neigh->refcount = 0;
}

/* Compare one call for all with a call for each. Returns the number of entries found. */
static int check_many(struct arpq_handle *handle, const struct arpq_ip *ips, uint32_t count,
                      uint32_t ifindex, uint32_t flags)
{
    struct arpq_neigh *neighs = malloc((count + 1) * sizeof *neighs), one;
    int32_t *codes = malloc((count + 1) * sizeof *codes);
    int found, counted = 0;

    assert_true(neighs && codes);
    memset(neighs, 0xa5, (count + 1) * sizeof *neighs);
    memset(codes, 0x5a, (count + 1) * sizeof *codes);
    found = arpq_neigh_get_many(handle, ips, count, ifindex, flags, neighs, codes);
    for (uint32_t i = 0; i < count; i++) {
        int code = arpq_neigh_get(handle, &ips[i], ifindex, flags, &one);
        uint64_t age = one.updated_ms - neighs[i].updated_ms;
        char text[ARPQ_IP_STRLEN];

        clear_ages(&neighs[i]);
        clear_ages(&one);
        counted += code == 0;
        if (codes[i] != code || memcmp(&one, &neighs[i], sizeof one) != 0 || age > 2000)
            fail_msg("%u of %u, %s on %u: many %d (state %#x), one %d (state %#x)", i, count,
                     arpq_ip_format(&ips[i], text, sizeof text), ifindex, codes[i], neighs[i].state,
                     code, one.state);
    }
    assert_int_equal(found, counted);
    assert_int_equal(codes[count], 0x5a5a5a5a); /* nothing is written after the end */
    assert_int_equal(neighs[count].ifindex, 0xa5a5a5a5u);
    memset(neighs, 0xa5, count * sizeof *neighs);
    assert_int_equal(arpq_neigh_get_many(handle, ips, count, ifindex, flags, neighs, NULL), found);
    for (uint32_t i = 0; i < count; i++)
        if (codes[i] < 0)
            assert_true(is_all_zero(&neighs[i], sizeof neighs[i]));
        else
            assert_int_equal(arpq_ip_compare(&neighs[i].ip, &ips[i]) == 0 || flags ||
                                 neighs[i].ip.family == AF_INET || neighs[i].ip.scope,
                             1);
    free(neighs);
    free(codes);
    return found;
}

/* Hits and misses, and every kind of address. */
static void make_targets(struct arpq_ip *ips)
{
    static const char *const odd[] = {"10.1.0.1",  "fd01::1",   "224.0.0.1",        "ff02::1",
                                      "0.0.0.0",   "::",        "10.1.255.255",     "192.0.2.1",
                                      "10.1.0.20", "10.1.0.21", "10.1.0.22",        "10.1.0.23",
                                      "fe80::1",   "127.0.0.1", "::ffff:10.1.0.20", "fd02::2"};

    for (uint32_t i = 0; i < MANY; i++)
        ips[i] = i % 4 ? numbered_ip(i) : ip_of(odd[i / 4 % 16]);
    for (uint32_t i = 8; i < MANY; i += 40)
        ips[i].family = (uint16_t)(i % 80 ? AF_UNIX : 0);
    for (uint32_t i = 16; i < MANY; i += 40) {
        ips[i] = ip_of("fe80::1");
        ips[i].scope = i % 80 == 16 ? ifindex_of("v0") : 4000000;
    }
    /* Entries of other namespaces can start the garbage collector. It does not remove extern_learn
     * entries. */
    sh("ip neigh add 10.1.0.20 dev v0 lladdr " MAC_A " nud stale extern_learn;"
       "ip neigh add 10.1.0.21 dev v0 nud none extern_learn;"
       "ip neigh add 10.1.0.22 dev v0 nud failed extern_learn;"
       "ip neigh add 10.1.0.23 dev v0 lladdr " MAC_A " nud noarp extern_learn;"
       "ip neigh add fe80::1 dev v0 lladdr " MAC_B);
    change_numbered("add", 0, 600);
}

static void test_many(void **state)
{
    static const uint32_t counts[] = {0, 1, 2, 127, 128, 129, 256, 257, MANY};
    static struct arpq_ip ips[MANY];

    make_targets(ips);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        check_many(h, ips, counts[i], 0, 0);
        check_many(h, ips, counts[i], ifindex_of("v0"), 0);
    }
    assert_between(check_many(h, ips, MANY, 0, 0), 500, 700);
    check_many(h, ips, MANY, ifindex_of("v0p"), 0);
    check_many(h, ips, MANY, ifindex_of("lo"), 0);
    assert_int_equal(check_many(h, ips, MANY, 4000000, 0), 0);
    assert_int_equal(check_many(h, ips, 10, UINT32_MAX, 0), 0);
    check_many(h, ips, MANY, 0, ARPQ_LOOKUP_VIA_GATEWAY);
    check_many(h, ips, MANY, 0, ARPQ_LOOKUP_TABLE_ONLY);
    check_many(h, ips, MANY, 0, ARPQ_LOOKUP_ANY_INTERFACE);
    sh("ip route add default via 10.1.0.20");
    assert_true(check_many(h, ips, MANY, 0, ARPQ_LOOKUP_VIA_GATEWAY) >
                check_many(h, ips, MANY, 0, 0));
}

static void test_many_arguments(void **state)
{
    struct arpq_ip ip = ip_of("10.1.0.9");
    struct arpq_neigh neigh;
    int32_t code = 7, codes[4] = {7, 7, 7, 7};

    assert_int_equal(arpq_neigh_get_many(h, NULL, 0, 0, 0, NULL, NULL), 0);
    assert_int_equal(arpq_neigh_get_many(h, NULL, 3, 0, 0, NULL, codes), -EINVAL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(codes[i], -EINVAL);
    assert_int_equal(codes[3], 7);
    assert_int_equal(arpq_neigh_get_many(h, &ip, 1, 0, 0, NULL, &code), -EINVAL);
    assert_int_equal(code, -EINVAL);
    assert_int_equal(arpq_neigh_get_many(h, &ip, 0x80000000u, 0, 0, &neigh, &code), -EINVAL);
    memset(&neigh, 0xa5, sizeof neigh);
    assert_int_equal(arpq_neigh_get_many(NULL, &ip, 1, 0, 0, &neigh, NULL), -EINVAL);
    assert_true(is_all_zero(&neigh, sizeof neigh));
    memset(&neigh, 0xa5, sizeof neigh);
    assert_int_equal(arpq_neigh_get_many(h, NULL, 1, 0, 0, &neigh, NULL), -EINVAL);
    assert_true(is_all_zero(&neigh, sizeof neigh));
    memset(&neigh, 0xa5, sizeof neigh);
    assert_int_equal(arpq_neigh_get_many(h, &ip, 1, 0, 8, &neigh, &code), -EINVAL);
    assert_true(is_all_zero(&neigh, sizeof neigh));
}

static void test_many_on_a_removed_link(void **state)
{
    struct arpq_ip ips[200];
    uint32_t index;

    sh("ip link add w0 type veth peer name w1; ip link set w0 up; ip link set w1 up;"
       "ip addr add 10.7.0.1/24 dev w0; for i in $(seq 2 101); do"
       " echo neigh add 10.7.0.$i dev w0 lladdr " MAC_A "; done | ip -batch -");
    index = ifindex_of("w0");
    for (unsigned i = 0; i < 200; i++) {
        char text[ARPQ_IP_STRLEN];

        snprintf(text, sizeof text, "10.7.0.%u", i + 2);
        ips[i] = ip_of(text);
    }
    assert_int_equal(check_many(h, ips, 200, 0, 0), 100);
    assert_int_equal(check_many(h, ips, 200, index, 0), 100);
    sh("ip link del w0");
    assert_int_equal(check_many(h, ips, 200, index, 0), 0);
    assert_int_equal(check_many(h, ips, 200, 0, 0), 0);
    sh("ip link add w0 type veth peer name w1; ip link set w0 up; ip link set w1 up;"
       "ip addr add 10.7.0.1/24 dev w0; ip neigh add 10.7.0.9 dev w0 lladdr " MAC_B);
    assert_int_equal(check_many(h, ips, 200, 0, 0), 1);
}

static void test_in_another_namespace(void **state)
{
    struct netns_second second = netns_second();
    struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = second.fd};
    struct arpq_ip ips[] = {ip_of("10.6.0.2"), ip_of("10.6.0.3"), ip_of("10.1.1.2")};
    struct arpq_table *table;
    struct arpq_handle *other;

    change_numbered("add", 0, 100);
    netns_sh(&second, "ip link add s0 type veth peer name s1; ip link set s0 addrgenmode none;"
                      "ip link set s0 up; ip link set s1 up; ip addr add 10.6.0.1/24 dev s0;"
                      "ip neigh add 10.6.0.2 dev s0 lladdr " MAC_A);
    assert_int_equal(arpq_open(&other, &options), 0);
    assert_int_equal(check_many(other, ips, 3, 0, 0), 1);
    assert_int_equal(check_many(h, ips, 3, 0, 0), 1);
    assert_int_equal(
        arpq_table_get(other, FILTER(.family = AF_INET, .states = ARPQ_STATE_PERMANENT), &table),
        0);
    assert_int_equal(arpq_table_count(table), 1);
    assert_int_equal(arpq_ip_compare(&arpq_table_at(table, 0)->ip, &ips[0]), 0);
    assert_int_equal(arpq_table_at(table, 0)->mac.type, ARPHRD_ETHER);
    arpq_table_free(table);
    table = list(NULL);
    check_numbered(table, 100);
    arpq_table_free(table);
    arpq_close(other);
    netns_second_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_many),
        TEST(test_many_arguments),
        TEST(test_many_on_a_removed_link),
        TEST(test_in_another_namespace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* The lookups, lists and batches of a mirror, and the arguments that it refuses. */
#include "test.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/mirror.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/tun.h"
#include "process.h"

#define TYPE_IEEE802154 804 /* ARPHRD_IEEE802154: 8-byte addresses */
#define TYPE_IP6GRE 823     /* ARPHRD_IP6GRE: 16-byte addresses */

static const char *const keys[] = {"10.1.0.9", "fd01::9"};

static void expect_both(int line, const char *key, int code, const char *mac)
{
    expect_at(__FILE__, line, key, 0, code, mac);
    expect_at(__FILE__, line, key, ifindex_of("v0"), code, mac);
}

/* The mirror learns each state both from an event and from the first dump. */
static void test_states(void **state)
{
    static const struct {
        const char *entry;
        int code;
        const char *mac;
    } rows[] = {
        {"lladdr " MAC_A " nud reachable", 0, MAC_A},
        {"lladdr " MAC_B " nud stale", 0, MAC_B},
        {"lladdr " MAC_A " nud delay", 0, MAC_A},
        {"lladdr " MAC_B " nud probe", 0, MAC_B},
        {"lladdr " MAC_A " nud noarp", 0, MAC_A},
        {"lladdr " MAC_B " nud permanent", 0, MAC_B},
        {"nud incomplete", -EAGAIN, NULL},
        {"lladdr " MAC_A " nud stale", 0, MAC_A},
        {"nud failed", -EHOSTUNREACH, NULL},
    };

    for (size_t k = 0; k < LENGTH(keys); k++) {
        open_mirror(0);
        expect_both(__LINE__, keys[k], -ENOENT, NULL);
        for (size_t i = 0; i < LENGTH(rows); i++) {
            sh("ip neigh replace %s dev v0 %s", keys[k], rows[i].entry);
            sync_mirror();
            expect_both(__LINE__, keys[k], rows[i].code, rows[i].mac);
            expect_at(__FILE__, __LINE__, keys[k], ifindex_of("v0p"), -ENOENT, NULL);
        }
        sh("ip neigh del %s dev v0", keys[k]);
        sync_mirror();
        expect_both(__LINE__, keys[k], -ENOENT, NULL);
    }
    for (size_t k = 0; k < LENGTH(keys); k++)
        for (size_t i = 0; i < LENGTH(rows); i++) {
            sh("ip neigh replace %s dev v0 %s", keys[k], rows[i].entry);
            open_mirror(0);
            expect_both(__LINE__, keys[k], rows[i].code, rows[i].mac);
        }
    sh("ip neigh add 10.1.0.10 dev v0 nud none");
    open_mirror(0);
    expect_both(__LINE__, "10.1.0.10", -ENOENT, NULL);
}

static void test_bad_arguments_of_lookups(void **state)
{
    struct arpq_ip ip = ip_of("10.1.0.9"), odd = ip;
    struct arpq_mac mac;
    struct arpq_neigh neigh;

    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A ";"
       "ip neigh add fe80::9 dev v0 lladdr " MAC_A "; ip neigh add fe80::9 dev v0p lladdr " MAC_B);
    open_mirror(0);
    MAC_IS("::ffff:10.1.0.9", MAC_A);
    MAC_ON("::ffff:10.1.0.9", "v0", MAC_A);
    FAILS("::ffff:10.1.0.8", -ENOENT);
    FAILS("fe80::9", -EINVAL);
    FAILS("fe80::8", -EINVAL);
    FAILS("ff02::1", -EINVAL);
    MAC_IS("fe80::9%v0", MAC_A);
    MAC_IS("fe80::9%v0p", MAC_B);
    MAC_ON("fe80::9", "v0", MAC_A);
    MAC_ON("fe80::9", "v0p", MAC_B);
    MAC_ON("fe80::9%v0", "v0", MAC_A);
    FAILS_ON("fe80::9%v0", "v0p", -EINVAL);
    FAILS_ON("fe80::8", "v0", -ENOENT);
    FAILS("10.1.0.1", -ENOENT);
    FAILS("10.1.0.255", -ENOENT);
    expect_at(__FILE__, __LINE__, "10.1.0.9", 4000000, -ENOENT, NULL);
    expect_at(__FILE__, __LINE__, "10.1.0.9", 0x80000000u, -EINVAL, NULL);
    odd.family = 99;
    memset(&mac, 0xa5, sizeof mac);
    assert_int_equal(arpq_mirror_lookup(m, &odd, 0, &mac), -EAFNOSUPPORT);
    assert_true(is_all_zero(&mac, sizeof mac));
    odd.family = 0;
    assert_int_equal(arpq_mirror_lookup(m, &odd, 0, &mac), -EAFNOSUPPORT);
    assert_int_equal(arpq_mirror_get(m, &odd, 0, &neigh), -EAFNOSUPPORT);
    /* Bytes after an IPv4 address are ignored. */
    odd = ip;
    memset(odd.bytes + 4, 0xa5, 12);
    assert_int_equal(arpq_mirror_lookup(m, &odd, 0, &mac), 0);
    assert_int_equal(arpq_mirror_lookup(NULL, &ip, 0, &mac), -EINVAL);
    assert_true(is_all_zero(&mac, sizeof mac));
    assert_int_equal(arpq_mirror_lookup(m, NULL, 0, &mac), -EINVAL);
    assert_int_equal(arpq_mirror_lookup(m, &ip, 0, NULL), -EINVAL);
    assert_int_equal(arpq_mirror_get(NULL, &ip, 0, &neigh), -EINVAL);
    assert_int_equal(arpq_mirror_get(m, NULL, 0, &neigh), -EINVAL);
    assert_int_equal(arpq_mirror_get(m, &ip, 0, NULL), -EINVAL);
}

/* Entries with a MAC take precedence. Among these, the entry that was confirmed last takes
 * precedence. */
static void test_best_of_two(void **state)
{
    sh("ip neigh add 10.1.0.9 dev v0 nud incomplete;"
       "ip neigh add 10.1.0.9 dev v0p lladdr " MAC_B " nud stale");
    open_mirror(0);
    MAC_IS("10.1.0.9", MAC_B);
    FAILS_ON("10.1.0.9", "v0", -EAGAIN);
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A " nud reachable");
    sync_mirror();
    MAC_IS("10.1.0.9", MAC_A);
    MAC_ON("10.1.0.9", "v0p", MAC_B);
    sleep_ms(40);
    sh("ip neigh replace 10.1.0.9 dev v0p lladdr " MAC_B " nud reachable");
    sync_mirror();
    MAC_IS("10.1.0.9", MAC_B);
    MAC_ON("10.1.0.9", "v0", MAC_A);
    sh("ip neigh del 10.1.0.9 dev v0p");
    sync_mirror();
    MAC_IS("10.1.0.9", MAC_A);
    FAILS_ON("10.1.0.9", "v0p", -ENOENT);
}

static void test_get(void **state)
{
    struct arpq_ip ip = ip_of("fd01::9");
    struct arpq_neigh neigh, kernel;

    open_mirror(0);
    sh("ip neigh add fd01::9 dev v0 lladdr " MAC_A " nud reachable router protocol 186");
    sync_mirror();
    sleep_ms(100);
    memset(&neigh, 0xa5, sizeof neigh);
    assert_int_equal(arpq_mirror_get(m, &ip, 0, &neigh), 0);
    assert_int_equal(arpq_neigh_get(h, &ip, ifindex_of("v0"), 0, &kernel), 0);
    assert_between(neigh.confirmed_ms, 80, kernel.confirmed_ms + 40);
    assert_between(neigh.updated_ms, 80, kernel.updated_ms + 40);
    assert_int_equal(neigh.used_ms, 0);
    assert_int_equal(neigh.flags, ARPQ_NEIGH_ROUTER);
    assert_int_equal(neigh.protocol, 186);
    neigh.confirmed_ms = kernel.confirmed_ms;
    neigh.updated_ms = kernel.updated_ms;
    kernel.used_ms = 0;
    kernel.probes = kernel.refcount = 0;
    assert_memory_equal(&neigh, &kernel, sizeof neigh);
}

static void expect_lengths(const char *eight, const char *sixteen)
{
    struct arpq_ip ip = ip_of("10.8.0.9");
    struct arpq_mac mac;

    MAC_IS("10.8.0.9", eight);
    MAC_ON("10.16.0.9", "tap16", sixteen);
    /* On a point-to-point link the kernel has one IPv4 entry for all addresses. */
    FAILS_ON("0.0.0.0", "tun0", -EOPNOTSUPP);
    FAILS("10.30.0.9", -ENOENT);
    FAILS("fd30::9", -EOPNOTSUPP);
    FAILS_ON("fd30::9", "tun0", -EOPNOTSUPP);
    FAILS_ON("10.30.0.8", "tun0", -ENOENT);
    assert_int_equal(arpq_mirror_lookup(m, &ip, 0, &mac), 0);
    assert_int_equal(mac.type, TYPE_IEEE802154);
    mac = mac_of(sixteen);
    assert_int_equal(arpq_mirror_find_mac(m, &mac, NULL, 0), 1);
}

static void test_lengths(void **state)
{
    static const char eight[] = "02:00:00:00:00:00:0a:08";
    static const char sixteen[] = "02:00:00:00:00:00:0a:08:09:0a:0b:0c:0d:0e:0f:10";
    int tap8 = open_tun("tap8", IFF_TAP, TYPE_IEEE802154);
    int tap16 = open_tun("tap16", IFF_TAP, TYPE_IP6GRE);
    int tun = open_tun("tun0", IFF_TUN, TUN_KEEPS_TYPE);

    sh("ip link set tap8 up; ip addr add 10.8.0.1/24 dev tap8;"
       "ip link set tap16 up; ip addr add 10.16.0.1/24 dev tap16;"
       "ip link set tun0 up; ip addr add 10.30.0.1/24 dev tun0; ip addr add fd30::1/64 dev tun0");
    open_mirror(0);
    sh("ip neigh add 10.8.0.9 dev tap8 lladdr %s nud permanent;"
       "ip neigh add 10.16.0.9 dev tap16 lladdr %s nud permanent;"
       "ip neigh add 10.30.0.9 dev tun0 nud permanent; ip neigh add fd30::9 dev tun0 nud permanent",
       eight, sixteen);
    sync_mirror();
    expect_lengths(eight, sixteen);
    open_mirror(0);
    expect_lengths(eight, sixteen);
    close(tap8);
    sync_mirror();
    FAILS("10.8.0.9", -ENOENT);
    close(tap16);
    close(tun);
    sync_mirror();
    FAILS("10.16.0.9", -ENOENT);
    FAILS("fd30::9", -ENOENT);
}

static int stop_at_second(const struct arpq_neigh *neigh, void *context)
{
    int *count = context;

    return ++*count == 2 ? 42 : 0;
}

static void test_find_mac(void **state)
{
    struct arpq_mac a = mac_of(MAC_A), unknown = mac_of(MAC_C), odd = a;
    struct arpq_neigh found[8];

    open_mirror(0);
    sh("ip neigh add 10.1.0.8 dev v0 lladdr " MAC_A "; ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A
       "; ip neigh add 10.1.0.9 dev v0p lladdr " MAC_A "; ip neigh add fd01::9 dev v0 lladdr " MAC_A
       "; ip neigh add fe80::9 dev v0 lladdr " MAC_A "; ip neigh add fd01::8 dev v0 lladdr " MAC_B);
    sync_mirror();
    assert_int_equal(arpq_mirror_find_mac(m, &a, found, LENGTH(found)), 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(arpq_mac_compare(&found[i].mac, &a), 0);
        for (int j = 0; j < i; j++)
            assert_true(arpq_ip_compare(&found[i].ip, &found[j].ip) != 0 ||
                        found[i].ifindex != found[j].ifindex);
    }
    memset(&found[2], 0xa5, sizeof found[2]);
    found[3] = found[2];
    assert_int_equal(arpq_mirror_find_mac(m, &a, found, 2), 5);
    assert_memory_equal(&found[2], &found[3], sizeof found[2]);
    assert_int_equal(arpq_mirror_find_mac(m, &a, NULL, 0), 5);
    odd.type = 0; /* the mirror ignores this member */
    assert_int_equal(arpq_mirror_find_mac(m, &odd, NULL, 0), 5);
    assert_int_equal(arpq_mirror_find_mac(m, &unknown, found, 8), 0);
    odd.length = 0;
    assert_int_equal(arpq_mirror_find_mac(m, &odd, found, 8), -EINVAL);
    odd.length = 33;
    assert_int_equal(arpq_mirror_find_mac(m, &odd, found, 8), -EINVAL);
    assert_int_equal(arpq_mirror_find_mac(m, NULL, found, 8), -EINVAL);
    assert_int_equal(arpq_mirror_find_mac(NULL, &a, found, 8), -EINVAL);
    assert_int_equal(arpq_mirror_find_mac(m, &a, NULL, 1), -EINVAL);
    sh("ip neigh replace 10.1.0.8 dev v0 lladdr " MAC_B "; ip neigh del fd01::9 dev v0;"
       "ip neigh replace 10.1.0.9 dev v0p nud failed");
    sync_mirror();
    assert_int_equal(arpq_mirror_find_mac(m, &a, found, 8), 2);
}

static void test_each(void **state)
{
    int count = 0;

    sh("for i in $(seq 2 41); do echo neigh add 10.1.0.$i dev v0 lladdr " MAC_A ";"
       " done | ip -batch -");
    open_mirror(0);
    assert_int_equal(arpq_mirror_each(m, count_up, &count), 0);
    assert_int_equal(count, 40);
    count = 0;
    assert_int_equal(arpq_mirror_each(m, stop_at_second, &count), 42);
    assert_int_equal(count, 2);
    assert_int_equal(arpq_mirror_each(NULL, count_up, &count), -EINVAL);
    assert_int_equal(arpq_mirror_each(m, NULL, &count), -EINVAL);
}

/* Counts entries except those of groups. The kernel adds entries of groups at any time, without an
 * event. */
static uint32_t count_listed(const struct arpq_table *table)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < arpq_table_count(table); i++)
        count += !is_group(&arpq_table_at(table, i)->ip);
    return count;
}

static uint32_t count_of(const struct arpq_filter *filter)
{
    struct arpq_table *table, *kernel;
    uint32_t count;

    assert_int_equal(arpq_mirror_table(m, filter, &table), 0);
    assert_int_equal(arpq_table_get(h, filter, &kernel), 0);
    count = count_listed(table);
    assert_int_equal(count, count_listed(kernel));
    assert_int_equal(arpq_table_flags(table), 0);
    arpq_table_free(table);
    arpq_table_free(kernel);
    return count;
}

static void test_table(void **state)
{
    struct arpq_filter filter = {.size = sizeof filter};
    struct arpq_table *table = (void *)&h;

    sh("ip link add br0 type bridge; ip link set br0 up; ip link set v0p master br0;"
       "ip neigh add 10.1.0.8 dev v0 lladdr " MAC_A "; ip neigh add 10.1.0.9 dev v0 lladdr " MAC_B
       " nud stale; ip neigh add 10.2.0.9 dev v0p lladdr " MAC_A
       "; ip neigh add fd01::9 dev v0 lladdr " MAC_A " router nud stale;"
       "ip neigh add fd01::8 dev v0p lladdr " MAC_C " protocol 186");
    open_mirror(0);
    assert_true(count_of(NULL) >= 5);
#define COUNT(member, value, want)                                                                 \
    do {                                                                                           \
        memset(&filter, 0, sizeof filter);                                                         \
        filter.size = sizeof filter;                                                               \
        filter.states = ARPQ_STATE_PERMANENT | ARPQ_STATE_STALE;                                   \
        filter.member = value;                                                                     \
        assert_int_equal(count_of(&filter), want);                                                 \
    } while (0)
    COUNT(family, AF_INET, 3);
    COUNT(family, AF_INET6, 2);
    COUNT(ifindex, ifindex_of("v0p"), 2);
    COUNT(master, ifindex_of("br0"), 2);
    COUNT(mac, mac_of(MAC_A), 3);
    COUNT(states, ARPQ_STATE_STALE, 2);
    COUNT(neigh_flags, ARPQ_NEIGH_ROUTER, 1);
    COUNT(protocol, 186, 1);
#undef COUNT
    filter.protocol = 0;
    filter.prefix = ip_of("10.1.0.0");
    filter.prefix_length = 24;
    assert_int_equal(count_of(&filter), 2);
    filter.flags = ARPQ_FILTER_PROXY;
    filter.states = 0;
    assert_int_equal(arpq_mirror_table(m, &filter, &table), -EINVAL);
    assert_null(table);
    filter.size = 23;
    filter.flags = 0;
    assert_int_equal(arpq_mirror_table(m, &filter, &table), -EINVAL);
    assert_int_equal(arpq_mirror_table(NULL, NULL, &table), -EINVAL);
    assert_int_equal(arpq_mirror_table(m, NULL, NULL), -EINVAL);
}

/* The port left the bridge, and the kernel sent no event about its entries. */
static void test_table_of_former_master(void **state)
{
    struct arpq_filter filter = {.size = sizeof filter, .family = AF_INET};
    struct arpq_table *table;

    sh("ip link add br0 type bridge; ip link set br0 up; ip link set v0p master br0;"
       "ip neigh add 10.2.0.9 dev v0p lladdr " MAC_A);
    open_mirror(0);
    filter.master = ifindex_of("br0");
    assert_int_equal(arpq_mirror_table(m, &filter, &table), 0);
    assert_int_equal(arpq_table_count(table), 1);
    arpq_table_free(table);
    sh("ip link set v0p nomaster");
    settle();
    assert_int_equal(arpq_mirror_table(m, &filter, &table), 0);
    assert_int_equal(arpq_table_count(table), 0);
    arpq_table_free(table);
    MAC_ON("10.2.0.9", "v0p", MAC_A);
}

#define MANY 300

/* Fail unless `count` codes are -EINVAL and the next one is untouched. Clears them. */
static void assert_codes(int32_t *codes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(codes[i], -EINVAL);
        codes[i] = 0x5a5a5a5a;
    }
    assert_int_equal(codes[count], 0x5a5a5a5a);
}

static void test_lookup_many(void **state)
{
    static struct arpq_ip ips[MANY];
    static struct arpq_mac macs[MANY], one;
    static int32_t codes[MANY];
    int found = 0;

    sh("{ for i in $(seq 2 200); do echo neigh add 10.1.0.$i dev v0 lladdr 02:00:00:00:01:$(printf "
       "%%02x $i); done; echo neigh add fd01::9 dev v0 lladdr " MAC_B ";"
       " echo neigh add 10.1.0.240 dev v0 nud incomplete;"
       " echo neigh add 10.1.0.241 dev v0 nud failed; } | ip -batch -");
    open_mirror(0);
    for (int i = 0; i < MANY; i++) {
        ips[i] = ip_of("10.1.0.0");
        ips[i].bytes[3] = (uint8_t)i;
        if (i % 17 == 3)
            ips[i] = ip_of("fd01::9");
        if (i % 17 == 5)
            ips[i] = ip_of("fe80::9");
        if (i % 17 == 7)
            ips[i].family = 7;
    }
    memset(macs, 0xa5, sizeof macs);
    memset(codes, 0xa5, sizeof codes);
    found = arpq_mirror_lookup_many(m, ips, MANY, 0, macs, codes);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(codes[i], arpq_mirror_lookup(m, &ips[i], 0, &one));
        assert_memory_equal(&one, &macs[i], sizeof one);
        found -= codes[i] == 0;
    }
    assert_int_equal(found, 0);
    assert_int_equal(codes[3], 0);
    assert_int_equal(codes[5], -EINVAL);
    assert_int_equal(codes[7], -EAFNOSUPPORT);
    assert_int_equal(codes[8], 0);
    assert_int_equal(macs[8].bytes[5], 8);
    assert_int_equal(codes[240], -EAGAIN);
    assert_int_equal(codes[222], -ENOENT);
    for (uint32_t count = 0; count < 40; count++) {
        int least = arpq_mirror_lookup_many(m, ips, count, ifindex_of("v0"), macs, NULL);

        assert_true(least >= 0 && least <= (int)count);
        memset(&macs[count], 0xa5, sizeof one);
        one = macs[count];
        assert_int_equal(arpq_mirror_lookup_many(m, ips, count, ifindex_of("v0"), macs, NULL),
                         least);
        assert_memory_equal(&one, &macs[count], sizeof one);
    }
    assert_int_equal(arpq_mirror_lookup_many(m, NULL, 0, 0, NULL, NULL), 0);
    memset(codes, 0x5a, sizeof codes);
    assert_int_equal(arpq_mirror_lookup_many(m, NULL, 3, 0, macs, codes), -EINVAL);
    assert_true(is_all_zero(macs, 3 * sizeof *macs));
    assert_codes(codes, 3);
    assert_int_equal(arpq_mirror_lookup_many(m, ips, 3, 0, NULL, codes), -EINVAL);
    assert_codes(codes, 3);
    assert_int_equal(arpq_mirror_lookup_many(m, ips, 0x80000000u, 0, macs, codes), -EINVAL);
    assert_int_equal(arpq_mirror_lookup_many(NULL, ips, 3, 0, macs, codes), -EINVAL);
    assert_codes(codes, 3);
}

static void refuse(const struct arpq_mirror_options *options)
{
    struct arpq_mirror *mirror = (void *)&h;

    assert_int_equal(arpq_mirror_open(h, &mirror, options), -EINVAL);
    assert_null(mirror);
}

static void test_bad_options(void **state)
{
    union {
        struct arpq_mirror_options options;
        uint8_t bytes[4200];
    } big;
    struct arpq_mirror_options options = options_of(0);
    struct arpq_mirror *mirror = (void *)&h;

    assert_int_equal(arpq_mirror_open(NULL, &mirror, NULL), -EINVAL);
    assert_null(mirror);
    assert_int_equal(arpq_mirror_open(h, NULL, NULL), -EINVAL);
    for (uint32_t size = 0; size < 8; size++) {
        options.size = size;
        refuse(&options);
    }
    options = options_of(2);
    refuse(&options);
    options = options_of(0);
    options.reserved[3] = 1;
    refuse(&options);
    memset(&big, 0, sizeof big);
    big.options.size = 4097;
    refuse(&big.options);
    big.options.size = 4096;
    big.bytes[4095] = 1;
    refuse(&big.options);
    big.bytes[4095] = 0;
    open_with(&big.options);
    open_with(NULL);
    big.options.size = 8;
    big.bytes[8] = 0xff; /* the library ignores bytes after the size */
    open_with(&big.options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_states),
        TEST(test_bad_arguments_of_lookups),
        TEST(test_best_of_two),
        TEST(test_get),
        TEST(test_lengths),
        TEST(test_find_mac),
        TEST(test_each),
        TEST(test_table),
        TEST(test_table_of_former_master),
        TEST(test_lookup_many),
        TEST(test_bad_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

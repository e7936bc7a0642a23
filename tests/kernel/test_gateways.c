/* SPDX-License-Identifier: MIT */
/*
 * Default routes and the entries of their gateways, in the namespace of the fixture, with a second
 * veth w0. A list is compared as text, one line for each entry:
 *   IP DEV metric [src IP] [table N] [weight N] [nhid N] [pref N] [FLAG...] CODE|MAC
 */
#include "test.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "process.h"

#define TEXT_SIZE 4096

static int set_up(void **state)
{
    int code = fixture_set_up(state);

    fixture_add_veth("w0", "02:00:00:00:00:b0");
    sh("ip addr add 10.2.0.1/24 dev w0; ip addr add fd02::1/64 dev w0 nodad;"
       "ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud permanent;"
       "ip neigh add fd01::9 dev v0 lladdr " MAC_B " nud permanent;"
       "ip neigh add fe80::9 dev v0 lladdr " MAC_C " nud permanent");
    return code;
}

/* ---- Lists as text ---- */

struct text {
    char bytes[TEXT_SIZE];
    size_t length;
};

static void add_text(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add_text(struct text *text, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text->bytes + text->length, TEXT_SIZE - text->length, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && (size_t)length < TEXT_SIZE - text->length);
    text->length += (size_t)length;
}

static void add_flags(struct text *text, uint32_t flags)
{
    static const struct {
        uint32_t flag;
        const char *name;
    } names[] = {
        {ARPQ_GATEWAY_DEAD, "DEAD"},           {ARPQ_GATEWAY_ONLINK, "ONLINK"},
        {ARPQ_GATEWAY_LINKDOWN, "LINKDOWN"},   {ARPQ_GATEWAY_CHOSEN, "CHOSEN"},
        {ARPQ_GATEWAY_SELECTIVE, "SELECTIVE"},
    };

    for (size_t i = 0; i < LENGTH(names); i++)
        if (flags & names[i].flag)
            add_text(text, " %s", names[i].name);
}

static void add_entry(struct text *text, const struct arpq_gateway *entry)
{
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN], name[ARPQ_IFNAME_SIZE];
    struct arpq_ip plain = entry->ip;

    plain.scope = 0;
    assert_int_equal(arpq_interface_name(h, entry->ifindex, name), 0);
    add_text(text, "%s %s %u", entry->ip.family ? arpq_ip_format(&plain, ip, sizeof ip) : "-", name,
             entry->metric);
    if (entry->source.family)
        add_text(text, " src %s", arpq_ip_format(&entry->source, ip, sizeof ip));
    if (entry->table != RT_TABLE_MAIN)
        add_text(text, " table %u", entry->table);
    if (entry->weight != 1)
        add_text(text, " weight %u", entry->weight);
    if (entry->nexthop_id)
        add_text(text, " nhid %u", entry->nexthop_id);
    if (entry->preference)
        add_text(text, " pref %u", entry->preference);
    add_flags(text, entry->flags);
    if (entry->code == 0)
        add_text(text, " %s\n", arpq_mac_format(&entry->neigh.mac, 0, mac, sizeof mac));
    else
        add_text(text, " %d\n", entry->code);
}

static void check_entry(const struct arpq_gateway *entry)
{
    const struct arpq_ip *ip = &entry->ip;
    bool link_local = ip->family == AF_INET6 && ip->bytes[0] == 0xfe;
    struct arpq_neigh neigh;

    assert_true(is_all_zero(entry->reserved, sizeof entry->reserved));
    assert_int_equal(entry->reserved32, 0);
    assert_int_equal(ip->scope, link_local ? entry->ifindex : 0);
    if (ip->family == 0) {
        assert_true(is_all_zero(ip, sizeof *ip));
        assert_int_equal(entry->code, -EOPNOTSUPP);
        return;
    }
    assert_int_equal(arpq_neigh_get(h, ip, entry->ifindex, 0, &neigh), entry->code);
    assert_int_equal(neigh.state, entry->neigh.state);
    assert_int_equal(arpq_ip_compare(&neigh.ip, &entry->neigh.ip), 0);
    assert_int_equal(arpq_mac_compare(&neigh.mac, &entry->neigh.mac), 0);
    assert_int_equal(neigh.mac.type, entry->neigh.mac.type);
}

static void check_array(const struct arpq_gateways *list)
{
    uint32_t count = 77, stride = 77;
    const char *first = (const char *)arpq_gateways_entries(list, &count, &stride);

    assert_int_equal(count, arpq_gateways_count(list));
    assert_int_equal(stride, count ? sizeof(struct arpq_gateway) : 0);
    for (uint32_t n = 0; n < count; n++)
        assert_ptr_equal(first + (size_t)n * stride, arpq_gateways_at(list, n));
    assert_ptr_equal(arpq_gateways_entries(list, NULL, NULL), first);
}

static void list_gateways(uint16_t family, uint32_t flags, struct text *text)
{
    struct arpq_gateways *list = NULL;

    text->length = 0;
    text->bytes[0] = '\0';
    assert_int_equal(arpq_gateways_get(h, family, flags, &list), 0);
    assert_int_equal(arpq_gateways_flags(list), flags);
    for (uint32_t n = 0; n < arpq_gateways_count(list); n++) {
        const struct arpq_gateway *entry = arpq_gateways_at(list, n);

        check_entry(entry);
        assert_true(family == 0 || entry->family == family);
        add_entry(text, entry);
    }
    assert_null(arpq_gateways_at(list, arpq_gateways_count(list)));
    check_array(list);
    assert_string_equal(arpq_detail(h), "");
    arpq_gateways_free(list);
}

static void expect(uint16_t family, uint32_t flags, const char *want)
{
    static struct text text;

    list_gateways(family, flags, &text);
    assert_string_equal(text.bytes, want);
}

/* ---- Routes ---- */

static void test_none(void **state)
{
    expect(0, 0, "");
    expect(0, ARPQ_GATEWAYS_ALL_TABLES, "");
}

static void test_arguments(void **state)
{
    struct arpq_gateways *list = (void *)&list;

    assert_int_equal(arpq_gateways_get(NULL, 0, 0, &list), -EINVAL);
    assert_null(list);
    assert_int_equal(arpq_gateways_get(h, 0, 0, NULL), -EINVAL);
    list = (void *)&list;
    assert_int_equal(arpq_gateways_get(h, 0, 2, &list), -EINVAL);
    assert_null(list);
    list = (void *)&list;
    assert_int_equal(arpq_gateways_get(h, AF_UNIX, 0, &list), -EAFNOSUPPORT);
    assert_null(list);
    assert_int_equal(arpq_gateways_count(NULL), 0);
    assert_int_equal(arpq_gateways_flags(NULL), 0);
    assert_null(arpq_gateways_at(NULL, 0));
    check_array(NULL);
    arpq_gateways_free(NULL);
}

static void test_metrics(void **state)
{
    sh("ip route add default via 10.2.0.7 metric 300;"
       "ip route add default via 10.1.0.9 metric 100 proto dhcp src 10.1.0.1;"
       "ip route add default via 10.1.0.8 metric 200;"
       "ip -6 route add default via fd01::9 metric 50;"
       "ip -6 route add default via fe80::9 dev v0 metric 20");
    expect(AF_INET, 0,
           "10.1.0.9 v0 100 src 10.1.0.1 CHOSEN " MAC_A "\n10.1.0.8 v0 200 -2\n"
           "10.2.0.7 w0 300 -2\n");
    expect(AF_INET6, 0, "fe80::9 v0 20 CHOSEN " MAC_C "\nfd01::9 v0 50 " MAC_B "\n");
    expect(0, 0,
           "10.1.0.9 v0 100 src 10.1.0.1 CHOSEN " MAC_A "\n10.1.0.8 v0 200 -2\n"
           "10.2.0.7 w0 300 -2\nfe80::9 v0 20 CHOSEN " MAC_C "\nfd01::9 v0 50 " MAC_B "\n");
}

/* A route that is appended has the metric of the first, which the kernel uses. */
static void test_equal_metrics(void **state)
{
    sh("ip route add default via 10.1.0.9; ip route append default via 10.1.0.8;"
       "ip route append default via 10.2.0.7");
    expect(AF_INET, 0, "10.1.0.9 v0 0 CHOSEN " MAC_A "\n10.1.0.8 v0 0 -2\n10.2.0.7 w0 0 -2\n");
}

static void test_multipath(void **state)
{
    sh("ip route add default metric 9 nexthop via 10.1.0.9 weight 2 nexthop via 10.2.0.7 weight 256"
       " nexthop dev w0;"
       "ip -6 route add default metric 9 nexthop via fd01::9 weight 3 nexthop via fd02::7");
    expect(0, 0,
           "10.1.0.9 v0 9 weight 2 CHOSEN " MAC_A "\n10.2.0.7 w0 9 weight 256 CHOSEN -2\n"
           "- w0 9 CHOSEN -95\n"
           "fd01::9 v0 9 weight 3 CHOSEN " MAC_B "\nfd02::7 w0 9 CHOSEN -2\n");
}

static void test_onlink(void **state)
{
    sh("ip neigh add 203.0.113.1 dev v0 lladdr " MAC_B " nud permanent;"
       "ip route add default via 203.0.113.1 dev v0 onlink");
    expect(AF_INET, 0, "203.0.113.1 v0 0 ONLINK CHOSEN " MAC_B "\n");
}

static void test_via_ipv6(void **state)
{
    sh("ip -4 route add default via inet6 fe80::9 dev v0");
    expect(AF_INET, 0, "fe80::9 v0 0 CHOSEN " MAC_C "\n");
    expect(AF_INET6, 0, "");
}

static void test_device_routes(void **state)
{
    sh("ip route add default dev v0 metric 5; ip -6 route add default dev w0 metric 6");
    expect(0, 0, "- v0 5 CHOSEN -95\n- w0 6 CHOSEN -95\n");
}

/* Routes that drop packets are no gateways, and nothing is chosen if the kernel uses one. */
static void test_dropped(void **state)
{
    sh("ip route add default via 10.1.0.9 metric 50; ip route add blackhole default metric 60;"
       "ip -6 route add default via fd01::9 metric 50;"
       "ip -6 route add unreachable default metric 60");
    expect(0, 0, "10.1.0.9 v0 50 CHOSEN " MAC_A "\nfd01::9 v0 50 CHOSEN " MAC_B "\n");
    for (size_t i = 0; i < 3; i++) {
        static const char *const types[] = {"blackhole", "unreachable", "prohibit"};

        sh("ip route add %s default metric 40; ip -6 route add %s default metric 40", types[i],
           types[i]);
        expect(0, 0, "10.1.0.9 v0 50 " MAC_A "\nfd01::9 v0 50 " MAC_B "\n");
        sh("ip route del default metric 40; ip -6 route del default metric 40");
    }
    sh("ip route add local default dev lo table 100");
    expect(AF_INET, ARPQ_GATEWAYS_ALL_TABLES, "10.1.0.9 v0 50 CHOSEN " MAC_A "\n");
}

/* Two halves are no default route. They hide it, so that the kernel does not use it. */
static void test_halves(void **state)
{
    sh("ip route add 0.0.0.0/1 via 10.2.0.7; ip route add 128.0.0.0/1 via 10.2.0.7;"
       "ip route add default via 10.1.0.9");
    expect(AF_INET, 0, "10.1.0.9 v0 0 " MAC_A "\n");
    sh("ip route del 128.0.0.0/1");
    expect(AF_INET, 0, "10.1.0.9 v0 0 CHOSEN " MAC_A "\n");
}

/* The kernel lists routes with a TOS first, whatever their metric is. */
static void test_selective(void **state)
{
    sh("ip route add default via 10.1.0.9 tos 0x10 metric 9;"
       "ip route add default via 10.1.0.8 metric 7; ip route add default via 10.2.0.7 metric 8;"
       "ip -6 route add default via fd01::9;"
       "ip -6 route add default from fd01::/64 via fd02::7 metric 3");
    expect(AF_INET, 0,
           "10.1.0.8 v0 7 CHOSEN -2\n10.2.0.7 w0 8 -2\n10.1.0.9 v0 9 SELECTIVE " MAC_A "\n");
    expect(AF_INET6, 0, "fd01::9 v0 1024 CHOSEN " MAC_B "\nfd02::7 w0 3 SELECTIVE -2\n");
}

static void test_no_carrier(void **state)
{
    sh("ip route add default via 10.1.0.9 metric 1; ip route add default via 10.2.0.7 metric 2;"
       "ip link set v0p down");
    /* The kernel marks the routes of a link some time after the carrier is gone. */
    sh("for i in $(seq 100); do ip route show default | grep -q linkdown && break; sleep 0.05; "
       "done");
    expect(AF_INET, 0, "10.1.0.9 v0 1 LINKDOWN CHOSEN " MAC_A "\n10.2.0.7 w0 2 -2\n");
    sh("echo 1 >/proc/sys/net/ipv4/conf/v0/ignore_routes_with_linkdown");
    expect(AF_INET, 0, "10.2.0.7 w0 2 CHOSEN -2\n10.1.0.9 v0 1 DEAD LINKDOWN " MAC_A "\n");
    sh("ip link set v0 down");
    expect(AF_INET, 0, "10.2.0.7 w0 2 CHOSEN -2\n");
}

static void test_advertised(void **state)
{
    struct arpq_gateways *list;
    const struct arpq_gateway *entry;

    sh("ip -6 route add default via fe80::9 dev v0 proto ra metric 1024 expires 1000 pref low;"
       "ip -6 route append default via fd02::7 dev w0 proto ra metric 1023 pref high");
    expect(AF_INET6, 0, "fd02::7 w0 1023 pref 1 CHOSEN -2\nfe80::9 v0 1024 pref 3 " MAC_C "\n");
    assert_int_equal(arpq_gateways_get(h, AF_INET6, 0, &list), 0);
    entry = arpq_gateways_at(list, 1);
    assert_int_equal(entry->protocol, RTPROT_RA);
    assert_between(entry->valid_s, 900, 1000);
    assert_int_equal(arpq_gateways_at(list, 0)->valid_s, ARPQ_FOREVER);
    arpq_gateways_free(list);
}

/* ---- Tables ---- */

static void test_rule(void **state)
{
    sh("ip route add default via 10.1.0.9 metric 3; ip route add default via 10.2.0.7 table 77;"
       "ip route add default via 10.2.0.8 table 1000");
    expect(AF_INET, 0, "10.1.0.9 v0 3 CHOSEN " MAC_A "\n");
    expect(AF_INET, ARPQ_GATEWAYS_ALL_TABLES,
           "10.1.0.9 v0 3 CHOSEN " MAC_A "\n10.2.0.7 w0 0 table 77 -2\n"
           "10.2.0.8 w0 0 table 1000 -2\n");
    sh("ip rule add pref 100 table 1000");
    expect(AF_INET, 0, "10.2.0.8 w0 0 table 1000 CHOSEN -2\n10.1.0.9 v0 3 " MAC_A "\n");
    expect(AF_INET, ARPQ_GATEWAYS_ALL_TABLES,
           "10.2.0.8 w0 0 table 1000 CHOSEN -2\n10.1.0.9 v0 3 " MAC_A "\n"
           "10.2.0.7 w0 0 table 77 -2\n");
    sh("ip rule del pref 100; ip rule add pref 100 from 10.1.0.1 table 77");
    expect(AF_INET, 0, "10.1.0.9 v0 3 CHOSEN " MAC_A "\n");
}

static void test_rule_of_ipv6(void **state)
{
    sh("ip -6 route add default via fd01::9; ip -6 route add default via fd02::7 table 77;"
       "ip -6 rule add pref 100 table 77");
    expect(AF_INET6, 0, "fd02::7 w0 1024 table 77 CHOSEN -2\nfd01::9 v0 1024 " MAC_B "\n");
}

static void test_vrf(void **state)
{
    if (sh_status("ip link add red type vrf table 10") != 0)
        SKIP_NOT_RUNNABLE("this kernel has no VRF devices");
    sh("ip link set red up; ip link set w0 master red;"
       "ip route add default via 10.2.0.7 vrf red; ip route add default via 10.1.0.9");
    expect(AF_INET, 0, "10.1.0.9 v0 0 CHOSEN " MAC_A "\n");
    expect(AF_INET, ARPQ_GATEWAYS_ALL_TABLES,
           "10.1.0.9 v0 0 CHOSEN " MAC_A "\n10.2.0.7 w0 0 table 10 -2\n");
}

/* ---- Many ---- */

static void test_many_tables(void **state)
{
    struct arpq_gateways *list;

    sh("for n in $(seq 1000 1999); do echo route add default via 10.1.0.9 table $n; done |"
       "ip -batch -; ip route add default via 10.1.0.8");
    expect(AF_INET, 0, "10.1.0.8 v0 0 CHOSEN -2\n");
    assert_int_equal(arpq_gateways_get(h, 0, ARPQ_GATEWAYS_ALL_TABLES, &list), 0);
    assert_int_equal(arpq_gateways_count(list), 1001);
    for (uint32_t n = 1; n <= 1000; n++) {
        const struct arpq_gateway *entry = arpq_gateways_at(list, n);

        assert_int_equal(entry->table, 999 + n);
        assert_int_equal(entry->flags, 0);
        assert_int_equal(entry->code, 0);
        assert_int_equal(entry->neigh.mac.bytes[5], 0xaa);
    }
    arpq_gateways_free(list);
}

/* The kernel's dump is larger than a chunk, and the default route is not at its beginning. */
static void test_among_many_routes(void **state)
{
    sh("for n in $(seq 0 2999); do echo route add 10.$((n / 256 + 16)).$((n %% 256)).0/24 via"
       " 10.2.0.7; done | ip -batch -; ip route add default via 10.1.0.9 metric 4000000000");
    expect(AF_INET, 0, "10.1.0.9 v0 4000000000 CHOSEN " MAC_A "\n");
}

/* ---- Nexthop objects ---- */

static void expect_objects(void)
{
    expect(AF_INET, 0,
           "10.1.0.9 v0 4 weight 3 nhid 9 CHOSEN " MAC_A "\n10.2.0.7 w0 4 nhid 9 CHOSEN -2\n"
           "10.1.0.9 v0 5 nhid 7 " MAC_A "\n");
    expect(AF_INET6, 0, "fd01::9 v0 5 nhid 17 CHOSEN " MAC_B "\n");
}

static void test_objects(void **state)
{
    if (sh_status("ip nexthop add id 7 via 10.1.0.9 dev v0") != 0)
        SKIP_NOT_RUNNABLE("this kernel has no nexthop objects");
    sh("ip nexthop add id 8 via 10.2.0.7 dev w0; ip nexthop add id 9 group 7,3/8;"
       "ip nexthop add id 10 blackhole; ip nexthop add id 17 via fd01::9 dev v0;"
       "ip route add default nhid 9 metric 4; ip route add default nhid 7 metric 5;"
       "ip route add default nhid 10 metric 6; ip -6 route add default nhid 17 metric 5");
    expect_objects();
    if (sh_status("echo 0 >/proc/sys/net/ipv4/nexthop_compat_mode") != 0)
        SKIP_NOT_RUNNABLE("this kernel has no nexthop_compat_mode");
    expect_objects();
    sh("ip route add default nhid 10 metric 3");
    expect(AF_INET, 0,
           "10.1.0.9 v0 4 weight 3 nhid 9 " MAC_A "\n10.2.0.7 w0 4 nhid 9 -2\n"
           "10.1.0.9 v0 5 nhid 7 " MAC_A "\n");
}

/* ---- Others ---- */

static void test_states(void **state)
{
    struct arpq_gateways *list;

    sh("ip neigh add 10.1.0.7 dev v0 nud failed; ip route add default via 10.1.0.7");
    assert_int_equal(arpq_gateways_get(h, AF_INET, 0, &list), 0);
    assert_int_equal(arpq_gateways_at(list, 0)->code, 0);
    assert_int_equal(arpq_gateways_at(list, 0)->neigh.state, ARPQ_STATE_FAILED);
    assert_int_equal(arpq_gateways_at(list, 0)->neigh.mac.length, 0);
    arpq_gateways_free(list);
}

static void test_unprivileged(void **state)
{
    pid_t pid;

    sh("ip route add default via 10.1.0.9");
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        become_nobody();
        expect(AF_INET, 0, "10.1.0.9 v0 0 CHOSEN " MAC_A "\n");
        _exit(0);
    }
    assert_ended_well(pid);
}

#define FORKS 20

static int get_often(void)
{
    int code = 0;

    for (int n = 0; n < 20 && code == 0; n++) {
        struct arpq_gateways *list;

        code = arpq_gateways_get(h, AF_INET, 0, &list);
        if (code == 0 && arpq_gateways_count(list) != 1)
            code = 1;
        arpq_gateways_free(list);
    }
    return code;
}

/* The first call of a child does not use the sockets of its parent. */
static void test_fork(void **state)
{
    sh("ip route add default via 10.1.0.9");
    for (int n = 0; n < FORKS; n++) {
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0)
            _exit(get_often() == 0 ? 0 : 1);
        assert_int_equal(get_often(), 0);
        assert_ended_well(pid);
    }
}

/* One of two routes always exists, while the other one comes and goes. */
static void *change_routes(void *context)
{
    (void)sh_status("for n in $(seq 300); do echo route replace default via 10.1.0.$((n %% 2 + 8))"
                    " metric 5; echo route replace default via 10.2.0.7 metric 9; done |"
                    " ip -batch -");
    atomic_store((atomic_bool *)context, true);
    return NULL;
}

static void test_changes(void **state)
{
    atomic_bool ended = false;
    unsigned lists = 0;
    pthread_t thread;

    sh("ip route add default via 10.1.0.9 metric 5; ip route add default via 10.2.0.7 metric 9");
    assert_int_equal(pthread_create(&thread, NULL, change_routes, &ended), 0);
    for (; !atomic_load(&ended) && lists < 100000; lists++) {
        struct arpq_gateways *list;
        uint32_t chosen = 0;

        assert_int_equal(arpq_gateways_get(h, AF_INET, 0, &list), 0);
        assert_between(arpq_gateways_count(list), 1, 3);
        for (uint32_t n = 0; n < arpq_gateways_count(list); n++)
            chosen += (arpq_gateways_at(list, n)->flags & ARPQ_GATEWAY_CHOSEN) != 0;
        if (!(arpq_gateways_flags(list) & ARPQ_GATEWAYS_INCONSISTENT))
            assert_int_equal(chosen, 1);
        arpq_gateways_free(list);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_not_equal(lists, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_none),         TEST_FIXTURE(test_arguments),
        TEST_FIXTURE(test_metrics),      TEST_FIXTURE(test_equal_metrics),
        TEST_FIXTURE(test_multipath),    TEST_FIXTURE(test_onlink),
        TEST_FIXTURE(test_via_ipv6),     TEST_FIXTURE(test_device_routes),
        TEST_FIXTURE(test_dropped),      TEST_FIXTURE(test_halves),
        TEST_FIXTURE(test_selective),    TEST_FIXTURE(test_no_carrier),
        TEST_FIXTURE(test_advertised),   TEST_FIXTURE(test_rule),
        TEST_FIXTURE(test_rule_of_ipv6), TEST_FIXTURE(test_vrf),
        TEST_FIXTURE(test_many_tables),  TEST_FIXTURE(test_among_many_routes),
        TEST_FIXTURE(test_objects),      TEST_FIXTURE(test_states),
        TEST_FIXTURE(test_unprivileged), TEST_FIXTURE(test_fork),
        TEST_FIXTURE(test_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

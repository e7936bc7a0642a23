/* SPDX-License-Identifier: MIT */
/*
 * Sweeps of a prefix in which routes lead elsewhere. Each test has a namespace with two links and a
 * machine behind each of them:
 *   lan  10.0.0.2/24 and fd01::2/64; the machine has the hosts 1, 3, 5 and 9 of both networks
 *   vc   no such address; the machine has the hosts 3 and 9 of both networks
 */
#include "test.h"

#include <linux/if_tun.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/sweep.h"
#include "kernel/tun.h"

static struct netns_second lan_machine, vc_machine;
static struct arpq_sweep_stats stats;

static int set_up_links(void **state)
{
    if (set_up(state) != 0)
        return -1;
    lan_machine = netns_second();
    vc_machine = netns_second();
    sh("ip link add lan type veth peer name e address 02:00:00:00:00:0a netns %d;"
       "ip link add vc type veth peer name e address 02:00:00:00:00:0c netns %d;"
       "ip link set lan addrgenmode none; ip link set lan up; ip link set vc addrgenmode none; ip "
       "link set vc up;"
       "ip addr add 10.0.0.2/24 dev lan; ip addr add fd01::2/64 dev lan nodad;"
       "ip addr add fe80::2/64 dev lan nodad; ip addr add fe80::2/64 dev vc nodad",
       lan_machine.pid, vc_machine.pid);
    make_host("10.0.0.0", "lan");
    netns_sh(&lan_machine,
             "ip link set e addrgenmode none; ip link set e up; ip addr add fe80::a/64 dev e nodad;"
             "for host in 1 3 5 9; do ip addr add 10.0.0.$host/24 dev e;"
             "ip addr add fd01::$host/64 dev e nodad; done");
    netns_sh(&vc_machine,
             "ip link set e addrgenmode none; ip link set e up; ip addr add fe80::c/64 dev e nodad;"
             "for host in 3 9; do ip addr add 10.0.0.$host/32 dev e;"
             "ip addr add fd01::$host/128 dev e nodad; done;"
             "ip route add 10.0.0.2 dev e; ip route add fd01::2 dev e");
    return 0;
}

static int tear_down_links(void **state)
{
    netns_second_free(&lan_machine);
    netns_second_free(&vc_machine);
    return tear_down(state);
}

#define TEST_LINKS(name) cmocka_unit_test_setup_teardown(name, set_up_links, tear_down_links)

/* ---- Results ---- */

/* The link of each host: 'l' for lan, 'c' for vc, '?' if the MAC is not that of its machine, and 0
 * if the host was not found. */
struct hosts {
    char link[16];
    uint32_t lan, vc;
};

static int note_host(const struct arpq_found *found, void *context)
{
    struct hosts *hosts = context;
    uint8_t machine = found->mac.bytes[5];
    unsigned host = found->ip.bytes[found->ip.family == AF_INET ? 3 : 15];

    if (found->flags & ARPQ_FOUND_LOCAL)
        return 0;
    assert_true(host < 16);
    assert_int_equal(hosts->link[host], 0);
    assert_int_equal(found->flags, 0);
    hosts->link[host] = '?';
    if (found->ifindex == hosts->lan && machine == 0x0a)
        hosts->link[host] = 'l';
    if (found->ifindex == hosts->vc && machine == 0x0c)
        hosts->link[host] = 'c';
    return 0;
}

/* Sweep the hosts 0 to 15 of a network, and write those that were found, such as "1l 3c ". */
static void sweep_hosts(char *text, const char *prefix, const struct arpq_sweep_options *options)
{
    struct hosts hosts = {.lan = ifindex_of("lan"), .vc = ifindex_of("vc")};
    uint32_t length;
    struct arpq_ip ip = prefix_of(prefix, &length);

    sh("ip neigh flush all");
    assert_int_equal(arpq_sweep_each(h, &ip, length, options, note_host, &hosts, &stats), 0);
    assert_int_equal(stats.finished, 1);
    if (ip.family == AF_INET) /* the other link has no IPv4 address to ask from */
        assert_int_equal(stats.ifindex, hosts.lan);
    *text = '\0';
    for (unsigned host = 0; host < 16; host++)
        if (hosts.link[host])
            text += sprintf(text, "%x%c ", host, hosts.link[host]);
}

/* The methods of a sweep, with short times. */
static const struct {
    const char *network, *prefix, *host_bits, *net_bits;
    uint32_t flags, method;
} methods[] = {
    {"10.0.0.", "10.0.0.0/28", "32", "29", 0, ARPQ_SWEEP_BY_ARP},
    {"10.0.0.", "10.0.0.0/28", "32", "29", ARPQ_SWEEP_NO_RAW, ARPQ_SWEEP_BY_RESOLVE},
    {"fd01::", "fd01::0/124", "128", "125", 0, ARPQ_SWEEP_BY_RESOLVE},
};

#define TIMEOUT_MS 200
#define QUICKLY .attempts = 1, .answer_ms = TIMEOUT_MS, .rate = 20000

/* On a busy machine a host may reply too late. */
#define TRIES 4

/* Sweep by each method, and compare the hosts and the number of targets. */
static void expect_hosts(const char *what, const char *want, uint64_t targets)
{
    for (size_t m = 0; m < LENGTH(methods); m++) {
        char text[64];
        int tries = 0;

        do
            sweep_hosts(text, methods[m].prefix, OPTIONS(.flags = methods[m].flags, QUICKLY));
        while (strcmp(text, want) != 0 && ++tries < TRIES);
        if (strcmp(text, want) != 0 || stats.targets != targets ||
            stats.method != methods[m].method)
            fail_msg("%s: %s by method %u finds '%s' of %lu, not '%s' of %lu", what,
                     methods[m].prefix, stats.method, text, (unsigned long)stats.targets, want,
                     (unsigned long)targets);
    }
}

/* Run a command for both networks. '@' stands for the network, '#' for the length of a prefix of
 * eight addresses. Another verb than add may be given. */
static void run_for_both(const char *command, const char *verb)
{
    for (size_t m = 1; m < LENGTH(methods); m++) {
        char text[512], *end = text;

        end += sprintf(end, "v=%s; ip() { command ip %s \"$@\"; };", verb, m == 1 ? "-4" : "-6");
        for (const char *at = command; *at; at++) {
            if (*at == '@')
                end += sprintf(end, "%s", methods[m].network);
            else if (*at == '#')
                end += sprintf(end, "%s", methods[m].net_bits);
            else
                *end++ = *at;
        }
        *end = '\0';
        sh("%s", text);
    }
}

/* ---- Tests ---- */

struct row {
    const char *command, *want;
    uint64_t targets;
};

static void expect_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        run_for_both(rows[i].command, "add");
        expect_hosts(rows[i].command, rows[i].want, rows[i].targets);
        run_for_both(rows[i].command, "del");
    }
}

static void test_direct_routes(void **state)
{
    static const struct row rows[] = {
        {"true", "1l 3l 5l 9l ", 15},
        {"ip route $v @3 dev vc", "1l 3c 5l 9l ", 15},
        {"ip route $v @8/# dev vc", "1l 3l 5l 9c ", 15},
        {"ip route $v @8/# dev vc; ip route $v @9 dev lan", "1l 3l 5l 9l ", 15},
        {"ip rule $v to @3 table 100; ip route $v @3 dev vc table 100", "1l 3c 5l 9l ", 15},
        /* A route of the second address does not choose the link of the sweep. */
        {"ip route $v @1 dev vc", "3l 5l 9l ", 15},
        {"ip route $v @0/# dev vc; ip route $v @8 dev vc; ip route $v @9 dev vc", "3c 9c ", 15},
    };

    expect_rows(rows, LENGTH(rows));
}

/* The kernel does not send to the address, or through a gateway. */
static void test_other_routes(void **state)
{
    static const struct row rows[] = {
        {"ip route $v @3 via @1", "1l 5l 9l ", 14},
        {"ip route $v @8/# via @1 dev lan", "1l 3l 5l ", 7},
        {"ip route $v blackhole @3", "1l 5l 9l ", 14},
        {"ip route $v unreachable @3", "1l 5l 9l ", 14},
        {"ip route $v prohibit @8/#", "1l 3l 5l ", 7},
        {"ip route $v throw @3", "1l 5l 9l ", 14},
        {"ip route $v local @3 dev lo", "1l 5l 9l ", 14},
        {"ip route $v blackhole @1", "3l 5l 9l ", 14},
        {"ip rule $v to @3 blackhole", "1l 5l 9l ", 14},
        {"ip rule $v to @8/# table 100; ip route $v default via @1 dev lan table 100", "1l 3l 5l ",
         7},
    };

    expect_rows(rows, LENGTH(rows));
}

/* The other links do not resolve addresses. */
static void test_links_without_arp(void **state)
{
    int tun = open_tun("tun0", IFF_TUN, TUN_KEEPS_TYPE);

    sh("ip link set tun0 up");
    run_for_both("ip route $v @3 dev tun0; ip route $v @8/# dev tun0", "add");
    expect_hosts("a tunnel", "1l 5l ", 6);
    close(tun);
    sh("ip link set vc arp off");
    run_for_both("ip route $v @3 dev vc", "add");
    expect_hosts("a link without ARP", "1l 5l 9l ", 14);
}

/* A route to a link that is down does not exist, but a route to a link without carrier does. */
static void test_other_link_down(void **state)
{
    run_for_both("ip route $v @3 dev vc", "add");
    netns_sh(&vc_machine, "ip link set e down");
    expect_hosts("no carrier", "1l 5l 9l ", 15);
    sh("ip link set vc down");
    expect_hosts("link down", "1l 3l 5l 9l ", 15);
}

/* All targets are on a link without an IPv4 address. The kernel chooses the source. */
static void test_link_without_address(void **state)
{
    struct hosts hosts = {.lan = ifindex_of("lan"), .vc = ifindex_of("vc")};
    struct arpq_ip ip = ip_of("10.0.0.9");

    sh("ip route add 10.0.0.8/29 dev vc");
    assert_int_equal(arpq_sweep_each(h, &ip, 32, OPTIONS(QUICKLY), note_host, &hosts, &stats), 0);
    assert_int_equal(stats.method, ARPQ_SWEEP_BY_RESOLVE);
    assert_int_equal(stats.ifindex, hosts.vc);
    assert_int_equal(hosts.link[9], 'c');
    assert_int_equal(
        arpq_sweep_each(h, &ip, 29, OPTIONS(.ifindex = hosts.vc), note_host, &hosts, NULL),
        -EADDRNOTAVAIL);
}

/* The link that the caller names decides, not the routes. */
static void test_named_link(void **state)
{
    char text[64];

    run_for_both("ip route $v @3 dev vc; ip route $v blackhole @9", "add");
    for (size_t m = 0; m < LENGTH(methods); m++) {
        sweep_hosts(text, methods[m].prefix,
                    OPTIONS(.flags = methods[m].flags, .ifindex = ifindex_of("lan"), QUICKLY));
        assert_string_equal(text, "1l 3l 5l 9l ");
        assert_int_equal(stats.targets, 15);
    }
}

/* The kernel would choose the source of a request on the other link. */
static void test_chosen_source(void **state)
{
    char text[64];

    sh("ip route add 10.0.0.3 dev vc");
    sweep_hosts(text, "10.0.0.0/28", OPTIONS(.flags = ARPQ_SWEEP_NO_SOURCE, QUICKLY));
    assert_string_equal(text, "1l 5l 9l ");
    assert_int_equal(stats.targets, 14);
    sweep_hosts(text, "10.0.0.0/28", OPTIONS(.source = ip_of("10.0.0.2"), QUICKLY));
    assert_string_equal(text, "1l 5l 9l ");
    netns_sh(&vc_machine, "test -z \"$(ip -4 neigh show dev e)\"");
}

/* Another link has a subnet in the prefix. Its broadcast address is no target. */
static void test_subnet_of_other_link(void **state)
{
    static const uint32_t flags[] = {0, ARPQ_SWEEP_NO_RAW};

    sh("ip addr add 10.0.0.10/29 dev vc");
    make_host("10.0.0.8", "vc");
    for (size_t i = 0; i < LENGTH(flags); i++) {
        char text[64];

        sweep_hosts(text, "10.0.0.0/28", OPTIONS(.flags = flags[i], QUICKLY));
        assert_string_equal(text, "1l 3l 5l 9c ");
        assert_int_equal(stats.targets, 13); /* neither 10.0.0.10 nor 10.0.0.15 */
        assert_int_equal(stats.waited_ms, TIMEOUT_MS);
    }
}

/* A machine behind lan claims an address before it is asked for, but the kernel sends to another
 * link. */
static void test_claim_on_wrong_link(void **state)
{
    struct hosts hosts = {.lan = ifindex_of("lan"), .vc = ifindex_of("vc")};
    uint32_t length;
    struct arpq_ip ip = prefix_of("10.0.0.0/28", &length);
    struct arpq_sweep *sweep;
    struct arpq_found found;
    unsigned unasked = 0;

    sh("ip route add 10.0.0.9 dev vc");
    assert_int_equal(arpq_sweep_open(h, &sweep, &ip, length, OPTIONS(.rate = 20)), 0);
    assert_int_equal(arpq_sweep_next(sweep, &found, 0), 1); /* the own address */
    assert_int_equal(arpq_sweep_next(sweep, &found, 0), 0);
    /* The machine announces its addresses when its MAC is set. */
    netns_sh(&lan_machine, "echo 1 >/proc/sys/net/ipv4/conf/e/arp_notify;"
                           "ip link set e address 02:00:00:00:00:0a");
    while (arpq_sweep_next(sweep, &found, -1) == 1) {
        unasked += (found.flags & ARPQ_FOUND_UNASKED) != 0;
        found.flags &= ~ARPQ_FOUND_UNASKED;
        note_host(&found, &hosts);
    }
    assert_true(unasked > 0);
    assert_int_equal(hosts.link[5], 'l');
    assert_int_equal(hosts.link[9], 'c');
    arpq_sweep_close(sweep);
}

/* A target that was not asked yet follows the new routes. */
static void test_routes_change(void **state)
{
    for (size_t m = 0; m < LENGTH(methods); m++) {
        struct hosts hosts = {.lan = ifindex_of("lan"), .vc = ifindex_of("vc")};
        uint32_t length;
        struct arpq_ip ip = prefix_of(methods[m].prefix, &length);
        struct arpq_sweep *sweep;
        struct arpq_found found;

        assert_int_equal(
            arpq_sweep_open(h, &sweep, &ip, length,
                            OPTIONS(.flags = methods[m].flags, .rate = 20, .attempts = 1)),
            0);
        while (!hosts.link[1]) {
            assert_int_equal(arpq_sweep_next(sweep, &found, -1), 1);
            note_host(&found, &hosts);
        }
        sh("ip route add %s9 dev vc; ip route add blackhole %s5", methods[m].network,
           methods[m].network);
        while (arpq_sweep_next(sweep, &found, -1) == 1)
            note_host(&found, &hosts);
        assert_int_equal(hosts.link[9], 'c');
        assert_int_equal(hosts.link[5], 0);
        assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
        assert_int_equal(stats.targets, 14);
        assert_int_equal(stats.finished, 1);
        arpq_sweep_close(sweep);
        sh("ip route del %s9 dev vc; ip route del blackhole %s5", methods[m].network,
           methods[m].network);
    }
}

/* A sweep by an echo request to all nodes. Machines on another link are listed from the table. */
static void test_echo(void **state)
{
    struct hosts hosts = {.lan = ifindex_of("lan"), .vc = ifindex_of("vc")};
    uint32_t length;
    struct arpq_ip ip = prefix_of("fd01::/64", &length);
    struct arpq_sweep *sweep;
    struct arpq_found found;
    unsigned from_table = 0;

    sh("ip route add fd01::3 dev vc; ip route add fd01::9 via fd01::1;"
       "ip neigh add fd01::3 lladdr 02:00:00:00:00:0c nud stale dev vc;"
       "ip neigh add fd01::7 lladdr 02:00:00:00:00:0c nud stale dev vc;"
       "ip neigh add fd01::9 lladdr 02:00:00:00:00:0a nud stale dev lan");
    netns_sh(&lan_machine, "ip addr del fd01::1/64 dev e; ip addr del fd01::5/64 dev e");
    assert_int_equal(arpq_sweep_open(h, &sweep, &ip, length,
                                     OPTIONS(.flags = ARPQ_SWEEP_FORCE, .answer_ms = 200)),
                     0);
    while (arpq_sweep_next(sweep, &found, -1) == 1) {
        from_table += found.flags == ARPQ_FOUND_TABLE;
        found.flags &= ~ARPQ_FOUND_TABLE;
        note_host(&found, &hosts);
    }
    assert_int_equal(hosts.link[3], 'c');
    assert_int_equal(hosts.link[7], 0);
    assert_int_equal(hosts.link[9], 0);
    assert_int_equal(from_table, 1);
    arpq_sweep_close(sweep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_LINKS(test_direct_routes),
        TEST_LINKS(test_other_routes),
        TEST_LINKS(test_links_without_arp),
        TEST_LINKS(test_other_link_down),
        TEST_LINKS(test_link_without_address),
        TEST_LINKS(test_named_link),
        TEST_LINKS(test_chosen_source),
        TEST_LINKS(test_subnet_of_other_link),
        TEST_LINKS(test_claim_on_wrong_link),
        TEST_LINKS(test_routes_change),
        TEST_LINKS(test_echo),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

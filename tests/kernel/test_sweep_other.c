/* SPDX-License-Identifier: MIT */
/* Sweeps that do not send ARP requests themselves: through the kernel's table, with and without
 * privileges, and for IPv6. */
#include "test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/sweep.h"
#include "process.h"

static struct tally t;
static struct arpq_sweep_stats stats;

/* ---- IPv4 through the kernel ---- */

static void test_no_raw(void **state)
{
    wire.first = 0x310;
    wire.count = 32;
    start_wire();
    sh("ip neigh add 10.1.3.64 lladdr 02:00:0a:01:03:40 nud stale dev w0");
    sweep_all(&t, &stats, "10.1.3.0/25",
              OPTIONS(.flags = ARPQ_SWEEP_NO_RAW, .answer_ms = 200, .rate = 20000));
    assert_int_equal(stats.method, ARPQ_SWEEP_BY_RESOLVE);
    assert_int_equal(t.found, 33);
    assert_int_equal(t.table, 1);
    assert_int_equal(t.times[0x340], 1);
    for (unsigned host = 0x310; host < 0x330; host++)
        assert_int_equal(t.times[host], 1);
    /* The kernel sends two requests for each address. */
    assert_int_equal(wire.requests_for[0x305], 2);
    assert_int_equal(stats.targets, 128);
    assert_int_equal(stats.sent, 128);
}

/* A user without privileges sweeps through the kernel's table. */
static void test_unprivileged(void **state)
{
    pid_t child;

    wire.count = RESPONDER_HOSTS;
    start_wire();
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        become_nobody();
        /* NO_SOURCE is refused, because the kernel would choose a source address. */
        if (sweep_into(&t, &stats, "10.1.0.0/26", OPTIONS(.flags = ARPQ_SWEEP_NO_SOURCE)) != -EPERM)
            _exit(4);
        if (sweep_into(&t, &stats, "10.1.0.0/26", NULL) != 0 || t.found != 64 || t.wrong != 0)
            _exit(1);
        _exit(stats.method == ARPQ_SWEEP_BY_RESOLVE && stats.finished && t.local == 1 ? 0 : 3);
    }
    assert_ended_well(child);
}

/* The link is deleted while the kernel resolves. */
static void test_resolve_on_a_link_that_goes(void **state)
{
    struct arpq_sweep *sweep;
    struct arpq_found found;
    uint32_t length;
    struct arpq_ip prefix = prefix_of("10.1.3.0/24", &length);

    start_wire();
    assert_int_equal(arpq_sweep_open(h, &sweep, &prefix, length,
                                     OPTIONS(.flags = ARPQ_SWEEP_NO_RAW, .rate = 500)),
                     0);
    assert_int_equal(arpq_sweep_next(sweep, &found, 20), 0);
    sh("ip link del w0");
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), -ENODEV);
    assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
    assert_int_equal(stats.finished, 0);
    arpq_sweep_close(sweep);
}

/* ---- IPv6 ---- */

static struct netns_second peers[2];

/* A bridge br0 with fd01::1/64, and two machines behind it; the second has another prefix as
 * well. */
static int set_up_v6(void **state)
{
    if (set_up(state) != 0)
        return -1;
    sh("ip link add br0 address 02:00:00:00:00:01 type bridge;"
       "ip link set br0 addrgenmode none; ip link set br0 up;"
       "ip addr add fd01::1/64 dev br0 nodad; ip addr add fd02::1/64 dev br0 nodad;"
       "ip addr add fe80::1/64 dev br0 nodad");
    for (int i = 0; i < 2; i++) {
        peers[i] = netns_second();
        sh("ip link add p%d type veth peer name e address 02:00:00:00:00:0%c;"
           "ip link set e netns %d; ip link set p%d master br0 up",
           i, 'a' + i, peers[i].pid, i);
        netns_sh(&peers[i],
                 "ip link set e addrgenmode none; ip link set e up;"
                 "ip addr add fe80::%c/64 dev e nodad;"
                 "ip addr add fd01::%c/64 dev e nodad",
                 'a' + i, 'a' + i);
    }
    netns_sh(&peers[1], "ip addr add fd02::b/64 dev e nodad");
    return 0;
}

static int tear_down_v6(void **state)
{
    netns_second_free(&peers[0]);
    netns_second_free(&peers[1]);
    return tear_down(state);
}

#define TEST_V6(name) cmocka_unit_test_setup_teardown(name, set_up_v6, tear_down_v6)

struct list {
    unsigned count;
    struct arpq_found at[32];
};

static int put(const struct arpq_found *found, void *context)
{
    struct list *list = context;

    assert_true(list->count < 32);
    list->at[list->count++] = *found;
    return 0;
}

static void list_v6(struct list *list, const char *prefix, uint32_t flags, bool ping)
{
    uint32_t length;
    struct arpq_ip ip = prefix_of(prefix, &length);

    assert_true(netns_allow_ping(ping));
    memset(list, 0, sizeof *list);
    assert_int_equal(arpq_sweep_each(h, &ip, length,
                                     OPTIONS(.flags = flags, .ifindex = ifindex_of("br0"),
                                             .answer_ms = 300 * slowness()),
                                     put, list, &stats),
                     0);
    assert_int_equal(stats.finished, 1);
    assert_int_equal(stats.found, list->count);
}

static const struct arpq_found *found_in(const struct list *list, const char *text)
{
    const struct arpq_ip ip = ip_of(text);

    for (unsigned i = 0; i < list->count; i++)
        if (memcmp(list->at[i].ip.bytes, ip.bytes, sizeof ip.bytes) == 0)
            return &list->at[i];
    return NULL;
}

static struct arpq_found expect_found(int line, const struct list *list, const char *text,
                                      uint32_t flags, const char *mac)
{
    const struct arpq_found *found = found_in(list, text);
    struct arpq_mac want = mac_of(mac);

    if (!found || found->flags != flags || arpq_mac_compare(&found->mac, &want) != 0)
        fail_msg("line %d: %s: %s, flags %x", line, text, found ? "found" : "not found",
                 found ? found->flags : 0);
    return found ? *found : (struct arpq_found){0};
}

#define FOUND(text, flags, mac) expect_found(__LINE__, &list, text, flags, mac)

static void test_everyone_on_a_link(void **state)
{
    struct list list;
    struct arpq_found one;

    list_v6(&list, "::/0", 0, true);
    assert_int_equal(stats.method, ARPQ_SWEEP_BY_ECHO);
    assert_true(stats.waited_ms * 1000ull <= stats.duration_us);
    assert_int_equal(stats.targets, 0);
    FOUND("fe80::1", ARPQ_FOUND_LOCAL, "02:00:00:00:00:01");
    FOUND("fd01::1", ARPQ_FOUND_LOCAL, "02:00:00:00:00:01");
    one = FOUND("fe80::a", 0, "02:00:00:00:00:0a");
    assert_int_equal(one.ip.scope, ifindex_of("br0"));
    assert_int_equal(one.attempt, 1);
    assert_true(one.rtt_us > 0);
    FOUND("fd01::a", 0, "02:00:00:00:00:0a");
    FOUND("fe80::b", 0, "02:00:00:00:00:0b");
    FOUND("fd01::b", 0, "02:00:00:00:00:0b");
    FOUND("fd02::b", 0, "02:00:00:00:00:0b");
    assert_int_equal(list.count, 3 + 5 + (found_in(&list, "fd02::a") ? 1 : 0));
}

static void test_prefix_by_echo(void **state)
{
    struct list list;

    sh("ip -6 neigh add fd01::cc lladdr 02:00:00:00:00:cc nud stale dev br0");
    list_v6(&list, "fd01::/64", ARPQ_SWEEP_FORCE, true);
    FOUND("fd01::1", ARPQ_FOUND_LOCAL, "02:00:00:00:00:01");
    FOUND("fd01::a", 0, "02:00:00:00:00:0a");
    FOUND("fd01::b", 0, "02:00:00:00:00:0b");
    FOUND("fd01::cc", ARPQ_FOUND_TABLE, "02:00:00:00:00:cc");
    assert_int_equal(list.count, 4);
}

static void test_raw_echo(void **state)
{
    struct list list;

    list_v6(&list, "fd01::/64", ARPQ_SWEEP_FORCE, false);
    assert_int_equal(stats.method, ARPQ_SWEEP_BY_ECHO);
    assert_int_equal(list.count, 3);
}

static void test_each_of_a_prefix(void **state)
{
    struct list list;
    struct arpq_found one;

    list_v6(&list, "fd01::/124", 0, false);
    assert_int_equal(stats.method, ARPQ_SWEEP_BY_RESOLVE);
    assert_int_equal(stats.targets, 15);
    FOUND("fd01::1", ARPQ_FOUND_LOCAL, "02:00:00:00:00:01");
    FOUND("fd01::a", 0, "02:00:00:00:00:0a");
    FOUND("fd01::b", 0, "02:00:00:00:00:0b");
    assert_int_equal(list.count, 3);
    list_v6(&list, "fe80::/124", 0, false);
    FOUND("fe80::1", ARPQ_FOUND_LOCAL, "02:00:00:00:00:01");
    one = FOUND("fe80::b", 0, "02:00:00:00:00:0b");
    assert_int_equal(one.ip.scope, ifindex_of("br0"));
    assert_int_equal(list.count, 3);
}

/* The sweep sends nothing after the link goes down. */
static void test_echo_on_a_link_that_goes_down(void **state)
{
    const struct arpq_ip all = {.family = AF_INET6};
    struct arpq_sweep *sweep;
    struct arpq_found found;
    int code;

    assert_int_equal(
        arpq_sweep_open(h, &sweep, &all, 0, OPTIONS(.ifindex = ifindex_of("br0"), .attempts = 1)),
        0);
    while (arpq_sweep_next(sweep, &found, 100) == 1)
        ;
    sh("ip link set br0 down");
    while ((code = arpq_sweep_next(sweep, &found, -1)) == 1)
        ;
    assert_int_equal(code, -ENETDOWN);
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), -ENETDOWN);
    assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
    assert_int_equal(stats.finished, 0);
    arpq_sweep_close(sweep);
}

/* Without ICMP sockets of either kind the sweep reports the entries of the table. */
static void test_table_only(void **state)
{
    pid_t child;

    sh("ip -6 neigh add fd01::cc lladdr 02:00:00:00:00:cc nud stale dev br0;"
       "ip -6 neigh add fd01::cd lladdr 02:00:00:00:00:cd nud stale dev p0");
    assert_true(netns_allow_ping(false));
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct list list = {0};
        const struct arpq_ip all = {.family = AF_INET6};

        become_nobody();
        if (arpq_sweep_each(h, &all, 0, OPTIONS(.ifindex = ifindex_of("br0")), put, &list,
                            &stats) != 0)
            _exit(1);
        if (stats.method != ARPQ_SWEEP_BY_TABLE || !stats.finished || stats.sent != 0)
            _exit(3);
        _exit(found_in(&list, "fd01::cc") && !found_in(&list, "fd01::cd") ? 0 : 4);
    }
    assert_ended_well(child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_no_raw),
        TEST(test_unprivileged),
        TEST(test_resolve_on_a_link_that_goes),
        TEST_V6(test_everyone_on_a_link),
        TEST_V6(test_prefix_by_echo),
        TEST_V6(test_raw_echo),
        TEST_V6(test_each_of_a_prefix),
        TEST_V6(test_echo_on_a_link_that_goes_down),
        TEST_V6(test_table_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Sweeps on links of all kinds, on links that go down or are deleted during a sweep, and with
 * arguments that the library refuses. */
#include "test.h"

#include <linux/if_tun.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/sweep.h"
#include "kernel/tun.h"
#include "process.h"

static struct tally t;
static struct arpq_sweep_stats stats;

/* ---- Interrupted operations ---- */

/* At this rate a sweep of 1024 addresses takes 10 s, so it does not end before the link changes. */
#define SLOWLY 100

/* Start a long sweep and continue until it has found some machines. */
static struct arpq_sweep *begin(uint32_t ifindex, uint32_t rate, uint32_t found_first)
{
    struct arpq_sweep *sweep;
    struct arpq_found found;
    uint32_t length;
    struct arpq_ip prefix = prefix_of("10.1.4.0/22", &length);

    assert_int_equal(
        arpq_sweep_open(h, &sweep, &prefix, length, OPTIONS(.ifindex = ifindex, .rate = rate)), 0);
    while (found_first-- > 0)
        assert_int_equal(arpq_sweep_next(sweep, &found, -1), 1);
    return sweep;
}

/* Fail unless the sweep ends with this code, returns the code again, and reports its progress. */
static void expect_end(struct arpq_sweep *sweep, int code)
{
    struct arpq_sweep_stats again;
    struct arpq_found found;
    int ended;

    while ((ended = arpq_sweep_next(sweep, &found, 5000)) == 1)
        continue;
    assert_int_equal(ended, code);
    memset(&found, 0xaa, sizeof found);
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), code);
    assert_int_equal(found.ip.family + found.mac.length, 0);
    assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
    assert_int_equal(stats.finished, 0);
    assert_true(stats.found >= 50 && stats.sent >= 50);
    sleep_ms(5);
    assert_int_equal(arpq_sweep_stats(sweep, &again), 0);
    assert_memory_equal(&stats, &again, sizeof stats);
    arpq_sweep_close(sweep);
}

static void test_link_goes_down(void **state)
{
    struct arpq_sweep *sweep;

    wire.count = RESPONDER_HOSTS;
    start_wire();
    sweep = begin(0, SLOWLY, 50);
    sh("ip link set w0 down");
    expect_end(sweep, -ENETDOWN);
    /* A new sweep is refused now. When the link is up again, it works as before. */
    assert_int_equal(sweep_into(&t, &stats, "10.1.4.0/29", OPTIONS(.ifindex = ifindex_of("w0"))),
                     -ENETDOWN);
    sh("ip link set w0 up; ip addr replace 10.1.0.1/16 dev w0");
    sweep_all(&t, &stats, "10.1.4.0/29", NULL);
    assert_int_equal(t.found, 8);
}

static void test_link_goes_away(void **state)
{
    struct arpq_sweep *sweep;
    uint32_t index;

    wire.count = RESPONDER_HOSTS;
    start_wire();
    index = ifindex_of("w0");
    sweep = begin(0, SLOWLY, 50);
    sh("ip link del w0");
    expect_end(sweep, -ENODEV);
    assert_int_equal(sweep_into(&t, &stats, "10.1.4.0/29", OPTIONS(.ifindex = index)), -ENODEV);
}

/* The address is removed. A sweep of a named link does not need it any more. Otherwise the kernel has
 * no route to the targets that have not been asked yet. */
static void test_address_goes(void **state)
{
    for (int named = 0; named < 2; named++) {
        struct arpq_sweep *sweep;
        struct arpq_found found;

        if (!named) {
            wire.count = RESPONDER_HOSTS;
            start_wire();
        }
        sh("ip addr replace 10.1.0.1/16 dev w0");
        sweep = named ? begin(ifindex_of("w0"), 0, 50) : begin(0, SLOWLY, 50);
        sh("ip addr flush dev w0");
        while (arpq_sweep_next(sweep, &found, -1) == 1)
            continue;
        assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
        assert_int_equal(stats.finished, 1);
        assert_int_equal(stats.found, stats.targets);
        if (named)
            assert_int_equal(stats.targets, 1024);
        else
            assert_between(stats.targets, 50, 1000);
        arpq_sweep_close(sweep);
    }
}

/* ---- Kinds of links ---- */

static void test_long_addresses(void **state)
{
    wire.mac_length = 8;
    wire.count = RESPONDER_HOSTS;
    wire.crowded = 0x305;
    wire.crowd = 2;
    start_wire();
    sweep_all(&t, &stats, "10.1.3.0/26", OPTIONS(.rate = 20000));
    assert_int_equal(t.found, 65);
    assert_int_equal(t.duplicates, 1);
    assert_int_equal(t.last.mac.length, 8);
    assert_int_equal(stats.malformed, 0);
}

/* Two machines behind a bridge have the same address. The sweep also reports the bridge's own
 * address. */
static void test_bridge(void **state)
{
    struct netns_second a = netns_second(), b = netns_second();

    sh("ip link add br0 type bridge; ip link set br0 up; ip addr add 10.3.0.1/24 dev br0");
    sh("ip link add p0 type veth peer name e0 address 02:00:00:00:00:0a;"
       "ip link set e0 netns %d; ip link set p0 master br0 up",
       a.pid);
    sh("ip link add p1 type veth peer name e1 address 02:00:00:00:00:0b;"
       "ip link set e1 netns %d; ip link set p1 master br0 up",
       b.pid);
    netns_sh(&a, "ip link set e0 up; ip addr add 10.3.0.7/24 dev e0");
    netns_sh(&b, "ip link set e1 up; ip addr add 10.3.0.7/24 dev e1;"
                 "ip addr add 10.3.0.8/24 dev e1");
    sweep_all(&t, &stats, "10.3.0.0/28", OPTIONS(.answer_ms = 300));
    assert_int_equal(t.found, 4);
    assert_int_equal(t.times[1], 1);
    assert_int_equal(t.times[7], 2);
    assert_int_equal(t.times[8], 1);
    assert_int_equal(t.duplicates, 1);
    expect_no_neighbours();
    netns_second_free(&a);
    netns_second_free(&b);
}

/* A machine remembers the sender of a request, unless the sender is 0.0.0.0. */
static void test_traces(void **state)
{
    struct netns_second peer = netns_second();

    sh("ip link add v0 type veth peer name v1; ip link set v1 netns %d;"
       "ip link set v0 up; ip addr add 10.3.0.1/24 dev v0",
       peer.pid);
    netns_sh(&peer, "ip link set v1 up; ip addr add 10.3.0.7/24 dev v1");
    sweep_all(&t, &stats, "10.3.0.4/30", OPTIONS(.answer_ms = 300, .flags = ARPQ_SWEEP_NO_SOURCE));
    assert_int_equal(t.found, 1);
    netns_sh(&peer, "test -z \"$(ip -4 neigh)\"");
    sweep_all(&t, &stats, "10.3.0.4/30", OPTIONS(.answer_ms = 300));
    assert_int_equal(t.found, 1);
    netns_sh(&peer, "ip -4 neigh | grep -q '^10.3.0.1 '");
    expect_no_neighbours();
    netns_second_free(&peer);
}

/* The handle is in another namespace than the thread. */
static void test_other_namespace(void **state)
{
    struct arpq_options there = {.size = sizeof there, .flags = ARPQ_OPEN_IN_NETNS};

    wire.count = RESPONDER_HOSTS;
    start_wire();
    there.netns_fd = netns_fd();
    arpq_close(h);
    assert_int_equal(arpq_open(&h, &there), 0);
    netns_enter();
    sweep_all(&t, &stats, "10.1.3.0/28", NULL);
    assert_int_equal(t.found, 16);
    close(there.netns_fd);
}

/* The prefix chooses the interface. An own address on another interface is reported as well. */
static void test_choice(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_wire();
    sh("ip link add other type veth peer name other1; ip link set other up;"
       "ip link set other1 up; ip addr add 10.1.3.4/32 dev other;"
       "ip addr add 10.2.0.1/24 dev other");
    sweep_all(&t, &stats, "10.1.3.0/28", NULL);
    assert_int_equal(t.found, 16);
    assert_int_equal(t.local, 1);
    assert_int_equal(stats.ifindex, ifindex_of("w0"));
    sweep_all(&t, &stats, "10.2.0.0/29", OPTIONS(.answer_ms = 20));
    assert_int_equal(stats.ifindex, ifindex_of("other"));
    /* With a named interface any address is allowed. */
    sweep_all(&t, &stats, "192.0.2.0/29", OPTIONS(.ifindex = ifindex_of("w0")));
    assert_int_equal(t.found, 8);
    /* The library accepts the prefix as IPv4-mapped IPv6, too. */
    sweep_all(&t, &stats, "::ffff:10.1.3.0/124", NULL);
    assert_int_equal(t.found, 16);
}

/* ---- Refusals ---- */

static void expect_refusal(int line, int code, const char *prefix,
                           const struct arpq_sweep_options *options)
{
    static const struct arpq_sweep_stats none;
    int got = sweep_into(&t, &stats, prefix, options);

    if (got != code)
        fail_msg("line %d: %s gives %d, not %d", line, prefix, got, code);
    assert_memory_equal(&stats, &none, sizeof none);
    assert_int_equal(t.found, 0);
}

#define REFUSED(code, prefix, options) expect_refusal(__LINE__, code, prefix, options)

static void test_refusals(void **state)
{
    struct arpq_ip v6 = ip_of("fd01::1");
    int tun;

    start_wire();
    tun = open_tun("tun0", IFF_TUN, TUN_KEEPS_TYPE);
    sh("ip link set tun0 up; ip addr add 10.5.0.1/24 dev tun0; ip link add off type veth");
    REFUSED(-E2BIG, "10.0.0.0/15", NULL);
    REFUSED(-E2BIG, "0.0.0.0/0", NULL);
    REFUSED(-E2BIG, "fd01::/64", NULL);
    REFUSED(-E2BIG, "fd01::/111", NULL);
    REFUSED(-EINVAL, "::/0", NULL);
    REFUSED(-EINVAL, "10.1.0.0/33", NULL);
    REFUSED(-EINVAL, "fd01::/129", NULL);
    REFUSED(-ENETUNREACH, "192.0.2.0/24", NULL);
    REFUSED(-EINVAL, "224.0.0.0/24", NULL);
    REFUSED(-EOPNOTSUPP, "127.0.0.0/24", NULL);
    REFUSED(-EOPNOTSUPP, "10.5.0.0/24", NULL);
    REFUSED(-ENETDOWN, "10.1.0.0/24", OPTIONS(.ifindex = ifindex_of("off")));
    REFUSED(-ENODEV, "10.1.0.0/24", OPTIONS(.ifindex = 999999));
    REFUSED(-EINVAL, "10.1.0.0/24", OPTIONS(.ifindex = 0x80000000u));
    REFUSED(-EINVAL, "10.1.0.0/24", OPTIONS(.flags = 0x80));
    REFUSED(-EINVAL, "10.1.0.0/24", OPTIONS(.attempts = 33));
    REFUSED(-EINVAL, "10.1.0.0/24", OPTIONS(.answer_ms = 60001));
    REFUSED(-EINVAL, "10.1.0.0/24", OPTIONS(.reserved = {1}));
    REFUSED(-EINVAL, "10.1.0.0/24", &(struct arpq_sweep_options){.size = 4});
    REFUSED(-EINVAL, "10.1.0.0/24", &(struct arpq_sweep_options){.size = 0});
    REFUSED(-EAFNOSUPPORT, "10.1.0.0/24", OPTIONS(.source = v6));
    REFUSED(-EINVAL, "10.1.0.0/24",
            OPTIONS(.source = ip_of("10.1.0.9"), .flags = ARPQ_SWEEP_NO_SOURCE));
    REFUSED(-EINVAL, "10.1.0.0/24", OPTIONS(.flags = ARPQ_SWEEP_NO_RAW | ARPQ_SWEEP_NO_SOURCE));
    REFUSED(-EAFNOSUPPORT, "fd01::/120", OPTIONS(.flags = ARPQ_SWEEP_NO_SOURCE));
    close(tun);
}

static void test_bad_arguments(void **state)
{
    const struct arpq_ip good = ip_of("10.1.0.0"), none = {0};
    struct arpq_sweep *sweep = (void *)&stats;
    struct arpq_found found;

    start_wire();
    assert_int_equal(arpq_sweep_open(NULL, &sweep, &good, 24, NULL), -EINVAL);
    assert_null(sweep);
    assert_int_equal(arpq_sweep_open(h, NULL, &good, 24, NULL), -EINVAL);
    assert_int_equal(arpq_sweep_open(h, &sweep, NULL, 24, NULL), -EINVAL);
    assert_int_equal(arpq_sweep_open(h, &sweep, &none, 24, NULL), -EAFNOSUPPORT);
    assert_int_equal(arpq_sweep_each(h, &good, 24, NULL, NULL, NULL, &stats), -EINVAL);
    assert_int_equal(arpq_sweep_next(NULL, &found, 0), -EINVAL);
    assert_int_equal(arpq_sweep_fd(NULL), -EINVAL);
    assert_int_equal(arpq_sweep_stats(NULL, &stats), -EINVAL);
    arpq_sweep_close(NULL);
    assert_int_equal(arpq_sweep_open(h, &sweep, &good, 24, NULL), 0);
    assert_int_equal(arpq_sweep_next(sweep, NULL, 0), -EINVAL);
    assert_int_equal(arpq_sweep_next(sweep, &found, -2), -EINVAL);
    assert_int_equal(arpq_sweep_stats(sweep, NULL), -EINVAL);
    arpq_sweep_close(sweep);
}

/* Start a sweep of a /8. An address takes eight bytes of memory only when the sweep uses it. */
static void test_wide_by_force(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_wire();
    t.stop_after = 500;
    assert_int_equal(
        sweep_into(&t, &stats, "10.0.0.0/8",
                   OPTIONS(.flags = ARPQ_SWEEP_FORCE, .rate = 50000, .ifindex = ifindex_of("w0"))),
        42);
    t.stop_after = 0;
    assert_int_equal(stats.finished, 0);
    assert_true(stats.sent < 1000000);
    assert_int_equal(stats.targets, (1 << 24) - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_link_goes_down),  TEST(test_link_goes_away), TEST(test_address_goes),
        TEST(test_long_addresses),  TEST(test_bridge),         TEST(test_traces),
        TEST(test_other_namespace), TEST(test_choice),         TEST(test_refusals),
        TEST(test_bad_arguments),   TEST(test_wide_by_force),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Sweeps of machines that answer late. A sweep finds them, reports a correct round-trip time or
 * none, and does not count them as losses. */
#include "test.h"

#include "kernel/netns.h"
#include "kernel/sweep.h"
#include "process.h"

static struct tally t;
static struct arpq_sweep_stats stats;

/* The responder sleeps before it answers for the late host. This would delay the answers of other
 * hosts, so there are no other hosts. */
static void start_late(unsigned ms)
{
    wire.first = wire.late = 0x535;
    wire.count = 1;
    wire.late_ms = ms;
    start_wire();
}

static void expect_late(const char *prefix, const struct arpq_sweep_options *options)
{
    sweep_all(&t, &stats, prefix, options);
    assert_int_equal(t.times[0x535], 1);
    assert_int_equal(stats.loss_ppm, 0);
    assert_int_equal(stats.missed_ppm, 0);
}

static void test_found_by_default(void **state)
{
    /* A slow machine adds to it, and a sweep waits until 1600 ms have passed. */
    const unsigned late_ms = is_slow() ? 1000 : 1500;

    start_late(late_ms);
    EXPECT_TIME(late_ms, 1800) /* for comparison, arp-scan takes 1.83 s */
    expect_late("10.1.5.0/24", NULL);
    assert_int_equal(t.last.rtt_us, 0); /* two requests: the time is ambiguous */
    assert_int_equal(t.last.attempt, 2);
    assert_between(stats.waited_ms, late_ms, patience(1750));
}

/* After a single request the round-trip time is known and correct. */
static void test_time_of_one_request(void **state)
{
    start_late(700);
    expect_late("10.1.5.48/29", OPTIONS(.attempts = 1));
    assert_between(t.last.rtt_us, 700000, stats.duration_us);
    assert_int_equal(t.last.attempt, 1);
}

/* The answer to the first request comes just after the second request. Only the answer to the
 * second shows that no packet was lost. */
static void test_answer_after_second_request(void **state)
{
    wire.reluctant = 0x535;
    wire.answers_from = 2;
    wire.answers_ignored = true;
    start_late(0);
    expect_late("10.1.5.52/30", NULL);
    assert_int_equal(t.last.rtt_us, 0);
    assert_int_equal(t.last.attempt, 2);
}

/* If the caller sets a timeout, the sweep does not wait longer than that after a round. */
static void test_timeout_set(void **state)
{
    start_wire();
    sweep_all(&t, &stats, "10.1.5.48/29", OPTIONS(.answer_ms = 60));
    /* Without the option the sweep waits for more than 1250 ms. */
    assert_between(stats.duration_us, 100000, 1250000);
    assert_between(stats.waited_ms, 110, 1200);
}

/* The sweep ends when every machine has answered. */
static void test_nothing_to_wait_for(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_wire();
    EXPECT_TIME(100, 1000)
    sweep_all(&t, &stats, "10.1.5.0/24", NULL);
    assert_int_equal(t.found, 256);
    assert_int_equal(stats.waited_ms, 0);
}

/* The sweep asks for the lowest address of a subnet, but it does not wait if only this address does
 * not answer. */
static void test_lowest_address(void **state)
{
    wire.first = 0x501;
    wire.count = 255;
    start_wire();
    sh("ip addr flush dev w0; ip addr add 10.1.5.1/24 dev w0; ip addr add 10.1.5.2/24 dev w0");
    make_host("10.1.5.0", "w0");
    EXPECT_TIME(100, 1000)
    sweep_all(&t, &stats, "10.1.5.0/24", NULL);
    assert_int_equal(t.found, 254);
    assert_int_equal(stats.targets, 253);
    assert_int_equal(stats.waited_ms, 0);
    assert_true(wire.requests_for[0x500] > 0);
    EXPECT_TIME(0, 1000) /* entries of an earlier try are answers at once */
    sweep_all(&t, &stats, "10.1.5.0/24", OPTIONS(.flags = ARPQ_SWEEP_NO_RAW));
    assert_int_equal(t.found, 254);
    /* If the lowest address is the only target, the sweep waits for it. */
    sweep_all(&t, &stats, "10.1.5.0/32", OPTIONS(.answer_ms = 100, .attempts = 1));
    assert_int_equal(t.found, 0);
    assert_true(stats.duration_us >= 100000);
}

static void test_host_at_lowest_address(void **state)
{
    wire.first = 0x500;
    wire.count = 256;
    start_wire();
    sh("ip addr flush dev w0; ip addr add 10.1.5.1/24 dev w0");
    make_host("10.1.5.0", "w0");
    sweep_all(&t, &stats, "10.1.5.0/24", NULL);
    assert_int_equal(t.found, 255);
    assert_int_equal(t.times[0x500], 1);
}

/* The kernel repeats its request after a second. */
static void test_by_the_kernel(void **state)
{
    start_late(1200);
    expect_late("10.1.5.48/29", OPTIONS(.flags = ARPQ_SWEEP_NO_RAW));
    assert_int_equal(t.last.rtt_us, 0);
    assert_true(stats.waited_ms >= 1250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_found_by_default),
        TEST(test_time_of_one_request),
        TEST(test_answer_after_second_request),
        TEST(test_timeout_set),
        TEST(test_nothing_to_wait_for),
        TEST(test_lowest_address),
        TEST(test_host_at_lowest_address),
        TEST(test_by_the_kernel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Sweeps in an event loop, with signals, ended early, and after a fork. */
#include "test.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/sweep.h"
#include "process.h"

static struct tally t;
static struct arpq_sweep_stats stats;

static struct arpq_sweep *begin(const char *prefix, const struct arpq_sweep_options *options)
{
    struct arpq_sweep *sweep;
    uint32_t length;
    struct arpq_ip ip = prefix_of(prefix, &length);

    assert_int_equal(arpq_sweep_open(h, &sweep, &ip, length, options), 0);
    return sweep;
}

static void test_event_loop(void **state)
{
    struct arpq_found found;
    struct arpq_sweep *sweep;
    struct pollfd waiting = {.events = POLLIN};
    int code, calls = 0;

    wire.first = 0x310;
    wire.count = 500;
    start_wire();
    memset(&t, 0, sizeof t);
    sweep = begin("10.1.2.0/23", OPTIONS(.rate = 10000, .answer_ms = 100));
    waiting.fd = arpq_sweep_fd(sweep);
    do {
        /* The descriptor becomes readable in time for every report. */
        assert_int_equal(poll(&waiting, 1, 5000), 1);
        code = arpq_sweep_next(sweep, &found, 0);
        if (code == 1)
            (void)tally_found(&found, &t);
        calls++;
    } while (code == 1 || code == 0);
    assert_int_equal(code, -ENODATA);
    assert_int_equal(t.found, 240);
    assert_int_equal(t.wrong, 0);
    /* The rounds have 512 and 272 packets, one every 100 us. The limit on the calls shows that the
     * descriptor does not become readable without a reason. */
    assert_between(calls, 240, 3000);
    arpq_sweep_close(sweep);
}

/* The answers of several machines arrive in one read of the socket, long before the next timer. The
 * sweep reports all of them at once. */
static void test_event_loop_with_several(void **state)
{
    struct arpq_found found;
    struct arpq_sweep *sweep;
    struct pollfd waiting = {.events = POLLIN};
    uint64_t began = now_ms();

    wire.first = wire.crowded = wire.late = 0x208;
    wire.count = 1;
    wire.crowd = 5;
    wire.late_ms = 100;
    start_wire();
    sweep = begin("10.1.2.8/31", OPTIONS(.answer_ms = 3000, .attempts = 1));
    waiting.fd = arpq_sweep_fd(sweep);
    for (int count = 0; count < 5;) {
        assert_int_equal(poll(&waiting, 1, 5000), 1);
        count += arpq_sweep_next(sweep, &found, 0) == 1;
    }
    assert_true(now_ms() - began < patience(1500));
    arpq_sweep_close(sweep);
}

/* A call takes at most its timeout, and the next call continues the sweep. */
static void test_timeouts(void **state)
{
    struct arpq_found found;
    struct arpq_sweep *sweep;
    uint64_t sent;

    start_wire();
    sweep = begin("10.1.3.0/24", OPTIONS(.rate = 200));
    memset(&found, 0xaa, sizeof found);
    EXPECT_TIME(0, 50)
    assert_int_equal(arpq_sweep_next(sweep, &found, 0), 0);
    assert_int_equal(found.ip.family + found.flags + found.rtt_us, 0);
    assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
    sent = stats.sent;
    EXPECT_TIME(59, 110)
    assert_int_equal(arpq_sweep_next(sweep, &found, 60), 0);
    assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
    assert_true(stats.sent > sent);
    assert_int_equal(stats.finished, 0);
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), -ENODATA);
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), -ENODATA);
    assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
    assert_int_equal(stats.finished, 1);
    arpq_sweep_close(sweep);
}

/* A sweep continues, and can be closed, after its handle is closed. */
static void test_handle_closed_first(void **state)
{
    struct arpq_found found;
    struct arpq_sweep *sweep;
    int code, count = 0;

    wire.count = RESPONDER_HOSTS;
    start_wire();
    sweep = begin("10.1.3.0/24", OPTIONS(.flags = ARPQ_SWEEP_NO_RAW));
    arpq_close(h);
    h = NULL;
    while ((code = arpq_sweep_next(sweep, &found, -1)) == 1)
        count++;
    assert_int_equal(code, -ENODATA);
    assert_int_equal(count, 256);
    arpq_sweep_close(sweep);
}

static void test_signals(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_wire();
    interrupts_start(2000);
    sweep_all(&t, &stats, "10.1.3.0/24", NULL);
    assert_true(interrupts_stop() > 3);
    sleep_ms(50); /* the last answer has arrived */
    assert_int_equal(t.found, 256);
}

static void test_early_stop(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_wire();
    t.stop_after = 10;
    assert_int_equal(sweep_into(&t, &stats, "10.1.3.0/24", OPTIONS(.rate = 200)), 42);
    t.stop_after = 0;
    assert_int_equal(t.found, 10);
    assert_int_equal(stats.found, 10);
    assert_int_equal(stats.finished, 0);
    assert_true(stats.sent < 100);
}

/* The sweep loses no machine if the caller reads the results slowly. */
static void test_slow_consumer(void **state)
{
    struct arpq_found found;
    struct arpq_sweep *sweep;

    wire.count = RESPONDER_HOSTS;
    start_wire();
    sweep = begin("10.1.3.0/24", OPTIONS(.rate = UINT32_MAX));
    for (int i = 0; i < 256; i++) {
        assert_int_equal(arpq_sweep_next(sweep, &found, 1000), 1);
        if (i % 50 == 0)
            sleep_ms(30);
    }
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), -ENODATA);
    assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
    assert_int_equal(stats.dropped, 0);
    arpq_sweep_close(sweep);
}

/* A child closes the inherited sweep. The parent's sweep continues. */
static void test_fork(void **state)
{
    struct arpq_sweep *sweep;
    struct arpq_found found;
    unsigned before = open_descriptors();
    pid_t child;
    int count = 0;

    wire.count = RESPONDER_HOSTS;
    start_wire();
    sweep = begin("10.1.3.0/24", NULL);
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), 1);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        arpq_sweep_close(sweep);
        _exit(0);
    }
    assert_ended_well(child);
    while (arpq_sweep_next(sweep, &found, -1) == 1)
        count++;
    assert_int_equal(count, 255);
    arpq_sweep_close(sweep);
    /* the descriptors of the TAP device, and of the first wait on the handle */
    assert_int_equal(open_descriptors(), before + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_event_loop),    TEST(test_event_loop_with_several),
        TEST(test_timeouts),      TEST(test_handle_closed_first),
        TEST(test_signals),       TEST(test_early_stop),
        TEST(test_slow_consumer), TEST(test_fork),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

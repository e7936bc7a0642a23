/* SPDX-License-Identifier: MIT */
/* Waiting for events, with signals and through the descriptor; and watches in unprivileged and
 * forked processes, without leaked descriptors. */
#include "test.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/watch.h"
#include "process.h"

/* ---- Waiting ---- */

static void expect_wait(unsigned timeout_ms)
{
    struct arpq_event event;

    EXPECT_TIME(timeout_ms > 0 ? timeout_ms - 1 : 0, timeout_ms + 50)
    assert_int_equal(next(&event, (int32_t)timeout_ms), 0);
}

static void test_timeouts(void **state)
{
    open_watch(0);
    expect_wait(0);
    expect_wait(50);
    expect_wait(200);
}

static void test_timeouts_under_signals(void **state)
{
    open_watch(0);
    interrupts_start(3000);
    expect_wait(0);
    expect_wait(50);
    expect_wait(200);
    assert_true(interrupts_stop() > 10); /* several arrive in each wait, also on a busy machine */
}

static void *add_later(void *unused)
{
    sleep_ms(100);
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    return NULL;
}

static void test_waits_for_ever(void **state)
{
    struct arpq_event event;
    uint64_t before = now_ms();
    pthread_t thread;

    open_watch(0);
    assert_int_equal(pthread_create(&thread, NULL, add_later, NULL), 0);
    assert_int_equal(arpq_watch_next(w, &event, -1), 1);
    assert_int_equal(event.type, ARPQ_EVENT_NEIGH_ADDED);
    assert_between(now_ms() - before, 99, 600);
    pthread_join(thread, NULL);
}

static int is_readable(int timeout_ms)
{
    struct pollfd fd = {.fd = arpq_watch_fd(w), .events = POLLIN};

    return poll(&fd, 1, timeout_ms);
}

/* A new entry is looked up once more after 20 to 40 ms. The kernel adds entries of groups at any
 * time. Neither is an event that the test reads. */
static void expect_quiet(void)
{
    struct arpq_event event;

    for (int i = 0; is_readable(60) > 0; i++) {
        assert_true(i < 100);
        assert_int_equal(next(&event, 0), 0);
    }
}

static void test_descriptor(void **state)
{
    open_watch(0);
    expect_quiet();
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    assert_int_equal(is_readable(0), 1);
    EXPECT("ADDED 10.1.0.9 STALE aa\n");
    expect_quiet();
}

/* ---- Processes ---- */

static void watch_as_nobody(int ready)
{
    struct arpq_event event;
    struct arpq_handle *handle;
    struct arpq_watch *watch;

    become_nobody();
    if (arpq_open(&handle, NULL) != 0 || arpq_watch_open(handle, &watch, NULL) != 0)
        _exit(3);
    if (write(ready, "", 1) != 1)
        _exit(4);
    if (arpq_watch_next(watch, &event, ASYNC_MS) != 1 || event.type != ARPQ_EVENT_NEIGH_ADDED ||
        event.neigh.mac.bytes[5] != 0xaa)
        _exit(5);
    arpq_watch_close(watch);
    arpq_close(handle);
    _exit(0);
}

static void test_unprivileged(void **state)
{
    int ready[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(ready), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        watch_as_nobody(ready[1]);
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    assert_ended_well(pid);
    close(ready[0]);
}

/* A child may only close the watch. This has no effect on the parent. */
static void test_fork(void **state)
{
    open_watch(0);
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0) {
            arpq_watch_close(w);
            arpq_close(h);
            _exit(0);
        }
        assert_ended_well(pid);
    }
    EXPECT("ADDED 10.1.0.9 STALE aa\n");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B " nud stale");
    assert_int_equal(is_readable(0), 1);
    EXPECT("MOVED 10.1.0.9 STALE>STALE bb was aa\n");
}

static void test_descriptors(void **state)
{
    struct arpq_watch_options bad = options_of(0);
    struct arpq_watch *watch;
    unsigned before;

    open_watch(0);
    arpq_watch_close(w);
    w = NULL;
    bad.filter.size = sizeof bad.filter;
    bad.filter.ifindex = 4000000;
    before = open_descriptors();
    for (int i = 0; i < 20; i++) {
        assert_int_equal(arpq_watch_open(h, &watch, NULL), 0);
        arpq_watch_close(watch);
        assert_int_equal(arpq_watch_open(h, &watch, &bad), -ENODEV);
    }
    assert_int_equal(open_descriptors(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_timeouts),    TEST(test_timeouts_under_signals), TEST(test_waits_for_ever),
        TEST(test_descriptor),  TEST(test_unprivileged),           TEST(test_fork),
        TEST(test_descriptors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

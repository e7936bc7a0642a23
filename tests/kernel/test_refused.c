/* SPDX-License-Identifier: MIT */
/* Codes and durations of calls that have to wait, when the system refuses the calls for waiting. */
#include "test.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/mirror.h"
#include "kernel/netns.h"
#include "kernel/sandbox.h"
#include "process.h"

static void run_in_child(void (*child)(void))
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        deadline(20);
        child();
        _exit(0);
    }
    assert_ended_well(pid);
}

static void refuse(int number)
{
    if (!refuse_calls(&number, 1, EPERM))
        _exit(2);
}

/* A 32-bit machine has one call for each size of time_t. */
#ifdef SYS_timerfd_settime64
static const int timer_calls[] = {SYS_timerfd_settime, SYS_timerfd_settime64};
#else
static const int timer_calls[] = {SYS_timerfd_settime};
#endif

/* The kernel gives up after 3 s, but the resolver gives up after 30 ms. */
static void resolve_without_timer(void)
{
    const struct arpq_resolve_options options = {.size = sizeof options, .answer_ms = 30};
    const struct arpq_ip ip = ip_of("10.1.0.77");
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    uint64_t before;

    if (arpq_open(&h, NULL) != 0 || arpq_resolver_open(h, &resolver, &options) != 0)
        _exit(3);
    if (!refuse_calls(timer_calls, LENGTH(timer_calls), EPERM))
        _exit(2);
    if (arpq_resolver_add(resolver, &ip, 0, 0) != 0)
        _exit(4);
    if (arpq_resolver_next(resolver, &resolved, 0) != -EOPNOTSUPP)
        _exit(5); /* without this error, poll(2) would wait forever */
    before = now_ms();
    if (arpq_resolver_next(resolver, &resolved, -1) != 1 || resolved.code != -EHOSTUNREACH)
        _exit(6);
    if (now_ms() - before > 2000)
        _exit(7);
    arpq_resolver_close(resolver);
}

static void test_no_timer(void **state)
{
    run_in_child(resolve_without_timer);
}

static void open_everything(void)
{
    const struct arpq_mirror_options threaded = options_of(ARPQ_MIRROR_THREAD);
    struct arpq_resolver *resolver;
    struct arpq_watch *watch;

    if (arpq_watch_open(h, &watch, NULL) != -EOPNOTSUPP || watch)
        _exit(3);
    if (arpq_resolver_open(h, &resolver, NULL) != -EOPNOTSUPP || resolver)
        _exit(4);
    if (arpq_mirror_open(h, &m, NULL) != -EOPNOTSUPP || m)
        _exit(5);
    if (arpq_mirror_open(h, &m, &threaded) != -EOPNOTSUPP || m)
        _exit(6);
}

static void open_without_epoll(void)
{
    if (arpq_open(&h, NULL) != 0)
        _exit(8);
    refuse(SYS_epoll_create1);
    open_everything();
}

static void open_without_timer(void)
{
    if (arpq_open(&h, NULL) != 0)
        _exit(8);
    refuse(SYS_timerfd_create);
    open_everything();
}

static void open_without_eventfd(void)
{
    const struct arpq_mirror_options threaded = options_of(ARPQ_MIRROR_THREAD);

    if (arpq_open(&h, NULL) != 0)
        _exit(8);
    refuse(SYS_eventfd2);
    if (arpq_mirror_open(h, &m, &threaded) != -EOPNOTSUPP || m)
        _exit(6);
}

static void test_open(void **state)
{
    run_in_child(open_without_epoll);
    run_in_child(open_without_timer);
    run_in_child(open_without_eventfd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_no_timer), TEST(test_open)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* A mirror in a process that loses the means to follow the table, or that cannot recognise a child
 * by its memory. */
#include "test.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/mirror.h"
#include "kernel/netns.h"
#include "kernel/sandbox.h"
#include "process.h"

/* ---- Sandboxes: a child exits with 2 if it cannot enter one ---- */

static void refuse_descriptors(void)
{
    const struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_NOFILE, &none) != 0)
        _exit(2);
}

static void refuse_waiting(void)
{
    static const int numbers[] = {
        SYS_ppoll,        SYS_pselect6,        SYS_epoll_pwait,
#ifdef SYS_poll
        SYS_poll,
#endif
#ifdef SYS_select
        SYS_select,
#endif
#ifdef SYS_epoll_wait
        SYS_epoll_wait,
#endif
#ifdef SYS_ppoll_time64
        SYS_ppoll_time64, SYS_pselect6_time64,
#endif
    };

    if (!refuse_calls(numbers, LENGTH(numbers), EPERM))
        _exit(2);
}

static void refuse_receiving(void)
{
    static const int numbers[] = {
        SYS_recvmsg,         SYS_recvfrom, SYS_recvmmsg,
#ifdef SYS_recvmmsg_time64
        SYS_recvmmsg_time64,
#endif
#ifdef SYS_socketcall
        SYS_socketcall, /* this also refuses to send */
#endif
    };

    if (!refuse_calls(numbers, LENGTH(numbers), EPERM))
        _exit(2);
}

/* ---- The child ---- */

static double cpu_seconds(void)
{
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static bool has_error(void)
{
    struct arpq_sync_stats stats;

    return arpq_mirror_stats(m, &stats) == 0 && stats.stale == 1 && stats.error == -EOPNOTSUPP;
}

static bool has_followed(void)
{
    struct arpq_sync_stats stats;

    return answers("10.1.0.9", 0, 0xbb) && arpq_mirror_stats(m, &stats) == 0 && stats.stale == 0 &&
           stats.error == 0;
}

/* Open a mirror, refuse the calls, and wait until expected() is true. The parent changes the table
 * meanwhile. */
static void expect_in_child(void (*refuse)(void), bool (*expected)(void), int ready)
{
    double before;
    int waited_ms = 0;

    deadline(20); /* ends a close that hangs */
    if (arpq_open(&h, NULL) != 0)
        _exit(3);
    open_mirror(ARPQ_MIRROR_THREAD);
    refuse();
    if (write(ready, "", 1) != 1)
        _exit(4);
    before = cpu_seconds();
    for (; !expected() && waited_ms < 5000; waited_ms += 10)
        sleep_ms(10);
    if (waited_ms >= 5000)
        _exit(5);
    sleep_ms(500);
    if (cpu_seconds() - before > (is_slow() ? 5 : 0.25))
        _exit(6);
    arpq_mirror_close(m);
    _exit(0);
}

static void run_in_child(void (*refuse)(void), bool (*expected)(void))
{
    int ready[2];
    char byte;
    pid_t pid;

    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A);
    assert_int_equal(pipe(ready), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        expect_in_child(refuse, expected, ready[1]);
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B);
    assert_ended_well(pid);
}

/* ---- A process whose memory the kernel does not wipe in a child (MADV_WIPEONFORK) ---- */

static void refuse_wiping(void)
{
    static const int numbers[] = {SYS_madvise};

    if (!refuse_calls(numbers, LENGTH(numbers), EINVAL))
        _exit(2);
}

static void run_unwiped(void (*work)(uint32_t flags), uint32_t flags)
{
    pid_t pid;

    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        deadline(20);
        refuse_wiping();
        arpq_close(h);
        if (arpq_open(&h, NULL) != 0)
            _exit(3);
        work(flags);
        arpq_mirror_close(m);
        arpq_close(h);
        _exit(0);
    }
    assert_ended_well(pid);
}

static void move(void)
{
    if (sh_status("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B) != 0)
        _exit(4);
}

/* The grandchild inherits the mirror. */
static void use_inherited(void)
{
    struct arpq_sync_stats stats;

    deadline(20);
    if (!answers("10.1.0.9", -ESTALE, 0) || arpq_mirror_fd(m) != -ESTALE)
        _exit(5);
    if (arpq_mirror_stats(m, &stats) != 0 || arpq_mirror_sync(m) < 0)
        _exit(6);
    if (!answers("10.1.0.9", 0, 0xbb) || arpq_mirror_fd(m) < 0)
        _exit(7);
    arpq_mirror_close(m);
    arpq_close(h);
    _exit(0);
}

static void end_well(pid_t pid)
{
    int status;

    if (waitpid(pid, &status, 0) != pid || status != 0)
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 8);
}

static void keep_events(uint32_t flags)
{
    pid_t pid;

    open_mirror(flags);
    move();
    pid = fork();
    if (pid == 0)
        use_inherited();
    end_well(pid);
    if (arpq_mirror_sync(m) < 0 || !answers("10.1.0.9", 0, 0xbb))
        _exit(9);
}

static void fork_at_move(const struct arpq_event *event, void *context)
{
    pid_t *pid = context;

    if (event->type != ARPQ_EVENT_NEIGH_MOVED || *pid != -1)
        return;
    *pid = fork();
    if (*pid == 0)
        use_inherited();
}

/* The fork happens while the mirror is locked and its copy is changing. */
static void fork_during_sync(uint32_t flags)
{
    struct arpq_mirror_options options = options_of(flags);
    pid_t pid = -1;

    options.on_event = fork_at_move;
    options.context = &pid;
    open_with(&options);
    move();
    if (arpq_mirror_sync(m) < 1 || !answers("10.1.0.9", 0, 0xbb))
        _exit(10);
    end_well(pid);
}

/* ---- Tests ---- */

static void test_no_descriptors(void **state)
{
    run_in_child(refuse_descriptors, has_followed);
}

static void test_no_waiting(void **state)
{
    if (!is_under_valgrind()) /* Valgrind itself makes the refused calls */
        run_in_child(refuse_waiting, has_followed);
}

static void test_no_receiving(void **state)
{
    run_in_child(refuse_receiving, has_error);
}

static void test_unwiped(void **state)
{
    run_unwiped(keep_events, 0);
    run_unwiped(keep_events, ARPQ_MIRROR_THREAD);
}

static void test_unwiped_during_sync(void **state)
{
    run_unwiped(fork_during_sync, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_no_descriptors), TEST(test_no_waiting),          TEST(test_no_receiving),
        TEST(test_unwiped),        TEST(test_unwiped_during_sync),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

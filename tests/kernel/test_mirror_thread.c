/* SPDX-License-Identifier: MIT */
/* A mirror with its own thread, in child processes, without privileges, and in a process that may
 * not make system calls. */
#include "test.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/mirror.h"
#include "kernel/mirror_events.h"
#include "kernel/netns.h"
#include "process.h"

/* ---- No system call ---- */

/* Any further system call of this thread, except to exit, kills the process. */
static void forbid_system_calls(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    const struct sock_fprog program = {.len = LENGTH(code), .filter = code};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        _exit(2);
}

static void ask_without_system_calls(void)
{
    struct arpq_ip hit = ip_of("10.1.0.9"), miss = ip_of("10.1.0.77"), v6 = ip_of("fd01::9");
    struct arpq_ip ips[40];
    struct arpq_mac mac, macs[40], a = mac_of(MAC_A);
    struct arpq_neigh neigh, found[4];
    int wrong = 0;

    for (size_t i = 0; i < LENGTH(ips); i++)
        ips[i] = i % 2 ? hit : miss;
    if (arpq_mirror_lookup(m, &hit, 0, &mac) != -ESTALE || arpq_mirror_sync(m) < 0)
        _exit(1);
    /* Valgrind makes system calls of its own on this thread, so under Valgrind the lookups run
     * without the filter. */
    if (!is_under_valgrind())
        forbid_system_calls();
    wrong |= arpq_mirror_lookup(m, &hit, 0, &mac) != 0;
    wrong |= arpq_mirror_lookup(m, &v6, 0, &mac) != 0;
    wrong |= arpq_mirror_lookup(m, &miss, 0, &mac) != -ENOENT;
    wrong |= arpq_mirror_lookup(m, &miss, 4000000, &mac) != -ENOENT;
    wrong |= arpq_mirror_get(m, &hit, 0, &neigh) != 0;
    wrong |= arpq_mirror_get(m, &miss, 0, &neigh) != -ENOENT;
    wrong |= arpq_mirror_find_mac(m, &a, found, 4) != 1;
    wrong |= arpq_mirror_lookup_many(m, ips, 40, 0, macs, NULL) != 20;
    syscall(SYS_exit_group, wrong ? 3 : 0);
}

static void test_no_system_calls(void **state)
{
    pid_t pid;

    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A "; ip neigh add fd01::9 dev v0 lladdr " MAC_B);
    open_mirror(0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        ask_without_system_calls();
    assert_ended_well(pid);
}

static int has_moved(void *context)
{
    struct arpq_ip ip = ip_of("10.1.0.9");
    struct arpq_mac mac;

    return arpq_mirror_lookup(m, &ip, 0, &mac) == 0 && mac.bytes[5] == 0xbb &&
           mirror_events.moved > 0;
}

static void test_thread(void **state)
{
    struct arpq_mirror_options options = options_of(ARPQ_MIRROR_THREAD);
    uint64_t before;

    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A);
    count_events_of(&options);
    open_with(&options);
    assert_int_equal(mirror_events.added, 1);
    assert_int_equal(mirror_events.synced, 1);
    assert_int_equal(arpq_mirror_fd(m), -EOPNOTSUPP);
    MAC_IS("10.1.0.9", MAC_A);
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B);
    assert_true(wait_until(has_moved, NULL, 2000));
    assert_int_equal(mirror_events.moved, 1);
    assert_true(mirror_events.after_synced);
    assert_false(mirror_events.on_main);
    assert_false(mirror_events.unblocked);
    sh("ip neigh add fd01::9 dev v0 lladdr " MAC_C);
    sync_mirror(); /* the call is allowed; the thread may have applied the change already */
    MAC_IS("fd01::9", MAC_C);
    before = now_ms();
    arpq_mirror_close(m);
    m = NULL;
    assert_true(now_ms() - before < patience(1000));
}

/* Opening a mirror with a thread does not change the caller's signal mask. */
static void test_thread_leaves_signals_alone(void **state)
{
    sigset_t before, after;

    pthread_sigmask(SIG_BLOCK, NULL, &before);
    for (int i = 0; i < 5; i++)
        open_mirror(ARPQ_MIRROR_THREAD);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    for (int number = 1; number < 32; number++)
        assert_int_equal(sigismember(&before, number), sigismember(&after, number));
}

static void be_child(int ready, int go)
{
    struct arpq_mac a = mac_of(MAC_A), macs[1];
    struct arpq_ip ip = ip_of("10.1.0.9");
    struct arpq_table *table;
    struct arpq_neigh neigh;
    int count = 0;
    char byte;

    deadline(20);
    if (!answers("10.1.0.9", -ESTALE, 0) || arpq_mirror_get(m, &ip, 0, &neigh) != -ESTALE ||
        arpq_mirror_find_mac(m, &a, NULL, 0) != -ESTALE ||
        arpq_mirror_each(m, count_up, &count) != -ESTALE ||
        arpq_mirror_table(m, NULL, &table) != -ESTALE ||
        arpq_mirror_lookup_many(m, &ip, 1, 0, macs, NULL) != -ESTALE)
        _exit(1);
    if (arpq_mirror_sync(m) < 0 || !answers("10.1.0.9", 0, 0xaa))
        _exit(2);
    if (write(ready, "", 1) != 1 || read(go, &byte, 1) != 1)
        _exit(3);
    if (arpq_mirror_sync(m) < 0 || !answers("10.1.0.9", 0, 0xbb))
        _exit(4);
    arpq_mirror_close(m);
    arpq_close(h);
    _exit(0);
}

static void fork_with(uint32_t flags)
{
    int ready[2], go[2];
    char byte;
    pid_t pid;

    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A);
    open_mirror(flags);
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(go), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(go[1]);
        be_child(ready[1], go[0]);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_true(answers("10.1.0.9", 0, 0xaa));
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B);
    assert_int_equal(write(go[1], "", 1), 1);
    assert_ended_well(pid);
    sync_mirror();
    assert_true(answers("10.1.0.9", 0, 0xbb));
    assert_int_equal(stats_of().dumps, 1);
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_C);
    sync_mirror();
    assert_true(answers("10.1.0.9", 0, 0xcc));
    close(ready[0]);
    close(go[0]);
    close(go[1]);
}

static void test_fork(void **state)
{
    fork_with(0);
}

static void test_fork_with_thread(void **state)
{
    fork_with(ARPQ_MIRROR_THREAD);
}

static void test_child_only_closes(void **state)
{
    for (uint32_t flags = 0; flags <= ARPQ_MIRROR_THREAD; flags++) {
        sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A);
        open_mirror(flags);
        sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B);
        for (int i = 0; i < 20; i++) {
            pid_t pid = fork();

            assert_true(pid >= 0);
            if (pid == 0) {
                arpq_mirror_close(m);
                arpq_close(h);
                _exit(0);
            }
            assert_ended_well(pid);
        }
        sync_mirror();
        MAC_IS("10.1.0.9", MAC_B);
        assert_int_equal(stats_of().dumps, 1);
    }
}

/* A child that has reached its descriptor limit gets no outdated answers and does not crash. */
static void be_starved(void)
{
    struct rlimit before, none;

    deadline(20);
    if (arpq_mirror_fd(m) != -ESTALE || getrlimit(RLIMIT_NOFILE, &before) != 0)
        _exit(1);
    none = before;
    none.rlim_cur = 0;
    if (setrlimit(RLIMIT_NOFILE, &none) != 0)
        _exit(2);
    for (int i = 0; i < 3; i++)
        if (arpq_mirror_sync(m) != -EMFILE || !answers("10.1.0.9", -ESTALE, 0) ||
            arpq_mirror_fd(m) != -ESTALE)
            _exit(3);
    if (setrlimit(RLIMIT_NOFILE, &before) != 0)
        _exit(2);
    if (arpq_mirror_sync(m) < 0 || !answers("10.1.0.9", 0, 0xbb) || arpq_mirror_fd(m) < 0)
        _exit(4);
    arpq_mirror_close(m);
    arpq_close(h);
    _exit(0);
}

static void test_starved_child(void **state)
{
    for (uint32_t flags = 0; flags <= ARPQ_MIRROR_THREAD; flags++) {
        pid_t pid;

        sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A);
        open_mirror(flags);
        sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            be_starved();
        assert_ended_well(pid);
        sync_mirror();
        MAC_IS("10.1.0.9", MAC_B);
    }
}

/* Fork while the writer thread is in the middle of an update. The child drops the memory that the
 * thread was changing, so it ends without Valgrind's leak check. */
static void sync_and_ask(void)
{
    deadline(20);
    if (!answers("fd01::9", -ESTALE, 0))
        _exit(1);
    if (arpq_mirror_sync(m) < 0)
        _exit(2);
    if (answers("fd01::9", 0, 0xcc))
        raise(SIGKILL);
    _exit(3);
}

static void assert_killed_itself(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* The allocators of AddressSanitizer and ThreadSanitizer, unlike the C library's, may stay locked
 * in a child that is forked while another thread allocates: the child would hang. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TESTS_OF_FORKS_WHILE_WRITING
#else
#define TESTS_OF_FORKS_WHILE_WRITING TEST(test_fork_while_writing),
#endif

__attribute__((unused)) static void test_fork_while_writing(void **state)
{
    pthread_t thread;

    sh("ip neigh add fd01::9 dev v0 lladdr " MAC_C);
    open_mirror(ARPQ_MIRROR_THREAD);
    busy = true;
    assert_int_equal(pthread_create(&thread, NULL, flood, NULL), 0);
    while (busy) {
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0)
            sync_and_ask();
        assert_killed_itself(pid);
        assert_true(answers("fd01::9", 0, 0xcc));
    }
    pthread_join(thread, NULL);
    sync_mirror();
    assert_int_equal(stats_of().dumps, 1);
    SAME(999);
}

static void ask_as_nobody(int ready, int go)
{
    struct arpq_mirror_options options = options_of(0);
    struct arpq_sync_stats stats;
    struct arpq_handle *handle;
    char byte;

    become_nobody();
    options.receive_buffer = 1u << 30;
    if (arpq_open(&handle, NULL) != 0 || arpq_mirror_open(handle, &m, &options) != 0)
        _exit(3);
    if (!answers("10.1.0.9", 0, 0xaa) || write(ready, "", 1) != 1 || read(go, &byte, 1) != 1)
        _exit(4);
    if (arpq_mirror_sync(m) != 1 || !answers("10.1.0.9", 0, 0xbb))
        _exit(5);
    if (arpq_mirror_stats(m, &stats) != 0 || stats.receive_wanted != (uint64_t)2 << 30 ||
        stats.receive_buffer >= stats.receive_wanted / 2 || stats.receive_buffer < 4096)
        _exit(6);
    arpq_mirror_close(m);
    arpq_close(handle);
    _exit(0);
}

static void test_unprivileged(void **state)
{
    int ready[2], go[2];
    char byte;
    pid_t pid;

    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A);
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(go), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(go[1]); /* so that the read ends if the parent ends */
        ask_as_nobody(ready[1], go[0]);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B);
    assert_int_equal(write(go[1], "", 1), 1);
    assert_ended_well(pid);
    close(ready[0]);
    close(go[0]);
    close(go[1]);
}

static void test_descriptors(void **state)
{
    unsigned before;

    open_mirror(0);
    arpq_mirror_close(m);
    m = NULL;
    before = open_descriptors();
    for (int i = 0; i < 10; i++) {
        open_mirror(0);
        open_mirror(ARPQ_MIRROR_THREAD);
    }
    arpq_mirror_close(m);
    m = NULL;
    assert_int_equal(open_descriptors(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_no_system_calls),
        TEST(test_thread),
        TEST(test_thread_leaves_signals_alone),
        TEST(test_fork),
        TEST(test_fork_with_thread),
        TEST(test_child_only_closes),
        TEST(test_starved_child),
        TESTS_OF_FORKS_WHILE_WRITING TEST(test_unprivileged),
        TEST(test_descriptors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* A child uses and closes the inherited handle without effect on the parent. */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "process.h"

#define ROUNDS 50
#define THREADS 4

/* The allocator of AddressSanitizer is not made for a child of a process with threads: programs
 * without the library hang in it, too. */
#ifdef __SANITIZE_ADDRESS__
#define ALLOCATOR_SURVIVES_FORK false
#else
#define ALLOCATOR_SURVIVES_FORK true
#endif

static struct arpq_ip v4, v6;
static struct arpq_mac a, b;

static int set_up(void **state)
{
    netns_enter();
    sh("ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up;"
       "ip addr add 10.1.0.1/24 dev v0; ip addr add 2001:db8::1/64 dev v0 nodad;"
       "ip neigh add 10.1.0.9 lladdr " MAC_A " dev v0;"
       "ip neigh add 2001:db8::9 lladdr " MAC_B " dev v0");
    v4 = ip_of("10.1.0.9");
    v6 = ip_of("2001:db8::9");
    a = mac_of(MAC_A);
    b = mac_of(MAC_B);
    return arpq_open(&h, NULL);
}

/* Returns 0 if all answers are right, otherwise the number of the wrong answer. */
static int ask(void)
{
    struct arpq_interfaces *list;
    struct arpq_neigh neigh;
    struct arpq_mac mac;
    bool found;

    if (arpq_lookup(h, &v4, 0, 0, &mac) != 0 || arpq_mac_compare(&mac, &a) != 0)
        return 1;
    if (arpq_neigh_get(h, &v6, 0, 0, &neigh) != 0 || arpq_mac_compare(&neigh.mac, &b) != 0 ||
        arpq_ip_compare(&neigh.ip, &v6) != 0)
        return 2;
    if (arpq_neigh_get(h, &v4, 0, 0, &neigh) != 0 || arpq_mac_compare(&neigh.mac, &a) != 0)
        return 3;
    if (arpq_interfaces_get(h, 0, &list) != 0)
        return 4;
    found = arpq_interfaces_by_name(list, "v0");
    arpq_interfaces_free(list);
    return found ? 0 : 5;
}

static void ask_and_exit(void)
{
    int code = 0;

    deadline(20);
    for (int i = 0; i < 20 && code == 0; i++)
        code = ask();
    arpq_close(h);
    _exit(code);
}

static void test_both_ask_at_once(void **state)
{
    for (int round = 0; round < ROUNDS; round++) {
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0)
            ask_and_exit();
        for (int i = 0; i < 20; i++)
            assert_int_equal(ask(), 0);
        assert_ended_well(pid);
        assert_int_equal(ask(), 0);
    }
}

/* The child closes the handle without using it. The parent's sockets stay usable. */
static void test_child_only_closes(void **state)
{
    for (int round = 0; round < ROUNDS; round++) {
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0) {
            arpq_close(h);
            _exit(0);
        }
        assert_int_equal(ask(), 0);
        assert_ended_well(pid);
        assert_int_equal(ask(), 0);
    }
}

static int sees_new(void)
{
    struct arpq_ip ip = ip_of("10.2.0.9");
    struct arpq_mac mac;

    return arpq_lookup(h, &ip, 0, 0, &mac) == 0 && arpq_mac_compare(&mac, &b) == 0;
}

static void test_change_after_fork(void **state)
{
    int ready[2];
    pid_t pid;
    char byte;

    assert_int_equal(pipe(ready), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int code = ask();

        close(ready[1]); /* so that the read ends if the parent ends */
        if (read(ready[0], &byte, 1) != 1)
            _exit(9);
        if (code == 0 && !sees_new())
            code = 6;
        arpq_close(h);
        _exit(code);
    }
    sh("ip addr add 10.2.0.1/24 dev v0; ip neigh add 10.2.0.9 lladdr " MAC_B " dev v0");
    assert_int_equal(write(ready[1], "", 1), 1);
    assert_ended_well(pid);
    assert_true(sees_new());
    close(ready[0]);
    close(ready[1]);
}

static void test_grandchild(void **state)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        int status, code = ask();
        pid_t grandchild = fork();

        if (grandchild == 0)
            ask_and_exit();
        if (code == 0)
            code = ask();
        if (waitpid(grandchild, &status, 0) != grandchild || status != 0)
            code = 7;
        arpq_close(h);
        _exit(code);
    }
    assert_int_equal(ask(), 0);
    assert_ended_well(pid);
}

static atomic_bool stop;
static atomic_int wrong;

static void *ask_on(void *unused)
{
    while (!stop)
        if (ask() != 0)
            wrong++;
    return NULL;
}

/* The child cannot free memory that other threads of the parent were using, so it ends without the
 * leak check. */
static void ask_and_die(int report)
{
    int code;

    deadline(20);
    code = ask();
    arpq_close(h);
    if (write(report, &code, sizeof code) == sizeof code)
        raise(SIGKILL);
    _exit(100);
}

static void assert_reported_well(int report, pid_t pid)
{
    int code = -1, status;

    assert_int_equal(read(report, &code, sizeof code), sizeof code);
    assert_int_equal(code, 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void test_threaded_parent(void **state)
{
    pthread_t threads[THREADS];
    int report[2];

    if (!ALLOCATOR_SURVIVES_FORK)
        SKIP_NOT_RUNNABLE("AddressSanitizer may hang in the child of a process with threads");
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_on, NULL), 0);
    for (int round = 0; round < ROUNDS; round++) {
        pid_t pid;

        assert_int_equal(pipe(report), 0);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            ask_and_die(report[1]);
        close(report[1]);
        assert_reported_well(report[0], pid);
        close(report[0]);
    }
    stop = true;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ask_at_once),  cmocka_unit_test(test_child_only_closes),
        cmocka_unit_test(test_change_after_fork), cmocka_unit_test(test_grandchild),
        cmocka_unit_test(test_threaded_parent),
    };

    return cmocka_run_group_tests(tests, set_up, fixture_tear_down);
}

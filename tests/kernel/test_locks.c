/* SPDX-License-Identifier: MIT */
/* No combination of calls on one handle deadlocks: callbacks call the library while other threads
 * apply changes, also at the limit of descriptors, and threads are cancelled. No thread starves
 * among many. */
#include "test.h"

#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "process.h"

#define LISTERS 8u
#define DEADLINE_S (is_slow() ? 50u : 10u)

static int set_up(void **state)
{
    fixture_enter(24);
    sh("ip neigh add 10.1.0.5 lladdr " MAC_A " dev v0; ip neigh add fd01::5 lladdr " MAC_B
       " dev v0");
    return arpq_open(&h, NULL);
}

#define REQUIRE(condition) ((condition) ? (void)0 : require_failed(__LINE__, #condition))

static void require_failed(int line, const char *condition)
{
    dprintf(2, "test_locks.c:%d: %s\n", line, condition);
    _exit(3);
}

/* Run the work in a child. SIGALRM ends the child if it hangs. */
static void run_in_child(const char *what, void (*work)(void))
{
    int status;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        deadline(DEADLINE_S);
        work();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0)
        fail_msg("%s: %s (status 0x%x)", what, status == SIGALRM ? "locked up" : "failed",
                 (unsigned)status);
}

static void limit_descriptors(void)
{
    int next = dup(0);
    const struct rlimit limit = {(rlim_t)next, (rlim_t)next};

    close(next);
    REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

/* ---- A process that changes the namespace when the test has no descriptor left ---- */

static int change_pipe[2], changed_pipe[2];

static void start_changer(const char *command)
{
    char byte;

    assert_int_equal(pipe2(change_pipe, O_CLOEXEC), 0);
    assert_int_equal(pipe2(changed_pipe, O_CLOEXEC), 0);
    fflush(NULL);
    if (fork() != 0)
        return;
    close(change_pipe[1]);
    if (read(change_pipe[0], &byte, 1) == 1)
        _exit(sh_status("%s", command) != 0 || write(changed_pipe[1], "", 1) != 1);
    _exit(0);
}

static void change(void)
{
    char byte;

    if (write(change_pipe[1], "", 1) != 1 || read(changed_pipe[0], &byte, 1) != 1)
        _exit(2);
}

/* ---- Callbacks that call back in ---- */

struct scenario {
    unsigned listers;
    bool no_descriptors; /* the handle keeps its descriptors and cannot get more */
    const char *change;  /* runs while all listers are in their callbacks */
};

static const struct scenario *scenario;
static atomic_uint inside;
static atomic_bool has_changed;

/* Whether this is the code of a successful call, or of a call that gets no descriptor. */
static bool is_expected(int code)
{
    return code >= 0 || code == -ENOENT || (scenario->no_descriptors && code == -EMFILE);
}

static void call_everything(void)
{
    const struct arpq_ip ips[] = {ip_of("10.1.0.77"), ip_of("fd01::77")};
    struct arpq_table_stats stats;
    struct arpq_interfaces *list;
    struct arpq_table *table;
    struct arpq_neigh neigh;
    struct arpq_mac mac;
    uint32_t ifindex;

    for (size_t i = 0; i < LENGTH(ips); i++) {
        REQUIRE(is_expected(arpq_lookup(h, &ips[i], 0, 0, &mac)));
        REQUIRE(is_expected(arpq_neigh_get(h, &ips[i], 0, 0, &neigh)));
    }
    REQUIRE(is_expected(arpq_table_stats(h, AF_INET, &stats)));
    REQUIRE(is_expected(arpq_table_get(h, NULL, &table)));
    arpq_table_free(table);
    REQUIRE(is_expected(arpq_interface_index(h, "v0", &ifindex)));
    REQUIRE(is_expected(arpq_interfaces_get(h, 0, &list)));
    arpq_interfaces_free(list);
}

static int call_back_in(const struct arpq_neigh *neigh, void *context)
{
    bool *first = context;

    if (!*first)
        return 0;
    *first = false;
    inside++;
    while (inside < scenario->listers || !has_changed)
        sleep_ms(1);
    sleep_ms(100); /* time for the lookup thread to enter its call and apply the change */
    call_everything();
    return 0;
}

static void *run_lister(void *context)
{
    bool first = true;

    REQUIRE(is_expected(arpq_table_each(h, NULL, call_back_in, &first, NULL)));
    return NULL;
}

static void *run_looker(void *context)
{
    while (inside < scenario->listers)
        sleep_ms(1);
    change();
    has_changed = true;
    call_everything();
    return NULL;
}

static void run_threads(void)
{
    pthread_t threads[LISTERS + 1];

    inside = 0;
    has_changed = false;
    REQUIRE(arpq_open(&h, NULL) == 0);
    if (scenario->no_descriptors)
        limit_descriptors();
    for (unsigned i = 0; i < scenario->listers; i++)
        REQUIRE(pthread_create(&threads[i], NULL, run_lister, NULL) == 0);
    REQUIRE(pthread_create(&threads[scenario->listers], NULL, run_looker, NULL) == 0);
    for (unsigned i = 0; i <= scenario->listers; i++)
        REQUIRE(pthread_join(threads[i], NULL) == 0);
    arpq_close(h);
}

static void test_callbacks(void **state)
{
    static const struct scenario scenarios[] = {
        {1, false, "ip rule add from 192.0.2.0/24 table 100"},
        {1, true, "ip rule add from 192.0.2.0/24 table 101"},
        {LISTERS, false, "ip rule add from 192.0.2.0/24 table 102"},
        {LISTERS, false, "ip link add x0 type veth peer name x1 && ip link set x0 up"},
        {1, true, "ip link del x0 && ip route add 10.1.0.77/32 dev v0"},
    };

    for (size_t i = 0; i < LENGTH(scenarios); i++) {
        scenario = &scenarios[i];
        start_changer(scenario->change);
        run_in_child(scenario->change, run_threads);
        close(change_pipe[0]);
        close(change_pipe[1]);
        close(changed_pipe[0]);
        close(changed_pipe[1]);
        waitpid(-1, NULL, 0);
    }
}

/* ---- The descriptors of a handle ---- */

static int end_at_first(const struct arpq_neigh *neigh, void *context)
{
    return 1;
}

/* If a handle cannot get more descriptors, it keeps those that it has, in every call. */
static void use_last_descriptors(void)
{
    const struct arpq_ip ips[] = {ip_of("10.1.0.5"), ip_of("fd01::5")};
    struct arpq_table_stats stats;
    struct arpq_neigh neigh;
    struct arpq_table *table;

    for (size_t i = 0; i < LENGTH(ips); i++)
        REQUIRE(arpq_neigh_get(h, &ips[i], 0, 0, &neigh) == 0);
    limit_descriptors();
    for (unsigned round = 0; round < 20; round++) {
        REQUIRE(arpq_table_stats(h, AF_INET, &stats) == 0);
        REQUIRE(arpq_table_each(h, NULL, end_at_first, NULL, NULL) == 1);
        REQUIRE(arpq_table_get(h, NULL, &table) == 0);
        arpq_table_free(table);
        for (size_t i = 0; i < LENGTH(ips); i++)
            REQUIRE(arpq_neigh_get(h, &ips[i], 0, 0, &neigh) == 0);
    }
}

static void test_last_descriptors(void **state)
{
    run_in_child("at the limit", use_last_descriptors);
}

/* ---- Cancelled threads ---- */

static void *ask_until_cancelled(void *context)
{
    const struct arpq_ip ips[] = {ip_of("10.1.0.5"), ip_of("fd01::5"), ip_of("10.1.0.77")};
    struct arpq_neigh neigh;
    struct arpq_table *table;
    struct arpq_mac mac;

    for (unsigned n = 0;; n++) {
        arpq_lookup(h, &ips[n % LENGTH(ips)], 0, 0, &mac);
        arpq_neigh_get(h, &ips[n % LENGTH(ips)], 0, 0, &neigh);
        if (arpq_table_get(h, NULL, &table) == 0)
            arpq_table_free(table);
        pthread_testcancel();
    }
    return NULL;
}

static void cancel_threads(void)
{
    const struct arpq_ip ips[] = {ip_of("10.1.0.5"), ip_of("fd01::5")};

    for (unsigned round = 0; round < 40; round++) {
        struct arpq_neigh neigh;
        pthread_t threads[4];

        for (size_t i = 0; i < LENGTH(threads); i++)
            REQUIRE(pthread_create(&threads[i], NULL, ask_until_cancelled, NULL) == 0);
        sleep_ms(1 + (long)(round % 5));
        for (size_t i = 0; i < LENGTH(threads); i++)
            REQUIRE(pthread_cancel(threads[i]) == 0);
        for (size_t i = 0; i < LENGTH(threads); i++)
            REQUIRE(pthread_join(threads[i], NULL) == 0);
        for (size_t i = 0; i < LENGTH(ips); i++)
            REQUIRE(arpq_neigh_get(h, &ips[i], 0, 0, &neigh) == 0);
    }
}

/* A cancelled thread leaves no lock behind. */
static void test_cancelled_threads(void **state)
{
    run_in_child("after a cancellation", cancel_threads);
}

static void *sync_until_cancelled(void *context)
{
    for (;;) {
        arpq_mirror_sync(context);
        pthread_testcancel();
    }
    return NULL;
}

static void cancel_syncs(void)
{
    struct arpq_sync_stats stats;
    struct arpq_mirror *mirror;

    REQUIRE(arpq_mirror_open(h, &mirror, NULL) == 0);
    for (unsigned round = 0; round < 40; round++) {
        pthread_t thread;

        REQUIRE(pthread_create(&thread, NULL, sync_until_cancelled, mirror) == 0);
        sleep_ms(1 + (long)(round % 5));
        REQUIRE(pthread_cancel(thread) == 0);
        REQUIRE(pthread_join(thread, NULL) == 0);
        REQUIRE(arpq_mirror_stats(mirror, &stats) == 0);
        REQUIRE(arpq_mirror_sync(mirror) >= 0);
    }
    arpq_mirror_close(mirror);
}

static void test_cancelled_syncs(void **state)
{
    run_in_child("a mirror after a cancellation", cancel_syncs);
}

/* ---- Many threads ---- */

#define CROWD 64u
#define CROWD_MS 1500

struct caller {
    pthread_t thread;
    unsigned long calls;
    uint64_t longest_ms;
};

static atomic_bool crowd_stops;

/* IPv6 lookups and whole entries need one of the handle's sockets. */
static void *ask_until_stopped(void *context)
{
    const struct arpq_ip ip = ip_of("fd01::5");
    const uint32_t v0 = ifindex_of("v0");
    struct caller *caller = context;

    while (!crowd_stops) {
        uint64_t began = now_ms();
        struct arpq_neigh neigh;

        REQUIRE(arpq_neigh_get(h, &ip, v0, 0, &neigh) == 0);
        if (now_ms() - began > caller->longest_ms)
            caller->longest_ms = now_ms() - began;
        caller->calls++;
    }
    return NULL;
}

/* The bounds are wide, because a busy machine delays threads too. When the queue was unordered, one
 * of 64 threads waited for the whole time while others received 89 000 answers. */
static void test_crowd(void **state)
{
    static struct caller callers[CROWD];
    const unsigned crowd = is_slow() ? 8 : CROWD;
    unsigned long sum = 0;

    memset(callers, 0, sizeof callers);
    crowd_stops = false;
    for (unsigned i = 0; i < crowd; i++)
        assert_int_equal(pthread_create(&callers[i].thread, NULL, ask_until_stopped, &callers[i]),
                         0);
    sleep_ms(CROWD_MS);
    crowd_stops = true;
    for (unsigned i = 0; i < crowd; i++) {
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
        sum += callers[i].calls;
    }
    for (unsigned i = 0; i < crowd; i++) {
        if (callers[i].calls < sum / crowd / 20)
            fail_msg("a thread got %lu answers of %lu", callers[i].calls, sum);
        if (callers[i].longest_ms > CROWD_MS / 2)
            fail_msg("a call took %llu ms", (unsigned long long)callers[i].longest_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_callbacks),
        TEST_FIXTURE(test_last_descriptors),
        TEST_FIXTURE(test_cancelled_threads),
        TEST_FIXTURE(test_cancelled_syncs),
        TEST_FIXTURE(test_crowd),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* arpq_wake and signals end every kind of wait. */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "process.h"

#define SILENT "10.1.0.77"

/* A wait that is not ended takes at least 3 s: the kernel's verdict on a silent host. */
#define AFTER_MS 60
#define SOON_MS patience(1000)

static uint32_t v0;

static struct arpq_ip silent(void)
{
    return ip_of(SILENT);
}

/* ---- The waits. Each returns the code of the call. ---- */

static int wait_resolve(int32_t timeout_ms)
{
    const struct arpq_ip ip = silent();
    struct arpq_neigh neigh;
    int code = arpq_resolve(h, &ip, 0, 0, timeout_ms, &neigh);

    assert_int_equal(neigh.ifindex, 0);
    return code;
}

static int wait_resolve_many(int32_t timeout_ms)
{
    const struct arpq_ip ips[2] = {silent(), ip_of("10.1.0.1")};
    const struct arpq_resolve_options options = {
        .size = sizeof options,
        .answer_ms = timeout_ms < 0 ? ARPQ_FOREVER : (uint32_t)timeout_ms + 1};
    struct arpq_neigh neighs[2];
    int32_t codes[2];
    int code = arpq_resolve_many(h, ips, 2, 0, &options, neighs, codes);

    if (code < 0)
        assert_int_equal(codes[1], code);
    return code < 0 ? code : codes[0];
}

static int wait_resolver(int32_t timeout_ms)
{
    const struct arpq_ip ip = silent();
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    int code;

    assert_int_equal(arpq_resolver_open(h, &resolver, NULL), 0);
    assert_int_equal(arpq_resolver_add(resolver, &ip, 0, 0), 0);
    code = arpq_resolver_next(resolver, &resolved, timeout_ms);
    assert_int_equal(arpq_resolver_pending(resolver), 1);
    arpq_resolver_close(resolver);
    return code;
}

static int wait_watch(int32_t timeout_ms)
{
    const struct arpq_watch_options options = {
        .size = sizeof options, .flags = ARPQ_WATCH_INTERFACES | ARPQ_WATCH_NO_NEIGHBOURS};
    struct arpq_watch *watch;
    struct arpq_event event;
    int code;

    assert_int_equal(arpq_watch_open(h, &watch, &options), 0);
    code = arpq_watch_next(watch, &event, timeout_ms);
    arpq_watch_close(watch);
    return code;
}

static int wait_sniffer(int32_t timeout_ms)
{
    const struct arpq_sniffer_options options = {
        .size = sizeof options, .flags = ARPQ_SNIFFER_NDP, .ifindex = v0};
    struct arpq_sniffer *sniffer;
    struct arpq_sniffed sniffed;
    int code;

    assert_int_equal(arpq_sniffer_open(h, &sniffer, &options), 0);
    code = arpq_sniffer_next(sniffer, &sniffed, timeout_ms);
    arpq_sniffer_close(sniffer);
    return code;
}

static const struct arpq_sweep_options patient = {
    .size = sizeof patient, .attempts = 1, .answer_ms = 20000};

static int wait_sweep(int32_t timeout_ms)
{
    const struct arpq_ip ip = silent();
    struct arpq_sweep *sweep;
    struct arpq_found found;
    int code;

    assert_int_equal(arpq_sweep_open(h, &sweep, &ip, 32, &patient), 0);
    code = arpq_sweep_next(sweep, &found, timeout_ms);
    arpq_sweep_close(sweep);
    return code;
}

static int never_called(const struct arpq_found *found, void *context)
{
    return 99;
}

static int wait_sweep_each(int32_t timeout_ms)
{
    struct arpq_sweep_options options = patient;
    const struct arpq_ip ip = silent();
    struct arpq_sweep_stats stats;
    int code;

    if (timeout_ms >= 0)
        options.answer_ms = (uint32_t)timeout_ms + 1;
    code = arpq_sweep_each(h, &ip, 32, &options, never_called, NULL, &stats);
    assert_int_equal(stats.targets, 1);
    return code;
}

static int wait_ping(int32_t timeout_ms)
{
    const struct arpq_ip ip = silent();
    const struct arpq_ping_options options = {
        .size = sizeof options, .answer_ms = timeout_ms < 0 ? 20000 : (uint32_t)timeout_ms + 1};
    struct arpq_ping_reply reply;

    return arpq_ping(h, &ip, &options, &reply);
}

static int wait_pinger(int32_t timeout_ms)
{
    const struct arpq_ip ip = silent();
    const struct arpq_ping_options options = {.size = sizeof options, .answer_ms = 20000};
    struct arpq_pinger *pinger;
    struct arpq_pinged pinged;
    int code;

    assert_int_equal(arpq_pinger_open(h, &pinger, &options), 0);
    assert_int_equal(arpq_pinger_add(pinger, &ip, 1, 1), 0);
    code = arpq_pinger_next(pinger, &pinged, timeout_ms);
    assert_int_equal(arpq_pinger_pending(pinger), 1);
    arpq_pinger_close(pinger);
    return code;
}

static const struct {
    const char *name;
    int (*wait)(int32_t timeout_ms);
    int over;         /* the code when the time has passed */
    bool has_timeout; /* the call has a parameter timeout_ms: 0 does not wait */
} waits[] = {
    {"resolve", wait_resolve, -EHOSTUNREACH, false}, /* with 0 it is -EAGAIN */
    {"resolve_many", wait_resolve_many, -EHOSTUNREACH, false},
    {"resolver", wait_resolver, 0, true},
    {"watch", wait_watch, 0, true},
    {"sniffer", wait_sniffer, 0, true},
    {"sweep", wait_sweep, 0, true},
    {"sweep_each", wait_sweep_each, 0, false},
    {"ping", wait_ping, -ETIMEDOUT, false},
    {"pinger", wait_pinger, 0, true},
};

static void expect(size_t i, int32_t timeout_ms, int code)
{
    int result = waits[i].wait(timeout_ms);

    if (result != code)
        fail_msg("%s: %d instead of %d", waits[i].name, result, code);
}

/* ---- Wake ---- */

static void *wake_later(void *unused)
{
    sleep_ms(AFTER_MS);
    assert_int_equal(arpq_wake(h), 0);
    return NULL;
}

static void test_wake_during_wait(void **state)
{
    for (size_t i = 0; i < LENGTH(waits); i++) {
        uint64_t before = now_ms();
        pthread_t thread;

        assert_int_equal(pthread_create(&thread, NULL, wake_later, NULL), 0);
        expect(i, -1, -ECANCELED);
        assert_between(now_ms() - before, AFTER_MS - 5, SOON_MS);
        pthread_join(thread, NULL);
        assert_int_equal(arpq_wake_clear(h), 0);
        expect(i, 20, waits[i].over);
    }
}

static void test_wake_before_wait(void **state)
{
    assert_int_equal(arpq_wake(h), 0);
    assert_int_equal(arpq_wake(h), 0);
    for (size_t i = 0; i < LENGTH(waits); i++) {
        uint64_t before = now_ms();

        expect(i, -1, -ECANCELED);
        expect(i, 20000, -ECANCELED);
        assert_true(now_ms() - before < SOON_MS);
        if (waits[i].has_timeout)
            expect(i, 0, 0);
    }
    expect(0, 0, -EAGAIN);
    assert_int_equal(arpq_wake_clear(h), 0);
    for (size_t i = 0; i < LENGTH(waits); i++)
        expect(i, 20, waits[i].over);
    assert_int_equal(arpq_wake(NULL), -EINVAL);
    assert_int_equal(arpq_wake_clear(NULL), -EINVAL);
}

/* Calls that do not wait are not affected, and an object stays usable. */
static void test_wake_spares_others(void **state)
{
    const struct arpq_ip own = ip_of("10.1.0.1");
    struct arpq_watch *watch;
    struct arpq_event event;
    struct arpq_mac mac;
    struct arpq_neigh neigh;

    assert_int_equal(arpq_watch_open(h, &watch, NULL), 0);
    assert_int_equal(arpq_wake(h), 0);
    assert_int_equal(arpq_lookup(h, &own, 0, 0, &mac), 0);
    assert_int_equal(arpq_resolve(h, &own, 0, 0, -1, &neigh), 0);
    assert_int_equal(arpq_watch_next(watch, &event, -1), -ECANCELED);
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    /* A result is returned; only a wait ends. */
    assert_int_equal(arpq_watch_next(watch, &event, -1), 1);
    assert_int_equal(event.type, ARPQ_EVENT_NEIGH_ADDED);
    assert_int_equal(arpq_wake_clear(h), 0);
    sh("ip neigh del 10.1.0.9 dev v0");
    assert_int_equal(arpq_watch_next(watch, &event, -1), 1);
    arpq_watch_close(watch);
}

/* The wake reaches objects of a handle that is closed. */
static void test_wake_closed_handle(void **state)
{
    struct arpq_handle *other;
    struct arpq_watch *watch;
    struct arpq_event event;

    assert_int_equal(arpq_open(&other, NULL), 0);
    assert_int_equal(arpq_watch_open(other, &watch, NULL), 0);
    arpq_close(other);
    assert_int_equal(arpq_wake(other), 0);
    assert_int_equal(arpq_watch_next(watch, &event, -1), -ECANCELED);
    assert_int_equal(arpq_wake_clear(other), 0);
    assert_int_equal(arpq_watch_next(watch, &event, 10), 0);
    arpq_watch_close(watch);
}

/* ---- Descriptors and processes ---- */

static void test_descriptors(void **state)
{
    unsigned before = open_descriptors();
    struct arpq_handle *first = h;

    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_true(open_descriptors() <= before + 5);
    before = open_descriptors();
    assert_int_equal(arpq_wake(h), 0);
    assert_int_equal(arpq_wake_clear(h), 0);
    assert_int_equal(open_descriptors(), before);
    expect(3, 5, 0);
    assert_int_equal(open_descriptors(), before + 1);
    expect(3, 5, 0);
    assert_int_equal(open_descriptors(), before + 1);
    arpq_close(h);
    h = first;
}

/* Without a descriptor for the wake it ends a wait a little later. */
static void test_no_descriptor(void **state)
{
    struct rlimit limit, none;
    struct arpq_watch *watch;
    struct arpq_event event;
    pthread_t thread;
    uint64_t before;

    assert_int_equal(arpq_watch_open(h, &watch, NULL), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 3;
    assert_int_equal(pthread_create(&thread, NULL, wake_later, NULL), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    before = now_ms();
    assert_int_equal(arpq_watch_next(watch, &event, 10), 0);
    assert_between(now_ms() - before, 9, SOON_MS);
    assert_int_equal(arpq_watch_next(watch, &event, -1), -ECANCELED);
    assert_true(now_ms() - before < SOON_MS);
    assert_int_equal(arpq_wake_clear(h), 0);
    before = now_ms();
    assert_int_equal(arpq_watch_next(watch, &event, 170), 0);
    assert_between(now_ms() - before, 169, SOON_MS);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    pthread_join(thread, NULL);
    arpq_watch_close(watch);
}

/* The wakes of a parent and of its child are independent. */
static void test_fork(void **state)
{
    pid_t child;
    int status;

    expect(3, 5, 0);
    assert_int_equal(arpq_wake(h), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        unsigned before = open_descriptors();

        if (wait_watch(20) != 0 || arpq_wake(h) != 0 || wait_watch(-1) != -ECANCELED)
            _exit(1);
        if (arpq_wake_clear(h) != 0 || wait_watch(5) != 0 || open_descriptors() != before)
            _exit(2);
        (void)arpq_wake(h);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    expect(3, -1, -ECANCELED);
    assert_int_equal(arpq_wake_clear(h), 0);
    expect(3, 5, 0);
}

/* ---- Threads ---- */

#define THREADS 8
#define ROUNDS 200

static atomic_uint waiting, canceled, rounds_done, wrong;

static void *storm_wait(void *unused)
{
    struct arpq_watch *watch;
    struct arpq_event event;

    if (arpq_watch_open(h, &watch, NULL) != 0)
        abort();
    for (unsigned round = 0; round < ROUNDS; round++) {
        while (atomic_load(&rounds_done) < round)
            sched_yield();
        waiting++;
        wrong += arpq_watch_next(watch, &event, -1) != -ECANCELED;
        canceled++;
    }
    arpq_watch_close(watch);
    return NULL;
}

/* Each wake ends the waits of all threads, whether they have begun or not. A lost wake stops the
 * test until the deadline. */
static void test_storm(void **state)
{
    pthread_t threads[THREADS];

    waiting = canceled = rounds_done = wrong = 0;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, storm_wait, NULL), 0);
    for (unsigned round = 0; round < ROUNDS; round++) {
        while (atomic_load(&waiting) < round * THREADS + round % (THREADS + 1))
            sched_yield();
        assert_int_equal(arpq_wake(h), 0);
        while (atomic_load(&canceled) < (round + 1) * THREADS)
            sched_yield();
        assert_int_equal(arpq_wake_clear(h), 0);
        rounds_done++;
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
}

#define FIRST_THREADS 4

static pthread_barrier_t start;
static atomic_uint slow_events; /* not 0: how many calls of eventfd were slow, plus 1 */

/* Replaces the function of the C library. Each slow call takes longer than the one before, so that
 * threads that call it at the same time publish their descriptors one after the other. */
int eventfd(unsigned count, int flags)
{
    int fd = (int)syscall(SYS_eventfd2, count, flags);

    if (atomic_load(&slow_events))
        sleep_ms(5 * (long)atomic_fetch_add(&slow_events, 1));
    return fd;
}

static void *first_wait(void *watch)
{
    struct arpq_event event;

    pthread_barrier_wait(&start);
    wrong += arpq_watch_next(watch, &event, 10000) != -ECANCELED;
    return NULL;
}

/* Several threads open the descriptor of the wake at the same time. All of them wait for the one
 * that arpq_wake writes to. */
static void test_first_waits(void **state)
{
    const struct arpq_watch_options options = {
        .size = sizeof options, .flags = ARPQ_WATCH_INTERFACES | ARPQ_WATCH_NO_NEIGHBOURS};
    struct arpq_watch *watches[FIRST_THREADS];
    pthread_t threads[FIRST_THREADS];
    unsigned before = open_descriptors();
    uint64_t before_ms;

    wrong = 0;
    slow_events = 1;
    assert_int_equal(pthread_barrier_init(&start, NULL, FIRST_THREADS + 1), 0);
    for (size_t i = 0; i < FIRST_THREADS; i++) {
        assert_int_equal(arpq_watch_open(h, &watches[i], &options), 0);
        assert_int_equal(pthread_create(&threads[i], NULL, first_wait, watches[i]), 0);
    }
    pthread_barrier_wait(&start);
    sleep_ms(100);
    slow_events = 0;
    before_ms = now_ms();
    assert_int_equal(arpq_wake(h), 0);
    for (size_t i = 0; i < FIRST_THREADS; i++) {
        pthread_join(threads[i], NULL);
        arpq_watch_close(watches[i]);
    }
    pthread_barrier_destroy(&start);
    assert_true(now_ms() - before_ms < SOON_MS);
    assert_int_equal(wrong, 0);
    assert_int_equal(open_descriptors(), before + 1);
}

static atomic_bool stop;

static void *storm_any(void *number)
{
    const size_t i = *(const size_t *)number;

    while (!atomic_load(&stop)) {
        int code = waits[i].wait(3);

        /* The other threads make the entry FAILED, about which the kernel tells a ping. */
        if (code == waits[i].over || code == -ECANCELED ||
            (waits[i].wait == wait_ping && code == -EHOSTUNREACH))
            continue;
        fprintf(stderr, "%s: %d instead of %d\n", waits[i].name, code, waits[i].over);
        wrong++;
    }
    return NULL;
}

static void test_storm_of_all(void **state)
{
    pthread_t threads[LENGTH(waits)];
    size_t numbers[LENGTH(waits)];
    const uint64_t until = now_ms() + 500;

    stop = false;
    wrong = 0;
    for (size_t i = 0; i < LENGTH(waits); i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, storm_any, &numbers[i]), 0);
    }
    for (unsigned n = 0; now_ms() < until; n++) {
        assert_int_equal(n % 3 ? arpq_wake_clear(h) : arpq_wake(h), 0);
        if (n % 50 == 0)
            sleep_ms(1);
    }
    stop = true;
    for (size_t i = 0; i < LENGTH(waits); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
    assert_int_equal(arpq_wake_clear(h), 0);
}

/* ---- Signals ---- */

static volatile sig_atomic_t signals, wakes_in_handler;

static void on_signal(int number)
{
    signals++;
    if (wakes_in_handler)
        (void)arpq_wake(h);
}

static void *signal_later(void *thread)
{
    sleep_ms(AFTER_MS);
    (void)pthread_kill(*(const pthread_t *)thread, SIGUSR1);
    return NULL;
}

/* Wait while a signal handler runs. */
static void expect_signal(size_t i, int32_t timeout_ms, int code)
{
    pthread_t self = pthread_self(), thread;

    signals = 0;
    assert_int_equal(pthread_create(&thread, NULL, signal_later, &self), 0);
    expect(i, timeout_ms, code);
    pthread_join(thread, NULL);
    assert_int_equal(signals, 1);
}

static void with_signals(void (*work)(void))
{
    const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction before;

    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    work();
    assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
}

static void wait_through_signals(void)
{
    for (size_t i = 0; i < LENGTH(waits); i++)
        expect_signal(i, 2 * AFTER_MS, waits[i].over);
}

static void wait_until_signal(void)
{
    const struct arpq_options options = {.size = sizeof options, .flags = ARPQ_OPEN_INTERRUPTIBLE};
    struct arpq_handle *first = h;

    assert_int_equal(arpq_open(&h, &options), 0);
    for (size_t i = 0; i < LENGTH(waits); i++)
        expect_signal(i, -1, -EINTR);
    arpq_close(h);
    h = first;
}

static void wait_until_handler_wakes(void)
{
    wakes_in_handler = 1;
    for (size_t i = 0; i < LENGTH(waits); i++) {
        expect_signal(i, -1, -ECANCELED);
        assert_int_equal(arpq_wake_clear(h), 0);
    }
    wakes_in_handler = 0;
}

static void test_signal_is_ignored(void **state)
{
    with_signals(wait_through_signals);
}

static void test_signal_interrupts(void **state)
{
    with_signals(wait_until_signal);
}

static void test_wake_in_handler(void **state)
{
    with_signals(wait_until_handler_wakes);
}

static int set_up(void **state)
{
    int code = fixture_set_up(state);

    v0 = ifindex_of("v0");
    sh("sysctl -qw net.ipv4.ping_group_range='0 2147483647'");
    return code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_wake_during_wait),
        TEST_FIXTURE(test_wake_before_wait),
        TEST_FIXTURE(test_wake_spares_others),
        TEST_FIXTURE(test_wake_closed_handle),
        TEST_FIXTURE(test_descriptors),
        TEST_FIXTURE(test_no_descriptor),
        TEST_FIXTURE(test_fork),
        TEST_FIXTURE(test_first_waits),
        TEST_FIXTURE(test_storm),
        TEST_FIXTURE(test_storm_of_all),
        TEST_FIXTURE(test_signal_is_ignored),
        TEST_FIXTURE(test_signal_interrupts),
        TEST_FIXTURE(test_wake_in_handler),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

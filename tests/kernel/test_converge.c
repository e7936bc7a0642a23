/* SPDX-License-Identifier: MIT */
/*
 * Four processes change the neighbour table and a fifth sets a link down and up, while a mirror and
 * a watch follow through sockets that are much too small. At the end the mirror, the watch's events
 * applied to an empty table, and the kernel's table must be equal.
 *
 *   ARPQ_SEED           repeats the random choices
 *   ARPQ_CHURN_SECONDS  minimum duration of both tests together (6)
 *   ARPQ_CHURN_OPS      minimum number of changes in each test (20000)
 */
#include "test.h"

#include <linux/neighbour.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/churn.h"
#include "kernel/netns.h"
#include "kernel/table_copy.h"

/* ---- The mirror and the watch ---- */

static struct followers {
    struct arpq_handle *h;
    struct arpq_mirror *mirror;
    struct arpq_watch *watch;
    struct copy played_mirror, played_watch; /* tables built from the events of each */
    struct copy kernel, listed;              /* tables read for the comparison */
} all;

static void setup_link(void)
{
    netns_enter();
    sh("ip link add a0 type veth peer name a1; ip link add b0 type veth peer name b1;"
       "for dev in a0 a1 b0 b1; do ip link set $dev up; done;"
       "for dev in a0 b0; do for family in ipv4 ipv6; do"
       " echo 3600000 >/proc/sys/net/$family/neigh/$dev/base_reachable_time_ms;"
       " echo 3600 >/proc/sys/net/$family/neigh/$dev/gc_stale_time;"
       "done; done");
    devices[0] = ifindex_of("a0");
    devices[1] = ifindex_of("b0");
}

static void open_watch(uint32_t receive_buffer)
{
    const struct arpq_watch_options options = {
        .size = sizeof options, .flags = ARPQ_WATCH_EXISTING, .receive_buffer = receive_buffer};

    assert_int_equal(arpq_watch_open(all.h, &all.watch, &options), 0);
}

static void open_mirror(uint32_t receive_buffer, uint32_t flags)
{
    const struct arpq_mirror_options options = {.size = sizeof options,
                                                .flags = flags,
                                                .receive_buffer = receive_buffer,
                                                .on_event = play,
                                                .context = &all.played_mirror};

    assert_int_equal(arpq_mirror_open(all.h, &all.mirror, &options), 0);
}

/* Sync and return the number of changes. */
static unsigned sync_mirror(void)
{
    int applied = arpq_mirror_sync(all.mirror);

    assert_true(applied >= 0);
    return (unsigned)applied;
}

/* Read a limited number of events, so that the mirror can read its events in time. */
static unsigned sync_watch(void)
{
    struct arpq_event event;
    unsigned events = 0;
    int code = 1;

    for (; events < 5000 && (code = arpq_watch_next(all.watch, &event, 0)) == 1; events++)
        play(&event, &all.played_watch);
    assert_true(code >= 0);
    return events;
}

static unsigned sync_both(int timeout_ms)
{
    struct pollfd fds[] = {{.fd = arpq_mirror_fd(all.mirror), .events = POLLIN},
                           {.fd = arpq_watch_fd(all.watch), .events = POLLIN}};
    unsigned changes = 0;

    assert_true(poll(fds, 2, timeout_ms) >= 0);
    if (fds[0].revents)
        changes += sync_mirror() + 1;
    if (fds[1].revents)
        changes += sync_watch() + 1;
    return changes;
}

static struct arpq_sync_stats stats_of_mirror(void)
{
    struct arpq_sync_stats stats;

    assert_int_equal(arpq_mirror_stats(all.mirror, &stats), 0);
    return stats;
}

static struct arpq_sync_stats stats_of_watch(void)
{
    struct arpq_sync_stats stats;

    assert_int_equal(arpq_watch_stats(all.watch, &stats), 0);
    return stats;
}

/* The table was read again after a loss. A thread that valgrind seldom runs sees few losses. */
static bool lost_enough(const struct arpq_sync_stats *stats)
{
    return stats->overruns > 0 && stats->dumps > 1;
}

static void print_stats(const char *whose, const struct arpq_sync_stats *stats)
{
    printf("%s: %llu overruns, %llu dumps, %llu confirmations, %llu messages, %llu moved, %llu"
           " conflicts, %llu entries, buffer %llu\n",
           whose, (unsigned long long)stats->overruns, (unsigned long long)stats->dumps,
           (unsigned long long)stats->confirmations, (unsigned long long)stats->events,
           (unsigned long long)stats->moved, (unsigned long long)stats->conflicts,
           (unsigned long long)stats->entries, (unsigned long long)stats->receive_buffer);
    assert_int_equal(stats->malformed, 0);
    assert_int_equal(stats->forged, 0);
    assert_true(lost_enough(stats));
}

static bool mirror_lost_enough(void)
{
    const struct arpq_sync_stats stats = stats_of_mirror();

    return lost_enough(&stats);
}

static bool both_lost_enough(void)
{
    const struct arpq_sync_stats stats = stats_of_watch();

    return lost_enough(&stats) && mirror_lost_enough();
}

static void check_played(const char *whose, const struct copy *copy)
{
    printf("%s: %llu events played, %llu moved, %llu overruns reported\n", whose, copy->events,
           copy->moved, copy->overruns);
    if (copy->wrong)
        print_error("%s: %llu wrong, first: %s\n", whose, copy->wrong, copy->first_wrong);
    assert_int_equal(copy->wrong, 0);
    assert_true(copy->synced && !copy->overrun);
}

/* Wait until no event arrives and nothing is outstanding, read the kernel's table, and check that
 * no event arrives afterwards. Otherwise entries that the kernel's garbage collector removes
 * meanwhile would appear as differences. */
static bool wait_until_quiet(void)
{
    uint64_t end = now_ms() + 20000;

    while (now_ms() < end) {
        while (sync_both(300) && now_ms() < end)
            continue;
        if (stats_of_mirror().stale || stats_of_watch().stale)
            continue;
        copy_kernel(&all.kernel, all.h);
        if (sync_both(100) == 0)
            return true;
    }
    return false;
}

static void test_converge(void **state)
{
    struct churn churn;
    struct arpq_sync_stats stats;
    unsigned long long operations;
    uint64_t look_ms = 0;

    memset(&all, 0, sizeof all);
    setup_link();
    assert_int_equal(arpq_open(&all.h, NULL), 0);
    open_watch(32 * 1024);
    open_mirror(16 * 1024, 0);
    churn_start(&churn, 2, 3);
    while (churn_goes_on(&churn, both_lost_enough())) {
        sync_both(10);
        if (now_ms() < look_ms)
            continue;
        look_ms = now_ms() + 500;
        /* The mirror may be wrong now, but it must equal the table built from its events. */
        copy_mirror(&all.listed, all.mirror);
        assert_int_equal(differences("mirror", &all.listed, "its events", &all.played_mirror), 0);
    }
    operations = churn_stop(&churn);
    assert_true(wait_until_quiet());
    printf("%llu operations\n", operations);
    stats = stats_of_mirror();
    print_stats("mirror", &stats);
    stats = stats_of_watch();
    print_stats("watch", &stats);
    check_played("mirror", &all.played_mirror);
    check_played("watch", &all.played_watch);
    copy_mirror(&all.listed, all.mirror);
    assert_true(all.kernel.count > 100);
    assert_int_equal(differences("kernel", &all.kernel, "mirror", &all.listed), 0);
    assert_int_equal(differences("kernel", &all.kernel, "watch", &all.played_watch), 0);
    assert_int_equal(differences("mirror", &all.listed, "its events", &all.played_mirror), 0);
    arpq_mirror_close(all.mirror);
    arpq_watch_close(all.watch);
    arpq_close(all.h);
}

/* ---- A mirror with a thread, and two threads that query it ---- */

static atomic_bool stop_asking;
static atomic_uint wrong_answers, last_wrong;
static atomic_ullong lookups;

static void expect(bool condition, unsigned line)
{
    if (condition)
        return;
    wrong_answers++;
    last_wrong = line;
}

static void put_steady(void)
{
    struct batch batch;

    batch_open(&batch);
    for (uint32_t n = 0; n < 2 * STEADY; n++) {
        struct arpq_neigh neigh = {.ifindex = devices[0], .state = NUD_PERMANENT, .protocol = 3};

        address_of(HOSTS + n / 2, n % 2 ? AF_INET6 : AF_INET, &neigh.ip);
        neigh.mac = mac_number(n / 2); /* some have the same MACs as changing entries */
        put_entry(&batch, &neigh);
        if (batch.count == BATCH)
            assert_int_equal(batch_send(&batch), BATCH);
    }
    close(batch.fd);
}

static void ask_one(const struct arpq_ip *ip, const struct arpq_mac *want)
{
    struct arpq_neigh neigh;
    struct arpq_mac mac;

    expect(arpq_mirror_lookup(all.mirror, ip, devices[0], &mac) == 0, __LINE__);
    expect(same_mac(&mac, want), __LINE__);
    expect(arpq_mirror_lookup(all.mirror, ip, 0, &mac) == 0 && same_mac(&mac, want), __LINE__);
    expect(arpq_mirror_get(all.mirror, ip, 0, &neigh) == 0, __LINE__);
    expect(same_mac(&neigh.mac, want) && neigh.state == NUD_PERMANENT && neigh.protocol == 3,
           __LINE__);
    lookups += 3;
}

static void ask_by_mac(const struct arpq_ip *ip, const struct arpq_mac *mac)
{
    /* Too large for the stack of a thread with musl. */
    static _Thread_local struct arpq_neigh neighs[2 * HOSTS * DEVICES + 2];
    uint32_t room = sizeof neighs / sizeof neighs[0], seen = 0;
    int count = arpq_mirror_find_mac(all.mirror, mac, neighs, room);

    expect(count >= 2 && (uint32_t)count <= room, __LINE__);
    for (int i = 0; i < count && (uint32_t)i < room; i++) {
        expect(same_mac(&neighs[i].mac, mac), __LINE__);
        seen += arpq_ip_compare(&neighs[i].ip, ip) == 0;
    }
    expect(seen == 1, __LINE__);
    lookups++;
}

static void ask_many(void)
{
    struct arpq_ip ips[STEADY];
    struct arpq_mac macs[STEADY];

    for (uint32_t n = 0; n < STEADY; n++)
        address_of(HOSTS + n, n % 2 ? AF_INET : AF_INET6, &ips[n]);
    expect(arpq_mirror_lookup_many(all.mirror, ips, STEADY, 0, macs, NULL) == STEADY, __LINE__);
    for (uint32_t n = 0; n < STEADY; n++) {
        struct arpq_mac want = mac_number(n);

        expect(same_mac(&macs[n], &want), __LINE__);
    }
    lookups += STEADY;
}

static int count_steady(const struct arpq_neigh *neigh, void *context)
{
    uint32_t last = neigh->ip.family == AF_INET ? 2 : 14;
    uint32_t host = neigh->ip.bytes[last] * 256u + neigh->ip.bytes[last + 1];
    uint32_t *seen = context;

    if (neigh->protocol == 3 && neigh->ip.bytes[1] == 7 && host >= HOSTS)
        ++*seen;
    return 0;
}

static void *ask(void *context)
{
    uint64_t random = *(const uint64_t *)context;

    while (!stop_asking) {
        uint32_t n = draw(&random, STEADY), seen = 0;
        struct arpq_mac want = mac_number(n);
        struct arpq_ip ip;

        address_of(HOSTS + n, draw(&random, 2) ? AF_INET : AF_INET6, &ip);
        ask_one(&ip, &want);
        if (draw(&random, 16) == 0)
            ask_by_mac(&ip, &want);
        if (draw(&random, 64) == 0)
            ask_many();
        if (draw(&random, 256) == 0) {
            expect(arpq_mirror_each(all.mirror, count_steady, &seen) == 0, __LINE__);
            expect(seen == 2 * STEADY, __LINE__);
        }
    }
    return NULL;
}

struct comparison {
    bool last_try;
    bool stale; /* do not compare: events were lost, and the table was not read again yet */
};

static int same_as_kernel(void *context)
{
    struct comparison *comparison = context;

    comparison->stale = stats_of_mirror().stale;
    if (comparison->stale)
        return 0;
    copy_kernel(&all.kernel, all.h);
    copy_mirror(&all.listed, all.mirror);
    if (all.kernel.count < 2 * STEADY)
        return 0;
    if (comparison->last_try)
        return differences("kernel", &all.kernel, "mirror", &all.listed) == 0;
    for (uint32_t i = 0; i < CELLS; i++) {
        const struct arpq_neigh *neigh = &all.kernel.cells[i].neigh;

        if (all.kernel.cells[i].used && counts(neigh) &&
            !same_neigh(neigh, &cell_of(&all.listed, &neigh->ip, neigh->ifindex)->neigh))
            return 0;
    }
    return 1;
}

static void test_thread(void **state)
{
    struct churn churn;
    struct arpq_sync_stats stats;
    unsigned long long operations;
    uint64_t seeds[2] = {seed, seed + 1};
    pthread_t threads[2];
    struct comparison comparison;
    bool same = false;

    memset(&all, 0, sizeof all);
    setup_link();
    put_steady();
    churn_start(&churn, 1, 3);
    assert_int_equal(arpq_open(&all.h, NULL), 0);
    open_mirror(16 * 1024, ARPQ_MIRROR_THREAD);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask, &seeds[i]), 0);
    while (churn_goes_on(&churn, mirror_lost_enough()))
        usleep(10000);
    operations = churn_stop(&churn);
    stop_asking = true;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    printf("%llu operations, %llu lookups\n", operations, (unsigned long long)lookups);
    if (wrong_answers)
        print_error("%u wrong, last at line %u\n", wrong_answers, last_wrong);
    assert_int_equal(wrong_answers, 0);
    /* The kernel's timers keep changing entries, so events may be lost again at this point. */
    for (int tries = 0; tries < 5; tries++) {
        comparison = (struct comparison){.last_try = false};
        wait_until(same_as_kernel, &comparison, 10000);
        comparison.last_try = true;
        same = same_as_kernel(&comparison);
        if (!comparison.stale)
            break;
    }
    assert_true(same);
    stats = stats_of_mirror();
    print_stats("mirror", &stats);
    arpq_mirror_close(all.mirror);
    check_played("mirror", &all.played_mirror);
    assert_int_equal(differences("mirror", &all.listed, "its events", &all.played_mirror), 0);
    arpq_close(all.h);
}

/* ---- Events lost while the mirror is being opened, and no events afterwards ---- */

#define OPENINGS 16
#define CROWD 10000u /* enough entries that a dump takes a while */

static void put_crowd(void)
{
    struct batch batch;

    batch_open(&batch);
    for (uint32_t n = 0; n < CROWD; n++) {
        struct arpq_neigh neigh = {.ifindex = devices[0], .state = NUD_PERMANENT, .protocol = 3};

        address_of(HOSTS + n, AF_INET, &neigh.ip);
        neigh.mac = mac_number(n);
        put_entry(&batch, &neigh);
        if (batch.count == BATCH || n == CROWD - 1)
            batch_send(&batch);
    }
    close(batch.fd);
}

/* Send one batch, larger than the mirror's socket buffer, after a delay. */
static pid_t start_burst(uint64_t after_us)
{
    uint64_t random = seed + after_us;
    struct batch batch;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid)
        return pid;
    batch_open(&batch);
    while (batch.count < BATCH) {
        struct arpq_neigh neigh;

        choose_entry(&random, &neigh);
        put_entry(&batch, &neigh);
    }
    usleep((useconds_t)after_us);
    batch_send(&batch);
    _exit(0);
}

static int is_mended(void *context)
{
    struct pollfd fd = {.fd = arpq_mirror_fd(all.mirror), .events = POLLIN};

    if (poll(&fd, 1, 0) > 0)
        sync_mirror();
    return !stats_of_mirror().stale;
}

static void open_small_mirror(void)
{
    const struct arpq_mirror_options options = {.size = sizeof options, .receive_buffer = 4096};

    assert_int_equal(arpq_mirror_open(all.h, &all.mirror, &options), 0);
}

/* The delay of the burst varies, so that most bursts happen during the dump. */
static void test_opening(void **state)
{
    unsigned overruns = 0;
    uint64_t took_us;

    memset(&all, 0, sizeof all);
    setup_link();
    put_crowd();
    assert_int_equal(arpq_open(&all.h, NULL), 0);
    open_small_mirror();
    took_us = stats_of_mirror().last_dump_us;
    arpq_mirror_close(all.mirror);
    for (unsigned i = 0; i < OPENINGS; i++) {
        pid_t pid = start_burst(took_us * 2 * i / OPENINGS);

        open_small_mirror();
        overruns += stats_of_mirror().overruns != 0;
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        assert_true(wait_until(is_mended, NULL, 20000));
        arpq_mirror_close(all.mirror);
    }
    printf("%u of %d mirrors lost events while they were opened\n", overruns, OPENINGS);
    assert_true(overruns > 0);
    arpq_close(all.h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_converge),
        cmocka_unit_test(test_thread),
        cmocka_unit_test(test_opening),
    };

    seed = seed_of_run();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Calls that read events return within their timeout, even during a flood. */
#include "test.h"

#include <net/if.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/churn.h"
#include "kernel/netns.h"
#include "kernel/watch.h"
#include "process.h"

static uint64_t thread_us(void)
{
    struct timespec used;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * 1000000 + (uint64_t)used.tv_nsec / 1000;
}

#define FLOODERS 2
#define ENTRIES 2000u
#define SECONDS 2

/* The events that a watch must read. A slow machine needs several floods for them. */
#define EVENTS 5000u
#define FLOODS_MOST 20

/* When calls had no time limit, one call took 140 ms for the 65536 events that it read. */
#define MOST_US (is_slow() ? 2000000u : 60000u)

/* Change the MAC of every entry, again and again. */
static void flood(uint32_t ifindex)
{
    struct arpq_neigh neigh = {.ip = {.family = AF_INET, .bytes = {10, 1}},
                               .ifindex = ifindex,
                               .state = ARPQ_STATE_PERMANENT,
                               .mac = {.length = 6, .type = 1, .bytes = {2}}};
    struct batch batch;

    deadline(60);
    batch_open(&batch);
    for (uint32_t round = 0;; round++)
        for (uint32_t i = 0; i < ENTRIES; i++) {
            neigh.ip.bytes[2] = (uint8_t)(1 + (i >> 8));
            neigh.ip.bytes[3] = (uint8_t)i;
            neigh.mac.bytes[5] = (uint8_t)round;
            put_entry(&batch, &neigh);
            if (batch.count == BATCH)
                batch_send(&batch);
        }
}

static pid_t pids[FLOODERS];

static void start_flood(void)
{
    for (int i = 0; i < FLOODERS; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0)
            flood(if_nametoindex("v0"));
    }
}

static void stop_flood(void)
{
    for (int i = 0; i < FLOODERS; i++) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
    }
}

/* The longest processor time of a call during a flood. Elapsed time would include other
 * programs. */
static uint64_t longest_call_us(void (*call)(int32_t timeout_ms))
{
    uint64_t longest_us = 0, end_ms;

    start_flood();
    sleep_ms(500); /* many events are waiting */
    end_ms = now_ms() + SECONDS * 1000;
    for (int32_t calls = 0; now_ms() < end_ms; calls++) {
        uint64_t before_us = thread_us(), took_us;

        call(calls % 2 ? 20 : 0);
        took_us = thread_us() - before_us;
        longest_us = took_us > longest_us ? took_us : longest_us;
    }
    stop_flood();
    return longest_us;
}

static void call_watch(int32_t timeout_ms)
{
    struct arpq_event event;

    assert_true(arpq_watch_next(w, &event, timeout_ms) >= 0);
}

/* The filter matches nothing, so no event ends a call early. */
static void test_watch(void **state)
{
    struct arpq_watch_options options = options_of(0);
    struct arpq_sync_stats stats = {0};

    options.filter.size = sizeof options.filter;
    options.filter.ifindex = if_nametoindex("lo");
    open_with(&options);
    for (int floods = 0; floods < FLOODS_MOST && stats.events <= EVENTS; floods++) {
        assert_between(longest_call_us(call_watch), 0, MOST_US);
        assert_int_equal(arpq_watch_stats(w, &stats), 0);
    }
    assert_true(stats.events > EVENTS);
}

static struct arpq_resolver *resolver;

static void call_resolver(int32_t timeout_ms)
{
    struct arpq_resolved resolved;

    assert_true(arpq_resolver_next(resolver, &resolved, timeout_ms) == 0);
}

static void test_resolver(void **state)
{
    const struct arpq_resolve_options options = {.size = sizeof options, .answer_ms = 60000};
    const struct arpq_ip ip = ip_of("10.1.0.77");

    open_watch(0);
    assert_int_equal(arpq_resolver_open(h, &resolver, &options), 0);
    assert_int_equal(arpq_resolver_add(resolver, &ip, if_nametoindex("v0"), 0), 0);
    assert_between(longest_call_us(call_resolver), 0, MOST_US);
    arpq_resolver_close(resolver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_watch), TEST(test_resolver)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

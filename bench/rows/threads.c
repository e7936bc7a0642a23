/* SPDX-License-Identifier: MIT */
/* Several threads use one handle. The raw calls use a separate descriptor for each thread. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contestants/arpq.h"
#include "contestants/raw_table.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/report.h"
#include "rows/rows.h"

static void compare_thread_hits(const struct net_namespace *ns, const struct timing *timing)
{
    struct raw_arp raw[2];
    struct bench_arpq arpq;
    struct keys keys;
    struct score s[2];
    char name[64];

    raw_arp_open(&raw[0]);
    raw_arp_open(&raw[1]);
    bench_arpq_open(&arpq, 0);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    compare_threads((struct thread_pair[]){{raw_arp_hits, {&raw[0], &raw[1]}, &keys},
                                           {bench_arpq_hits_v4, {&arpq, &arpq}, &keys}},
                    timing, s);
    snprintf(name, sizeof name, "2 threads, 1 handle, IPv4 hit, %u entries", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[1].ns, s[0].ns, s[1].ratio, 0, 0.95});
    keys_free(&keys);
    bench_arpq_close(&arpq);
    raw_arp_close(&raw[1]);
    raw_arp_close(&raw[0]);
}

static void compare_thread_entries(const struct net_namespace *ns, const struct timing *timing)
{
    struct raw_get raw[2];
    struct bench_arpq arpq;
    struct keys keys;
    struct score s[2];

    raw_get_open(&raw[0], AF_INET);
    raw_get_open(&raw[1], AF_INET);
    bench_arpq_open(&arpq, 0);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    compare_threads((struct thread_pair[]){{raw_get_hits_v4, {&raw[0], &raw[1]}, &keys},
                                           {bench_arpq_gets_v4, {&arpq, &arpq}, &keys}},
                    timing, s);
    report_row(&(struct row){"2 threads, 1 handle, IPv4 full entry", "ns", s[1].ns, s[0].ns,
                             s[1].ratio, 0, 0});
    keys_free(&keys);
    bench_arpq_close(&arpq);
    raw_get_close(&raw[1]);
    raw_get_close(&raw[0]);
}

void rows_threads(const struct net_namespace *ns, const struct timing *timing)
{
    if (cpu_count() < 2) {
        report_row(&(struct row){"2 threads: skipped, one processor only", "", 0, 0, 0, 0, 0});
        return;
    }
    compare_thread_hits(ns, timing);
    compare_thread_entries(ns, timing);
}

/* -- fairness: many threads -- */

#define THREADS 64u
#define FULL_MS 5000
#define QUICK_MS 500
#define GOAL_LONGEST 50 /* the longest call may take this many times the median */

/* Durations are counted in classes. Each power of two of nanoseconds has eight classes. */
#define CLASSES (64u * 8u)

struct caller {
    pthread_t thread;
    run_fn run;
    void *self;
    const struct keys *keys;
    const int *stop;
    uint64_t counts[CLASSES];
    uint64_t calls;
    uint64_t longest_ns;
    size_t wrong;
};

struct fairness {
    double calls_per_ms;
    double median_ns;
    double longest_ns;
    double slowest; /* the number of calls of the slowest thread divided by that of the fastest */
};

static unsigned duration_class(uint64_t ns)
{
    unsigned exponent = 63u - (unsigned)__builtin_clzll(ns | 8);

    return exponent * 8 + (unsigned)(ns >> (exponent - 3) & 7);
}

/* Returns the shortest duration of a class. */
static uint64_t class_ns(unsigned class)
{
    return (8ull + class % 8) << (class / 8 - 3);
}

static void *caller_main(void *argument)
{
    struct caller *c = argument;

    while (!__atomic_load_n(c->stop, __ATOMIC_RELAXED)) {
        uint64_t began = clock_ns();
        uint64_t took;

        c->wrong += c->run(c->self, c->keys, c->calls++, 1);
        took = clock_ns() - began;
        c->counts[duration_class(took)]++;
        if (took > c->longest_ns)
            c->longest_ns = took;
    }
    return NULL;
}

static double median_of_callers(const struct caller *callers, uint64_t calls)
{
    uint64_t below = 0;

    for (unsigned class = 24; class < CLASSES; class ++) {
        for (unsigned i = 0; i < THREADS; i++)
            below += callers[i].counts[class];
        if (below * 2 >= calls)
            return (double)class_ns(class);
    }
    return 0;
}

static void summarise(const struct caller *callers, uint64_t took, struct fairness *f)
{
    uint64_t calls = 0, fewest = UINT64_MAX, most = 0, longest = 0;

    for (unsigned i = 0; i < THREADS; i++) {
        const struct caller *c = &callers[i];

        if (c->wrong)
            fail(0, "a wrong answer while measuring many threads");
        calls += c->calls;
        fewest = c->calls < fewest ? c->calls : fewest;
        most = c->calls > most ? c->calls : most;
        longest = c->longest_ns > longest ? c->longest_ns : longest;
    }
    *f = (struct fairness){.calls_per_ms = (double)calls * 1e6 / (double)took,
                           .median_ns = median_of_callers(callers, calls),
                           .longest_ns = (double)longest,
                           .slowest = (double)fewest / (double)most};
}

/* self[i] belongs to thread i. */
static void run_callers(run_fn run, void *const self[THREADS], const struct keys *keys, int ms,
                        struct fairness *f)
{
    struct caller *callers = calloc(THREADS, sizeof *callers);
    uint64_t began = clock_ns();
    int stop = 0, code;

    if (!callers)
        fail(ENOMEM, "threads");
    for (unsigned i = 0; i < THREADS; i++) {
        struct caller *c = &callers[i];

        c->run = run;
        c->self = self[i];
        c->keys = keys;
        c->stop = &stop;
        code = pthread_create(&c->thread, NULL, caller_main, c);
        if (code)
            fail(code, "pthread_create");
    }
    poll(NULL, 0, ms);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(callers[i].thread, NULL);
    summarise(callers, clock_ns() - began, f);
    free(callers);
}

static void report_fairness(const struct fairness *arpq, const struct fairness *raw)
{
    double longest = arpq->longest_ns / arpq->median_ns;
    double raw_longest = raw->longest_ns / raw->median_ns;

    report_row(&(struct row){"64 threads, 1 handle, IPv6 hit", "k/s", arpq->calls_per_ms,
                             raw->calls_per_ms, arpq->calls_per_ms / raw->calls_per_ms, 0, 0});
    report_row(&(struct row){"  longest call", "us", arpq->longest_ns / 1000,
                             raw->longest_ns / 1000, arpq->longest_ns / raw->longest_ns, 0, 0});
    report_row(&(struct row){"  longest call / median call", "x", longest, raw_longest, longest,
                             GOAL_LONGEST, 0});
    report_row(&(struct row){"  slowest thread / fastest thread", "x", arpq->slowest, raw->slowest,
                             arpq->slowest, 0, 0});
}

void rows_fairness(const struct net_namespace *ns, int quick)
{
    struct raw_get *raw = calloc(THREADS, sizeof *raw);
    struct bench_arpq arpq;
    struct fairness by_arpq, by_raw;
    void *raw_self[THREADS], *arpq_self[THREADS];
    struct keys keys;

    if (!raw)
        fail(ENOMEM, "threads");
    bench_arpq_open(&arpq, 0);
    for (unsigned i = 0; i < THREADS; i++) {
        raw_get_open(&raw[i], AF_INET6);
        raw_self[i] = &raw[i];
        arpq_self[i] = &arpq;
    }
    keys_create(&keys, ns->v6, ns->size.neighbours_v6);
    cpu_unpin();
    run_callers(raw_get_hits_v6, raw_self, &keys, quick ? QUICK_MS : FULL_MS, &by_raw);
    run_callers(bench_arpq_hits_v6, arpq_self, &keys, quick ? QUICK_MS : FULL_MS, &by_arpq);
    cpu_pin(0);
    report_fairness(&by_arpq, &by_raw);
    keys_free(&keys);
    for (unsigned i = 0; i < THREADS; i++)
        raw_get_close(&raw[i]);
    bench_arpq_close(&arpq);
    free(raw);
}

/* SPDX-License-Identifier: MIT */
#include "method/compare.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "method/clock.h"
#include "method/namespace.h"
#include "method/report.h"

/* -- keys -- */

#define KEYS_MIN 4096u

/* xorshift32: cheap, and the same sequence on every machine. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void allocate_keys(struct keys *k, size_t at_least)
{
    size_t count = KEYS_MIN;

    while (count < at_least)
        count *= 2;
    k->mask = count - 1;
    k->at = calloc(count, sizeof *k->at);
    if (!k->at)
        fail(ENOMEM, "keys");
}

void keys_create(struct keys *k, const struct target *targets, uint32_t n)
{
    uint32_t state = 0x2545f491u;

    allocate_keys(k, (size_t)n * 2);
    for (size_t i = 0; i <= k->mask; i++)
        k->at[i] = targets[next_random(&state) % n];
}

void keys_create_absent(struct keys *k)
{
    uint32_t state = 0x2545f491u;

    allocate_keys(k, KEYS_MIN);
    for (size_t i = 0; i <= k->mask; i++)
        k->at[i] = target_absent(next_random(&state) & 0xffffu);
}

struct arpq_ip *keys_pack(const struct keys *k)
{
    struct arpq_ip *ips = calloc(k->mask + 1 + BATCH, sizeof *ips);

    if (!ips)
        fail(ENOMEM, "keys");
    for (size_t i = 0; i < k->mask + 1 + BATCH; i++)
        ips[i] = k->at[i & k->mask].ip;
    return ips;
}

void keys_free(struct keys *k)
{
    free(k->at);
    k->at = NULL;
}

/* -- one thread -- */

static double time_round(const struct contestant *c, size_t start, size_t count)
{
    uint64_t began = clock_thread_ns();
    size_t wrong = c->run(c->self, c->keys, start, count);
    uint64_t took = clock_thread_ns() - began;

    if (wrong)
        fail(0, "a wrong answer while measuring");
    return (double)took / (double)count;
}

/* Returns the number of calls of contestant 0 that take as long as a round. */
static size_t calls_per_round(const struct contestant *c, const struct timing *timing)
{
    size_t count = 16;
    double ns = time_round(c, 0, count);

    while (ns * (double)count < (double)timing->round_ns / 4) {
        count *= 2;
        ns = time_round(c, 0, count);
    }
    return (size_t)((double)timing->round_ns / ns) + 1;
}

void compare(const struct contestant *c, unsigned n, const struct timing *timing,
             struct score *scores)
{
    double ns[CONTESTANTS_MAX][ROUNDS_MAX];
    size_t count = calls_per_round(&c[0], timing);
    size_t apart = (c[0].keys->mask + 1) / n;

    for (unsigned i = 0; i < n; i++)
        time_round(&c[i], i * apart, count);
    for (unsigned round = 0; round < timing->rounds; round++)
        for (unsigned turn = 0; turn < n; turn++) {
            unsigned i = (round + turn) % n;

            ns[i][round] = time_round(&c[i], i * apart + round * count, count);
        }
    for (unsigned i = n; i-- > 0;) {
        double ratios[ROUNDS_MAX];

        for (unsigned round = 0; round < timing->rounds; round++)
            ratios[round] = ns[i][round] / ns[0][round];
        scores[i].ratio = median(ratios, timing->rounds);
        scores[i].ns = median(ns[i], timing->rounds);
    }
}

/* -- two threads -- */

struct worker {
    pthread_t thread;
    pthread_barrier_t *gate;
    const struct thread_pair *pair;
    unsigned number;
    size_t start;
    size_t count;
    size_t wrong;
    uint64_t took;
};

static void *thread_main(void *argument)
{
    struct worker *w = argument;
    uint64_t began;

    cpu_pin(w->number);
    pthread_barrier_wait(w->gate);
    began = clock_thread_ns();
    w->wrong = w->pair->run(w->pair->self[w->number], w->pair->keys, w->start, w->count);
    w->took = clock_thread_ns() - began;
    return NULL;
}

/* Returns the sum of the calls per nanosecond of both threads. */
static double throughput(const struct thread_pair *pair, size_t start, size_t count)
{
    pthread_barrier_t gate;
    struct worker workers[2];
    double rate = 0;
    int code;

    pthread_barrier_init(&gate, NULL, 2);
    for (unsigned i = 0; i < 2; i++) {
        workers[i] = (struct worker){.gate = &gate,
                                     .pair = pair,
                                     .number = i,
                                     .start = start + i * (pair->keys->mask + 1) / 2,
                                     .count = count};
        code = pthread_create(&workers[i].thread, NULL, thread_main, &workers[i]);
        if (code)
            fail(code, "pthread_create");
    }
    for (unsigned i = 0; i < 2; i++) {
        pthread_join(workers[i].thread, NULL);
        if (workers[i].wrong)
            fail(0, "a wrong answer while measuring two threads");
        rate += (double)count / (double)workers[i].took;
    }
    pthread_barrier_destroy(&gate);
    return rate;
}

static size_t thread_calls_per_round(const struct thread_pair *pair, const struct timing *timing)
{
    size_t count = 1024;

    return (size_t)(throughput(pair, 0, count) / 2 * (double)timing->round_ns) + count;
}

void compare_threads(const struct thread_pair pairs[2], const struct timing *timing,
                     struct score scores[2])
{
    double ns[2][ROUNDS_MAX];
    double ratios[ROUNDS_MAX];
    size_t count = thread_calls_per_round(&pairs[0], timing);

    throughput(&pairs[1], 0, count);
    for (unsigned round = 0; round < timing->rounds; round++) {
        for (unsigned turn = 0; turn < 2; turn++) {
            unsigned i = (round + turn) % 2;

            ns[i][round] = 2 / throughput(&pairs[i], round * count, count);
        }
        ratios[round] = ns[0][round] / ns[1][round];
    }
    scores[0] = (struct score){.ns = median(ns[0], timing->rounds), .ratio = 1};
    scores[1] = (struct score){.ns = median(ns[1], timing->rounds),
                               .ratio = median(ratios, timing->rounds)};
}

/* -- long runs -- */

#define ENTRIES_PER_RUN 3000000u /* entries that one contestant reads in a full run */
#define ROUNDS_MIN 5u

/* timing->round_ns is too short for a table. Only timing->rounds is used, which is lower in a quick
 * run. */
unsigned repeat_rounds(uint32_t entries, const struct timing *timing)
{
    unsigned rounds = ENTRIES_PER_RUN / (entries + 1) * timing->rounds / 60;

    if (rounds > ROUNDS_MAX)
        return ROUNDS_MAX;
    return rounds < ROUNDS_MIN ? ROUNDS_MIN : rounds;
}

void repeat(const struct timed_run *runs, unsigned n, unsigned rounds, struct score *scores)
{
    double ns[CONTESTANTS_MAX][ROUNDS_MAX];

    for (unsigned i = 0; i < n; i++)
        runs[i].run(runs[i].self);
    for (unsigned round = 0; round < rounds; round++)
        for (unsigned turn = 0; turn < n; turn++) {
            unsigned i = (round + turn) % n;

            ns[i][round] = (double)runs[i].run(runs[i].self);
        }
    for (unsigned i = n; i-- > 0;) {
        double ratios[ROUNDS_MAX];

        for (unsigned round = 0; round < rounds; round++)
            ratios[round] = ns[i][round] / ns[0][round];
        scores[i].ratio = median(ratios, rounds);
        scores[i].ns = median(ns[i], rounds);
    }
}

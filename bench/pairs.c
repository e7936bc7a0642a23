/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <pthread.h>

#include "cpu.h"
#include "fail.h"
#include "method/clock.h"

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
    began = clock_ns();
    w->wrong = w->pair->run(w->pair->self[w->number], w->pair->keys, w->start, w->count);
    w->took = clock_ns() - began;
    return NULL;
}

/* Calls per nanosecond of both threads together. */
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

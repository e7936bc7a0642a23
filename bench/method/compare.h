/* SPDX-License-Identifier: MIT */
/* Runs the contestants of a row in turn and computes their ratios. See README.md, "Method". */
#ifndef BENCH_METHOD_COMPARE_H
#define BENCH_METHOD_COMPARE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "method/namespace.h"

/* -- keys -- */

struct keys {
    struct target *at;
    size_t mask; /* count - 1; the count is a power of two */
};

/* A sequence over n targets: at least twice n long, and at least 4096. */
void keys_create(struct keys *k, const struct target *targets, uint32_t n);

/* A sequence of 4096 addresses that are no neighbours. */
void keys_create_absent(struct keys *k);

/* The addresses alone, in the same order, and the first room of them once more at the end, so
 * that a batch of up to room may begin anywhere. To be freed. */
struct arpq_ip *keys_pack(const struct keys *k, size_t extra);

void keys_free(struct keys *k);

/* -- answers -- */

/* Is this the MAC that the world gave to the target? 1 or 0; the same for every contestant. */
static inline size_t answer_wrong_v4(const struct target *t, const uint8_t *mac)
{
    return mac[0] != 0x02 || memcmp(mac + 2, t->ip.bytes, 4) != 0;
}

static inline size_t answer_wrong_v6(const struct target *t, const uint8_t *mac)
{
    return mac[0] != 0x02 || memcmp(mac + 2, t->ip.bytes + 12, 4) != 0;
}

/* -- one thread -- */

#define CONTESTANTS_MAX 4 /* contestants */
#define ROUNDS_MAX 200    /* rounds */

/* Ask for count keys from number start on; returns how many answers were wrong. */
typedef size_t (*run_fn)(void *self, const struct keys *keys, size_t start, size_t count);

struct contestant {
    run_fn run;
    void *self;
    const struct keys *keys;
};

struct timing {
    unsigned rounds;
    uint64_t round_ns;
};

struct score {
    double ns;    /* median of the rounds, per call */
    double ratio; /* median of the rounds' ratios to contestant 0 */
};

/* Any wrong answer ends the program: a fast wrong answer is no result. */
void compare(const struct contestant *c, unsigned n, const struct timing *timing,
             struct score *scores);

/* -- two threads -- */

struct thread_pair {
    run_fn run;
    void *self[2]; /* of each thread */
    const struct keys *keys;
};

/* Each thread on a processor of its own. Scores pair[1] against pair[0]: ns is a thread's time
 * per call, ratio the THROUGHPUT of the pair as a fraction of pair[0]'s. */
void compare_threads(const struct thread_pair pairs[2], const struct timing *timing,
                     struct score scores[2]);

/* -- long runs -- */

/* One run; the nanoseconds that count. */
typedef uint64_t (*timed_fn)(void *self);

struct timed_run {
    timed_fn run;
    void *self;
};

/* How many rounds suit a run over so many entries. */
unsigned repeat_rounds(uint32_t entries, const struct timing *timing);

/* At most CONTESTANTS_MAX contestants; the scores are as those of a duel, per run. */
void repeat(const struct timed_run *runs, unsigned n, unsigned rounds, struct score *scores);

#endif

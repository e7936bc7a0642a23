/* SPDX-License-Identifier: MIT */
/* Run the contestants of a row in turn and compute their ratios. See "Method" in README.md. */
#ifndef BENCH_METHOD_COMPARE_H
#define BENCH_METHOD_COMPARE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "method/topology.h"

/* -- keys: the addresses that are looked up -- */

struct keys {
    struct target *at;
    size_t mask; /* count - 1; the count is a power of two */
};

/* A pseudo-random sequence over n targets, the same in every run: at least 2 * n and at least 4096
 * keys. */
void keys_create(struct keys *k, const struct target *targets, uint32_t n);

/* A sequence of 4096 addresses that are not neighbours. */
void keys_create_absent(struct keys *k);

#define BATCH 64u /* keys in a call of a *_many function */

/* Returns the addresses of the keys as an array, which the caller frees. The first BATCH addresses
 * are repeated at the end, so that a batch can start at any key. */
struct arpq_ip *keys_pack(const struct keys *k);

void keys_free(struct keys *k);

/* Returns 1 if mac is not the MAC of the target, else 0. Every contestant checks its answers with
 * this function. */
static inline size_t answer_wrong_v4(const struct target *t, const uint8_t *mac)
{
    return mac[0] != 0x02 || memcmp(mac + 2, t->ip.bytes, 4) != 0;
}

static inline size_t answer_wrong_v6(const struct target *t, const uint8_t *mac)
{
    return mac[0] != 0x02 || memcmp(mac + 2, t->ip.bytes + 12, 4) != 0;
}

/* -- comparisons; a wrong answer ends the program -- */

#define CONTESTANTS_MAX 4
#define ROUNDS_MAX 200

/* Looks up `count` keys, beginning with key number `start`. Returns the number of wrong answers. */
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

void compare(const struct contestant *c, unsigned n, const struct timing *timing,
             struct score *scores);

struct thread_pair {
    run_fn run;
    void *self[2]; /* the argument of run() in each thread */
    const struct keys *keys;
};

/* Runs two threads at once, each on its own processor. scores[i].ns is the time of a call in one
 * thread. scores[1].ratio is the throughput of pairs[1] divided by the throughput of pairs[0]. */
void compare_threads(const struct thread_pair pairs[2], const struct timing *timing,
                     struct score scores[2]);

/* A run that is long enough to be timed alone. Returns the measured time in nanoseconds. */
typedef uint64_t (*timed_fn)(void *self);

struct timed_run {
    timed_fn run;
    void *self;
};

/* Returns the number of rounds for runs over a table of `entries`. */
unsigned repeat_rounds(uint32_t entries, const struct timing *timing);

/* Runs at most CONTESTANTS_MAX contestants in turn. The scores mean the same as in compare(), but
 * per run instead of per call. */
void repeat(const struct timed_run *runs, unsigned n, unsigned rounds, struct score *scores);

#endif

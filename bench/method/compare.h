/* SPDX-License-Identifier: MIT */
/* Contestants running the same work in short alternating rounds. See README.md. */
#ifndef BENCH_DUEL_H
#define BENCH_DUEL_H

#include <stddef.h>
#include <stdint.h>

#include "keys.h"

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

#endif

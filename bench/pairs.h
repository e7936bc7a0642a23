/* SPDX-License-Identifier: MIT */
/* The same with two threads at once. */
#ifndef BENCH_PAIRS_H
#define BENCH_PAIRS_H

#include "method/compare.h"

struct thread_pair {
    run_fn run;
    void *self[2]; /* of each thread */
    const struct keys *keys;
};

/* Each thread on a processor of its own. Scores pair[1] against pair[0]: ns is a thread's time
 * per call, ratio the THROUGHPUT of the pair as a fraction of pair[0]'s. */
void compare_threads(const struct thread_pair pairs[2], const struct timing *timing,
                     struct score scores[2]);

#endif

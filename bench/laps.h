/* SPDX-License-Identifier: MIT */
/* Contestants whose single run is long, and clocked by themselves: one run each, in turn. */
#ifndef BENCH_LAPS_H
#define BENCH_LAPS_H

#include <stdint.h>

#include "method/compare.h"

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

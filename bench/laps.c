/* SPDX-License-Identifier: MIT */
#include "laps.h"

#include "method/clock.h"

#define ENTRIES_ENOUGH 3000000u /* read by one contestant in a full run */
#define ROUNDS_MIN 5u

/* The pace says only whether the run is a quick one: its rounds are too short for a table. */
unsigned repeat_rounds(uint32_t entries, const struct timing *timing)
{
    unsigned rounds = ENTRIES_ENOUGH / (entries + 1) * timing->rounds / 60;

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

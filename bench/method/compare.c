/* SPDX-License-Identifier: MIT */
#include "method/compare.h"

#include "fail.h"
#include "method/clock.h"

static double time_round(const struct contestant *c, size_t start, size_t count)
{
    uint64_t began = clock_ns();
    size_t wrong = c->run(c->self, c->keys, start, count);
    uint64_t took = clock_ns() - began;

    if (wrong)
        fail(0, "a wrong answer while measuring");
    return (double)took / (double)count;
}

/* How many calls of contestant 0 fill a round. */
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

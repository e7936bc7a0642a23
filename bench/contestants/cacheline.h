/* SPDX-License-Identifier: MIT */
/* What a lookup in memory cannot be faster than: one cache line at a random place. */
#ifndef BENCH_CACHELINE_H
#define BENCH_CACHELINE_H

#include "method/compare.h"

struct cacheline {
    uint64_t mac; /* the answer */
    uint64_t rest[7];
};

/* A line for every neighbour, found by its number, as if a perfect hash were free. */
struct cachelines {
    struct cacheline *lines;
    uint32_t *order; /* of each key: its line */
};

void cacheline_open(struct cachelines *lines, const struct net_namespace *ns,
                    const struct keys *keys);
void cacheline_close(struct cachelines *lines);

/* run_fn: each read waits for the one before it. */
size_t cacheline_read(void *lines, const struct keys *keys, size_t start, size_t count);

#endif

/* SPDX-License-Identifier: MIT */
/* The lower bound of a lookup in memory: one read of a cache line at a random place. */
#ifndef BENCH_CONTESTANTS_CACHELINE_H
#define BENCH_CONTESTANTS_CACHELINE_H

#include "method/compare.h"
#include "method/namespace.h"

struct cacheline {
    uint64_t mac; /* the answer */
    uint64_t rest[7];
};

/* One line for each neighbour. The position of each key's line is known in advance, as with a
 * perfect hash that costs nothing. */
struct cachelines {
    struct cacheline *lines;
    uint32_t *order; /* index of each key's line */
};

void cacheline_open(struct cachelines *lines, const struct net_namespace *ns,
                    const struct keys *keys);
void cacheline_close(struct cachelines *lines);

/* A function of type run_fn. Each read depends on the previous read. */
size_t cacheline_read(void *lines, const struct keys *keys, size_t start, size_t count);

#endif

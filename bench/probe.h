/* SPDX-License-Identifier: MIT */
/* What a lookup in memory cannot be faster than: one cache line at a random place. */
#ifndef BENCH_PROBE_H
#define BENCH_PROBE_H

#include "keys.h"

struct probe_line {
    uint64_t mac; /* the answer */
    uint64_t rest[7];
};

/* A line for every neighbour, found by its number, as if a perfect hash were free. */
struct probe {
    struct probe_line *lines;
    uint32_t *order; /* of each key: its line */
};

void probe_open(struct probe *probe, const struct net_namespace *ns, const struct keys *keys);
void probe_close(struct probe *probe);

/* run_fn: each read waits for the one before it. */
size_t probe_run(void *probe, const struct keys *keys, size_t start, size_t count);

#endif

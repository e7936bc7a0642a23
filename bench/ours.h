/* SPDX-License-Identifier: MIT */
/* The library's side of every contest. */
#ifndef BENCH_OURS_H
#define BENCH_OURS_H

#include <arpq.h>

#include "keys.h"

struct ours {
    struct arpq *handle;
    uint32_t ifindex; /* 0: chosen by the library */
};

void ours_open(struct ours *ours, uint32_t ifindex);
void ours_close(struct ours *ours);

/* run_fn */
size_t ours_hits_v4(void *ours, const struct keys *keys, size_t start, size_t count);
size_t ours_hits_v6(void *ours, const struct keys *keys, size_t start, size_t count);
size_t ours_misses(void *ours, const struct keys *keys, size_t start, size_t count);
size_t ours_gets_v4(void *ours, const struct keys *keys, size_t start, size_t count);
size_t ours_gets_v6(void *ours, const struct keys *keys, size_t start, size_t count);

#endif

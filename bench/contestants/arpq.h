/* SPDX-License-Identifier: MIT */
/* The library's side of every contest. */
#ifndef BENCH_ARPQ_LOOKUP_H
#define BENCH_ARPQ_LOOKUP_H

#include <arpq.h>

#include "method/compare.h"

struct bench_arpq {
    struct arpq *handle;
    uint32_t ifindex; /* 0: chosen by the library */
};

void bench_arpq_open(struct bench_arpq *arpq, uint32_t ifindex);
void bench_arpq_close(struct bench_arpq *arpq);

/* run_fn */
size_t bench_arpq_hits_v4(void *arpq, const struct keys *keys, size_t start, size_t count);
size_t bench_arpq_hits_v6(void *arpq, const struct keys *keys, size_t start, size_t count);
size_t bench_arpq_misses(void *arpq, const struct keys *keys, size_t start, size_t count);
size_t bench_arpq_gets_v4(void *arpq, const struct keys *keys, size_t start, size_t count);
size_t bench_arpq_gets_v6(void *arpq, const struct keys *keys, size_t start, size_t count);

#endif

/* SPDX-License-Identifier: MIT */
/* The library, by handle and by mirror. */
#ifndef BENCH_CONTESTANTS_ARPQ_H
#define BENCH_CONTESTANTS_ARPQ_H

#include <arpq.h>

#include "method/compare.h"

/* -- the handle -- */

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

/* -- the mirror -- */

#define MIRROR_BATCH 64u

struct bench_mirror {
    struct arpq *handle;
    struct arpq_mirror *mirror;
    struct arpq_ip *ips; /* for bench_mirror_batches: the keys, side by side */
};

/* receive_buffer 0: the library's choice. */
void bench_mirror_open(struct bench_mirror *mirror, uint32_t receive_buffer);
void bench_mirror_close(struct bench_mirror *mirror);
struct arpq_mirror_stats bench_mirror_stats(const struct bench_mirror *mirror);

/* Apply what is waiting; how many changes that were. */
unsigned bench_mirror_sync(const struct bench_mirror *mirror);

/* run_fn: interface given; any interface; misses; whole entries; by MIRROR_BATCH. */
size_t bench_mirror_hits(void *mirror, const struct keys *keys, size_t start, size_t count);
size_t bench_mirror_hits_any(void *mirror, const struct keys *keys, size_t start, size_t count);
size_t bench_mirror_misses(void *mirror, const struct keys *keys, size_t start, size_t count);
size_t bench_mirror_gets(void *mirror, const struct keys *keys, size_t start, size_t count);
size_t bench_mirror_batches(void *mirror, const struct keys *keys, size_t start, size_t count);

#endif

/* SPDX-License-Identifier: MIT */
/* The mirror's side of every contest. */
#ifndef BENCH_OURS_MIRROR_H
#define BENCH_OURS_MIRROR_H

#include <arpq.h>

#include "keys.h"

#define MIRROR_BATCH 64u

struct ours_mirror {
    struct arpq *handle;
    struct arpq_mirror *mirror;
    struct arpq_ip *ips; /* for ours_mirror_many: the keys, side by side */
};

/* receive_buffer 0: the library's choice. */
void ours_mirror_open(struct ours_mirror *ours, uint32_t receive_buffer);
void ours_mirror_close(struct ours_mirror *ours);
struct arpq_mirror_stats ours_mirror_stats(const struct ours_mirror *ours);

/* Apply what is waiting; how many changes that were. */
unsigned ours_mirror_sync(const struct ours_mirror *ours);

/* run_fn: interface given; any interface; misses; whole entries; by MIRROR_BATCH. */
size_t ours_mirror_given(void *ours, const struct keys *keys, size_t start, size_t count);
size_t ours_mirror_any(void *ours, const struct keys *keys, size_t start, size_t count);
size_t ours_mirror_misses(void *ours, const struct keys *keys, size_t start, size_t count);
size_t ours_mirror_gets(void *ours, const struct keys *keys, size_t start, size_t count);
size_t ours_mirror_many(void *ours, const struct keys *keys, size_t start, size_t count);

#endif

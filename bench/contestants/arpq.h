/* SPDX-License-Identifier: MIT */
/* The library: a handle and a mirror. The functions that take keys are of type run_fn. */
#ifndef BENCH_CONTESTANTS_ARPQ_H
#define BENCH_CONTESTANTS_ARPQ_H

#include <arpq.h>

#include "method/compare.h"

/* -- the handle -- */

struct bench_arpq {
    struct arpq_handle *handle;
    uint32_t ifindex;    /* 0: the library chooses the interface */
    struct arpq_ip *ips; /* from keys_pack(), for bench_arpq_gets_many() */
};

void bench_arpq_open(struct bench_arpq *arpq, uint32_t ifindex);
void bench_arpq_close(struct bench_arpq *arpq);

size_t bench_arpq_hits_v4(void *arpq, const struct keys *keys, size_t start, size_t count);
size_t bench_arpq_hits_v6(void *arpq, const struct keys *keys, size_t start, size_t count);
size_t bench_arpq_misses(void *arpq, const struct keys *keys, size_t start, size_t count);
size_t bench_arpq_gets_v4(void *arpq, const struct keys *keys, size_t start, size_t count);
size_t bench_arpq_gets_v6(void *arpq, const struct keys *keys, size_t start, size_t count);
size_t bench_arpq_gets_many(void *arpq, const struct keys *keys, size_t start, size_t count);

/* -- the mirror -- */

struct bench_mirror {
    struct arpq_handle *handle;
    struct arpq_mirror *mirror;
    struct arpq_ip *ips; /* from keys_pack(), for bench_mirror_hits_many() */
};

/* If receive_buffer is 0, the mirror uses the library's default size. */
void bench_mirror_open(struct bench_mirror *mirror, uint32_t receive_buffer);
void bench_mirror_close(struct bench_mirror *mirror);
struct arpq_sync_stats bench_mirror_stats(const struct bench_mirror *mirror);

/* Applies the waiting events. Returns the number of changes. */
unsigned bench_mirror_sync(const struct bench_mirror *mirror);

/* bench_mirror_hits_any looks up on any interface, the other functions on link 0. */
size_t bench_mirror_hits(void *mirror, const struct keys *keys, size_t start, size_t count);
size_t bench_mirror_hits_any(void *mirror, const struct keys *keys, size_t start, size_t count);
size_t bench_mirror_hits_many(void *mirror, const struct keys *keys, size_t start, size_t count);
size_t bench_mirror_misses(void *mirror, const struct keys *keys, size_t start, size_t count);

/* Reads full entries instead of MACs only. */
size_t bench_mirror_gets(void *mirror, const struct keys *keys, size_t start, size_t count);

#endif

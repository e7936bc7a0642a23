/* SPDX-License-Identifier: MIT */
/* What one would write by hand: RTM_GETNEIGH requests, a batch in one send, then the answers. */
#ifndef BENCH_RAW_MANY_H
#define BENCH_RAW_MANY_H

#include "method/compare.h"

#define MANY_BATCH 64u

struct raw_many {
    int fd;
    uint32_t sequence;
    size_t request_size;
    uint8_t *key[MANY_BATCH]; /* of the requests: where the addresses go */
    char requests[MANY_BATCH * 64];
    char answer[4096];
};

void raw_many_open(struct raw_many *raw);
void raw_many_close(struct raw_many *raw);

/* run_fn: IPv4 hits on link 0, in batches of MANY_BATCH. */
size_t raw_many_hits(void *raw, const struct keys *keys, size_t start, size_t count);

#endif

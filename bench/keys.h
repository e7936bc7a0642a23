/* SPDX-License-Identifier: MIT */
/* The order in which targets are asked for: random, the same in every run. */
#ifndef BENCH_KEYS_H
#define BENCH_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "method/namespace.h"

struct keys {
    struct target *at;
    size_t mask; /* count - 1; the count is a power of two */
};

/* A sequence over n targets: at least twice n long, and at least 4096. */
void keys_create(struct keys *k, const struct target *targets, uint32_t n);

/* A sequence of 4096 addresses that are no neighbours. */
void keys_create_absent(struct keys *k);

/* The addresses alone, in the same order, and the first room of them once more at the end, so
 * that a batch of up to room may begin anywhere. To be freed. */
struct arpq_ip *keys_pack(const struct keys *k, size_t extra);

void keys_free(struct keys *k);

#endif

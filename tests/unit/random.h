/* SPDX-License-Identifier: MIT */
/* Random numbers that can be had again. */
#ifndef ARPQ_TEST_UNIT_RANDOM_H
#define ARPQ_TEST_UNIT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* ARPQ_SEED, or what the clock says. */
uint64_t seed_of_run(void);

/* A number below that one. */
uint32_t draw(uint64_t *random, uint32_t below);

void draw_bytes(uint64_t *random, void *bytes, size_t size);

#endif

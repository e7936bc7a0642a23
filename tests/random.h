/* SPDX-License-Identifier: MIT */
/* Random numbers that can be repeated with a seed. */
#ifndef ARPQ_TEST_RANDOM_H
#define ARPQ_TEST_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Return the seed of this run, ARPQ_SEED or a number from the clock, and print it. */
uint64_t seed_of_run(void);

/* Return the next number below `below`. */
uint32_t draw(uint64_t *random, uint32_t below);

void draw_bytes(uint64_t *random, void *bytes, size_t size);

/* Return the number in an environment variable, or `otherwise` if it is not set. */
uint64_t setting(const char *name, uint64_t otherwise);

#endif

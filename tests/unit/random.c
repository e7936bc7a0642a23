/* SPDX-License-Identifier: MIT */
#include "unit/random.h"

#include <stdlib.h>
#include <time.h>

uint64_t seed_of_run(void)
{
    const char *text = getenv("ARPQ_SEED");
    struct timespec now;

    if (text)
        return strtoull(text, NULL, 0);
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000003u + (uint64_t)now.tv_nsec;
}

uint32_t draw(uint64_t *random, uint32_t below)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*random >> 33) % below);
}

void draw_bytes(uint64_t *random, void *bytes, size_t size)
{
    uint8_t *at = bytes;

    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)draw(random, 256);
}

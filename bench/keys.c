/* SPDX-License-Identifier: MIT */
#include "keys.h"

#include <errno.h>
#include <stdlib.h>

#include "fail.h"

#define KEYS_MIN 4096u

/* xorshift32: cheap, and the same sequence everywhere. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void allocate_keys(struct keys *k, size_t at_least)
{
    size_t count = KEYS_MIN;

    while (count < at_least)
        count *= 2;
    k->mask = count - 1;
    k->at = calloc(count, sizeof *k->at);
    if (!k->at)
        fail(ENOMEM, "keys");
}

void keys_create(struct keys *k, const struct target *targets, uint32_t n)
{
    uint32_t state = 0x2545f491u;

    allocate_keys(k, (size_t)n * 2);
    for (size_t i = 0; i <= k->mask; i++)
        k->at[i] = targets[next_random(&state) % n];
}

void keys_create_absent(struct keys *k)
{
    uint32_t state = 0x2545f491u;

    allocate_keys(k, KEYS_MIN);
    for (size_t i = 0; i <= k->mask; i++)
        k->at[i] = target_absent(next_random(&state) & 0xffffu);
}

struct arpq_ip *keys_pack(const struct keys *k, size_t extra)
{
    struct arpq_ip *ips = calloc(k->mask + 1 + extra, sizeof *ips);

    if (!ips)
        fail(ENOMEM, "keys");
    for (size_t i = 0; i < k->mask + 1 + extra; i++)
        ips[i] = k->at[i & k->mask].ip;
    return ips;
}

void keys_free(struct keys *k)
{
    free(k->at);
    k->at = NULL;
}

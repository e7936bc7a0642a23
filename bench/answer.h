/* SPDX-License-Identifier: MIT */
#ifndef BENCH_ANSWER_H
#define BENCH_ANSWER_H

#include <stdint.h>
#include <string.h>

#include "method/namespace.h"

/* Is this the MAC that the world gave to the target? 1 or 0; the same for every contestant. */
static inline size_t answer_wrong_v4(const struct target *t, const uint8_t *mac)
{
    return mac[0] != 0x02 || memcmp(mac + 2, t->ip.bytes, 4) != 0;
}

static inline size_t answer_wrong_v6(const struct target *t, const uint8_t *mac)
{
    return mac[0] != 0x02 || memcmp(mac + 2, t->ip.bytes + 12, 4) != 0;
}

#endif

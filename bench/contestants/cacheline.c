/* SPDX-License-Identifier: MIT */
#include "contestants/cacheline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "method/report.h"

static uint32_t low32(const struct target *t)
{
    return (uint32_t)t->ip.bytes[0] << 24 | (uint32_t)t->ip.bytes[1] << 16 |
           (uint32_t)t->ip.bytes[2] << 8 | t->ip.bytes[3];
}

void cacheline_open(struct cachelines *lines, const struct net_namespace *ns,
                    const struct keys *keys)
{
    uint32_t n = ns->size.neighbours;

    lines->lines = aligned_alloc(sizeof *lines->lines, n * sizeof *lines->lines);
    lines->order = calloc(keys->mask + 1, sizeof *lines->order);
    if (!lines->lines || !lines->order)
        fail(ENOMEM, "cache lines");
    memset(lines->lines, 0, n * sizeof *lines->lines);
    for (uint32_t i = 0; i < n; i++)
        lines->lines[i].mac = low32(&ns->v4[i]);
    for (size_t i = 0; i <= keys->mask; i++)
        lines->order[i] = low32(&keys->at[i]) - low32(&ns->v4[0]);
}

void cacheline_close(struct cachelines *lines)
{
    free(lines->lines);
    free(lines->order);
}

size_t cacheline_read(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct cachelines *lines = self;
    size_t wrong = 0;
    uint64_t wait = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];
        const struct cacheline *line = &lines->lines[lines->order[i & keys->mask] + wait];

        wrong += line->mac != low32(t);
        wait = line->rest[0]; /* always 0, but the processor cannot predict it */
    }
    return wrong;
}

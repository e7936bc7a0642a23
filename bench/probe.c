/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

static uint32_t low32(const struct target *t)
{
    return (uint32_t)t->ip.bytes[0] << 24 | (uint32_t)t->ip.bytes[1] << 16 |
           (uint32_t)t->ip.bytes[2] << 8 | t->ip.bytes[3];
}

void probe_open(struct probe *probe, const struct net_namespace *ns, const struct keys *keys)
{
    uint32_t n = ns->size.neighbours;

    probe->lines = aligned_alloc(sizeof(*probe->lines), n * sizeof(*probe->lines));
    probe->order = calloc(keys->mask + 1, sizeof(*probe->order));
    if (!probe->lines || !probe->order)
        fail(ENOMEM, "probe");
    memset(probe->lines, 0, n * sizeof(*probe->lines));
    for (uint32_t i = 0; i < n; i++)
        probe->lines[i].mac = low32(&ns->v4[i]);
    for (size_t i = 0; i <= keys->mask; i++)
        probe->order[i] = low32(&keys->at[i]) - low32(&ns->v4[0]);
}

void probe_close(struct probe *probe)
{
    free(probe->lines);
    free(probe->order);
}

size_t probe_run(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct probe *probe = self;
    size_t wrong = 0;
    uint64_t wait = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];
        const struct probe_line *line = &probe->lines[probe->order[i & keys->mask] + wait];

        wrong += line->mac != low32(t);
        wait = line->rest[0]; /* always 0, which the processor does not know */
    }
    return wrong;
}

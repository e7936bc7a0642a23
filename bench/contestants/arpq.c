/* SPDX-License-Identifier: MIT */
#include "contestants/arpq.h"

#include <errno.h>

#include "method/compare.h"
#include "method/report.h"

void bench_arpq_open(struct bench_arpq *arpq, uint32_t ifindex)
{
    int code = arpq_open(&arpq->handle, NULL);

    if (code)
        fail(-code, "arpq_open");
    arpq->ifindex = ifindex;
}

void bench_arpq_close(struct bench_arpq *arpq)
{
    arpq_close(arpq->handle);
}

size_t bench_arpq_hits_v4(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_arpq *arpq = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong +=
            arpq_lookup(arpq->handle, &t->ip, arpq->ifindex, &mac) || answer_wrong_v4(t, mac.bytes);
    }
    return wrong;
}

size_t bench_arpq_hits_v6(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_arpq *arpq = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong +=
            arpq_lookup(arpq->handle, &t->ip, arpq->ifindex, &mac) || answer_wrong_v6(t, mac.bytes);
    }
    return wrong;
}

size_t bench_arpq_misses(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_arpq *arpq = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++)
        wrong +=
            arpq_lookup(arpq->handle, &keys->at[i & keys->mask].ip, arpq->ifindex, &mac) != -ENOENT;
    return wrong;
}

size_t bench_arpq_gets_v4(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_arpq *arpq = self;
    struct arpq_neigh neigh;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += arpq_neigh_get(arpq->handle, &t->ip, arpq->ifindex, 0, &neigh) ||
                 answer_wrong_v4(t, neigh.mac.bytes);
    }
    return wrong;
}

size_t bench_arpq_gets_v6(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_arpq *arpq = self;
    struct arpq_neigh neigh;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += arpq_neigh_get(arpq->handle, &t->ip, arpq->ifindex, 0, &neigh) ||
                 answer_wrong_v6(t, neigh.mac.bytes);
    }
    return wrong;
}

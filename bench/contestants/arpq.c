/* SPDX-License-Identifier: MIT */
#include "contestants/arpq.h"

#include <errno.h>

#include "method/compare.h"
#include "method/report.h"

/* -- the handle -- */

void bench_arpq_open(struct bench_arpq *arpq, uint32_t ifindex)
{
    int code = arpq_open(&arpq->handle, NULL);

    if (code)
        fail(-code, "arpq_open");
    arpq->ifindex = ifindex;
    arpq->ips = NULL;
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

        wrong += arpq_lookup(arpq->handle, &t->ip, arpq->ifindex, 0, &mac) ||
                 answer_wrong_v4(t, mac.bytes);
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

        wrong += arpq_lookup(arpq->handle, &t->ip, arpq->ifindex, 0, &mac) ||
                 answer_wrong_v6(t, mac.bytes);
    }
    return wrong;
}

size_t bench_arpq_misses(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_arpq *arpq = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++)
        wrong += arpq_lookup(arpq->handle, &keys->at[i & keys->mask].ip, arpq->ifindex, 0, &mac) !=
                 -ENOENT;
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

size_t bench_arpq_gets_many(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_arpq *arpq = self;
    struct arpq_neigh neighs[BATCH];
    size_t wrong = 0;

    for (size_t done = 0; done < count; done += BATCH) {
        size_t batch = count - done < BATCH ? count - done : BATCH;
        size_t first = (start + done) & keys->mask;

        if (arpq_neigh_get_many(arpq->handle, arpq->ips + first, (uint32_t)batch, arpq->ifindex, 0,
                                neighs, NULL) != (int)batch)
            return count;
        for (size_t i = 0; i < batch; i++)
            wrong += answer_wrong_v4(&keys->at[(first + i) & keys->mask], neighs[i].mac.bytes);
    }
    return wrong;
}

/* -- the mirror -- */

void bench_mirror_open(struct bench_mirror *mirror, uint32_t receive_buffer)
{
    const struct arpq_mirror_options options = {.size = sizeof options,
                                                .receive_buffer = receive_buffer};
    int code = arpq_open(&mirror->handle, NULL);

    if (code)
        fail(-code, "arpq_open");
    code = arpq_mirror_open(mirror->handle, &mirror->mirror, &options);
    if (code)
        fail(-code, "arpq_mirror_open");
    mirror->ips = NULL;
}

void bench_mirror_close(struct bench_mirror *mirror)
{
    arpq_mirror_close(mirror->mirror);
    arpq_close(mirror->handle);
}

struct arpq_sync_stats bench_mirror_stats(const struct bench_mirror *mirror)
{
    struct arpq_sync_stats stats;

    arpq_mirror_stats(mirror->mirror, &stats);
    return stats;
}

unsigned bench_mirror_sync(const struct bench_mirror *mirror)
{
    int applied = arpq_mirror_sync(mirror->mirror);

    if (applied < 0)
        fail(-applied, "arpq_mirror_sync");
    return (unsigned)applied;
}

size_t bench_mirror_hits(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_mirror *mirror = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += arpq_mirror_lookup(mirror->mirror, &t->ip, LINK_IFINDEX, &mac) ||
                 answer_wrong_v4(t, mac.bytes);
    }
    return wrong;
}

size_t bench_mirror_hits_any(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_mirror *mirror = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong +=
            arpq_mirror_lookup(mirror->mirror, &t->ip, 0, &mac) || answer_wrong_v4(t, mac.bytes);
    }
    return wrong;
}

size_t bench_mirror_misses(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_mirror *mirror = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++)
        wrong += arpq_mirror_lookup(mirror->mirror, &keys->at[i & keys->mask].ip, LINK_IFINDEX,
                                    &mac) != -ENOENT;
    return wrong;
}

size_t bench_mirror_gets(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_mirror *mirror = self;
    struct arpq_neigh neigh;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += arpq_mirror_get(mirror->mirror, &t->ip, LINK_IFINDEX, &neigh) ||
                 answer_wrong_v4(t, neigh.mac.bytes);
    }
    return wrong;
}

size_t bench_mirror_hits_many(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_mirror *mirror = self;
    struct arpq_mac macs[BATCH];
    size_t wrong = 0;

    for (size_t done = 0; done < count; done += BATCH) {
        size_t batch = count - done < BATCH ? count - done : BATCH;
        size_t first = (start + done) & keys->mask;

        if (arpq_mirror_lookup_many(mirror->mirror, mirror->ips + first, (uint32_t)batch,
                                    LINK_IFINDEX, macs, NULL) != (int)batch)
            return count;
        for (size_t i = 0; i < batch; i++)
            wrong += answer_wrong_v4(&keys->at[(first + i) & keys->mask], macs[i].bytes);
    }
    return wrong;
}

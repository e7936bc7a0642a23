/* SPDX-License-Identifier: MIT */
#include "ours_mirror.h"

#include <errno.h>

#include "answer.h"
#include "fail.h"

void ours_mirror_open(struct ours_mirror *ours, uint32_t receive_buffer)
{
    const struct arpq_mirror_options options = {.size = sizeof(options),
                                                .receive_buffer = receive_buffer};
    int code = arpq_open(&ours->handle, NULL);

    if (code)
        fail(-code, "arpq_open");
    code = arpq_mirror_open(ours->handle, &ours->mirror, &options);
    if (code)
        fail(-code, "arpq_mirror_open");
    ours->ips = NULL;
}

void ours_mirror_close(struct ours_mirror *ours)
{
    arpq_mirror_close(ours->mirror);
    arpq_close(ours->handle);
}

struct arpq_mirror_stats ours_mirror_stats(const struct ours_mirror *ours)
{
    struct arpq_mirror_stats stats;

    arpq_mirror_stats(ours->mirror, &stats);
    return stats;
}

unsigned ours_mirror_sync(const struct ours_mirror *ours)
{
    int applied = arpq_mirror_sync(ours->mirror);

    if (applied < 0)
        fail(-applied, "arpq_mirror_sync");
    return (unsigned)applied;
}

size_t ours_mirror_given(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours_mirror *ours = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += arpq_mirror_lookup(ours->mirror, &t->ip, LINK_IFINDEX, &mac) ||
                 answer_wrong_v4(t, mac.bytes);
    }
    return wrong;
}

size_t ours_mirror_any(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours_mirror *ours = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += arpq_mirror_lookup(ours->mirror, &t->ip, 0, &mac) || answer_wrong_v4(t, mac.bytes);
    }
    return wrong;
}

size_t ours_mirror_misses(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours_mirror *ours = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++)
        wrong += arpq_mirror_lookup(ours->mirror, &keys->at[i & keys->mask].ip, LINK_IFINDEX,
                                    &mac) != -ENOENT;
    return wrong;
}

size_t ours_mirror_gets(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours_mirror *ours = self;
    struct arpq_neigh neigh;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += arpq_mirror_get(ours->mirror, &t->ip, LINK_IFINDEX, &neigh) ||
                 answer_wrong_v4(t, neigh.mac.bytes);
    }
    return wrong;
}

size_t ours_mirror_many(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours_mirror *ours = self;
    struct arpq_mac macs[MIRROR_BATCH];
    size_t wrong = 0;

    for (size_t done = 0; done < count; done += MIRROR_BATCH) {
        size_t batch = count - done < MIRROR_BATCH ? count - done : MIRROR_BATCH;
        size_t first = (start + done) & keys->mask;

        if (arpq_mirror_lookup_many(ours->mirror, ours->ips + first, (uint32_t)batch, LINK_IFINDEX,
                                    macs, NULL) != (int)batch)
            return count;
        for (size_t i = 0; i < batch; i++)
            wrong += answer_wrong_v4(&keys->at[(first + i) & keys->mask], macs[i].bytes);
    }
    return wrong;
}

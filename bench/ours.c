/* SPDX-License-Identifier: MIT */
#include "ours.h"

#include <errno.h>

#include "answer.h"
#include "fail.h"

void ours_open(struct ours *ours, uint32_t ifindex)
{
    int code = arpq_open(&ours->handle, NULL);

    if (code)
        fail(-code, "arpq_open");
    ours->ifindex = ifindex;
}

void ours_close(struct ours *ours)
{
    arpq_close(ours->handle);
}

size_t ours_hits_v4(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours *ours = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong +=
            arpq_lookup(ours->handle, &t->ip, ours->ifindex, &mac) || answer_wrong_v4(t, mac.bytes);
    }
    return wrong;
}

size_t ours_hits_v6(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours *ours = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong +=
            arpq_lookup(ours->handle, &t->ip, ours->ifindex, &mac) || answer_wrong_v6(t, mac.bytes);
    }
    return wrong;
}

size_t ours_misses(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours *ours = self;
    struct arpq_mac mac;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++)
        wrong +=
            arpq_lookup(ours->handle, &keys->at[i & keys->mask].ip, ours->ifindex, &mac) != -ENOENT;
    return wrong;
}

size_t ours_gets_v4(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours *ours = self;
    struct arpq_neigh neigh;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += arpq_neigh_get(ours->handle, &t->ip, ours->ifindex, 0, &neigh) ||
                 answer_wrong_v4(t, neigh.mac.bytes);
    }
    return wrong;
}

size_t ours_gets_v6(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct ours *ours = self;
    struct arpq_neigh neigh;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += arpq_neigh_get(ours->handle, &t->ip, ours->ifindex, 0, &neigh) ||
                 answer_wrong_v6(t, neigh.mac.bytes);
    }
    return wrong;
}

/* SPDX-License-Identifier: MIT */
#include "devices.h"

#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "memory.h"

static struct devices_entry *slot_of(const struct devices *devices, uint32_t ifindex)
{
    uint32_t i = ifindex * 2654435761u;

    for (;; i++) {
        struct devices_entry *slot = &devices->slots[i & (devices->capacity - 1)];

        if (!slot->used || slot->ifindex == ifindex)
            return slot;
    }
}

static void grow(struct devices *devices)
{
    const struct devices old = *devices;

    devices->capacity = old.capacity == 0 ? 16 : 2 * old.capacity;
    devices->slots = memory_check(calloc(devices->capacity, sizeof *devices->slots));
    for (uint32_t i = 0; i < old.capacity; i++)
        if (old.slots[i].used)
            *slot_of(devices, old.slots[i].ifindex) = old.slots[i];
    free(old.slots);
}

const struct devices_entry *devices_find(struct devices *devices, const struct tool *t,
                                         uint32_t ifindex)
{
    if (devices->count >= devices->capacity / 2)
        grow(devices);
    struct devices_entry *slot = slot_of(devices, ifindex);
    if (slot->used)
        return slot;
    devices->count++;
    *slot = (struct devices_entry){.ifindex = ifindex, .used = true};
    if (ifindex != 0)
        device_name(t, ifindex, slot->name);
    return slot;
}

struct ranked {
    struct devices_entry *entry;
};

static int compare_names(const void *a, const void *b)
{
    const struct ranked *one = a, *other = b;

    return strcmp(one->entry->name, other->entry->name);
}

void devices_rank(struct devices *devices)
{
    struct ranked *sorted = memory_check(calloc(devices->count + 1, sizeof *sorted));
    uint32_t count = 0;

    for (uint32_t i = 0; i < devices->capacity; i++)
        if (devices->slots[i].used)
            sorted[count++].entry = &devices->slots[i];
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (uint32_t n = 0; n < count; n++)
        sorted[n].entry->rank = n;
    free(sorted);
}

void devices_free(struct devices *devices)
{
    free(devices->slots);
    *devices = (struct devices){0};
}

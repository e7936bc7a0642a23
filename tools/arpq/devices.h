/* SPDX-License-Identifier: MIT */
/* The interfaces of a list of entries: each name is read once. */
#ifndef ARPQ_TOOL_DEVICES_H
#define ARPQ_TOOL_DEVICES_H

#include "tool.h"

struct devices_entry {
    uint32_t ifindex;
    uint32_t rank; /* in the order of the names, after devices_rank */
    bool used;
    char name[ARPQ_IFNAME_SIZE]; /* "" for the index 0 */
};

/* A hash table. */
struct devices {
    struct devices_entry *slots;
    uint32_t count, capacity; /* capacity: a power of two, or 0 */
};

/* Adds the interface if it is not there. The pointer is valid until the next addition. */
const struct devices_entry *devices_find(struct devices *devices, const struct tool *t,
                                         uint32_t ifindex);
void devices_rank(struct devices *devices);
void devices_free(struct devices *devices);

#endif

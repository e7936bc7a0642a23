/* SPDX-License-Identifier: MIT */
/* The interfaces of a list of entries. The tool reads each interface name only once. */
#ifndef ARPQ_TOOL_DEVICES_H
#define ARPQ_TOOL_DEVICES_H

#include "tool.h"

struct devices_entry {
    uint32_t ifindex;
    uint32_t rank; /* position in the order of the names; set by devices_rank */
    bool used;
    char name[ARPQ_IFNAME_SIZE]; /* "" for the index 0 */
};

/* A hash table of interfaces by index. */
struct devices {
    struct devices_entry *slots;
    uint32_t count, capacity; /* capacity: a power of two, or 0 */
};

/* Returns the entry of an interface, and adds it if it is missing. The pointer is valid until the
 * next interface is added. */
const struct devices_entry *devices_find(struct devices *devices, const struct tool *t,
                                         uint32_t ifindex);
void devices_rank(struct devices *devices);
void devices_free(struct devices *devices);

#endif

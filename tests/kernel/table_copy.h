/* SPDX-License-Identifier: MIT */
/* A simple table for comparison: apply events to it, and compare two. */
#ifndef ARPQ_TEST_KERNEL_TABLE_COPY_H
#define ARPQ_TEST_KERNEL_TABLE_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

#define CELLS 8192u

struct held {
    bool used;
    struct arpq_neigh neigh;
    struct arpq_mac last_mac; /* the last known MAC */
};

/* The result of a list of entries, or of the events of a replica. */
struct copy {
    struct held cells[CELLS];
    uint32_t count;
    unsigned long long events, moved, overruns, wrong;
    bool synced, overrun; /* a SYNCED arrived; an OVERRUN arrived, and no SYNCED after it */
    const char *first_wrong;
};

/* Returns the cell of an entry, or the free cell in which to store it. */
struct held *cell_of(struct copy *copy, const struct arpq_ip *ip, uint32_t ifindex);

bool same_mac(const struct arpq_mac *a, const struct arpq_mac *b);

bool same_neigh(const struct arpq_neigh *a, const struct arpq_neigh *b);

/* Apply an event, which must be consistent with the table; the context is a struct copy. */
void play(const struct arpq_event *event, void *context);

/* Whether an entry is compared. The kernel sends no events for its multicast and loopback
 * entries. */
bool counts(const struct arpq_neigh *neigh);

/* Count the entries that differ or are in one table only, and print some of them. */
unsigned differences(const char *whose, struct copy *a, const char *others, struct copy *b);

void copy_kernel(struct copy *copy, struct arpq_handle *h);

void copy_mirror(struct copy *copy, const struct arpq_mirror *mirror);

#endif

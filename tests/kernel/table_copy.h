/* SPDX-License-Identifier: MIT */
/* A table of our own, simple and slow: events are played onto it, and two are compared. */
#ifndef ARPQ_TEST_KERNEL_TABLE_COPY_H
#define ARPQ_TEST_KERNEL_TABLE_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

#define CELLS 8192u

struct held {
    bool used;
    struct arpq_neigh neigh;
    struct arpq_mac last_mac; /* the last one known */
};

/* What a list of entries, or the events of one follower, come to. */
struct copy {
    struct held cells[CELLS];
    uint32_t count;
    unsigned long long events, moved, overruns, wrong;
    bool synced, overrun; /* there has been a SYNCED; there has been none since OVERRUN */
    const char *first_wrong;
};

/* The cell of an entry, or the free one where it would be. */
struct held *cell_of(struct copy *copy, const struct arpq_ip *ip, uint32_t ifindex);

bool same_mac(const struct arpq_mac *a, const struct arpq_mac *b);

bool same_neigh(const struct arpq_neigh *a, const struct arpq_neigh *b);

/* An event, which must fit what there is; the context is a struct copy. */
void play(const struct arpq_event *event, void *context);

/* The kernel makes its multicast and loopback entries without a word. */
bool counts(const struct arpq_neigh *neigh);

/* How many entries are in one of the two only, or are not the same; prints some. */
unsigned differences(const char *whose, struct copy *a, const char *others, struct copy *b);

void copy_kernel(struct copy *copy, struct arpq *h);

void copy_mirror(struct copy *copy, const struct arpq_mirror *mirror);

#endif

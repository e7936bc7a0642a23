/* SPDX-License-Identifier: MIT */
/* What one would write by hand: SIOCGARP in a loop, with the request prepared. */
#ifndef BENCH_RAW_ARP_H
#define BENCH_RAW_ARP_H

#include <net/if_arp.h>
#include <stddef.h>

#include "method/compare.h"

struct raw_arp {
    int fd;
    struct arpreq request; /* for link 0 */
};

void raw_arp_open(struct raw_arp *raw);
void raw_arp_close(struct raw_arp *raw);

/* The neighbour's address on link 0: 0, or a negative errno value. */
int raw_arp_get(struct raw_arp *raw, const struct target *t);

/* run_fn: hits on link 0; and hits on the link of each target. */
size_t raw_arp_hits(void *raw, const struct keys *keys, size_t start, size_t count);
size_t raw_arp_hits_by_link(void *raw, const struct keys *keys, size_t start, size_t count);

#endif

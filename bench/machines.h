/* SPDX-License-Identifier: MIT */
/* A whole /16 of machines: another namespace at the far end of link 0 of a world, which answers
 * for every address of 10.77.0.0/16 but the asker's own, 10.77.0.1 of link 0, the last and, most
 * of the time, the first. */
#ifndef BENCH_MACHINES_H
#define BENCH_MACHINES_H

#include "world.h"

#define MACHINES 65533u
#define MACHINES_NETWORK 0x0a4d0000u /* host byte order */
#define MACHINES_ASKER 0x0a4d0001u

struct machines {
    int netns;
};

/* For a world of two links. The calling thread stays in it. */
void machines_make(struct machines *machines, const struct world *w);
void machines_drop(struct machines *machines);

/* Drop one in so many of the questions; 0: none any more. 0, or -1 where nft(8) is missing. */
int machines_lose(const struct machines *machines, const struct world *w, unsigned one_in);

#endif

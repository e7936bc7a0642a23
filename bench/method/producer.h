/* SPDX-License-Identifier: MIT */
/* Changes of a world's neighbours: each gives one of them, in turn, another MAC. */
#ifndef BENCH_PRODUCER_H
#define BENCH_PRODUCER_H

#include <sys/types.h>

#include "method/namespace.h"

/* In memory shared with child processes, so that whoever sends goes on where the last one ended
 * and every message is a change indeed. */
struct producer {
    uint32_t next;  /* neighbour */
    uint8_t second; /* byte of the MAC, which answers are not checked for */
    int stop;       /* for producer_start */
    uint64_t sent;
};

struct producer *producer_create(void);
void producer_free(struct producer *p);

/* Send count of them, at most per_second (0: as fast as it goes). */
void producer_send(struct producer *p, const struct net_namespace *ns, uint64_t count,
                   double per_second);

/* A process that sends them until producer_stop. */
pid_t producer_start(struct producer *p, const struct net_namespace *ns, double per_second);
void producer_stop(struct producer *p, pid_t child);

#endif

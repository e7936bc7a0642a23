/* SPDX-License-Identifier: MIT */
/* Changes of a world's neighbours: each gives one of them, in turn, another MAC. */
#ifndef BENCH_CHANGES_H
#define BENCH_CHANGES_H

#include <sys/types.h>

#include "namespace.h"

/* In memory shared with child processes, so that whoever sends goes on where the last one ended
 * and every message is a change indeed. */
struct changes {
    uint32_t next;  /* neighbour */
    uint8_t second; /* byte of the MAC, which answers are not checked for */
    int stop;       /* for changes_keep */
    uint64_t sent;
};

struct changes *changes_make(void);
void changes_drop(struct changes *c);

/* Send count of them, at most per_second (0: as fast as it goes). */
void changes_send(struct changes *c, const struct net_namespace *ns, uint64_t count,
                  double per_second);

/* A process that sends them until changes_end. */
pid_t changes_keep(struct changes *c, const struct net_namespace *ns, double per_second);
void changes_end(struct changes *c, pid_t child);

#endif

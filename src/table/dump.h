/* SPDX-License-Identifier: MIT */
/* A consistent dump contains every entry that stays in the table while the dump runs. A single dump
 * of the kernel does not guarantee that. */
#ifndef AQ_TABLE_DUMP_H
#define AQ_TABLE_DUMP_H

#include "handle/handle.h"
#include "kernel/rtnl_neigh.h"

struct aq_dump {
    struct aq_neigh_dump which;
    aq_rtnl_handler handler; /* gets each entry at least once */
    /* Called before another dump, which repeats entries. */
    int (*again)(void *context);
    void *context;
};

/* aq_dump returns 0; AQ_DUMP_MOVED if the table changed during every attempt and entries may be
 * missing; AQ_DUMP_UNKNOWN if the kernel does not show whether it changed; or an error. */
enum { AQ_DUMP_MOVED = 1, AQ_DUMP_UNKNOWN = 2 };
int aq_dump(struct arpq_handle *h, const struct aq_dump *dump);

/* Dumps once. Returns 0, 1 if the table changed so much meanwhile that entries may be missing, or
 * an error. */
int aq_dump_once(struct arpq_handle *h, const struct aq_dump *dump);

#endif

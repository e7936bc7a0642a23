/* SPDX-License-Identifier: MIT */
/* Every entry that is in the table all the time, which one dump does not promise. */
#ifndef AQ_DUMP_H
#define AQ_DUMP_H

#include "handle/handle.h"
#include "kernel/rtnl_neigh.h"

struct aq_dump {
    struct aq_neigh_dump which;
    aq_rtnl_handler handler; /* told of each entry at least once */
    /* Before the table is dumped again, after which entries may come a second time. */
    int (*again)(void *context);
    void *context;
};

/* 0; AQ_DUMP_MOVED when the table never held still and some may be missing, or
 * AQ_DUMP_UNKNOWN when the system does not show whether it did; or an error. */
enum { AQ_DUMP_MOVED = 1, AQ_DUMP_UNKNOWN = 2 };
int aq_dump(struct arpq *h, const struct aq_dump *dump);

/* One dump: 1 when others changed the table so much meanwhile that some may be missing. */
int aq_dump_once(struct arpq *h, const struct aq_dump *dump);

#endif

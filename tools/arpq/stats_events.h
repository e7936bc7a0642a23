/* SPDX-License-Identifier: MIT */
/* Counts the changes of the neighbour table while arpq stats --openmetrics --interval runs. */
#ifndef ARPQ_TOOL_STATS_EVENTS_H
#define ARPQ_TOOL_STATS_EVENTS_H

#include <stdint.h>
#include <stdio.h>

#include "loop.h"
#include "tool.h"

#define FAMILIES 2    /* 0: IPv4, 1: IPv6 */
#define EVENT_TYPES 5 /* ARPQ_EVENT_NEIGH_ADDED to ARPQ_EVENT_CONFLICT, from 0 */

struct stats_events {
    struct arpq_watch *watch; /* NULL: no events are counted */
    uint64_t counts[FAMILIES][EVENT_TYPES];
};

/* Reports an error. */
enum status stats_events_open(struct stats_events *events, const struct tool *t);

/* Counts events until clock_ms() has reached `until`. Returns LOOP_TIMEOUT then; otherwise as
 * loop_wait. */
enum loop_state stats_events_count(struct stats_events *events, const struct tool *t,
                                   struct loop *loop, int64_t until);

/* Writes nothing if no events are counted. */
void stats_events_write(const struct stats_events *events, const struct tool *t, FILE *out);
void stats_events_close(struct stats_events *events);

#endif

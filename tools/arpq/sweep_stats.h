/* SPDX-License-Identifier: MIT */
/* The sum of the statistics of several sweeps that one command runs. */
#ifndef ARPQ_TOOL_SWEEP_STATS_H
#define ARPQ_TOOL_SWEEP_STATS_H

#include "tool.h"

struct sweep_stats {
    struct arpq_sweep_stats sum;
    bool mixed;           /* the sweeps use several methods or interfaces */
    const char *dev;      /* the name of the interface */
    /* Hosts found: other machines, which the exit status and all output count; addresses of this
     * machine. sum.found is not used, because it counts both. */
    uint64_t others, own;
};

void sweep_stats_add(struct sweep_stats *all, const struct arpq_sweep_stats *s);

/* Prints a line of text on stderr, or a line of JSON on stdout. */
void sweep_stats_print(const struct sweep_stats *all, bool json);

#endif

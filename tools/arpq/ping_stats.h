/* SPDX-License-Identifier: MIT */
/* The statistics of the echo requests to one address. */
#ifndef ARPQ_TOOL_PING_STATS_H
#define ARPQ_TOOL_PING_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

struct ping_stats {
    uint64_t sent, received, errors;
    uint64_t least_ns, most_ns, sum_ns;
};

double ping_stats_ms(uint64_t ns);

/* Adds one request; code is the result of arpq_ping. */
void ping_stats_add(struct ping_stats *stats, const struct arpq_ping_reply *reply, int code);

void ping_stats_print(const struct ping_stats *stats, const struct arpq_ip *ip, bool json);

#endif

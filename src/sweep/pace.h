/* SPDX-License-Identifier: MIT */
/* A token bucket that limits the rate of packets. It stores the time of the next token. The
 * functions make no system calls. */
#ifndef AQ_SWEEP_PACE_H
#define AQ_SWEEP_PACE_H

#include <stdint.h>

#define AQ_PACE_UNLIMITED UINT32_MAX

struct aq_pace {
    uint64_t interval_ns; /* interval between packets; 0: no limit */
    uint64_t due_ns;      /* time of the next packet */
};

/* rate: packets per second, at least 1. */
void aq_pace_start(struct aq_pace *pace, uint32_t rate, uint64_t now_us);

/* The number of packets that may be sent now, up to most. */
uint32_t aq_pace_allows(const struct aq_pace *pace, uint64_t now_us, uint32_t most);

void aq_pace_spend(struct aq_pace *pace, uint64_t now_us, uint32_t packets);

/* Send nothing for `us` microseconds, because the link is full. */
void aq_pace_backoff(struct aq_pace *pace, uint64_t now_us, uint64_t us);

/* The time of the next packet in microseconds, rounded up. */
uint64_t aq_pace_due_us(const struct aq_pace *pace);

#endif

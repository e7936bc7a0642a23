/* SPDX-License-Identifier: MIT */
#include "sweep/pace.h"

#define NS_PER_US 1000u
#define NS_PER_S 1000000000u

/* The sender may make up for unsent packets that were due at most this long ago. */
#define BACKLOG_NS 10000000u

void aq_pace_start(struct aq_pace *pace, uint32_t rate, uint64_t now_us)
{
    pace->interval_ns = rate == AQ_PACE_UNLIMITED ? 0 : NS_PER_S / rate;
    pace->due_ns = now_us * NS_PER_US;
}

/* Returns the time of the next packet, but at most BACKLOG_NS in the past, so that a pause does
 * not end in a burst. */
static uint64_t bounded_due(const struct aq_pace *pace, uint64_t now_ns)
{
    uint64_t oldest = now_ns > BACKLOG_NS ? now_ns - BACKLOG_NS : 0;

    return pace->due_ns > oldest ? pace->due_ns : oldest;
}

uint32_t aq_pace_allows(const struct aq_pace *pace, uint64_t now_us, uint32_t most)
{
    uint64_t now_ns = now_us * NS_PER_US, allowed;

    if (pace->due_ns > now_ns)
        return 0;
    if (!pace->interval_ns)
        return most;
    allowed = (now_ns - bounded_due(pace, now_ns)) / pace->interval_ns + 1;
    return allowed < most ? (uint32_t)allowed : most;
}

void aq_pace_spend(struct aq_pace *pace, uint64_t now_us, uint32_t packets)
{
    if (pace->interval_ns)
        pace->due_ns = bounded_due(pace, now_us * NS_PER_US) + packets * pace->interval_ns;
}

void aq_pace_backoff(struct aq_pace *pace, uint64_t now_us, uint64_t us)
{
    uint64_t until_ns = (now_us + us) * NS_PER_US;

    if (pace->due_ns < until_ns)
        pace->due_ns = until_ns;
}

uint64_t aq_pace_due_us(const struct aq_pace *pace)
{
    return (pace->due_ns + NS_PER_US - 1) / NS_PER_US;
}

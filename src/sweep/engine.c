/* SPDX-License-Identifier: MIT */
#include "sweep/engine.h"

#define US_PER_MS 1000u

#define TIMEOUT_US_USUAL 300000u

/* By default arp-scan waits 500 ms for an answer to the first request and 750 ms for an answer
 * to the second. It sends a request every 2 ms. This adds to the total time as long as the first
 * round takes less than 500 ms. */
#define LATE_US 1250000u
#define LATE_TARGET_US 2000u
#define LATE_TARGETS_MOST 250u

uint64_t aq_sweep_timeout_us(const struct arpq_sweep *sweep)
{
    uint64_t ms = sweep->options.answer_ms;

    return ms ? ms * US_PER_MS : TIMEOUT_US_USUAL;
}

uint64_t aq_sweep_late_us(const struct arpq_sweep *sweep)
{
    return sweep->options.answer_ms ? 0 : LATE_US;
}

uint64_t aq_sweep_end_us(const struct arpq_sweep *sweep, uint64_t round_us, uint64_t sent_us)
{
    uint64_t targets = sweep->stats.targets, late_us = aq_sweep_late_us(sweep);
    uint64_t end_us = sent_us + aq_sweep_timeout_us(sweep);

    if (targets > LATE_TARGETS_MOST)
        targets = LATE_TARGETS_MOST;
    if (late_us && end_us < round_us + late_us)
        end_us = round_us + late_us;
    if (late_us && end_us < sweep->began_us + late_us + targets * LATE_TARGET_US)
        end_us = sweep->began_us + late_us + targets * LATE_TARGET_US;
    return end_us;
}

bool aq_sweep_receives_again(struct arpq_sweep *sweep, bool more)
{
    sweep->receive_steps = more ? (sweep->receive_steps + 1) % AQ_SWEEP_RECEIVE_MOST : 0;
    return sweep->receive_steps > 0;
}

void aq_sweep_count_losses(struct arpq_sweep *sweep, const struct aq_rounds *rounds, bool some)
{
    struct aq_rounds_guess guess = aq_rounds_guess(rounds);

    sweep->stats.loss_ppm = guess.loss_ppm;
    sweep->stats.missed_ppm = some ? guess.missed_ppm : 0;
}

struct arpq_found *aq_sweep_report(struct arpq_sweep *sweep, const struct arpq_ip *ip)
{
    struct arpq_found *found = &sweep->queue[sweep->queued++];

    *found = (struct arpq_found){.ip = *ip, .ifindex = sweep->link.ifindex};
    return found;
}

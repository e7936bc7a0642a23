/* SPDX-License-Identifier: MIT */
#include "sweep/engine.h"

#define US_PER_MS 1000u

uint64_t aq_sweep_timeout_us(const struct arpq_sweep *sweep)
{
    return (uint64_t)sweep->options.timeout_ms * US_PER_MS;
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

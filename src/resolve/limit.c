/* SPDX-License-Identifier: MIT */
#include "resolve/limit.h"

/* The kernel gives up after 3 s; allow a little more. */
#define WAIT_US 3500000u

uint64_t aq_limit_after(uint64_t us, uint64_t timeout_us)
{
    return timeout_us > AQ_NEVER - us ? AQ_NEVER : us + timeout_us;
}

static bool limit_window_is_open(const struct arpq_resolver *r)
{
    return r->pending.stages[AQ_STAGE_ASKED].count < r->window;
}

/* An address waits for budget as long as other addresses make progress. This wait ends even
 * without a timeout, because the table may stay full for ever. The wait for a place in the
 * window is not limited. */
uint64_t aq_limit_of(const struct arpq_resolver *r, const struct aq_wait *wait)
{
    uint64_t wait_us = r->timeout_us == AQ_NEVER ? WAIT_US : r->timeout_us;
    uint64_t since = r->progress_us;

    if (!wait)
        return AQ_NEVER;
    if (wait->until_us && (wait->until_us != AQ_NEVER || wait->stage == AQ_STAGE_ASKED))
        return wait->until_us;
    if (wait->stage == AQ_STAGE_READY || !limit_window_is_open(r))
        return AQ_NEVER;
    if (since < wait->added_us)
        since = wait->added_us;
    return aq_limit_after(since, wait_us);
}

uint64_t aq_limit_next(const struct arpq_resolver *r)
{
    const struct aq_list *stages = r->pending.stages;
    bool open = limit_window_is_open(r);
    uint64_t next = AQ_NEVER;

    if (r->unfinished || stages[AQ_STAGE_DONE].count || stages[AQ_STAGE_NEW].count ||
        (open && stages[AQ_STAGE_READY].count))
        return AQ_NOW;
    for (int stage = AQ_STAGE_READY; stage <= AQ_STAGE_ASKED; stage++) {
        uint64_t limit = aq_limit_of(r, stages[stage].first);

        next = limit < next ? limit : next;
    }
    for (int i = 0; i < 2; i++) {
        uint64_t retry = aq_budget_retry_ms(&r->budgets[i]) * 1000;

        if (open && stages[AQ_STAGE_BUDGET4 + i].count && retry < next)
            next = retry;
    }
    return next;
}

/* SPDX-License-Identifier: MIT */
/* A sweep through the kernel's neighbour table. It needs no privilege and works for IPv6. */
#include "sweep/by_resolve.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/sys.h"
#include "sweep/pace.h"
#include "sweep/reach.h"
#include "sweep/resolution.h"
#include "sweep/setup.h"

struct by_resolve {
    struct aq_resolution resolution;
    struct aq_answers answers; /* holds the excluded targets */
    struct aq_pace pace;
    uint64_t cursor;
};

/* ---- Asking ---- */

/* Returns 1 if the target at the cursor is asked, 0 if it is no target, or an error. */
static int by_resolve_ask_one(struct arpq_sweep *sweep)
{
    struct by_resolve *resolve = sweep->state;
    uint32_t number = (uint32_t)resolve->cursor, ifindex;
    struct arpq_ip ip;
    int code;

    aq_plan_ip(&sweep->plan, number, &ip);
    code = aq_reach_find(sweep, &ip, &ifindex);
    if (code == 0)
        sweep->stats.targets--;
    if (code != 1)
        return code;
    code = aq_resolution_add(sweep, &resolve->resolution, number, ifindex);
    return code < 0 ? code : 1;
}

/* Returns 1 if more targets can be asked at once. */
static int by_resolve_ask(struct arpq_sweep *sweep)
{
    struct by_resolve *resolve = sweep->state;
    uint64_t now_us = aq_sys_now_us();
    uint32_t most = aq_pace_allows(&resolve->pace, now_us, AQ_SWEEP_BATCH), asked = 0, tried = 0;
    int code = aq_reach_begin(sweep);

    while (code >= 0 && asked < most && tried < AQ_REACH_MOST &&
           resolve->cursor < resolve->answers.count) {
        code = 0;
        if (aq_answers_is_silent(&resolve->answers, (uint32_t)resolve->cursor)) {
            code = by_resolve_ask_one(sweep);
            tried++;
        }
        asked += code == 1;
        resolve->cursor += code >= 0;
    }
    aq_pace_spend(&resolve->pace, now_us, asked);
    sweep->stats.sent += asked;
    sweep->wake_us = aq_pace_due_us(&resolve->pace);
    return code < 0 ? code : asked < most && tried == AQ_REACH_MOST;
}

static int by_resolve_step(struct arpq_sweep *sweep)
{
    struct by_resolve *resolve = sweep->state;
    bool asked_all = resolve->cursor == resolve->answers.count;
    int code = aq_resolution_fetch(sweep, &resolve->resolution);

    if (code != 0)
        return code;
    sweep->wake_us = AQ_WAKEUP_NEVER; /* wait until the resolver's descriptor is readable */
    if (!asked_all && aq_resolution_has_space(&resolve->resolution))
        return by_resolve_ask(sweep);
    sweep->over = asked_all && !aq_resolution_is_pending(sweep, &resolve->resolution);
    return 0;
}

/* ---- Start and stop ---- */

static int by_resolve_start(struct arpq_sweep *sweep)
{
    struct by_resolve *resolve = calloc(1, sizeof *resolve);
    int code;

    if (!resolve)
        return -ENOMEM;
    sweep->state = resolve;
    code = aq_answers_make(&resolve->answers, sweep->plan.count, 0);
    if (code < 0)
        return code;
    aq_sweep_exclude(sweep, &resolve->answers);
    sweep->stats.targets = resolve->answers.silent;
    sweep->stats.waited_ms = aq_resolution_answer_ms(sweep);
    sweep->stats.attempts = resolve->answers.silent > 0 ? aq_resolution_requests(sweep) : 0;
    aq_pace_start(&resolve->pace, sweep->options.rate, aq_sys_now_us());
    return aq_resolution_open(sweep, &resolve->resolution);
}

static void by_resolve_count(struct arpq_sweep *sweep)
{
    (void)sweep; /* the stats are always up to date */
}

static void by_resolve_stop(struct arpq_sweep *sweep)
{
    struct by_resolve *resolve = sweep->state;

    if (!resolve)
        return;
    aq_resolution_close(&resolve->resolution);
    aq_answers_free(&resolve->answers);
    free(resolve);
    sweep->state = NULL;
}

const struct aq_sweep_method aq_sweep_by_resolve = {.number = ARPQ_SWEEP_BY_RESOLVE,
                                                    .start = by_resolve_start,
                                                    .step = by_resolve_step,
                                                    .count = by_resolve_count,
                                                    .stop = by_resolve_stop};

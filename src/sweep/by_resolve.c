/* SPDX-License-Identifier: MIT */
/* Asking through the kernel: what needs no privilege, and what there is for IPv6. The kernel
 * repeats a question that nobody answers by itself, once a second. */
#include <errno.h>
#include <stdlib.h>

#include "kernel/sys.h"
#include "sweep/pace.h"
#include "sweep/sweep.h"

#define KERNEL_REPEATS_MS 1000u
#define KERNEL_ASKS_USUAL 2u
#define KERNEL_ASKS_MOST 3u

/* Addresses that wait for an answer, or for room in the kernel's table. */
#define PENDING_MOST 1024u

/* Where the kernel's table stays full, an address is tried again that often. */
#define TRIES_MOST 10u
#define TRY ((uint64_t)1 << 32)

struct engine {
    struct arpq_resolver *resolver;
    struct aq_answers answers; /* which targets are left out */
    struct aq_pace pace;
    uint64_t cursor;
};

/* How many questions of the kernel's are waited for. */
static uint32_t requests_of(const struct arpq_sweep *sweep)
{
    uint32_t most = sweep->options.attempts;

    if (!most)
        return KERNEL_ASKS_USUAL;
    return most < KERNEL_ASKS_MOST ? most : KERNEL_ASKS_MOST;
}

static int by_resolve_add(struct arpq_sweep *sweep, uint64_t token)
{
    struct engine *engine = sweep->engine;
    struct arpq_ip ip;

    aq_plan_ip(&sweep->plan, (uint32_t)token, &ip);
    return arpq_resolver_add(engine->resolver, &ip, sweep->link.ifindex, token);
}

/* ---- What comes of it ---- */

/* What the kernel has confirmed is there; what it only remembers may be. */
static void by_resolve_report(struct arpq_sweep *sweep, const struct arpq_resolved *resolved)
{
    struct arpq_found *found = aq_sweep_report(sweep, &resolved->neigh.ip);

    found->mac = resolved->neigh.mac;
    if (resolved->neigh.state != ARPQ_STATE_REACHABLE) {
        found->flags = ARPQ_FOUND_TABLE;
        return;
    }
    found->attempt = 1 + (uint32_t)(resolved->took_us / (KERNEL_REPEATS_MS * 1000));
    found->rtt_us = (uint32_t)(resolved->took_us % (KERNEL_REPEATS_MS * 1000));
    sweep->stats.received++;
}

static int by_resolve_settle(struct arpq_sweep *sweep, const struct arpq_resolved *resolved)
{
    switch (resolved->code) {
    case 0:
        by_resolve_report(sweep, resolved);
        return 0;
    case -ENOBUFS:
        sweep->stats.deferred++;
        return resolved->token / TRY < TRIES_MOST ? by_resolve_add(sweep, resolved->token + TRY)
                                                  : 0;
    case -ENETDOWN:
    case -ENODEV:
        return resolved->code;
    default: /* nobody is there */
        return 0;
    }
}

static int by_resolve_fetch(struct arpq_sweep *sweep)
{
    struct engine *engine = sweep->engine;
    struct arpq_resolved resolved;
    int code = 0;

    for (unsigned n = 0; n < AQ_SWEEP_BATCH && code == 0; n++) {
        code = arpq_resolver_next(engine->resolver, &resolved, 0);
        if (code != 1)
            return code;
        code = by_resolve_settle(sweep, &resolved);
    }
    return code < 0 ? code : 1;
}

/* ---- Asking ---- */

static int by_resolve_ask(struct arpq_sweep *sweep)
{
    struct engine *engine = sweep->engine;
    uint64_t now_us = aq_sys_now_us();
    uint32_t most = aq_pace_allows(&engine->pace, now_us, AQ_SWEEP_BATCH), asked = 0;
    int code = 0;

    for (; asked < most && engine->cursor < engine->answers.count; engine->cursor++) {
        if (!aq_answers_is_silent(&engine->answers, (uint32_t)engine->cursor))
            continue;
        code = by_resolve_add(sweep, engine->cursor);
        if (code < 0)
            break;
        asked++;
    }
    aq_pace_spend(&engine->pace, now_us, asked);
    sweep->stats.sent += asked;
    sweep->wake_us = aq_pace_due_us(&engine->pace);
    return code;
}

static int by_resolve_step(struct arpq_sweep *sweep)
{
    struct engine *engine = sweep->engine;
    uint32_t pending;
    int code = by_resolve_fetch(sweep);

    if (code != 0)
        return code;
    pending = arpq_resolver_pending(engine->resolver);
    sweep->wake_us = AQ_WAKEUP_NEVER; /* the resolver's descriptor says when */
    if (engine->cursor < engine->answers.count && pending < PENDING_MOST)
        return by_resolve_ask(sweep);
    sweep->over = engine->cursor == engine->answers.count && pending == 0;
    return 0;
}

/* ---- Beginning and end ---- */

static int by_resolve_start(struct arpq_sweep *sweep)
{
    struct engine *engine = calloc(1, sizeof *engine);
    const uint32_t queries = requests_of(sweep);
    const struct arpq_resolve_options options = {
        .size = sizeof options,
        .timeout_ms = (int32_t)(sweep->options.timeout_ms + (queries - 1) * KERNEL_REPEATS_MS)};
    int code;

    if (!engine)
        return -ENOMEM;
    sweep->engine = engine;
    code = aq_answers_make(&engine->answers, sweep->plan.count, 0);
    if (code < 0)
        return code;
    aq_sweep_exclude(sweep, &engine->answers);
    sweep->stats.targets = engine->answers.silent;
    sweep->stats.attempts = engine->answers.silent > 0 ? queries : 0;
    aq_pace_start(&engine->pace, sweep->options.rate, aq_sys_now_us());
    code = arpq_resolver_open(sweep->h, &engine->resolver, &options);
    if (code < 0)
        return code;
    return aq_wakeup_add(&sweep->wakeup, arpq_resolver_fd(engine->resolver));
}

static void by_resolve_count(struct arpq_sweep *sweep)
{
    (void)sweep; /* all is counted where it happens */
}

static void by_resolve_stop(struct arpq_sweep *sweep)
{
    struct engine *engine = sweep->engine;

    if (!engine)
        return;
    arpq_resolver_close(engine->resolver);
    aq_answers_free(&engine->answers);
    free(engine);
    sweep->engine = NULL;
}

const struct aq_sweep_method aq_sweep_resolve = {.number = ARPQ_SWEEP_BY_RESOLVE,
                                                 .start = by_resolve_start,
                                                 .step = by_resolve_step,
                                                 .count = by_resolve_count,
                                                 .stop = by_resolve_stop};

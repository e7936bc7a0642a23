/* SPDX-License-Identifier: MIT */
/* A sweep through the kernel's neighbour table. It needs no privilege and works for IPv6. The
 * kernel itself repeats an unanswered request once a second. */
#include "sweep/by_resolve.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/sys.h"
#include "sweep/pace.h"
#include "sweep/setup.h"

#define KERNEL_REPEATS_MS 1000u
#define KERNEL_REQUESTS_USUAL 2u
#define KERNEL_REQUESTS_MOST 3u

/* The most addresses that wait for an answer, or for space in the kernel's table. */
#define PENDING_MOST 1024u

/* The most times that an address is tried while the kernel's table is full. */
#define TRIES_MOST 10u
#define TRY ((uint64_t)1 << 32)

struct by_resolve {
    struct arpq_resolver *resolver;
    struct aq_answers answers; /* holds the excluded targets */
    struct aq_pace pace;
    uint64_t cursor;
    uint32_t optional; /* pending targets that a sweep does not wait for */
};

/* Returns the number of the kernel's requests that the sweep waits for. */
static uint32_t requests_of(const struct arpq_sweep *sweep)
{
    uint32_t most = sweep->options.attempts;

    if (!most)
        return KERNEL_REQUESTS_USUAL;
    return most < KERNEL_REQUESTS_MOST ? most : KERNEL_REQUESTS_MOST;
}

/* Returns the timeout of each address in milliseconds. */
static int32_t timeout_of(const struct arpq_sweep *sweep, uint32_t requests)
{
    uint64_t us = (requests - 1) * (uint64_t)KERNEL_REPEATS_MS * 1000 + aq_sweep_timeout_us(sweep);
    uint64_t late_us = aq_sweep_late_us(sweep);

    return (int32_t)((us > late_us ? us : late_us) / 1000);
}

static int by_resolve_add(struct arpq_sweep *sweep, uint64_t token)
{
    struct by_resolve *resolve = sweep->state;
    struct arpq_ip ip;
    int code;

    aq_plan_ip(&sweep->plan, (uint32_t)token, &ip);
    code = arpq_resolver_add(resolve->resolver, &ip, sweep->link.ifindex, token);
    resolve->optional += code == 0 && aq_sweep_is_optional(sweep, &ip);
    return code;
}

/* ---- Results ---- */

/* A machine is present if the kernel has confirmed it; other entries may be out of date. */
static void by_resolve_report(struct arpq_sweep *sweep, const struct arpq_resolved *resolved)
{
    struct arpq_found *found = aq_sweep_report(sweep, &resolved->neigh.ip);

    found->mac = resolved->neigh.mac;
    if (resolved->neigh.state != ARPQ_STATE_REACHABLE) {
        found->flags = ARPQ_FOUND_TABLE;
        return;
    }
    found->attempt = 1 + (uint32_t)(resolved->took_us / (KERNEL_REPEATS_MS * 1000));
    /* After a second request it is unknown which request the machine answered. */
    if (found->attempt == 1)
        found->rtt_us = (uint32_t)resolved->took_us;
    sweep->stats.received++;
}

static int by_resolve_settle(struct arpq_sweep *sweep, const struct arpq_resolved *resolved)
{
    switch (resolved->code) {
    case 0:
        /* Before Linux 5.14 the lowest address of a subnet is a broadcast address. */
        if (!(resolved->neigh.flags & ARPQ_NEIGH_BROADCAST))
            by_resolve_report(sweep, resolved);
        return 0;
    case -ENOBUFS:
        sweep->stats.deferred++;
        return resolved->token / TRY < TRIES_MOST ? by_resolve_add(sweep, resolved->token + TRY)
                                                  : 0;
    case -ENETDOWN:
    case -ENODEV:
        return resolved->code;
    default: /* no machine has the address */
        return 0;
    }
}

static int by_resolve_fetch(struct arpq_sweep *sweep)
{
    struct by_resolve *resolve = sweep->state;
    struct arpq_resolved resolved;
    int code = 0;

    for (unsigned n = 0; n < AQ_SWEEP_BATCH && code == 0; n++) {
        code = arpq_resolver_next(resolve->resolver, &resolved, 0);
        if (code != 1)
            return code;
        resolve->optional -= aq_sweep_is_optional(sweep, &resolved.ip);
        code = by_resolve_settle(sweep, &resolved);
    }
    return code < 0 ? code : 1;
}

/* ---- Asking ---- */

static int by_resolve_ask(struct arpq_sweep *sweep)
{
    struct by_resolve *resolve = sweep->state;
    uint64_t now_us = aq_sys_now_us();
    uint32_t most = aq_pace_allows(&resolve->pace, now_us, AQ_SWEEP_BATCH), asked = 0;
    int code = 0;

    for (; asked < most && resolve->cursor < resolve->answers.count; resolve->cursor++) {
        if (!aq_answers_is_silent(&resolve->answers, (uint32_t)resolve->cursor))
            continue;
        code = by_resolve_add(sweep, resolve->cursor);
        if (code < 0)
            break;
        asked++;
    }
    aq_pace_spend(&resolve->pace, now_us, asked);
    sweep->stats.sent += asked;
    sweep->wake_us = aq_pace_due_us(&resolve->pace);
    return code;
}

static int by_resolve_step(struct arpq_sweep *sweep)
{
    struct by_resolve *resolve = sweep->state;
    uint32_t pending;
    int code = by_resolve_fetch(sweep);

    if (code != 0)
        return code;
    pending = arpq_resolver_pending(resolve->resolver);
    sweep->wake_us = AQ_WAKEUP_NEVER; /* wait until the resolver's descriptor is readable */
    if (resolve->cursor < resolve->answers.count && pending < PENDING_MOST)
        return by_resolve_ask(sweep);
    sweep->over = resolve->cursor == resolve->answers.count && pending == resolve->optional;
    return 0;
}

/* ---- Start and stop ---- */

static int by_resolve_start(struct arpq_sweep *sweep)
{
    struct by_resolve *resolve = calloc(1, sizeof *resolve);
    const uint32_t requests = requests_of(sweep);
    const struct arpq_resolve_options options = {.size = sizeof options,
                                                 .timeout_ms = timeout_of(sweep, requests)};
    int code;

    if (!resolve)
        return -ENOMEM;
    sweep->state = resolve;
    code = aq_answers_make(&resolve->answers, sweep->plan.count, 0);
    if (code < 0)
        return code;
    aq_sweep_exclude(sweep, &resolve->answers);
    sweep->stats.targets = resolve->answers.silent;
    sweep->stats.waited_ms = (uint32_t)options.timeout_ms;
    sweep->stats.attempts = resolve->answers.silent > 0 ? requests : 0;
    aq_pace_start(&resolve->pace, sweep->options.rate, aq_sys_now_us());
    code = arpq_resolver_open(sweep->h, &resolve->resolver, &options);
    if (code < 0)
        return code;
    return aq_wakeup_add(&sweep->wakeup, arpq_resolver_fd(resolve->resolver));
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
    arpq_resolver_close(resolve->resolver);
    aq_answers_free(&resolve->answers);
    free(resolve);
    sweep->state = NULL;
}

const struct aq_sweep_method aq_sweep_by_resolve = {.number = ARPQ_SWEEP_BY_RESOLVE,
                                                    .start = by_resolve_start,
                                                    .step = by_resolve_step,
                                                    .count = by_resolve_count,
                                                    .stop = by_resolve_stop};

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle/deadline.h"
#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/options.h"
#include "handle/sockets.h"
#include "handle/wait.h"
#include "kernel/rtnl_link.h"
#include "kernel/sys.h"
#include "sweep/by_arp.h"
#include "sweep/by_echo.h"
#include "sweep/by_resolve.h"
#include "sweep/setup.h"

#define KNOWN_FLAGS (ARPQ_SWEEP_FORCE | ARPQ_SWEEP_NO_SOURCE | ARPQ_SWEEP_NO_RAW)
#define LEAST offsetof(struct arpq_sweep_options, ifindex)
#define KNOWN offsetof(struct arpq_sweep_options, reserved)

#define RATE_USUAL 2000u
#define ANSWER_MS_MOST 60000u
#define VLAN_MOST 4094u

/* ---- Options ---- */

/* Whether the sweep must send its own ARP requests: the kernel chooses the source address of the
 * requests it sends, and does not tag them. */
static bool needs_own_requests(const struct arpq_sweep_options *options)
{
    return options->source.family || options->flags & ARPQ_SWEEP_NO_SOURCE || options->vlan;
}

static int check_source(const struct arpq_sweep_options *options)
{
    static const struct arpq_ip none;

    if (options->source.reserved ||
        (!options->source.family && memcmp(&options->source, &none, sizeof none) != 0))
        return -EINVAL;
    if (options->source.family && options->flags & ARPQ_SWEEP_NO_SOURCE)
        return -EINVAL;
    if (needs_own_requests(options) && options->flags & ARPQ_SWEEP_NO_RAW)
        return -EINVAL;
    return options->source.family && options->source.family != AF_INET ? -EAFNOSUPPORT : 0;
}

static int sweep_read_options(const struct arpq_sweep_options *from,
                              struct arpq_sweep_options *options)
{
    int code = aq_options_read(from, LEAST, KNOWN, KNOWN_FLAGS, options, sizeof *options);

    if (code == 0 && (options->ifindex > INT32_MAX || options->attempts > AQ_ROUNDS_MOST ||
                      options->answer_ms > ANSWER_MS_MOST || options->vlan > VLAN_MOST))
        code = -EINVAL;
    if (code < 0)
        return code;
    if (!options->rate)
        options->rate = RATE_USUAL;
    return check_source(options);
}

/* ---- Open and close ---- */

static int try_method(struct arpq_sweep *sweep, const struct aq_sweep_method *method)
{
    int code;

    sweep->method = method;
    sweep->stats.method = method->number;
    code = method->start(sweep);
    if (code < 0)
        method->stop(sweep);
    return code;
}

static bool can_ask_by_arp(const struct arpq_sweep *sweep)
{
    bool has_source = sweep->link.source.family || sweep->options.flags & ARPQ_SWEEP_NO_SOURCE;

    return sweep->plan.first.family == AF_INET && has_source &&
           !(sweep->options.flags & ARPQ_SWEEP_NO_RAW);
}

static int start_method(struct arpq_sweep *sweep)
{
    int code = -EPERM;

    if (can_ask_by_arp(sweep))
        code = try_method(sweep, &aq_sweep_by_arp);
    if (!aq_sys_is_refusal(code))
        return code;
    if (needs_own_requests(&sweep->options))
        return -EPERM;
    return try_method(sweep, sweep->plan.count ? &aq_sweep_by_resolve : &aq_sweep_by_echo);
}

static int sweep_start(struct arpq_sweep *sweep)
{
    int code = aq_interfaces_refresh(sweep->h);

    if (code == 0)
        code = aq_sweep_setup(sweep);
    if (code == 0)
        code = aq_wakeup_open(&sweep->wakeup);
    if (code == 0)
        code = start_method(sweep);
    if (code != 0)
        return code;
    sweep->began_us = aq_sys_now_us();
    sweep->stats.ifindex = sweep->link.ifindex;
    return aq_wakeup_set_alarm(&sweep->wakeup, AQ_WAKEUP_NOW);
}

int arpq_sweep_open(struct arpq_handle *h, struct arpq_sweep **sweep, const struct arpq_ip *prefix,
                    uint32_t prefix_length, const struct arpq_sweep_options *options)
{
    struct arpq_sweep_options checked;
    struct arpq_sweep *new_sweep;
    struct aq_plan plan;
    int code;

    aq_detail_begin(h);
    if (sweep)
        *sweep = NULL;
    if (!h || !sweep || !prefix)
        return -EINVAL;
    code = sweep_read_options(options, &checked);
    if (code == 0)
        code = aq_plan_make(&plan, prefix, prefix_length, checked.flags & ARPQ_SWEEP_FORCE);
    if (code == 0 && plan.first.family == AF_INET6 && needs_own_requests(&checked))
        code = -EAFNOSUPPORT;
    if (code < 0)
        return code;
    new_sweep = calloc(1, sizeof *new_sweep);
    if (!new_sweep)
        return -ENOMEM;
    new_sweep->h = aq_handle_ref(h);
    new_sweep->plan = plan;
    new_sweep->options = checked;
    aq_wakeup_init(&new_sweep->wakeup);
    code = sweep_start(new_sweep);
    if (code == 0)
        *sweep = new_sweep;
    else
        arpq_sweep_close(new_sweep);
    return code;
}

void arpq_sweep_close(struct arpq_sweep *sweep)
{
    if (!sweep)
        return;
    if (sweep->method)
        sweep->method->stop(sweep);
    aq_wakeup_close(&sweep->wakeup);
    free(sweep->own);
    free(sweep->excluded);
    free(sweep->lowest);
    free(sweep->subnets);
    aq_handle_unref(sweep->h);
    free(sweep);
}

int arpq_sweep_fd(const struct arpq_sweep *sweep)
{
    return sweep ? sweep->wakeup.fd : -EINVAL;
}

static uint64_t duration_us(const struct arpq_sweep *sweep)
{
    uint64_t now = aq_sys_now_us();

    return now > sweep->began_us ? now - sweep->began_us : 0;
}

int arpq_sweep_stats(struct arpq_sweep *sweep, struct arpq_sweep_stats *stats)
{
    if (stats)
        memset(stats, 0, sizeof *stats);
    if (!sweep || !stats)
        return -EINVAL;
    sweep->method->count(sweep);
    if (!sweep->over)
        sweep->stats.duration_us = duration_us(sweep);
    *stats = sweep->stats;
    return 0;
}

/* ---- Next ---- */

static bool sweep_take(struct arpq_sweep *sweep, struct arpq_found *found)
{
    if (sweep->own_taken < sweep->own_count)
        *found = sweep->own[sweep->own_taken++];
    else if (sweep->taken < sweep->queued)
        *found = sweep->queue[sweep->taken++];
    else
        return false;
    sweep->stats.found += !(found->flags & ARPQ_FOUND_DUPLICATE);
    return true;
}

/* *context is the ifindex of the link to find. Set it to 0 if the dump lists this link. */
static int sweep_check_link(const struct nlmsghdr *message, void *context)
{
    uint32_t *missing = context;
    struct arpq_interface link;

    if (aq_rtnl_link_parse(message, &link) == 0 && link.ifindex == *missing)
        *missing = 0;
    return 0;
}

/* Returns -ENODEV if the link is gone, else -ENETDOWN. A link that is being deleted goes down
 * first; the dump waits until the deletion is complete. */
static int why_down(struct arpq_sweep *sweep)
{
    uint32_t missing = sweep->link.ifindex;
    struct aq_rtnl *rtnl;

    if (aq_sockets_lock(sweep->h, &rtnl) < 0)
        return -ENETDOWN;
    if (aq_rtnl_link_dump(rtnl, sweep_check_link, &missing) < 0)
        missing = 0;
    aq_sockets_unlock(sweep->h, rtnl);
    return missing ? -ENODEV : -ENETDOWN;
}

static void sweep_end(struct arpq_sweep *sweep, int code)
{
    sweep->stats.duration_us = duration_us(sweep);
    sweep->stats.finished = code == 0;
    sweep->over = true;
    sweep->code = code;
}

/* A shortage of resources does not end the sweep; every other error does. */
static int on_step_error(struct arpq_sweep *sweep, int code)
{
    switch (code) {
    case -ENOMEM:
    case -ENOBUFS:
    case -EMFILE:
    case -ENFILE:
    case -ETIMEDOUT:
        return code;
    case -ENETDOWN:
    case -ENXIO:
    case -ENODEV:
        code = why_down(sweep);
        break;
    default:
        break;
    }
    sweep_end(sweep, code);
    return code;
}

/* Does one step of the method. Returns its result. */
static int sweep_step(struct arpq_sweep *sweep)
{
    int code;

    sweep->queued = sweep->taken = 0;
    code = sweep->method->step(sweep);
    if (code < 0)
        return on_step_error(sweep, code);
    if (sweep->over)
        sweep_end(sweep, 0);
    return code;
}

/* Do a step, then wait if there is nothing to do at once. Returns 1 to go on, 0 after the timeout,
 * or an error. */
static int sweep_advance(struct arpq_sweep *sweep, int32_t timeout_ms, uint64_t deadline_us)
{
    int code = sweep_step(sweep), left;

    if (code < 0 || sweep->over || sweep->taken < sweep->queued)
        return code < 0 ? code : 1;
    left = aq_deadline_left(timeout_ms, deadline_us);
    if (code == 1 && left != 0 && !aq_wait_is_woken(sweep->h))
        return 1;
    code = aq_wakeup_set_alarm(&sweep->wakeup, code == 1 ? AQ_WAKEUP_NOW : sweep->wake_us);
    if (code < 0 || left == 0)
        return code;
    code = aq_wait(sweep->h, sweep->wakeup.fd, left);
    return code < 0 ? code : 1;
}

static int find_next(struct arpq_sweep *sweep, struct arpq_found *found, int32_t timeout_ms)
{
    uint64_t deadline_us = aq_deadline(timeout_ms);
    int code = 1;

    for (;;) {
        if (sweep_take(sweep, found))
            return 1;
        if (code < 0)
            return code;
        if (sweep->over)
            return sweep->code == 0 ? -ENODATA : sweep->code;
        if (code == 0)
            return 0;
        code = sweep_advance(sweep, timeout_ms, deadline_us);
    }
}

int arpq_sweep_next(struct arpq_sweep *sweep, struct arpq_found *found, int32_t timeout_ms)
{
    int code;

    aq_detail_begin(sweep ? sweep->h : NULL);
    if (found)
        memset(found, 0, sizeof *found);
    if (!sweep || !found || timeout_ms < -1)
        return -EINVAL;
    code = find_next(sweep, found, timeout_ms);
    /* There may be machines in the queue or more work: make the descriptor readable at once. */
    if (code == 1 || code == -ENODATA)
        (void)aq_wakeup_set_alarm(&sweep->wakeup, AQ_WAKEUP_NOW);
    return code;
}

/* ---- In one go ---- */

int arpq_sweep_each(struct arpq_handle *h, const struct arpq_ip *prefix, uint32_t prefix_length,
                    const struct arpq_sweep_options *options, arpq_sweep_callback callback,
                    void *context, struct arpq_sweep_stats *stats)
{
    struct arpq_sweep *sweep;
    struct arpq_found found;
    int code;

    if (stats)
        memset(stats, 0, sizeof *stats);
    if (!callback)
        return -EINVAL;
    code = arpq_sweep_open(h, &sweep, prefix, prefix_length, options);
    if (code < 0)
        return code;
    while ((code = arpq_sweep_next(sweep, &found, -1)) == 1) {
        code = callback(&found, context);
        if (code != 0)
            break;
    }
    if (stats)
        (void)arpq_sweep_stats(sweep, stats);
    arpq_sweep_close(sweep);
    return code == -ENODATA ? 0 : code;
}

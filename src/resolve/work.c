/* SPDX-License-Identifier: MIT */
/*
 * Do all work that is possible without waiting: read events, look up entries and send
 * solicitations. One datagram carries the requests for many addresses. An event that leaves the
 * state uncertain causes another lookup.
 */
#include "resolve/work.h"

#include <errno.h>
#include <linux/rtnetlink.h>

#include "handle/interfaces.h"
#include "handle/links.h"
#include "handle/sockets.h"
#include "kernel/rtnl_event.h"
#include "kernel/sys.h"
#include "resolve/judge.h"
#include "resolve/limit.h"
#include "resolve/stage.h"

/* The time for each kind of work in one call. The next call does the rest, so that a flood of
 * events or a hundred thousand addresses cannot block the caller. */
#define WORK_US 5000u
#define BEGIN_BATCH 64u

static bool work_is_over_time(struct arpq_resolver *r, uint64_t until_us)
{
    bool over = aq_sys_now_us() >= until_us;

    r->unfinished |= over;
    return over;
}

/* ---- Lookups ---- */

static void work_get_batch(struct arpq_resolver *r)
{
    struct aq_resolver_batch *batch = &r->batch;
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(r->h, &rtnl);

    if (code == 0) {
        aq_rtnl_neigh_get_many(rtnl, batch->keys, batch->count, batch->neighs, batch->codes);
        aq_sockets_unlock(r->h, rtnl);
    }
    for (unsigned n = 0; n < batch->count; n++)
        aq_stage_judge(r, batch->waits[n], code < 0 ? code : batch->codes[n], &batch->neighs[n]);
}

/* Look up queued addresses until the time until_us, but at least one batch. */
static void work_get(struct arpq_resolver *r, uint64_t until_us)
{
    struct aq_resolver_batch *batch = &r->batch;
    struct aq_wait *wait;

    for (bool over = false; r->pending.lookup_first && !over;
         over = work_is_over_time(r, until_us)) {
        batch->count = 0;
        while (batch->count < AQ_RTNL_BATCH && (wait = aq_pending_next_lookup(&r->pending))) {
            if (wait->stage == AQ_STAGE_DONE)
                continue;
            batch->keys[batch->count] =
                (struct aq_neigh_key){wait->target.ip, wait->target.ifindex};
            batch->waits[batch->count++] = wait;
        }
        if (batch->count)
            work_get_batch(r);
    }
}

/* ---- Solicitations ---- */

static void work_solicited(struct arpq_resolver *r, struct aq_wait *wait, int code)
{
    bool is_new = wait->how == AQ_SOLICIT_NEW;

    if (code == -ENOBUFS && is_new) {
        aq_budget_exhaust(aq_stage_budget(r, wait));
        aq_stage_want(r, wait, AQ_SOLICIT_NEW);
        return;
    }
    if (code < 0 && code != -EEXIST && code != -ENOENT) {
        aq_stage_finish(r, wait, aq_judge_solicit(&wait->query, code));
        return;
    }
    wait->solicits++;
    wait->solicited_us = aq_sys_now_us();
    if (is_new) /* -EEXIST: another program has added the entry since it was missing */
        wait->created = code == 0 && !r->refused;
    wait->confirming = code == 0 && wait->how == AQ_SOLICIT_PROBE;
    aq_pending_queue_lookup(&r->pending, wait);
}

static int work_request(struct arpq_resolver *r)
{
    struct aq_resolver_batch *batch = &r->batch;
    struct aq_rtnl *rtnl;
    int code;

    if (r->refused)
        return -EPERM;
    code = aq_sockets_lock(r->h, &rtnl);
    if (code < 0)
        return code;
    aq_solicit_many(rtnl, batch->solicits, batch->count, batch->codes);
    aq_sockets_unlock(r->h, rtnl);
    return 0;
}

/* Send the batch. Process the results backwards, so that addresses that return to the front of a
 * stage keep their order. */
static void work_send_batch(struct arpq_resolver *r)
{
    struct aq_resolver_batch *batch = &r->batch;
    int code;

    if (batch->count == 0)
        return;
    code = work_request(r);
    for (unsigned n = batch->count; n-- > 0;) {
        const struct aq_solicit *solicit = &batch->solicits[n];

        if (code < 0)
            batch->codes[n] = code;
        if (batch->codes[n] == -EPERM) {
            r->refused = true;
            batch->codes[n] = aq_sockets_solicit(r->h, &solicit->ip, solicit->ifindex);
        }
        work_solicited(r, batch->waits[n], batch->codes[n]);
    }
    batch->count = 0;
}

static void work_solicit(struct arpq_resolver *r, enum aq_stage stage, uint64_t until_us)
{
    const struct aq_list *asked = &r->pending.stages[AQ_STAGE_ASKED];
    struct aq_resolver_batch *batch = &r->batch;
    struct aq_wait *wait;

    batch->count = 0;
    while ((wait = r->pending.stages[stage].first) && asked->count < r->window) {
        if (stage != AQ_STAGE_READY &&
            !aq_budget_take(aq_stage_budget(r, wait), r->h, asked->count == 0))
            break;
        aq_stage_ask(r, wait);
        if (wait->how != AQ_SOLICIT_PROBE &&
            aq_links_need_packet(r->h, &wait->target.ip, wait->target.ifindex)) {
            work_solicited(r, wait,
                           aq_sockets_solicit(r->h, &wait->target.ip, wait->target.ifindex));
            continue;
        }
        batch->solicits[batch->count] = (struct aq_solicit){.ip = wait->target.ip,
                                                            .ifindex = wait->target.ifindex,
                                                            .flags = wait->neigh.flags,
                                                            .how = wait->how};
        batch->waits[batch->count++] = wait;
        if (batch->count < AQ_RTNL_BATCH)
            continue;
        work_send_batch(r);
        if (work_is_over_time(r, until_us))
            break;
    }
    work_send_batch(r);
}

/* ---- Events ---- */

static int work_take_event(const struct nlmsghdr *message, void *context)
{
    struct arpq_resolver *r = context;
    struct aq_wait *wait, *next;
    struct arpq_neigh neigh;
    bool is_new, resolved;

    if (message->nlmsg_type != RTM_NEWNEIGH && message->nlmsg_type != RTM_DELNEIGH)
        return 0;
    if (aq_rtnl_neigh_parse(message, &neigh) < 0)
        return 0;
    is_new = message->nlmsg_type == RTM_NEWNEIGH;
    /* A failure or removal may be out of date: the entry may exist again. */
    resolved = is_new && aq_judge_answer(0, &neigh) == AQ_KNOWN;
    for (wait = aq_pending_find(&r->pending, &neigh.ip, neigh.ifindex); wait; wait = next) {
        next = aq_pending_find_next(wait);
        /* The kernel may begin the next try before this event arrives, so remember the failure.
         * A removal causes a failure event and a removal event; the second one clears the mark. */
        wait->gave_up = is_new && !resolved;
        if (resolved)
            aq_stage_know(r, wait, &neigh);
        else if (wait->stage == AQ_STAGE_ASKED)
            aq_pending_queue_lookup(&r->pending, wait);
    }
    return 0;
}

/* After an overrun the socket drops new events until it is drained. A lookup before that would
 * miss a change between the lookup and the drain. */
static int work_drain(struct arpq_resolver *r, uint64_t until_us)
{
    int code = 0;

    for (bool over = false; code != -EAGAIN && !over; over = work_is_over_time(r, until_us)) {
        code = aq_rtnl_events(&r->event, r->buffers, work_take_event, r);
        if (code == -ENOBUFS || code == -EMSGSIZE)
            r->events_lost = true;
        else if (code < 0 && code != -EAGAIN)
            return code;
    }
    if (!r->events_lost || code != -EAGAIN)
        return 0;
    r->events_lost = false;
    for (struct aq_wait *wait = r->pending.stages[AQ_STAGE_ASKED].first; wait; wait = wait->next)
        aq_pending_queue_lookup(&r->pending, wait);
    return 0;
}

/* ---- Timeouts ---- */

/* Returns the code of an address whose time has ended. While the kernel confirms an entry, it may
 * not have sent a request yet. An EXT_VALIDATED entry is STALE when the kernel has given up. */
static int work_expired(struct arpq_resolver *r, const struct aq_wait *wait)
{
    bool waits_for_budget = wait->stage == AQ_STAGE_BUDGET4 || wait->stage == AQ_STAGE_BUDGET6;

    if (waits_for_budget && aq_budget_is_short(aq_stage_budget(r, wait)))
        return -ENOBUFS;
    if (wait->confirming && wait->neigh.state & (ARPQ_STATE_DELAY | ARPQ_STATE_PROBE))
        return -EAGAIN;
    return -EHOSTUNREACH;
}

static void work_expire(struct arpq_resolver *r)
{
    uint64_t now = aq_sys_now_us();
    struct aq_wait *wait;

    /* Expire the oldest stage first: this frees places in the window. */
    for (int stage = AQ_STAGE_ASKED; stage >= AQ_STAGE_READY; stage--)
        while ((wait = r->pending.stages[stage].first) && aq_limit_of(r, wait) <= now &&
               !wait->lookup_queued)
            aq_stage_finish(r, wait, work_expired(r, wait));
}

/* ---- All ---- */

static int work_begin(struct arpq_resolver *r, uint64_t until_us)
{
    const struct aq_list *stage = &r->pending.stages[AQ_STAGE_NEW];
    int code = stage->first ? aq_interfaces_catch_up(r->h) : 0;

    for (unsigned n = 1; code == 0 && stage->first; n++) {
        aq_stage_begin(r, stage->first);
        if (n % BEGIN_BATCH == 0 && work_is_over_time(r, until_us))
            break;
    }
    return code;
}

int aq_work(struct arpq_resolver *r)
{
    uint64_t until_us = aq_sys_now_us() + WORK_US;
    int code, failure;

    r->unfinished = false;
    code = work_drain(r, until_us);
    until_us = aq_sys_now_us() + WORK_US;
    failure = work_begin(r, until_us);
    /* This loop ends: stage.c limits the solicitations of each address. */
    do {
        work_get(r, until_us);
        work_solicit(r, AQ_STAGE_READY, until_us);
        work_solicit(r, AQ_STAGE_BUDGET4, until_us);
        work_solicit(r, AQ_STAGE_BUDGET6, until_us);
    } while (r->pending.lookup_first && !work_is_over_time(r, until_us));
    work_expire(r);
    aq_stage_flush_removals(r);
    return code < 0 ? code : failure;
}

void aq_work_abandon(struct arpq_resolver *r)
{
    const struct aq_list *stages = r->pending.stages;

    /* Keep entries that have a link-layer address by now. */
    for (int stage = 0; stage < AQ_STAGE_DONE; stage++)
        for (struct aq_wait *wait = stages[stage].first; wait; wait = wait->next)
            if (wait->created)
                aq_pending_queue_lookup(&r->pending, wait);
    work_get(r, AQ_NEVER);
    /* No address needs an entry any more, so none may take over a removal. */
    for (int stage = 0; stage < AQ_STAGE_DONE; stage++)
        for (struct aq_wait *wait = stages[stage].first; wait; wait = wait->next)
            aq_pending_unkey(&r->pending, wait);
    for (int stage = 0; stage < AQ_STAGE_DONE; stage++)
        for (struct aq_wait *wait = stages[stage].first; wait; wait = wait->next)
            if (wait->created)
                aq_stage_remove_later(r, wait);
    aq_stage_flush_removals(r);
}

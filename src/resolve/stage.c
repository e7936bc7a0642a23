/* SPDX-License-Identifier: MIT */
/*
 * The stages of an address: find its target, look up the entry, solicit, look up again, then
 * follow the kernel's events.
 */
#include "resolve/stage.h"

#include <errno.h>
#include <string.h>

#include "handle/interfaces.h"
#include "handle/sockets.h"
#include "kernel/rtnl_neigh_edit.h"
#include "kernel/sys.h"
#include "neigh/ask.h"
#include "resolve/judge.h"
#include "resolve/limit.h"

/* The most solicitations for one address, if its entry is removed or reset again and again. */
#define SOLICITS_MAX 4

/* Each attempt of the kernel to resolve an address takes longer than this. Entry ages have a
 * resolution of 10 ms. */
#define TRY_MIN_MS 100u

/* The kernel reports the last use of an entry with an error of up to 10 ms and a tick. The
 * resolver cannot distinguish its own use from another use this soon after it. */
#define USE_SLACK_MS 20u

/* A virtual machine that waits for a processor misses ticks. Ages that the kernel reports can then
 * be too small by this. */
#define TICKS_MISSED_MS 100u

/* ---- Results ---- */

struct aq_budget *aq_stage_budget(struct arpq_resolver *r, const struct aq_wait *wait)
{
    return &r->budgets[wait->target.ip.family == AF_INET6];
}

/* Whether only this resolver uses an unresolved entry, which the kernel read after `read_us`.
 * Packets of other programs may wait in an INCOMPLETE entry, and each such packet sets the time of
 * the entry's last use. The last update of the entry is the time of the request that made the
 * kernel ask. The kernel measured both by the same clock, however slow the machine is. This
 * process knows only that its request was before `solicited_us`. */
static bool stage_is_removable(const struct aq_removal *removal, const struct arpq_neigh *neigh,
                               uint64_t read_us)
{
    uint64_t age_ms = (read_us - removal->solicited_us) / 1000;

    /* An entry that the kernel adds when it is made to ask has neither. */
    if (neigh->protocol || neigh->flags)
        return false;
    switch (aq_judge_answer(0, neigh)) {
    case AQ_KNOWN:
        return false;
    case AQ_INCOMPLETE:
        return neigh->used_ms + USE_SLACK_MS >= neigh->updated_ms &&
               neigh->updated_ms + TICKS_MISSED_MS >= age_ms;
    default:
        return neigh->used_ms + TICKS_MISSED_MS >= age_ms;
    }
}

/* Move the keys of removable entries to the front. Returns their number. */
static unsigned stage_select_removable(struct arpq_resolver *r, struct aq_rtnl *rtnl,
                                       struct aq_neigh_key *keys, unsigned count)
{
    struct arpq_neigh neighs[AQ_RTNL_BATCH];
    int codes[AQ_RTNL_BATCH];
    uint64_t read_us = aq_sys_now_us();
    unsigned kept = 0;

    aq_rtnl_neigh_get_many(rtnl, keys, count, neighs, codes);
    for (unsigned i = 0; i < count; i++)
        if (codes[i] == 0 && stage_is_removable(&r->removals[i], &neighs[i], read_us))
            keys[kept++] = keys[i];
    return kept;
}

static void stage_remove(struct arpq_resolver *r, struct aq_neigh_key *keys, unsigned count)
{
    int codes[AQ_RTNL_BATCH];
    struct aq_rtnl *rtnl;

    if (count == 0 || aq_sockets_lock(r->h, &rtnl) < 0)
        return;
    count = stage_select_removable(r, rtnl, keys, count);
    if (count)
        aq_rtnl_neigh_delete(rtnl, keys, count, false, codes);
    aq_sockets_unlock(r->h, rtnl);
    for (unsigned i = 0; i < count; i++)
        if (codes[i] == 0)
            aq_budget_give(&r->budgets[keys[i].ip.family == AF_INET6], 1);
}

static bool stage_waits_for_budget(enum aq_stage stage)
{
    return stage == AQ_STAGE_BUDGET4 || stage == AQ_STAGE_BUDGET6;
}

/* Remove the queued entries, except those that another address of this resolver needs. */
void aq_stage_flush_removals(struct arpq_resolver *r)
{
    struct aq_neigh_key keys[AQ_RTNL_BATCH];
    unsigned count = 0;

    for (unsigned i = 0; i < r->removal_count; i++) {
        const struct aq_removal *removal = &r->removals[i];
        struct aq_wait *other_waiter =
            aq_pending_find(&r->pending, &removal->key.ip, removal->key.ifindex);

        /* An address that waits for budget will add an entry, so it does not need this one. */
        while (other_waiter && stage_waits_for_budget(other_waiter->stage))
            other_waiter = aq_pending_find_next(other_waiter);
        if (other_waiter) {
            other_waiter->created = true;
            if (other_waiter->solicited_us < removal->solicited_us)
                other_waiter->solicited_us = removal->solicited_us;
        } else {
            keys[count] = removal->key;
            r->removals[count++] = *removal;
        }
    }
    r->removal_count = 0;
    stage_remove(r, keys, count);
}

void aq_stage_remove_later(struct arpq_resolver *r, const struct aq_wait *wait)
{
    if (r->removal_count == AQ_RTNL_BATCH)
        aq_stage_flush_removals(r);
    r->removals[r->removal_count++] =
        (struct aq_removal){{wait->target.ip, wait->target.ifindex}, wait->solicited_us};
}

void aq_stage_finish(struct arpq_resolver *r, struct aq_wait *wait, int code)
{
    aq_pending_unkey(&r->pending, wait);
    if (wait->stage == AQ_STAGE_ASKED)
        r->progress_us = aq_sys_now_us();
    if (wait->created && code < 0)
        aq_stage_remove_later(r, wait);
    wait->code = code;
    if (code < 0)
        memset(&wait->neigh, 0, sizeof wait->neigh);
    aq_pending_move(&r->pending, wait, AQ_STAGE_DONE);
}

/* ---- The next stage ---- */

void aq_stage_ask(struct arpq_resolver *r, struct aq_wait *wait)
{
    if (wait->stage == AQ_STAGE_ASKED)
        return;
    wait->gave_up = false;
    wait->asked_us = aq_sys_now_us();
    if (wait->until_us == 0)
        wait->until_us = aq_limit_after(wait->asked_us, r->timeout_us);
    aq_pending_move_in_time(&r->pending, wait, AQ_STAGE_ASKED);
}

void aq_stage_want(struct arpq_resolver *r, struct aq_wait *wait, enum aq_solicit_how how)
{
    enum aq_stage stage = AQ_STAGE_READY;

    wait->how = how;
    if (how == AQ_SOLICIT_NEW)
        stage = wait->target.ip.family == AF_INET ? AQ_STAGE_BUDGET4 : AQ_STAGE_BUDGET6;
    if (wait->until_us)
        aq_pending_move_first(&r->pending, wait, stage);
    else
        aq_pending_move(&r->pending, wait, stage);
}

/* Returns 1 if the kernel must be asked, or 0 if the result is ready. */
static int stage_find_target(struct arpq_resolver *r, struct aq_wait *wait)
{
    int code = aq_target_find(r->h, &wait->query, &wait->target);

    if (code == 0 && !wait->target.answered) {
        aq_pending_key(&r->pending, wait);
        return 1;
    }
    if (code == 0)
        aq_ask_answered(&wait->target, &wait->neigh);
    aq_stage_finish(r, wait, aq_ask_final(&wait->query, code));
    return 0;
}

void aq_stage_begin(struct arpq_resolver *r, struct aq_wait *wait)
{
    uint32_t flags = aq_resolve_lookup_flags(r->flags);
    int code = aq_query_make(&wait->ip, wait->ifindex, flags, &wait->query);

    if (code < 0) {
        aq_stage_finish(r, wait, code);
    } else if (stage_find_target(r, wait)) {
        aq_pending_move(&r->pending, wait, AQ_STAGE_LOOKUP);
        aq_pending_queue_lookup(&r->pending, wait);
    }
}

/* ---- Results of lookups ---- */

/* STALE, DELAY and PROBE entries need a probe if they are too old or the caller requests a
 * confirmation. A REACHABLE entry needs a probe only if it is too old and the resolver has not
 * probed it yet. Without CAP_NET_ADMIN the resolver cannot make the kernel probe a REACHABLE
 * entry. */
static bool stage_needs_probe(const struct arpq_resolver *r, const struct aq_wait *wait,
                              const struct arpq_neigh *neigh)
{
    const uint32_t doubted = ARPQ_STATE_STALE | ARPQ_STATE_DELAY | ARPQ_STATE_PROBE;
    bool old = r->max_age_ms && neigh->confirmed_ms > r->max_age_ms;

    if (neigh->state & doubted)
        return old || r->flags & ARPQ_RESOLVE_REVALIDATE;
    return neigh->state & ARPQ_STATE_REACHABLE && old && !wait->confirming && !r->refused;
}

/* Since Linux 6.17 an EXT_VALIDATED entry becomes STALE, not FAILED, when nobody answers a probe. */
static bool stage_probe_ended(const struct aq_wait *wait, const struct arpq_neigh *neigh)
{
    return neigh->state == ARPQ_STATE_STALE && wait->solicits < SOLICITS_MAX;
}

void aq_stage_know(struct arpq_resolver *r, struct aq_wait *wait, const struct arpq_neigh *neigh)
{
    bool needs_probe = stage_needs_probe(r, wait, neigh);

    wait->neigh = *neigh;
    if (!needs_probe)
        aq_stage_finish(r, wait, aq_judge_known(r->h, &wait->query, &wait->target, &wait->neigh));
    else if (wait->confirming && !stage_probe_ended(wait, neigh))
        aq_stage_ask(r, wait);
    else
        aq_stage_want(r, wait, AQ_SOLICIT_PROBE);
}

/* A probe goes only to the known link-layer address. Another host may have the IP address now,
 * so ask for it by broadcast or multicast next. */
static void stage_fail(struct arpq_resolver *r, struct aq_wait *wait,
                       const struct arpq_neigh *neigh)
{
    if (wait->stage == AQ_STAGE_ASKED && !wait->confirming) {
        aq_stage_finish(r, wait, -EHOSTUNREACH);
        return;
    }
    wait->confirming = false;
    wait->neigh = *neigh;
    aq_stage_want(r, wait, AQ_SOLICIT_AGAIN);
}

/* The entry exists already, so AQ_SOLICIT_NEW would not make the kernel ask. Programs that keep
 * setting it to NONE must not cause endless solicitations. */
static void stage_on_unasked(struct arpq_resolver *r, struct aq_wait *wait,
                             const struct arpq_neigh *neigh)
{
    int code = aq_judge_link(r->h, &wait->query, &wait->target);

    if (code == 0 && wait->solicits >= SOLICITS_MAX)
        code = -EHOSTUNREACH;
    wait->confirming = false;
    wait->neigh = *neigh;
    if (code < 0)
        aq_stage_finish(r, wait, code);
    else
        aq_stage_want(r, wait, AQ_SOLICIT_AGAIN);
}

/* The entry is missing although the kernel was asked: its interface is gone, the table is full,
 * or another program removed it. */
static void stage_on_overrun(struct arpq_resolver *r, struct aq_wait *wait)
{
    struct aq_budget *budget = aq_stage_budget(r, wait);
    int code = aq_interfaces_catch_up(r->h);

    aq_pending_unkey(&r->pending, wait);
    wait->confirming = false;
    if (code < 0) {
        aq_stage_finish(r, wait, code);
        return;
    }
    if (!stage_find_target(r, wait))
        return;
    code = aq_judge_link(r->h, &wait->query, &wait->target);
    if (code == 0 && r->refused && aq_budget_is_full(budget, r->h)) {
        aq_budget_exhaust(budget);
        wait->solicits = 0; /* allow all tries again when there is budget */
    } else if (code == 0 && wait->solicits >= SOLICITS_MAX)
        code = -ENETUNREACH;
    if (code < 0)
        aq_stage_finish(r, wait, code);
    else
        aq_stage_want(r, wait, AQ_SOLICIT_NEW);
}

static void stage_on_missing(struct arpq_resolver *r, struct aq_wait *wait)
{
    int code;

    memset(&wait->neigh, 0, sizeof wait->neigh);
    wait->created = false; /* another program adds the next one, or this resolver asks again */
    if (wait->stage == AQ_STAGE_ASKED) {
        stage_on_overrun(r, wait);
        return;
    }
    code = aq_judge_link(r->h, &wait->query, &wait->target);
    if (code < 0)
        aq_stage_finish(r, wait, code);
    else
        aq_stage_want(r, wait, AQ_SOLICIT_NEW);
}

/* Detect that the kernel gave up and another program made it try again. An event may also report
 * a failure from before the solicitation; in that case the last update of the entry is as old as
 * the solicitation. */
static bool stage_is_second_try(const struct aq_wait *wait, const struct arpq_neigh *neigh)
{
    return wait->gave_up &&
           aq_sys_now_us() - wait->asked_us > (neigh->updated_ms + TRY_MIN_MS) * 1000;
}

void aq_stage_judge(struct arpq_resolver *r, struct aq_wait *wait, int code,
                    const struct arpq_neigh *neigh)
{
    switch (aq_judge_answer(code, neigh)) {
    case AQ_KNOWN:
        aq_stage_know(r, wait, neigh);
        return;
    case AQ_INCOMPLETE:
        if (stage_is_second_try(wait, neigh)) {
            stage_fail(r, wait, neigh);
            return;
        }
        wait->confirming = false;
        aq_stage_ask(r, wait);
        r->progress_us = aq_sys_now_us();
        return;
    case AQ_FAILED:
        stage_fail(r, wait, neigh);
        return;
    case AQ_ABSENT:
        stage_on_missing(r, wait);
        return;
    case AQ_UNASKED:
        stage_on_unasked(r, wait, neigh);
        return;
    case AQ_ERROR:
        aq_stage_finish(r, wait, aq_judge_error(&wait->query, code));
        return;
    }
}

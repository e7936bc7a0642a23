/* SPDX-License-Identifier: MIT */
/*
 * An address goes from stage to stage: where to ask is settled, the table is looked at, the
 * kernel is poked, the table is looked at again, and from there on its events tell. Whatever
 * an event does not say for certain has the table looked at once more.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "kernel/rtnl_neigh_edit.h"
#include "kernel/sys.h"
#include "resolve/resolve.h"

/* An entry that is removed under our hands is asked for again, so often. */
#define POKES_MAX 4

/* A try of the kernel takes longer than this; ages are told in hundredths of a second. */
#define TRY_LEAST_MS 100u

/* Batches of events in one go, the rest is for the next time. */
#define BATCHES_MAX 1024

/* ---- Results ---- */

static struct aq_room *room_of(struct arpq_resolver *r, const struct aq_wait *wait)
{
    return &r->rooms[wait->target.ip.family == AF_INET6];
}

/* Those that somebody else waits for here stay: they are his then. */
static void remove_dead(struct arpq_resolver *r)
{
    int codes[AQ_RTNL_FLIGHT];
    struct aq_rtnl *rtnl;
    unsigned count = 0;

    for (unsigned i = 0; i < r->dead_count; i++) {
        struct aq_wait *heir = aq_pending_find(&r->pending, &r->dead[i].ip, r->dead[i].ifindex);

        if (heir)
            heir->made = true;
        else
            r->dead[count++] = r->dead[i];
    }
    r->dead_count = 0;
    if (count == 0 || aq_query_begin(r->h, &rtnl) < 0)
        return;
    aq_rtnl_neigh_delete(rtnl, r->dead, count, false, codes);
    aq_query_end(r->h, rtnl);
    for (unsigned i = 0; i < count; i++)
        if (codes[i] == 0)
            aq_room_give(&r->rooms[r->dead[i].ip.family == AF_INET6], 1);
}

static void bury(struct arpq_resolver *r, const struct aq_wait *wait)
{
    if (r->dead_count == AQ_RTNL_FLIGHT)
        remove_dead(r);
    r->dead[r->dead_count++] = (struct aq_neigh_key){wait->target.ip, wait->target.ifindex};
}

static void finish(struct arpq_resolver *r, struct aq_wait *wait, int code)
{
    aq_pending_unkey(&r->pending, wait);
    if (wait->stage == AQ_STAGE_ASKED)
        r->progress_us = aq_sys_now_us();
    if (wait->made && code == -EHOSTUNREACH)
        bury(r, wait);
    wait->code = code;
    if (code < 0)
        memset(&wait->neigh, 0, sizeof wait->neigh);
    aq_pending_move(&r->pending, wait, AQ_STAGE_DONE);
}

/* ---- What comes next ---- */

static void ask(struct arpq_resolver *r, struct aq_wait *wait)
{
    if (wait->stage == AQ_STAGE_ASKED)
        return;
    wait->gave_up = false;
    wait->asked_us = aq_sys_now_us();
    if (wait->until_us == 0)
        wait->until_us = aq_limit_after(wait->asked_us, r->timeout_us);
    aq_pending_move_in_time(&r->pending, wait, AQ_STAGE_ASKED);
}

static void want(struct arpq_resolver *r, struct aq_wait *wait, enum aq_poke_how how)
{
    enum aq_stage stage = AQ_STAGE_READY;

    wait->how = how;
    if (how == AQ_POKE_NEW)
        stage = wait->target.ip.family == AF_INET ? AQ_STAGE_ROOM4 : AQ_STAGE_ROOM6;
    if (wait->until_us)
        aq_pending_move_first(&r->pending, wait, stage);
    else
        aq_pending_move(&r->pending, wait, stage);
}

/* Where to ask: 1 when that is to be done, 0 when there is a result. */
static int settle(struct arpq_resolver *r, struct aq_wait *wait)
{
    int code = aq_choose(r->h, &wait->question, &wait->target);

    if (code == 0 && !wait->target.answered) {
        aq_pending_key(&r->pending, wait);
        return 1;
    }
    if (code == 0)
        aq_ask_answered(&wait->target, &wait->neigh);
    finish(r, wait, aq_ask_final(&wait->question, code));
    return 0;
}

static void begin(struct arpq_resolver *r, struct aq_wait *wait)
{
    int code = aq_choose_question(r->h, &wait->ip, wait->ifindex, &wait->question);

    wait->question.flags |= r->flags & ARPQ_VIA_GATEWAY;
    if (code < 0)
        finish(r, wait, code);
    else if (settle(r, wait))
        aq_pending_look(&r->pending, wait);
}

/* ---- What the table says ---- */

/* An age is believed of what was not asked to be confirmed; what was is confirmed when it is
 * REACHABLE. Without the privilege nothing makes the kernel doubt a REACHABLE entry. */
static bool is_unsure(const struct arpq_resolver *r, const struct aq_wait *wait,
                      const struct arpq_neigh *neigh)
{
    const uint32_t doubted = ARPQ_STATE_STALE | ARPQ_STATE_DELAY | ARPQ_STATE_PROBE;
    bool old = r->max_age_ms && neigh->confirmed_ms > r->max_age_ms;

    if (neigh->state & doubted)
        return old || r->flags & ARPQ_RESOLVE_REVALIDATE;
    return neigh->state & ARPQ_STATE_REACHABLE && old && !wait->confirming && !r->refused;
}

static void know(struct arpq_resolver *r, struct aq_wait *wait, const struct arpq_neigh *neigh)
{
    bool unsure = is_unsure(r, wait, neigh);

    wait->neigh = *neigh;
    if (!unsure)
        finish(r, wait, aq_judge_known(r->h, &wait->question, &wait->target, &wait->neigh));
    else if (wait->confirming)
        ask(r, wait);
    else
        want(r, wait, AQ_POKE_PROBE);
}

/* A confirmation asks only the address that was known: somebody else may have it now. */
static void fail(struct arpq_resolver *r, struct aq_wait *wait, const struct arpq_neigh *neigh)
{
    if (wait->stage == AQ_STAGE_ASKED && !wait->confirming) {
        finish(r, wait, -EHOSTUNREACH);
        return;
    }
    wait->confirming = false;
    wait->neigh = *neigh;
    want(r, wait, AQ_POKE_AGAIN);
}

/* The entry is gone, or was never made: its interface may be gone, the table may be full, or
 * somebody removed it. */
static void lose(struct arpq_resolver *r, struct aq_wait *wait)
{
    struct aq_room *room = room_of(r, wait);
    int code = aq_judge_refresh(r->h);

    aq_pending_unkey(&r->pending, wait);
    wait->confirming = false;
    if (code < 0) {
        finish(r, wait, code);
        return;
    }
    if (!settle(r, wait))
        return;
    code = aq_judge_link(r->h, &wait->question, &wait->target);
    if (code == 0 && r->refused && aq_room_is_full(room, r->h)) {
        aq_room_exhaust(room);
        wait->pokes = 0; /* it may go on when there is room */
    } else if (code == 0 && wait->pokes >= POKES_MAX)
        code = -ENETUNREACH;
    if (code < 0)
        finish(r, wait, code);
    else
        want(r, wait, AQ_POKE_NEW);
}

static void miss(struct arpq_resolver *r, struct aq_wait *wait)
{
    int code;

    memset(&wait->neigh, 0, sizeof wait->neigh);
    if (wait->stage == AQ_STAGE_ASKED) {
        lose(r, wait);
        return;
    }
    code = aq_judge_link(r->h, &wait->question, &wait->target);
    if (code < 0)
        finish(r, wait, code);
    else
        want(r, wait, AQ_POKE_NEW);
}

/* The kernel has given up since it was asked, and somebody else has it try again. An event
 * from before tells of a failure too: the entry is as old as the question then. */
static bool is_second_try(const struct aq_wait *wait, const struct arpq_neigh *neigh)
{
    return wait->gave_up &&
           aq_sys_now_us() - wait->asked_us > (neigh->updated_ms + TRY_LEAST_MS) * 1000;
}

static void judge(struct arpq_resolver *r, struct aq_wait *wait, int code,
                  const struct arpq_neigh *neigh)
{
    switch (aq_judge_answer(code, neigh)) {
    case AQ_KNOWN:
        know(r, wait, neigh);
        return;
    case AQ_INCOMPLETE:
        if (is_second_try(wait, neigh)) {
            fail(r, wait, neigh);
            return;
        }
        wait->confirming = false;
        ask(r, wait);
        r->progress_us = aq_sys_now_us();
        return;
    case AQ_FAILED:
        fail(r, wait, neigh);
        return;
    case AQ_ABSENT:
        miss(r, wait);
        return;
    case AQ_ERROR:
        finish(r, wait, aq_judge_error(&wait->question, code));
        return;
    }
}

static void look_flight(struct arpq_resolver *r)
{
    struct aq_flight *flight = &r->flight;
    struct aq_rtnl *rtnl;
    int code = aq_query_begin(r->h, &rtnl);

    if (code == 0) {
        aq_rtnl_neigh_get_many(rtnl, flight->keys, flight->count, flight->neighs, flight->codes);
        aq_query_end(r->h, rtnl);
    }
    for (unsigned n = 0; n < flight->count; n++)
        judge(r, flight->waits[n], code < 0 ? code : flight->codes[n], &flight->neighs[n]);
}

static void look(struct arpq_resolver *r)
{
    struct aq_flight *flight = &r->flight;
    struct aq_wait *wait;

    while (r->pending.look_first) {
        flight->count = 0;
        while (flight->count < AQ_RTNL_FLIGHT && (wait = aq_pending_take_look(&r->pending))) {
            if (wait->stage == AQ_STAGE_DONE)
                continue;
            flight->keys[flight->count] =
                (struct aq_neigh_key){wait->target.ip, wait->target.ifindex};
            flight->waits[flight->count++] = wait;
        }
        if (flight->count)
            look_flight(r);
    }
}

/* ---- Pokes ---- */

static void settle_poke(struct arpq_resolver *r, struct aq_wait *wait, int code)
{
    bool is_new = wait->how == AQ_POKE_NEW;

    if (code == -ENOBUFS && is_new) {
        aq_room_exhaust(room_of(r, wait));
        want(r, wait, AQ_POKE_NEW);
        return;
    }
    if (code < 0 && code != -EEXIST && code != -ENOENT) {
        finish(r, wait, aq_judge_poke(&wait->question, code));
        return;
    }
    wait->pokes++;
    wait->made |= code == 0 && is_new && !r->refused;
    wait->confirming = code == 0 && wait->how == AQ_POKE_PROBE;
    aq_pending_look(&r->pending, wait);
}

static int order(struct arpq_resolver *r)
{
    struct aq_flight *flight = &r->flight;
    struct aq_rtnl *rtnl;
    int code;

    if (r->refused)
        return -EPERM;
    code = aq_query_begin(r->h, &rtnl);
    if (code < 0)
        return code;
    aq_poke_many(rtnl, flight->pokes, flight->count, flight->codes);
    aq_query_end(r->h, rtnl);
    return 0;
}

/* From the last to the first, so that those who go back to the front stay in order. */
static void poke_flight(struct arpq_resolver *r)
{
    struct aq_flight *flight = &r->flight;
    int code;

    if (flight->count == 0)
        return;
    code = order(r);
    for (unsigned n = flight->count; n-- > 0;) {
        const struct aq_poke *poke = &flight->pokes[n];

        if (code < 0)
            flight->codes[n] = code;
        if (flight->codes[n] == -EPERM) {
            r->refused = true;
            flight->codes[n] = aq_query_poke(r->h, &poke->ip, poke->ifindex);
        }
        settle_poke(r, flight->waits[n], flight->codes[n]);
    }
    flight->count = 0;
}

static void poke(struct arpq_resolver *r, enum aq_stage stage)
{
    const struct aq_list *asked = &r->pending.stages[AQ_STAGE_ASKED];
    struct aq_flight *flight = &r->flight;
    struct aq_wait *wait;

    flight->count = 0;
    while ((wait = r->pending.stages[stage].first) && asked->count < r->window) {
        if (stage != AQ_STAGE_READY && !aq_room_take(room_of(r, wait), r->h, asked->count == 0))
            break;
        ask(r, wait);
        flight->pokes[flight->count] = (struct aq_poke){.ip = wait->target.ip,
                                                        .ifindex = wait->target.ifindex,
                                                        .flags = wait->neigh.flags,
                                                        .how = wait->how};
        flight->waits[flight->count++] = wait;
        if (flight->count == AQ_RTNL_FLIGHT)
            poke_flight(r);
    }
    poke_flight(r);
}

/* ---- Events ---- */

static int take_event(const struct nlmsghdr *message, void *context)
{
    struct arpq_resolver *r = context;
    struct aq_wait *wait, *next;
    struct arpq_neigh neigh;
    bool is_new, told;

    if (message->nlmsg_type != RTM_NEWNEIGH && message->nlmsg_type != RTM_DELNEIGH)
        return 0;
    if (aq_rtnl_neigh_parse(message, &neigh) < 0)
        return 0;
    is_new = message->nlmsg_type == RTM_NEWNEIGH;
    /* What failed or went may be there again: that event is older than this moment. */
    told = is_new && aq_judge_answer(0, &neigh) == AQ_KNOWN;
    for (wait = aq_pending_find(&r->pending, &neigh.ip, neigh.ifindex); wait; wait = next) {
        next = aq_pending_find_next(wait);
        /* A failure may be told of when the next try has begun. Removal has two events. */
        wait->gave_up = is_new && !told;
        if (told)
            know(r, wait, &neigh);
        else if (wait->stage == AQ_STAGE_ASKED)
            aq_pending_look(&r->pending, wait);
    }
    return 0;
}

/* Until it is drained after a loss the socket takes nothing new: only then does a look at
 * the table make good for what was lost. */
static int drain(struct arpq_resolver *r)
{
    int code = 0;

    for (int batches = 0; batches < BATCHES_MAX && code != -EAGAIN; batches++) {
        code = aq_rtnl_events(&r->event, r->batch, take_event, r);
        if (code == -ENOBUFS || code == -EMSGSIZE)
            r->lost = true;
        else if (code < 0 && code != -EAGAIN)
            return code;
    }
    if (!r->lost || code != -EAGAIN)
        return 0;
    r->lost = false;
    for (struct aq_wait *wait = r->pending.stages[AQ_STAGE_ASKED].first; wait; wait = wait->next)
        aq_pending_look(&r->pending, wait);
    return 0;
}

/* ---- Time ---- */

static void expire(struct arpq_resolver *r)
{
    uint64_t now = aq_sys_now_us();
    struct aq_wait *wait;

    /* Those that were asked first: their going is room for others. */
    for (int stage = AQ_STAGE_ASKED; stage >= AQ_STAGE_READY; stage--)
        while ((wait = r->pending.stages[stage].first) && aq_limit_of(r, wait) <= now) {
            bool needs_room = (stage == AQ_STAGE_ROOM4 || stage == AQ_STAGE_ROOM6) &&
                              aq_room_is_short(room_of(r, wait));

            finish(r, wait, needs_room ? -ENOBUFS : -EHOSTUNREACH);
        }
}

/* ---- All ---- */

static int begin_new(struct arpq_resolver *r)
{
    struct aq_wait *wait = r->pending.stages[AQ_STAGE_NEW].first, *next;
    int code = wait ? aq_judge_refresh(r->h) : 0;

    for (; code == 0 && wait; wait = next) {
        next = wait->next;
        begin(r, wait);
    }
    return code;
}

int aq_work(struct arpq_resolver *r)
{
    int code = drain(r), failure;

    failure = begin_new(r);
    /* Ends because no address is poked more often than POKES_MAX and once to be confirmed. */
    do {
        look(r);
        poke(r, AQ_STAGE_READY);
        poke(r, AQ_STAGE_ROOM4);
        poke(r, AQ_STAGE_ROOM6);
    } while (r->pending.look_first);
    expire(r);
    remove_dead(r);
    return code < 0 ? code : failure;
}

void aq_work_abandon(struct arpq_resolver *r)
{
    const struct aq_list *asked = &r->pending.stages[AQ_STAGE_ASKED];

    /* Those that have an address by now, of whomever, stay. */
    for (struct aq_wait *wait = asked->first; wait; wait = wait->next)
        if (wait->made)
            aq_pending_look(&r->pending, wait);
    look(r);
    for (struct aq_wait *wait = asked->first; wait; wait = wait->next)
        aq_pending_unkey(&r->pending, wait);
    for (struct aq_wait *wait = asked->first; wait; wait = wait->next)
        if (wait->made)
            bury(r, wait);
    remove_dead(r);
}

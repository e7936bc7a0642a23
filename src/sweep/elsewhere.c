/* SPDX-License-Identifier: MIT */
#include "sweep/elsewhere.h"

#include "kernel/sys.h"
#include "sweep/reach.h"

/* The most targets that one step scans. */
#define SCAN_MOST 65536u

/* The kernel chooses the source of the requests that it sends. If the caller chose one, the sweep
 * does not ask targets on other links. */
static bool elsewhere_is_allowed(const struct arpq_sweep *sweep)
{
    return !sweep->options.source.family && !(sweep->options.flags & ARPQ_SWEEP_NO_SOURCE);
}

int aq_elsewhere_sort(struct arpq_sweep *sweep, struct aq_elsewhere *elsewhere,
                      struct aq_answers *answers, uint32_t number, const struct arpq_ip *ip)
{
    uint32_t ifindex;
    int code = aq_reach_find(sweep, ip, &ifindex);

    if (code < 0 || (code == 1 && ifindex == sweep->link.ifindex))
        return code;
    if (code == 1 && elsewhere_is_allowed(sweep)) {
        aq_answers_set_elsewhere(answers, number, ifindex);
        elsewhere->waiting++;
        return 0;
    }
    aq_answers_exclude(answers, number);
    sweep->stats.targets--;
    return 0;
}

/* Give targets to the kernel, up to `most`. Returns 0 or an error. */
static int elsewhere_ask(struct arpq_sweep *sweep, struct aq_elsewhere *elsewhere,
                         struct aq_answers *answers, unsigned most)
{
    uint64_t end = answers->count - elsewhere->cursor > SCAN_MOST ? elsewhere->cursor + SCAN_MOST
                                                                  : answers->count;

    while (elsewhere->cursor < end && elsewhere->waiting > 0 && most > 0) {
        uint32_t number = (uint32_t)elsewhere->cursor;
        uint32_t ifindex = aq_answers_elsewhere(answers, number);
        int code = ifindex ? aq_resolution_add(sweep, &elsewhere->resolution, number, ifindex) : 0;

        if (code < 0)
            return code;
        elsewhere->cursor++;
        if (!ifindex)
            continue;
        aq_answers_exclude(answers, number);
        elsewhere->waiting--;
        sweep->stats.sent++;
        most--;
    }
    return 0;
}

static int elsewhere_open(struct arpq_sweep *sweep, struct aq_elsewhere *elsewhere)
{
    int code = aq_resolution_open(sweep, &elsewhere->resolution);

    if (code < 0)
        aq_resolution_close(&elsewhere->resolution);
    return code;
}

int aq_elsewhere_step(struct arpq_sweep *sweep, struct aq_elsewhere *elsewhere,
                      struct aq_answers *answers, struct aq_pace *pace, uint64_t *wake_us)
{
    uint64_t now_us, sent = sweep->stats.sent;
    unsigned most;
    int code = 0, more = 0;

    *wake_us = AQ_WAKEUP_NEVER;
    if (elsewhere->waiting > 0 && !elsewhere->resolution.resolver)
        code = elsewhere_open(sweep, elsewhere);
    if (code < 0 || !elsewhere->resolution.resolver)
        return code;
    more = aq_resolution_fetch(sweep, &elsewhere->resolution);
    if (more < 0 || elsewhere->waiting == 0 || !aq_resolution_has_space(&elsewhere->resolution))
        return more;
    now_us = aq_sys_now_us();
    most = aq_pace_allows(pace, now_us, AQ_SWEEP_BATCH);
    code = elsewhere_ask(sweep, elsewhere, answers, most);
    aq_pace_spend(pace, now_us, (unsigned)(sweep->stats.sent - sent));
    if (elsewhere->waiting > 0)
        *wake_us = aq_pace_due_us(pace);
    return code < 0 ? code : more;
}

bool aq_elsewhere_is_pending(const struct arpq_sweep *sweep, const struct aq_elsewhere *elsewhere)
{
    return elsewhere->waiting > 0 || (elsewhere->resolution.resolver &&
                                      aq_resolution_is_pending(sweep, &elsewhere->resolution));
}

void aq_elsewhere_free(struct aq_elsewhere *elsewhere)
{
    aq_resolution_close(&elsewhere->resolution);
}

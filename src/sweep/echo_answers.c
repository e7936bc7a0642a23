/* SPDX-License-Identifier: MIT */
#include "sweep/echo_answers.h"

#include <errno.h>
#include <stdlib.h>

#include "value/array.h"

/* The most addresses that wait in the resolver. */
#define PENDING_MOST 1024u

void aq_echo_answers_free(struct aq_echo_answers *answers)
{
    arpq_resolver_close(answers->resolver);
    aq_ip_set_free(&answers->seen);
    free(answers->list);
    answers->list = NULL;
}

int aq_echo_answers_add(struct aq_echo_answers *answers, const struct aq_echo_answer *answer)
{
    struct aq_echo_answer *list;
    int code = aq_ip_set_add(&answers->seen, &answer->ip);

    if (code != 1)
        return code;
    list = aq_array_grow(answers->list, &answers->capacity, answers->count, 1, sizeof *list);
    if (!list) {
        aq_ip_set_take_back(&answers->seen);
        return -ENOMEM;
    }
    answers->list = list;
    list[answers->count++] = *answer;
    return 1;
}

static struct arpq_found *report_answer(const struct aq_echo_answers *answers, size_t number,
                                        struct arpq_sweep *sweep)
{
    const struct aq_echo_answer *answer = &answers->list[number];
    struct arpq_found *found = aq_sweep_report(sweep, &answer->ip);

    found->attempt = answer->round;
    found->rtt_us = answer->rtt_us;
    return found;
}

int aq_echo_answers_fetch(struct aq_echo_answers *answers, struct arpq_sweep *sweep)
{
    struct arpq_resolved resolved;

    while (sweep->queued < AQ_SWEEP_BATCH) {
        int code = arpq_resolver_next(answers->resolver, &resolved, 0);

        if (code != 1)
            return code == -ENODATA ? 0 : code;
        report_answer(answers, (size_t)resolved.token, sweep)->mac = resolved.neigh.mac;
    }
    return 1;
}

int aq_echo_answers_submit(struct aq_echo_answers *answers, struct arpq_sweep *sweep)
{
    for (unsigned n = 0; n < AQ_SWEEP_BATCH; n++) {
        int code;

        if (answers->taken == answers->count ||
            arpq_resolver_pending(answers->resolver) >= PENDING_MOST)
            return 0;
        code = arpq_resolver_add(answers->resolver, &answers->list[answers->taken].ip,
                                 sweep->link.ifindex, answers->taken);
        if (code < 0)
            return code;
        answers->taken++;
    }
    return 1;
}

int aq_echo_answers_report(struct aq_echo_answers *answers, struct arpq_sweep *sweep)
{
    while (answers->taken < answers->count) {
        if (sweep->queued == AQ_SWEEP_BATCH)
            return 1;
        (void)report_answer(answers, answers->taken++, sweep);
    }
    return 0;
}

bool aq_echo_answers_left(const struct aq_echo_answers *answers)
{
    return answers->taken < answers->count || arpq_resolver_pending(answers->resolver) > 0;
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "ask.h"

static void answer_neigh(const struct aq_target *target, struct arpq_neigh *neigh)
{
    memset(neigh, 0, sizeof *neigh);
    neigh->ip = target->ip;
    neigh->mac = target->mac;
    neigh->ifindex = target->ifindex;
    neigh->state = ARPQ_STATE_NOARP;
    neigh->flags = target->answered;
}

static int ask_once(struct arpq *h, const struct aq_question *question, struct arpq_neigh *neigh)
{
    struct aq_target target;
    int code = aq_choose(h, question, &target);

    if (code < 0)
        return code;
    if (target.answered) {
        answer_neigh(&target, neigh);
        return 0;
    }
    code = aq_ask_entry(h, &target, neigh);
    return code == -ENOENT && target.mac_length == 0 ? -EOPNOTSUPP : code;
}

static int ask(struct arpq *h, const struct aq_question *question, struct arpq_neigh *neigh)
{
    int code = aq_fresh_check(h);

    if (code < 0)
        return code;
    for (int attempt = 1;; attempt++) {
        unsigned generation = aq_fresh_generation(h);
        int changed = 0;

        code = ask_once(h, question, neigh);
        if (aq_ask_is_doubtful(code) && attempt < AQ_ASK_ATTEMPTS)
            changed = aq_fresh_now(h, generation);
        if (changed < 0)
            return changed;
        if (!changed)
            return aq_ask_final(question, code);
    }
}

int arpq_neigh_get(struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                   struct arpq_neigh *neigh)
{
    struct aq_question question;
    int code = -EINVAL;

    if (neigh)
        memset(neigh, 0, sizeof *neigh);
    if (h && ip && neigh && !(flags & ~ARPQ_VIA_GATEWAY))
        code = aq_choose_question(h, ip, ifindex, &question);
    if (code < 0) {
        aq_rtnl_detail_clear();
        return code;
    }
    question.flags |= flags;
    code = ask(h, &question, neigh);
    if (code < 0)
        memset(neigh, 0, sizeof *neigh);
    return code;
}

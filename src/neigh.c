/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "ask.h"

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
    code = aq_ask_neigh(h, &question, neigh);
    if (code < 0)
        memset(neigh, 0, sizeof *neigh);
    return code;
}

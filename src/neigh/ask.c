/* SPDX-License-Identifier: MIT */
#include "neigh/ask.h"

#include <errno.h>
#include <string.h>

#include "handle/sockets.h"
#include "kernel/rtnl_neigh.h"
#include "kernel/sys.h"

bool aq_ask_is_doubtful(int code)
{
    switch (code) {
    case -ENOENT:
    case -EAGAIN:
    case -EHOSTUNREACH:
    case -ENETUNREACH:
    case -ENETDOWN:
    case -ENODEV:
    case -ESTALE:
    case -EINVAL:
    case -EOPNOTSUPP:
        return true;
    default:
        return false;
    }
}

int aq_ask_final(const struct aq_query *query, int code)
{
    if (code == -ESTALE)
        code = -ENODEV;
    return code == -ENODEV && query->route.ifindex == 0 ? -ENETUNREACH : code;
}

void aq_ask_complete(const struct aq_target *target, struct arpq_neigh *neigh)
{
    neigh->mac.type = target->type;
    neigh->flags |= target->flags;
    if (target->flags & ARPQ_NEIGH_GATEWAY)
        neigh->mac.origin = ARPQ_ORIGIN_GATEWAY;
    neigh->ip.scope = target->ip.scope;
}

void aq_ask_answered(const struct aq_target *target, struct arpq_neigh *neigh)
{
    memset(neigh, 0, sizeof *neigh);
    neigh->ip = target->ip;
    neigh->mac = target->mac;
    neigh->ifindex = target->ifindex;
    neigh->state = ARPQ_STATE_NOARP;
    neigh->flags = target->answered;
}

int aq_ask_entry(struct arpq_handle *h, const struct aq_target *target, struct arpq_neigh *neigh)
{
    struct aq_rtnl *rtnl;
    int code = aq_sockets_enter(h, &rtnl);

    if (code < 0)
        return code;
    code = aq_rtnl_neigh_get(rtnl, &target->ip, target->ifindex, neigh);
    aq_sockets_leave(h, rtnl);
    /* A sandbox may allow the socket and refuse the request. */
    if (aq_sys_is_refusal(code))
        return -EOPNOTSUPP;
    if (code < 0)
        return code;
    aq_ask_complete(target, neigh);
    return 0;
}

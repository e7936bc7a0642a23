/* SPDX-License-Identifier: MIT */
#include "resolve/judge.h"

#include <errno.h>
#include <net/if.h>

#include "handle/links.h"
#include "kernel/sys.h"
#include "neigh/ask.h"

#define STATES_RESOLVED                                                                            \
    (ARPQ_STATE_REACHABLE | ARPQ_STATE_STALE | ARPQ_STATE_DELAY | ARPQ_STATE_PROBE |               \
     ARPQ_STATE_NOARP | ARPQ_STATE_PERMANENT)

enum aq_verdict aq_judge_answer(int code, const struct arpq_neigh *neigh)
{
    if (code == -ENOENT)
        return AQ_ABSENT;
    if (code < 0)
        return AQ_ERROR;
    if (neigh->state & STATES_RESOLVED)
        return AQ_KNOWN;
    if (neigh->state & ARPQ_STATE_INCOMPLETE)
        return AQ_INCOMPLETE;
    return neigh->state & ARPQ_STATE_FAILED ? AQ_FAILED : AQ_UNASKED;
}

static int judge_flags(struct arpq_handle *h, const struct aq_query *query,
                       const struct aq_target *target)
{
    uint32_t flags = aq_links_facts(h, target->ifindex).flags;

    if (!(flags & IFF_UP))
        return query->route.ifindex ? -ENETDOWN : -ENETUNREACH;
    if (flags & (IFF_NOARP | IFF_LOOPBACK) || target->mac_length == 0)
        return -EOPNOTSUPP;
    return 0;
}

int aq_judge_link(struct arpq_handle *h, const struct aq_query *query,
                  const struct aq_target *target)
{
    int code = judge_flags(h, query, target);

    return code < 0 ? code : aq_links_check_port(h, target->ifindex);
}

/* On a link without address resolution the kernel adds a NOARP entry for every destination, so a
 * NOARP entry there does not prove that a machine exists. An entry in another state was set on
 * purpose. */
int aq_judge_known(struct arpq_handle *h, const struct aq_query *query,
                   const struct aq_target *target, struct arpq_neigh *neigh)
{
    aq_ask_complete(target, neigh);
    if (neigh->mac.length == 0)
        return -EOPNOTSUPP;
    return neigh->state & ARPQ_STATE_NOARP ? judge_flags(h, query, target) : 0;
}

int aq_judge_error(const struct aq_query *query, int code)
{
    return aq_sys_is_refusal(code) ? -EOPNOTSUPP : aq_ask_final(query, code);
}

/* Returns -EPERM if a firewall or a routing rule prohibits the packet, and -ENETUNREACH if the
 * link or the route is gone. */
int aq_judge_solicit(const struct aq_query *query, int code)
{
    switch (code) {
    case -EACCES:
        return -EPERM;
    case -EHOSTUNREACH:
    case -EADDRNOTAVAIL:
    case -EINVAL:
        return -ENETUNREACH;
    case -ENETDOWN:
        return query->route.ifindex ? code : -ENETUNREACH;
    default:
        return aq_ask_final(query, code);
    }
}

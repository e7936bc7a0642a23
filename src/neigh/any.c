/* SPDX-License-Identifier: MIT */
#include "neigh/any.h"

#include <errno.h>
#include <net/if.h>

#include "handle/readers.h"
#include "neigh/ask.h"
#include "value/ip.h"

struct any {
    struct arpq_handle *h;
    const struct aq_query *query;
    aq_any_asker ask;
    void *answer;
};

/* Whether an interface is up and has a prefix with the address in it. */
static bool any_suits(const struct aq_view *view, const struct arpq_interface *link,
                      const struct arpq_ip *ip)
{
    if (!(link->flags & IFF_UP))
        return false;
    return aq_view_find(view, ip, link->ifindex).how != AQ_NOWHERE ||
           (aq_ip_is_link_local(ip) && aq_view_has_link_local(view, link->ifindex));
}

/* Returns the next interface after ifindex that the address may be on, or 0. */
static uint32_t any_next(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    const struct arpq_interface *link = aq_view_link_after(view, ifindex);

    while (link && !any_suits(view, link, ip))
        link = aq_view_link_after(view, link->ifindex);
    ifindex = link ? link->ifindex : 0;
    aq_readers_leave(reader);
    return ifindex;
}

/* Returns how much a code tells about the address. An entry tells more than its absence. */
static int any_rank(int code)
{
    switch (code) {
    case -EAGAIN:
        return 4;
    case -EHOSTUNREACH:
        return 3;
    case -ENOENT:
        return 2;
    case -EOPNOTSUPP:
        return 1;
    default:
        return 0;
    }
}

/* An error that does not concern the address ends the attempt. */
static bool any_is_final(int code)
{
    return any_rank(code) == 0 && code != -ENODEV && code != -ENETUNREACH;
}

static int any_attempt(void *context)
{
    const struct any *any = context;
    struct aq_query query = *any->query;
    int best = -ENETUNREACH;

    query.flags &= ~ARPQ_LOOKUP_ANY_INTERFACE;
    while ((query.route.ifindex = any_next(any->h, &query.ip, query.route.ifindex)) != 0) {
        int code = any->ask(any->h, &query, any->answer);

        if (any_is_final(code))
            return code;
        if (any_rank(code) > any_rank(best))
            best = code;
    }
    return best;
}

int aq_any_ask(struct arpq_handle *h, const struct aq_query *query, aq_any_asker ask, void *answer)
{
    struct any any = {.h = h, .query = query, .ask = ask, .answer = answer};

    return aq_ask_retry(h, any_attempt, &any);
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "handle/interfaces.h"
#include "handle/sockets.h"
#include "kernel/sys.h"
#include "neigh/ask.h"
#include "resolve/judge.h"
#include "resolve/resolver.h"

/* Addresses that wait for a place in the window of a resolver, at most. */
#define ADDED_MAX 4096u

/* ---- One ---- */

/* Not a result: the kernel is to be waited for. */
#define PENDING 1

/* The one address, while it is being resolved. */
struct one {
    struct arpq *h;
    const struct aq_query *query;
    struct aq_target target;
    enum aq_verdict verdict;
    struct arpq_neigh *neigh;
};

/* What the table says: 0 with an answer, PENDING, or an error. */
static int resolve_judge(struct one *one, int code)
{
    one->verdict = aq_judge_answer(code, one->neigh);
    if (one->verdict == AQ_KNOWN)
        return aq_judge_known(one->h, one->query, &one->target, one->neigh);
    return one->verdict == AQ_ERROR ? aq_judge_error(one->query, code) : PENDING;
}

static int resolve_get(struct one *one)
{
    return resolve_judge(one, aq_ask_entry(one->h, &one->target, one->neigh));
}

/* An order and a look in one go. */
static int resolve_request(struct one *one)
{
    const struct aq_solicit solicit = {.ip = one->target.ip,
                                       .ifindex = one->target.ifindex,
                                       .flags = one->neigh->flags,
                                       .how = one->verdict == AQ_FAILED ? AQ_SOLICIT_AGAIN
                                                                        : AQ_SOLICIT_NEW};
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(one->h, &rtnl), looked;

    if (code < 0)
        return code;
    code = aq_solicit_and_get(rtnl, &solicit, &looked, one->neigh);
    aq_sockets_unlock(one->h, rtnl);
    if (code == -EPERM)
        aq_sockets_edit_refused(one->h);
    return code == 0 || code == -EEXIST ? resolve_judge(one, looked) : code;
}

static int resolve_solicit(struct one *one)
{
    int code = -EPERM;

    if (aq_sockets_may_edit(one->h))
        code = resolve_request(one);
    if (code == -EPERM) {
        code = aq_sockets_solicit(one->h, &one->target.ip, one->target.ifindex);
        if (code == 0)
            return resolve_get(one);
    }
    return code < 0 ? aq_judge_solicit(one->query, code) : code;
}

/* What can be done without waiting: on many a link the answer is there when the order has
 * been given. */
static int resolve_at_once(struct one *one)
{
    int code = aq_target_find(one->h, one->query, &one->target);

    if (code < 0)
        return aq_ask_final(one->query, code);
    if (one->target.answered) {
        aq_ask_answered(&one->target, one->neigh);
        return 0;
    }
    code = resolve_get(one);
    if (code != PENDING || one->verdict == AQ_INCOMPLETE)
        return code;
    code = aq_judge_link(one->h, one->query, &one->target);
    return code < 0 ? code : resolve_solicit(one);
}

/* The same again where interfaces have changed that this was not known of. */
static int resolve_fresh(struct one *one)
{
    int code = aq_interfaces_refresh(one->h);

    if (code < 0)
        return code;
    for (int attempt = 1;; attempt++) {
        unsigned generation = aq_interfaces_generation(one->h);
        int changed = 0;

        code = resolve_at_once(one);
        if (aq_ask_is_doubtful(code) && attempt < AQ_ASK_ATTEMPTS)
            changed = aq_interfaces_update(one->h, generation);
        if (changed < 0)
            return changed;
        if (!changed)
            return code;
    }
}

static int wait_for(struct arpq *h, const struct aq_query *query, int32_t timeout_ms,
                    struct arpq_neigh *neigh)
{
    const struct arpq_resolve_options options = {
        .size = sizeof options, .flags = query->flags, .timeout_ms = timeout_ms};
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved = {0};
    int code = arpq_resolver_open(h, &resolver, &options);

    if (code < 0)
        return code;
    code = arpq_resolver_add(resolver, &query->ip, query->route.ifindex, 0);
    if (code == 0)
        code = arpq_resolver_next(resolver, &resolved, -1);
    arpq_resolver_close(resolver);
    if (code < 0)
        return code;
    *neigh = resolved.neigh;
    return resolved.code;
}

int arpq_resolve(struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex, int32_t timeout_ms,
                 struct arpq_neigh *neigh)
{
    struct aq_query query;
    struct one one = {.h = h, .query = &query, .neigh = neigh};
    int code = -EINVAL;

    aq_rtnl_detail_clear();
    if (neigh)
        memset(neigh, 0, sizeof *neigh);
    if (h && ip && neigh && timeout_ms >= -1)
        code = aq_target_query(h, ip, ifindex, &query);
    if (code == 0)
        code = resolve_fresh(&one);
    if (code == PENDING)
        code = timeout_ms == 0 ? -EAGAIN : wait_for(h, &query, timeout_ms, neigh);
    if (code < 0 && neigh)
        memset(neigh, 0, sizeof *neigh);
    return code;
}

/* ---- Many ---- */

struct many {
    const struct arpq_ip *ips;
    uint32_t count, ifindex;
    struct arpq_neigh *neighs;
    int32_t *codes;
};

static void set_all(const struct many *many, int code)
{
    for (uint32_t i = 0; i < many->count; i++) {
        if (many->neighs)
            memset(&many->neighs[i], 0, sizeof many->neighs[i]);
        if (many->codes)
            many->codes[i] = code;
    }
}

static int resolve_all(struct arpq_resolver *resolver, const struct many *many)
{
    const uint32_t most = resolver->window + ADDED_MAX;
    struct arpq_resolved resolved = {0};
    uint32_t added = 0;
    int found = 0, code = 0;

    for (;;) {
        while (code == 0 && added < many->count && arpq_resolver_pending(resolver) < most) {
            code = arpq_resolver_add(resolver, &many->ips[added], many->ifindex, added);
            added += code == 0;
        }
        if (code == 0)
            code = arpq_resolver_next(resolver, &resolved, -1);
        if (code <= 0)
            return code < 0 ? code : found;
        code = 0;
        found += resolved.code == 0;
        many->neighs[resolved.token] = resolved.neigh;
        if (many->codes)
            many->codes[resolved.token] = resolved.code;
    }
}

int arpq_resolve_many(struct arpq *h, const struct arpq_ip *ips, uint32_t count, uint32_t ifindex,
                      const struct arpq_resolve_options *options, struct arpq_neigh *neighs,
                      int32_t *codes)
{
    struct many many = {.ips = ips, .count = count, .ifindex = ifindex, .neighs = neighs};
    struct arpq_resolver *resolver;
    int code = -EINVAL;

    many.codes = codes;
    aq_rtnl_detail_clear();
    if (count > INT32_MAX)
        return -EINVAL;
    set_all(&many, 0);
    if (h && (!count || (ips && neighs)))
        code = arpq_resolver_open(h, &resolver, options);
    if (code == 0) {
        code = resolve_all(resolver, &many);
        arpq_resolver_close(resolver);
    }
    if (code < 0)
        set_all(&many, code);
    return code;
}

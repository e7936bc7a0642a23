/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/links.h"
#include "handle/sockets.h"
#include "kernel/sys.h"
#include "neigh/ask.h"
#include "resolve/judge.h"
#include "resolve/resolver.h"

/* The most addresses that resolve_all adds beyond the window. */
#define ADDED_MAX 4096u

/* ---- One ---- */

/* There is no result yet: wait for the kernel. */
#define RESOLVE_PENDING 1

/* The state of one arpq_resolve call. */
struct resolution {
    struct arpq_handle *h;
    const struct aq_query *query;
    struct aq_target target;
    enum aq_verdict verdict;
    struct arpq_neigh *neigh;
};

/* Interpret a table read. Returns 0 with the result, RESOLVE_PENDING if there is no result yet,
 * or an error. */
static int resolve_judge(struct resolution *resolution, int code)
{
    resolution->verdict = aq_judge_answer(code, resolution->neigh);
    if (resolution->verdict == AQ_KNOWN)
        return aq_judge_known(resolution->h, resolution->query, &resolution->target,
                              resolution->neigh);
    return resolution->verdict == AQ_ERROR ? aq_judge_error(resolution->query, code)
                                           : RESOLVE_PENDING;
}

static int resolve_get(struct resolution *resolution)
{
    return resolve_judge(resolution,
                         aq_ask_entry(resolution->h, &resolution->target, resolution->neigh));
}

/* Send a solicitation and a lookup together. */
static int resolve_request(struct resolution *resolution)
{
    const struct aq_solicit solicit = {.ip = resolution->target.ip,
                                       .ifindex = resolution->target.ifindex,
                                       .flags = resolution->neigh->flags,
                                       .how = resolution->verdict == AQ_ABSENT ? AQ_SOLICIT_NEW
                                                                               : AQ_SOLICIT_AGAIN};
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(resolution->h, &rtnl), look_code;

    if (code < 0)
        return code;
    code = aq_solicit_and_get(rtnl, &solicit, &look_code, resolution->neigh);
    aq_sockets_unlock(resolution->h, rtnl);
    if (code == -EPERM)
        aq_sockets_edit_refused(resolution->h);
    return code == 0 || code == -EEXIST ? resolve_judge(resolution, look_code) : code;
}

static int resolve_solicit(struct resolution *resolution)
{
    const struct aq_target *target = &resolution->target;
    int code = -EPERM;

    if (aq_sockets_may_edit(resolution->h) &&
        !aq_links_need_packet(resolution->h, &target->ip, target->ifindex))
        code = resolve_request(resolution);
    if (code == -EPERM) {
        code = aq_sockets_solicit(resolution->h, &target->ip, target->ifindex);
        if (code == 0)
            return resolve_get(resolution);
    }
    return code < 0 ? aq_judge_solicit(resolution->query, code) : code;
}

/* Do all work that is possible without waiting. On many links the answer has arrived by the time
 * the solicitation returns. */
static int resolve_at_once(void *context)
{
    struct resolution *resolution = context;
    int code = aq_target_find(resolution->h, resolution->query, &resolution->target);

    if (code < 0)
        return aq_ask_final(resolution->query, code);
    if (resolution->target.answered) {
        aq_ask_answered(&resolution->target, resolution->neigh);
        return 0;
    }
    code = resolve_get(resolution);
    if (code != RESOLVE_PENDING || resolution->verdict == AQ_INCOMPLETE)
        return code;
    code = aq_judge_link(resolution->h, resolution->query, &resolution->target);
    return code < 0 ? code : resolve_solicit(resolution);
}

/* Returns the code for an address that has no result when the time is over. */
static int resolve_code_of_timeout(const struct arpq_resolver *r, int32_t timeout_ms)
{
    const struct aq_list *stages = r->pending.stages;

    if (timeout_ms == 0)
        return -EAGAIN;
    for (int i = 0; i < 2; i++)
        if (stages[AQ_STAGE_BUDGET4 + i].count && aq_budget_is_short(&r->budgets[i]))
            return -ENOBUFS;
    return -EHOSTUNREACH;
}

static int resolve_and_wait(struct arpq_handle *h, const struct aq_query *query, uint32_t flags,
                            int32_t timeout_ms, struct arpq_neigh *neigh)
{
    const struct arpq_resolve_options options = {
        .size = sizeof options,
        .flags = flags,
        .answer_ms = timeout_ms < 0 ? ARPQ_FOREVER : (uint32_t)timeout_ms};
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved = {0};
    int code = arpq_resolver_open(h, &resolver, &options);

    if (code < 0)
        return code;
    code = arpq_resolver_add(resolver, &query->ip, query->route.ifindex, 0);
    if (code == 0)
        code = arpq_resolver_next(resolver, &resolved, timeout_ms);
    if (code == 0)
        code = resolve_code_of_timeout(resolver, timeout_ms);
    resolver->keeps_entries = timeout_ms == 0;
    arpq_resolver_close(resolver);
    if (code < 0)
        return code;
    *neigh = resolved.neigh;
    return resolved.code;
}

int arpq_resolve(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                 int32_t timeout_ms, struct arpq_neigh *neigh)
{
    struct aq_query query;
    struct resolution resolution = {.h = h, .query = &query, .neigh = neigh};
    int code = -EINVAL;

    aq_detail_begin(h);
    if (neigh)
        memset(neigh, 0, sizeof *neigh);
    if (h && ip && neigh && timeout_ms >= -1 && !(flags & ~AQ_RESOLVE_FLAGS))
        code = aq_query_make(ip, ifindex, aq_resolve_lookup_flags(flags), &query);
    if (code == 0)
        code = flags & ARPQ_RESOLVE_REVALIDATE ? RESOLVE_PENDING
                                               : aq_ask_retry(h, resolve_at_once, &resolution);
    if (code == RESOLVE_PENDING && (timeout_ms != 0 || flags & ARPQ_RESOLVE_REVALIDATE))
        code = resolve_and_wait(h, &query, flags, timeout_ms, neigh);
    if (code == RESOLVE_PENDING)
        code = -EAGAIN;
    if (code < 0 && neigh)
        memset(neigh, 0, sizeof *neigh);
    return code;
}

/* ---- Many ---- */

struct resolve_batch {
    const struct arpq_ip *ips;
    uint32_t count, ifindex;
    struct arpq_neigh *neighs;
    int32_t *codes;
};

static void resolve_set_all(const struct resolve_batch *batch, int code)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        if (batch->neighs)
            memset(&batch->neighs[i], 0, sizeof batch->neighs[i]);
        if (batch->codes)
            batch->codes[i] = code;
    }
}

static int resolve_all(struct arpq_resolver *resolver, const struct resolve_batch *batch)
{
    const uint32_t pending_max = resolver->window + ADDED_MAX;
    struct arpq_resolved resolved = {0};
    uint32_t added = 0;
    int found = 0, code = 0;

    for (;;) {
        while (code == 0 && added < batch->count && arpq_resolver_pending(resolver) < pending_max) {
            code = arpq_resolver_add(resolver, &batch->ips[added], batch->ifindex, added);
            added += code == 0;
        }
        if (code == 0)
            code = arpq_resolver_next(resolver, &resolved, -1);
        if (code < 0)
            return code == -ENODATA ? found : code;
        code = 0;
        found += resolved.code == 0;
        batch->neighs[resolved.token] = resolved.neigh;
        if (batch->codes)
            batch->codes[resolved.token] = resolved.code;
    }
}

int arpq_resolve_many(struct arpq_handle *h, const struct arpq_ip *ips, uint32_t count,
                      uint32_t ifindex, const struct arpq_resolve_options *options,
                      struct arpq_neigh *neighs, int32_t *codes)
{
    struct resolve_batch batch = {.ips = ips, .count = count, .ifindex = ifindex, .neighs = neighs};
    struct arpq_resolver *resolver;
    int code = -EINVAL;

    batch.codes = codes;
    aq_detail_begin(h);
    if (count > INT32_MAX)
        return -EINVAL;
    resolve_set_all(&batch, 0);
    if (h && (!count || (ips && neighs)))
        code = arpq_resolver_open(h, &resolver, options);
    if (code == 0) {
        code = resolve_all(resolver, &batch);
        arpq_resolver_close(resolver);
    }
    if (code < 0)
        resolve_set_all(&batch, code);
    return code;
}

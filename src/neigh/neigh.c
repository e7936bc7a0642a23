/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/sockets.h"
#include "kernel/rtnl_neigh.h"
#include "kernel/sys.h"
#include "neigh/any.h"
#include "neigh/ask.h"
#include "value/neigh.h"

/* A link without link-layer addresses has entries only if somebody set them. */
static int without_entry(const struct aq_target *target, int code)
{
    return code == -ENOENT && target->mac_length == 0 && !target->by_index ? -EOPNOTSUPP : code;
}

struct neigh_attempt {
    struct arpq_handle *h;
    const struct aq_query *query;
    struct arpq_neigh *neigh;
};

static int neigh_attempt(void *context)
{
    const struct neigh_attempt *to = context;
    struct aq_target target;
    int code = aq_target_find(to->h, to->query, &target);

    if (code < 0)
        return code;
    if (aq_target_is_answer(to->query, &target)) {
        aq_ask_answered(&target, to->neigh);
        return 0;
    }
    code = aq_ask_entry(to->h, &target, to->neigh);
    return without_entry(&target, code);
}

static int neigh_get_on_one(struct arpq_handle *h, const struct aq_query *query, void *neigh)
{
    struct neigh_attempt to = {.h = h, .query = query, .neigh = neigh};

    return aq_ask_final(query, aq_ask_retry(h, neigh_attempt, &to));
}

static int neigh_get_with_mac(struct arpq_handle *h, const struct aq_query *query, void *answer)
{
    const struct arpq_neigh *neigh = answer;
    int code = neigh_get_on_one(h, query, answer);

    return code == 0 && neigh->mac.length == 0 ? aq_neigh_without_mac(neigh->state) : code;
}

/* Of the entries on several interfaces, one with an address is the answer if there is one. */
static int neigh_get(struct arpq_handle *h, const struct aq_query *query, struct arpq_neigh *neigh)
{
    int code;

    if (!(query->flags & ARPQ_LOOKUP_ANY_INTERFACE))
        return neigh_get_on_one(h, query, neigh);
    code = aq_any_ask(h, query, neigh_get_with_mac, neigh);
    if (aq_ask_is_doubtful(code)) /* there may be an entry without an address */
        code = aq_any_ask(h, query, neigh_get_on_one, neigh);
    return code;
}

int arpq_neigh_get(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex,
                   uint32_t flags, struct arpq_neigh *neigh)
{
    struct aq_query query;
    int code = -EINVAL;

    if (neigh)
        memset(neigh, 0, sizeof *neigh);
    if (h && ip && neigh)
        code = aq_query_make(ip, ifindex, flags, &query);
    if (code < 0) {
        aq_detail_begin(h);
        return code;
    }
    code = neigh_get(h, &query, neigh);
    if (code < 0)
        memset(neigh, 0, sizeof *neigh);
    return code;
}

/* ---- Many ---- */

/* Requests that are sent together. */
struct request_batch {
    unsigned count;
    uint32_t at[AQ_RTNL_BATCH]; /* their positions among the addresses */
    struct aq_query queries[AQ_RTNL_BATCH];
    struct aq_target targets[AQ_RTNL_BATCH];
    struct aq_neigh_key keys[AQ_RTNL_BATCH];
    struct arpq_neigh neighs[AQ_RTNL_BATCH];
    int codes[AQ_RTNL_BATCH];
};

struct neigh_batch {
    struct arpq_handle *h;
    const struct arpq_ip *ips;
    uint32_t ifindex, flags;
    struct arpq_neigh *neighs;
    int32_t *codes;
    int found;
    bool doubtful; /* waiting events may change an answer */
    struct request_batch *batch;
};

static void neigh_settle(struct neigh_batch *many, uint32_t i, int code)
{
    many->found += code == 0;
    many->doubtful |= aq_ask_is_doubtful(code);
    if (many->codes)
        many->codes[i] = code;
    if (code < 0 && many->neighs)
        memset(&many->neighs[i], 0, sizeof many->neighs[i]);
}

static void batch_done(struct neigh_batch *many, unsigned n, int code)
{
    const struct aq_target *target = &many->batch->targets[n];
    struct arpq_neigh *neigh = &many->neighs[many->batch->at[n]];

    code = without_entry(target, code);
    code = aq_sys_is_refusal(code) ? -EOPNOTSUPP : aq_ask_final(&many->batch->queries[n], code);
    if (code == 0) {
        *neigh = many->batch->neighs[n];
        aq_ask_complete(target, neigh);
    }
    neigh_settle(many, many->batch->at[n], code);
}

static void neigh_batch_send(struct neigh_batch *many)
{
    struct request_batch *batch = many->batch;
    struct aq_rtnl *rtnl;
    int code;

    if (batch->count == 0)
        return;
    code = aq_sockets_enter(many->h, &rtnl);
    if (code == 0) {
        aq_rtnl_neigh_get_many(rtnl, batch->keys, batch->count, batch->neighs, batch->codes);
        aq_sockets_leave(many->h, rtnl);
    }
    for (unsigned n = 0; n < batch->count; n++)
        batch_done(many, n, code == 0 ? batch->codes[n] : code);
    batch->count = 0;
}

static void batch_add(struct neigh_batch *many, uint32_t i)
{
    struct request_batch *batch = many->batch;
    struct aq_target *target = &batch->targets[batch->count];
    struct aq_query *query = &batch->queries[batch->count];
    int code = aq_query_make(&many->ips[i], many->ifindex, many->flags, query);

    memset(target, 0, sizeof *target);
    if (code == 0)
        code = aq_target_find(many->h, query, target);
    if (code < 0 || aq_target_is_answer(query, target)) {
        if (code == 0)
            aq_ask_answered(target, &many->neighs[i]);
        neigh_settle(many, i, aq_ask_final(query, code));
        return;
    }
    batch->keys[batch->count] = (struct aq_neigh_key){target->ip, target->ifindex};
    batch->at[batch->count++] = i;
    if (batch->count == AQ_RTNL_BATCH)
        neigh_batch_send(many);
}

static int ask_one_by_one(struct neigh_batch *many, uint32_t count)
{
    many->found = 0;
    for (uint32_t i = 0; i < count; i++)
        neigh_settle(
            many, i,
            arpq_neigh_get(many->h, &many->ips[i], many->ifindex, many->flags, &many->neighs[i]));
    return many->found;
}

static int ask_many(struct neigh_batch *many, uint32_t count)
{
    unsigned generation = aq_interfaces_generation(many->h);

    if (many->flags & ARPQ_LOOKUP_ANY_INTERFACE)
        return ask_one_by_one(many, count);
    for (uint32_t i = 0; i < count; i++)
        batch_add(many, i);
    neigh_batch_send(many);
    if (!many->doubtful || aq_interfaces_update(many->h, generation) <= 0)
        return many->found;
    return ask_one_by_one(many, count); /* the interfaces have changed */
}

int arpq_neigh_get_many(struct arpq_handle *h, const struct arpq_ip *ips, uint32_t count,
                        uint32_t ifindex, uint32_t flags, struct arpq_neigh *neighs, int32_t *codes)
{
    struct neigh_batch many = {
        .h = h,
        .ips = ips,
        .ifindex = ifindex,
        .flags = flags,
        .neighs = neighs,
    };
    int code = 0;

    many.codes = codes;
    aq_detail_begin(h);
    if (count > INT32_MAX)
        return -EINVAL;
    if (!h || (count && (!ips || !neighs)) || flags & ~AQ_LOOKUP_FLAGS)
        code = -EINVAL;
    if (code == 0)
        code = aq_interfaces_refresh(h);
    if (code == 0 && !(many.batch = malloc(sizeof *many.batch)))
        code = -ENOMEM;
    if (code == 0) {
        many.batch->count = 0;
        code = ask_many(&many, count);
        free(many.batch);
        return code;
    }
    for (uint32_t i = 0; i < count; i++)
        neigh_settle(&many, i, code);
    return code;
}

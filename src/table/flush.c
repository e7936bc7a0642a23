/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "handle/detail.h"
#include "handle/sockets.h"
#include "kernel/rtnl_neigh_edit.h"
#include "table/filter.h"

/* States and flags of entries that an administrator or another program set. A flush spares these
 * entries unless the filter names the state or flag. */
#define STATES_SET (ARPQ_STATE_PERMANENT | ARPQ_STATE_NOARP)
#define FLAGS_SET (ARPQ_NEIGH_EXT_LEARNED | AQ_RTNL_NEIGH_FLAGS_EXT)

static bool has_condition(const struct arpq_filter *filter)
{
    return filter->flags || filter->ifindex || filter->master || filter->states ||
           filter->neigh_flags || filter->prefix.family || filter->protocol || filter->family ||
           filter->mac.length;
}

static bool is_spared(const struct arpq_filter *filter, const struct arpq_neigh *neigh)
{
    if (filter->protocol || filter->flags & ARPQ_FILTER_PROXY)
        return false;
    return (neigh->state & STATES_SET & ~filter->states) ||
           (neigh->flags & FLAGS_SET & ~filter->neigh_flags);
}

/* Entries that one sendmsg() removes. */
struct flush_batch {
    bool proxy;
    unsigned count;
    struct aq_neigh_key keys[AQ_RTNL_BATCH];
};

/* It is not an error if an entry was removed meanwhile, alone or with its interface. */
static int flush_batch_send(struct arpq_handle *h, struct flush_batch *batch, uint32_t *removed)
{
    int codes[AQ_RTNL_BATCH];
    struct aq_rtnl *rtnl;
    int code = batch->count ? aq_sockets_lock(h, &rtnl) : 0;

    if (code < 0 || batch->count == 0)
        return code;
    aq_rtnl_neigh_delete(rtnl, batch->keys, batch->count, batch->proxy, codes);
    aq_sockets_unlock(h, rtnl);
    for (unsigned n = 0; n < batch->count; n++) {
        *removed += codes[n] == 0;
        if (code == 0 && codes[n] != -ENOENT && codes[n] != -ENODEV)
            code = codes[n];
    }
    batch->count = 0;
    return code;
}

static int remove_listed(struct arpq_handle *h, const struct arpq_filter *filter,
                         const struct arpq_table *table, uint32_t *removed)
{
    struct flush_batch batch = {.proxy = filter->flags & ARPQ_FILTER_PROXY};
    const struct arpq_neigh *neigh;
    int code = 0;

    for (uint32_t n = 0; code == 0 && (neigh = arpq_table_at(table, n)); n++) {
        if (is_spared(filter, neigh))
            continue;
        batch.keys[batch.count++] = (struct aq_neigh_key){neigh->ip, neigh->ifindex};
        if (batch.count == AQ_RTNL_BATCH)
            code = flush_batch_send(h, &batch, removed);
    }
    return code < 0 ? code : flush_batch_send(h, &batch, removed);
}

int arpq_neigh_flush(struct arpq_handle *h, const struct arpq_filter *filter, uint32_t *removed)
{
    struct arpq_filter checked;
    struct arpq_table *table;
    uint32_t count = 0;
    int code;

    aq_detail_begin(h);
    if (removed)
        *removed = 0;
    if (!h || !filter)
        return -EINVAL;
    code = aq_filter_read(filter, &checked);
    if (code < 0 || !has_condition(&checked))
        return -EINVAL;
    code = arpq_table_get(h, filter, &table);
    if (code < 0)
        return code;
    code = remove_listed(h, &checked, table, &count);
    arpq_table_free(table);
    if (code == 0)
        aq_detail_begin(h);
    if (removed)
        *removed = count;
    return code;
}

/* SPDX-License-Identifier: MIT */
/* Lists of a mirror's entries. */
#include <string.h>

#include "handle/interfaces.h"
#include "kernel/sys.h"
#include "mirror/mirror.h"
#include "neighmap/chain.h"
#include "neighmap/found.h"
#include "table/filter.h"
#include "table/table.h"

int arpq_mirror_find_mac(const struct arpq_mirror *mirror, const struct arpq_mac *mac,
                         struct arpq_neigh *neighs, uint32_t room)
{
    const struct aq_neighmap *map;
    struct arpq_mac key = {0};
    int code = aq_mirror_begin(mirror, &map);

    if (neighs && room <= INT32_MAX)
        memset(neighs, 0, room * sizeof *neighs);
    if (!mac || mac->length == 0 || mac->length > ARPQ_MAC_MAX || room > INT32_MAX ||
        (room && !neighs))
        return -EINVAL;
    if (code < 0)
        return code;
    key.length = mac->length;
    memcpy(key.bytes, mac->bytes, mac->length);
    return (int)aq_chain_find(map, &key, aq_sys_now_ms(), neighs, room);
}

int arpq_mirror_each(const struct arpq_mirror *mirror, arpq_neigh_callback callback, void *context)
{
    const struct aq_neighmap *map;
    struct aq_found found;
    struct arpq_neigh neigh;
    int code = callback ? aq_mirror_begin(mirror, &map) : -EINVAL;
    uint32_t number = 0;

    while (code == 0 && (number = aq_neighmap_next(map, number, &found))) {
        aq_found_neigh(&found, aq_sys_now_ms(), &neigh);
        code = callback(&neigh, context);
    }
    return code;
}

struct listing {
    const struct arpq_filter *filter;
    struct aq_links links;
    struct arpq_table *table;
};

static int mirror_list_add(const struct arpq_neigh *neigh, void *context)
{
    struct listing *to = context;
    struct arpq_neigh *next;

    if (!aq_filter_matches(to->filter, neigh) ||
        (to->filter->master && aq_links_master(&to->links, neigh->ifindex) != to->filter->master))
        return 0;
    next = aq_table_next(to->table);
    if (!next)
        return -ENOMEM;
    *next = *neigh;
    aq_table_keep(to->table);
    return 0;
}

int arpq_mirror_table(const struct arpq_mirror *mirror, const struct arpq_filter *filter,
                      struct arpq_table **table)
{
    struct arpq_filter new_filter;
    struct listing to = {.filter = &new_filter};
    int code;

    if (table)
        *table = NULL;
    if (!mirror || !table)
        return -EINVAL;
    code = aq_filter_read(filter, &new_filter);
    if (code == 0 && new_filter.flags & ARPQ_FILTER_PROXY)
        code = -EINVAL;
    if (code == 0)
        code = aq_table_make(&to.table);
    if (code < 0)
        return code;
    aq_links_init(&to.links, mirror->replica.h);
    if (new_filter.master)
        (void)aq_interfaces_refresh(mirror->replica.h);
    code = arpq_mirror_each(mirror, mirror_list_add, &to);
    if (code < 0) {
        arpq_table_free(to.table);
        return code;
    }
    *table = to.table;
    return 0;
}

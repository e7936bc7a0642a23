/* SPDX-License-Identifier: MIT */
#include "table/table.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/links.h"
#include "handle/sockets.h"
#include "kernel/rtnl_neightbl.h"
#include "kernel/sys.h"
#include "neighmap/index.h"
#include "table/dump.h"
#include "table/filter.h"
#include "value/array.h"
#include "value/hash.h"

struct arpq_table {
    struct arpq_neigh *neighs;
    size_t capacity;
    uint32_t count;
    uint32_t flags;
    uint32_t malformed;
};

/* ---- The list ---- */

int aq_table_make(struct arpq_table **table)
{
    *table = calloc(1, sizeof **table);
    return *table ? 0 : -ENOMEM;
}

struct arpq_neigh *aq_table_next(struct arpq_table *table)
{
    struct arpq_neigh *neighs = NULL;

    if (table->count < UINT32_MAX)
        neighs = aq_array_grow(table->neighs, &table->capacity, table->count, 1, sizeof *neighs);
    if (!neighs)
        return NULL;
    table->neighs = neighs;
    return &table->neighs[table->count];
}

void aq_table_keep(struct arpq_table *table)
{
    table->count++;
}

void arpq_table_free(struct arpq_table *table)
{
    if (!table)
        return;
    free(table->neighs);
    free(table);
}

uint32_t arpq_table_count(const struct arpq_table *table)
{
    return table ? table->count : 0;
}

const struct arpq_neigh *arpq_table_at(const struct arpq_table *table, uint32_t n)
{
    return table && n < table->count ? &table->neighs[n] : NULL;
}

const struct arpq_neigh *arpq_table_entries(const struct arpq_table *table, uint32_t *count,
                                            uint32_t *stride)
{
    const uint32_t entries = arpq_table_count(table);

    if (count)
        *count = entries;
    if (stride)
        *stride = entries ? sizeof *table->neighs : 0;
    return arpq_table_at(table, 0);
}

uint32_t arpq_table_flags(const struct arpq_table *table)
{
    return table ? table->flags : 0;
}

uint32_t arpq_table_malformed(const struct arpq_table *table)
{
    return table ? table->malformed : 0;
}

/* ---- Reading the kernel's table ---- */

struct table_reading {
    const struct arpq_filter *filter;
    struct aq_links links;
    struct arpq_table *table;
    /* Set from the second dump on, so that no entry is listed twice. */
    struct aq_index seen;
    uint64_t seed;
    bool again;
    /* For arpq_table_each only. */
    arpq_neigh_callback callback;
    void *context;
    int result; /* result of the callback */
};

/* Returns 1 if the message is an entry that passes the filter, 0 if not. */
static int table_read_entry(struct table_reading *to, const struct nlmsghdr *message,
                            struct arpq_neigh *neigh)
{
    bool filtered = message->nlmsg_flags & NLM_F_DUMP_FILTERED;
    int code;

    if (message->nlmsg_type != RTM_NEWNEIGH)
        return 0;
    code = aq_rtnl_neigh_parse(message, neigh);
    if (code < 0) {
        if (code == -EBADMSG && to->table)
            to->table->malformed++;
        return 0;
    }
    aq_links_complete(&to->links, neigh);
    if (to->filter->master && !filtered &&
        aq_links_master(&to->links, neigh->ifindex) != to->filter->master)
        return 0;
    return aq_filter_matches(to->filter, neigh);
}

static uint64_t hash_key(const struct table_reading *to, const struct arpq_neigh *neigh)
{
    return aq_hash_ip(to->seed, &neigh->ip, neigh->ifindex);
}

static uint64_t hash_number(const void *context, uint32_t number)
{
    const struct table_reading *to = context;

    return hash_key(to, &to->table->neighs[number - 1]);
}

static bool is_seen(struct table_reading *to, const struct arpq_neigh *neigh, uint64_t hash)
{
    struct aq_search search;
    uint32_t number;

    aq_search_begin(&search, &to->seen, hash);
    while ((number = aq_search_next(&search))) {
        const struct arpq_neigh *other = &to->table->neighs[number - 1];

        if (other->ifindex == neigh->ifindex && arpq_ip_compare(&other->ip, &neigh->ip) == 0)
            return true;
    }
    return false;
}

/* Returns 1 if the entry is the first one with its address and interface, 0 if not, or -ENOMEM. */
static int note_seen(struct table_reading *to, const struct arpq_neigh *neigh)
{
    uint64_t hash = hash_key(to, neigh);

    if (is_seen(to, neigh, hash))
        return 0;
    if (aq_index_reserve(&to->seen, hash_number, to) < 0)
        return -ENOMEM;
    aq_index_put(&to->seen, hash, to->table->count + 1);
    return 1;
}

static int table_list_entry(const struct nlmsghdr *message, void *context)
{
    struct table_reading *to = context;
    struct arpq_neigh *neigh = aq_table_next(to->table);
    int code;

    if (!neigh)
        return -ENOMEM;
    code = table_read_entry(to, message, neigh);
    if (code == 1 && to->again)
        code = note_seen(to, neigh);
    if (code == 1)
        aq_table_keep(to->table);
    return code < 0 ? code : 0;
}

/* Index the entries that the first dump listed, and remove duplicates. */
static int begin_again(void *context)
{
    struct table_reading *to = context;
    uint32_t count = to->table->count;

    to->table->malformed = 0;
    if (to->again)
        return 0;
    if (aq_index_make(&to->seen, count) < 0)
        return -ENOMEM;
    to->again = true;
    to->seed = aq_sys_random();
    to->table->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        int code;

        to->table->neighs[to->table->count] = to->table->neighs[i];
        code = note_seen(to, &to->table->neighs[i]);
        if (code < 0)
            return code;
        to->table->count += (uint32_t)code;
    }
    return 0;
}

static struct aq_neigh_dump which_of(const struct arpq_filter *filter)
{
    return (struct aq_neigh_dump){
        .family = filter->family,
        .proxy = filter->flags & ARPQ_FILTER_PROXY,
        .ifindex = filter->ifindex,
        .master = filter->master,
    };
}

static int table_read_table(struct arpq_handle *h, const struct arpq_filter *filter,
                            struct arpq_table *table)
{
    struct table_reading to = {.filter = filter, .table = table};
    const struct aq_dump dump = {.which = which_of(filter),
                                 .handler = table_list_entry,
                                 .again = begin_again,
                                 .context = &to};
    int code;

    aq_links_init(&to.links, h);
    code = aq_dump(h, &dump);
    aq_index_free(&to.seen);
    if (code > 0)
        table->flags |= ARPQ_TABLE_INCONSISTENT;
    return code < 0 ? code : 0;
}

static int table_prepare(struct arpq_handle *h, const struct arpq_filter *from,
                         struct arpq_filter *filter)
{
    int code;

    aq_detail_begin(h);
    code = aq_filter_read(from, filter);
    return code < 0 ? code : aq_filter_check_links(h, filter);
}

int arpq_table_get(struct arpq_handle *h, const struct arpq_filter *filter,
                   struct arpq_table **table)
{
    struct arpq_filter checked;
    struct arpq_table *new_table;
    int code;

    if (table)
        *table = NULL;
    if (!h || !table)
        return -EINVAL;
    code = table_prepare(h, filter, &checked);
    if (code < 0)
        return code;
    code = aq_table_make(&new_table);
    if (code < 0)
        return code;
    code = table_read_table(h, &checked, new_table);
    if (code < 0) {
        arpq_table_free(new_table);
        return code;
    }
    *table = new_table;
    return 0;
}

int arpq_table_find_mac(struct arpq_handle *h, const struct arpq_mac *mac,
                        struct arpq_table **table)
{
    struct arpq_filter filter = {.size = sizeof filter};

    if (table)
        *table = NULL;
    if (!mac || mac->length == 0)
        return -EINVAL;
    filter.mac = *mac;
    return arpq_table_get(h, &filter, table);
}

/* ---- One by one ---- */

static int pass_entry(const struct nlmsghdr *message, void *context)
{
    struct table_reading *to = context;
    struct arpq_neigh neigh;

    if (table_read_entry(to, message, &neigh) != 1)
        return 0;
    to->result = to->callback(&neigh, to->context);
    return to->result ? -ECANCELED : 0;
}

/* Used if no descriptor is left for a separate dump: list the entries first, then call back. */
static int table_each_of_list(struct arpq_handle *h, struct table_reading *to, uint32_t *flags)
{
    struct arpq_table table = {0};
    int code = table_read_table(h, to->filter, &table);

    for (uint32_t i = 0; i < table.count && code == 0; i++)
        code = to->callback(&table.neighs[i], to->context);
    *flags = code == 0 ? table.flags : 0;
    free(table.neighs);
    return code;
}

int arpq_table_each(struct arpq_handle *h, const struct arpq_filter *filter,
                    arpq_neigh_callback callback, void *context, uint32_t *flags)
{
    struct table_reading to = {.callback = callback, .context = context};
    struct aq_dump dump = {.handler = pass_entry, .context = &to};
    struct arpq_filter checked;
    uint32_t unwanted = 0;
    int code;

    flags = flags ? flags : &unwanted;
    *flags = 0;
    if (!h || !callback)
        return -EINVAL;
    code = table_prepare(h, filter, &checked);
    if (code < 0)
        return code;
    to.filter = &checked;
    dump.which = which_of(&checked);
    aq_links_init(&to.links, h);
    code = aq_dump_once(h, &dump);
    if (code == -EMFILE || code == -ENFILE)
        return table_each_of_list(h, &to, flags);
    if (code == -ECANCELED)
        return to.result;
    *flags = code == 1 ? ARPQ_TABLE_INCONSISTENT : 0;
    return code < 0 ? code : 0;
}

/* ---- The table itself ---- */

int arpq_table_stats(struct arpq_handle *h, uint16_t family, struct arpq_table_stats *stats)
{
    struct aq_rtnl *rtnl;
    int code;

    aq_detail_begin(h);
    if (stats)
        memset(stats, 0, sizeof *stats);
    if (!h || !stats)
        return -EINVAL;
    if (family != AF_INET && family != AF_INET6)
        return -EAFNOSUPPORT;
    code = aq_interfaces_refresh(h);
    if (code < 0)
        return code;
    code = aq_sockets_lock(h, &rtnl);
    if (code < 0)
        return code;
    code = aq_rtnl_neightbl_get(rtnl, family, stats);
    aq_sockets_unlock(h, rtnl);
    if (code == 0)
        stats->forged = atomic_load(&h->event.forged) + atomic_load(&h->route_event.forged);
    return code != -EAFNOSUPPORT && aq_sys_is_refusal(code) ? -EOPNOTSUPP : code;
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/choice.h"
#include "gateway/defaults.h"
#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/sockets.h"
#include "kernel/sys.h"

/* How often the routes are read again if they change meanwhile. */
#define ATTEMPTS 8

/* ---- The list ---- */

void arpq_gateways_free(struct arpq_gateways *list)
{
    if (!list)
        return;
    free(list->entries);
    free(list);
}

uint32_t arpq_gateways_count(const struct arpq_gateways *list)
{
    return list ? list->count : 0;
}

uint32_t arpq_gateways_flags(const struct arpq_gateways *list)
{
    return list ? list->flags : 0;
}

const struct arpq_gateway *arpq_gateways_at(const struct arpq_gateways *list, uint32_t n)
{
    return n < arpq_gateways_count(list) ? &list->entries[n] : NULL;
}

const struct arpq_gateway *arpq_gateways_entries(const struct arpq_gateways *list, uint32_t *count,
                                                 uint32_t *stride)
{
    const uint32_t entries = arpq_gateways_count(list);

    if (count)
        *count = entries;
    if (stride)
        *stride = entries ? sizeof *list->entries : 0;
    return arpq_gateways_at(list, 0);
}

/* ---- The routes ---- */

/* Returns 0, 1 if the routes changed meanwhile, or an error. */
static int gateways_read_family(struct aq_rtnl *rtnl, uint16_t family, uint32_t flags,
                                struct arpq_gateways *list)
{
    int read = aq_defaults_read(rtnl, family, flags, list);
    int marked = read < 0 ? read : aq_choice_mark(rtnl, family, flags, list);

    return marked < 0 ? marked : read || marked;
}

static int gateways_read_once(struct aq_rtnl *rtnl, uint16_t family, uint32_t flags,
                              struct arpq_gateways *list)
{
    int v4 = 0, v6 = 0;

    list->count = 0;
    if (family != AF_INET6)
        v4 = gateways_read_family(rtnl, AF_INET, flags, list);
    if (family != AF_INET && v4 >= 0)
        v6 = gateways_read_family(rtnl, AF_INET6, flags, list);
    if (v4 < 0)
        return v4;
    return v6 < 0 ? v6 : v4 || v6;
}

static int gateways_read(struct arpq_handle *h, uint16_t family, uint32_t flags,
                         struct arpq_gateways *list)
{
    struct aq_rtnl *rtnl;
    int code = aq_interfaces_refresh(h); /* a forked child opens its own sockets */

    if (code < 0)
        return code;
    code = aq_sockets_lock(h, &rtnl);
    if (code < 0)
        return aq_sys_unify_refusal(code);
    code = 1;
    for (int n = 0; n < ATTEMPTS && code == 1; n++)
        code = gateways_read_once(rtnl, family, flags, list);
    aq_sockets_unlock(h, rtnl);
    list->flags = flags | (code == 1 ? ARPQ_GATEWAYS_INCONSISTENT : 0);
    return code < 0 ? aq_sys_unify_refusal(code) : 0;
}

/* ---- Order ---- */

static int gateway_order_of(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int gateway_compare(const void *a, const void *b)
{
    const struct arpq_gateway *left = a, *right = b;
    int order = gateway_order_of(left->family, right->family);

    if (order == 0)
        order =
            gateway_order_of(right->flags & ARPQ_GATEWAY_CHOSEN, left->flags & ARPQ_GATEWAY_CHOSEN);
    if (order == 0)
        order = gateway_order_of(left->table != RT_TABLE_MAIN, right->table != RT_TABLE_MAIN);
    if (order == 0)
        order = gateway_order_of(left->table, right->table);
    if (order == 0)
        order = gateway_order_of(left->metric, right->metric);
    return order ? order : gateway_order_of(left->reserved32, right->reserved32);
}

/* qsort(3) may swap equal elements, so the position in the dump is the last criterion. */
static void gateways_sort(struct arpq_gateways *list)
{
    for (uint32_t n = 0; n < list->count; n++)
        list->entries[n].reserved32 = n;
    if (list->count)
        qsort(list->entries, list->count, sizeof *list->entries, gateway_compare);
    for (uint32_t n = 0; n < list->count; n++)
        list->entries[n].reserved32 = 0;
}

/* ---- The neighbours ---- */

struct questions {
    struct arpq_ip *ips;
    struct arpq_neigh *neighs;
    int32_t *codes;
};

/* Asks for the neighbours of `count` entries of one interface. */
static int gateways_ask(struct arpq_handle *h, struct arpq_gateway *entries, uint32_t count,
                        const struct questions *of)
{
    int code;

    for (uint32_t n = 0; n < count; n++)
        of->ips[n] = entries[n].ip;
    code = arpq_neigh_get_many(h, of->ips, count, entries->ifindex, 0, of->neighs, of->codes);
    if (code < 0)
        return code;
    for (uint32_t n = 0; n < count; n++) {
        entries[n].neigh = of->neighs[n];
        entries[n].code = of->codes[n];
    }
    return 0;
}

/* A device route has no gateway, and no neighbour. */
static bool gateway_is_asked(const struct arpq_gateway *first, const struct arpq_gateway *entry)
{
    return entry->ip.family != 0 && entry->ifindex == first->ifindex;
}

/* One call asks on one interface: consecutive entries of an interface share a call. */
static int gateways_ask_all(struct arpq_handle *h, struct arpq_gateways *list,
                            const struct questions *of)
{
    int code = 0;

    for (uint32_t n = 0; n < list->count && code == 0;) {
        struct arpq_gateway *first = &list->entries[n];
        uint32_t count = 0;

        while (n + count < list->count && gateway_is_asked(first, &first[count]))
            count++;
        if (count)
            code = gateways_ask(h, first, count, of);
        else
            first->code = -EOPNOTSUPP;
        n += count ? count : 1;
    }
    return code;
}

static int gateways_find_neighbours(struct arpq_handle *h, struct arpq_gateways *list)
{
    size_t count = list->count ? list->count : 1;
    struct questions of = {
        .ips = calloc(count, sizeof *of.ips),
        .neighs = calloc(count, sizeof *of.neighs),
        .codes = calloc(count, sizeof *of.codes),
    };
    int code = of.ips && of.neighs && of.codes ? gateways_ask_all(h, list, &of) : -ENOMEM;

    free(of.ips);
    free(of.neighs);
    free(of.codes);
    return code;
}

/* ---- All together ---- */

int arpq_gateways_get(struct arpq_handle *h, uint16_t family, uint32_t flags,
                      struct arpq_gateways **list)
{
    struct arpq_gateways *new_list;
    int code;

    aq_detail_begin(h);
    if (list)
        *list = NULL;
    if (!h || !list || flags & ~ARPQ_GATEWAYS_ALL_TABLES)
        return -EINVAL;
    if (family != 0 && family != AF_INET && family != AF_INET6)
        return -EAFNOSUPPORT;
    new_list = calloc(1, sizeof *new_list);
    if (!new_list)
        return -ENOMEM;
    code = gateways_read(h, family, flags, new_list);
    if (code == 0) {
        gateways_sort(new_list);
        code = gateways_find_neighbours(h, new_list);
    }
    if (code < 0) {
        arpq_gateways_free(new_list);
        return code;
    }
    aq_detail_begin(h); /* the kernel may have said why a destination has no route */
    *list = new_list;
    return 0;
}

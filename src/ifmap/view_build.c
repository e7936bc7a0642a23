/* SPDX-License-Identifier: MIT */
#include "ifmap/view_build.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <stdlib.h>

#include "ifmap/view_table.h"
#include "value/ip.h"

/* IFA_F_NOPREFIXROUTE. In older headers all flags have 8 bits. */
#define NO_PREFIX_ROUTE 0x200u

static void add_entry(struct aq_view *view, const struct arpq_interface *link,
                      const struct arpq_ip *ip, unsigned length, enum aq_belongs how)
{
    const struct aq_prefix_class class = aq_prefix_class_of(aq_prefix_number(ip->family, length));
    struct aq_view_entry *entries = view->entries, *entry = &entries[view->entry_count];
    uint32_t *link_to, *last;

    *entry = (struct aq_view_entry){
        .words = aq_prefix_mask(aq_prefix_words_of(ip), &class),
        .class = class.number,
        .next = AQ_VIEW_NONE,
        .last = view->entry_count,
        .how = how,
        .link = link,
    };
    link_to = aq_view_slot(view, entry->words, entry->class);
    while (*link_to != AQ_VIEW_NONE && entries[*link_to].how < how)
        link_to = &entries[entries[*link_to].last].next;
    if (*link_to != AQ_VIEW_NONE && entries[*link_to].how == how) {
        last = &entries[*link_to].last;
        /* Two addresses of one interface may have the same prefix. */
        if (entries[*last].link == link)
            return;
        link_to = &entries[*last].next;
        *last = view->entry_count;
    }
    entry->next = *link_to;
    *link_to = view->entry_count++;
    aq_prefix_add_class(&view->classes, class.number);
}

/* The last address of an IPv4 prefix is a broadcast address, even if another one is configured:
 * the kernel adds broadcast routes for both. */
static void add_broadcasts(struct aq_view *view, const struct arpq_interface *link,
                           const struct arpq_address *address)
{
    struct arpq_ip last = address->peer.family ? address->peer : address->ip;

    if (address->broadcast.family == AF_INET)
        add_entry(view, link, &address->broadcast, AQ_PREFIX_WHOLE, AQ_BROADCAST);
    if (address->ip.family != AF_INET || address->prefix_length >= 31)
        return;
    for (unsigned bit = address->prefix_length; bit < 32; bit++)
        last.bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
    add_entry(view, link, &last, AQ_PREFIX_WHOLE, AQ_BROADCAST);
}

static bool has_prefix_route(const struct arpq_address *address)
{
    unsigned whole = address->ip.family == AF_INET ? 32 : 128;

    return address->prefix_length > 0 && !(address->flags & NO_PREFIX_ROUTE) &&
           (address->prefix_length < whole || address->peer.family);
}

static void view_add_address(struct aq_view *view, const struct arpq_interface *link,
                             const struct arpq_address *address)
{
    const struct arpq_ip *prefix = address->peer.family ? &address->peer : &address->ip;
    enum aq_belongs how = AQ_CONNECTED;

    /* If duplicate address detection failed, another host has this address. */
    if (!(address->flags & IFA_F_DADFAILED))
        add_entry(view, link, &address->ip, AQ_PREFIX_WHOLE, AQ_OWN);
    add_broadcasts(view, link, address);
    if (aq_ip_is_link_local(&address->ip)) {
        if (!(link->flags & IFF_LOOPBACK)) {
            view->link_local.several |= view->link_local.link && view->link_local.link != link;
            view->link_local.how = AQ_CONNECTED;
            if (!view->link_local.link)
                view->link_local.link = link;
        }
        return;
    }
    /* The kernel treats all addresses of an IPv4 prefix on a loopback interface as local. */
    if (link->flags & IFF_LOOPBACK && address->ip.family == AF_INET)
        how = AQ_OWN;
    if (has_prefix_route(address))
        add_entry(view, link, prefix, address->prefix_length, how);
}

static int make_tables(struct aq_view *view)
{
    /* Each address makes up to four entries: own, prefix and two broadcasts. */
    size_t entries = view->map.address_count * 4 + 1;
    size_t slots = 16;
    uint32_t bits = 4;

    for (; slots < entries * 2; slots *= 2)
        bits++;
    view->entries = calloc(entries, sizeof *view->entries);
    view->slots = calloc(slots, sizeof *view->slots);
    if (!view->entries || !view->slots)
        return -ENOMEM;
    memset(view->slots, 0xff, slots * sizeof *view->slots);
    view->slot_mask = (uint32_t)slots - 1;
    view->slot_shift = 64 - bits;
    return 0;
}

/* The kernel also treats the IPv4 addresses of interfaces that are down as its own. */
static void add_own_of_down(struct aq_view *view, const struct arpq_interface *link,
                            const struct arpq_address *address)
{
    if (address->ip.family == AF_INET)
        add_entry(view, link, &address->ip, AQ_PREFIX_WHOLE, AQ_OWN);
}

static void view_fill(struct aq_view *view, bool up)
{
    for (size_t i = 0; i < view->map.link_count; i++) {
        const struct arpq_interface *link = &view->map.links[i];

        if ((link->flags & IFF_UP ? true : false) != up)
            continue;
        for (uint32_t n = 0; n < link->address_count; n++)
            (up ? view_add_address
                : add_own_of_down)(view, link, &view->map.addresses[link->address_first + n]);
    }
}

/* ---- Long lists ---- */

/* Calls add for each entry of a long list after the first AQ_VIEW_LIST_SHORT. Returns their
 * number. */
static uint32_t view_each_further(struct aq_view *view, uint32_t first,
                                  void (*add)(struct aq_view *view, uint32_t first, uint32_t entry))
{
    uint32_t count = 0;

    for (uint32_t at = first; at != AQ_VIEW_NONE; at = view->entries[at].next)
        if (count++ >= AQ_VIEW_LIST_SHORT && add)
            add(view, first, at);
    return count > AQ_VIEW_LIST_SHORT ? count - AQ_VIEW_LIST_SHORT : 0;
}

/* If one interface has several entries, the first one is the best. */
static void view_add_further(struct aq_view *view, uint32_t first, uint32_t entry)
{
    struct aq_view_further *further = aq_view_further_slot(view, first, view->entries[entry].link);

    if (further->entry == AQ_VIEW_NONE)
        *further = (struct aq_view_further){.first = first, .entry = entry};
}

static uint32_t view_each_list(struct aq_view *view,
                               void (*add)(struct aq_view *view, uint32_t first, uint32_t entry))
{
    uint32_t count = 0;

    for (uint32_t slot = 0; slot <= view->slot_mask; slot++)
        if (view->slots[slot] != AQ_VIEW_NONE)
            count += view_each_further(view, view->slots[slot], add);
    return count;
}

static int view_index_lists(struct aq_view *view)
{
    size_t slots = 16, count = view_each_list(view, NULL);

    if (count == 0)
        return 0;
    while (slots < count * 2)
        slots *= 2;
    view->further = malloc(slots * sizeof *view->further);
    if (!view->further)
        return -ENOMEM;
    memset(view->further, 0xff, slots * sizeof *view->further);
    view->further_mask = (uint32_t)slots - 1;
    view_each_list(view, view_add_further);
    return 0;
}

int aq_view_build(const struct aq_ifmap *map, struct aq_fib *fib, struct aq_view **view)
{
    struct aq_view *new_view = calloc(1, sizeof *new_view);
    int code;

    *view = NULL;
    if (!new_view)
        return -ENOMEM;
    code = aq_ifmap_copy(map, &new_view->map);
    if (code == 0)
        code = make_tables(new_view);
    if (code < 0) {
        aq_view_free(new_view);
        return code;
    }
    view_fill(new_view, true);
    view_fill(new_view, false);
    code = view_index_lists(new_view);
    if (code < 0) {
        aq_view_free(new_view);
        return code;
    }
    new_view->fib = fib;
    if (fib)
        aq_fib_set_links(fib, &new_view->map);
    *view = new_view;
    return 0;
}

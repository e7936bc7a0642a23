/* SPDX-License-Identifier: MIT */
#include "ifmap/view.h"

#include <net/if.h>
#include <stdlib.h>

#include "ifmap/view_table.h"
#include "value/ip.h"

void aq_view_free(struct aq_view *view)
{
    if (!view)
        return;
    aq_ifmap_clear(&view->map);
    aq_fib_free(view->fib);
    free(view->slots);
    free(view->entries);
    free(view->further);
    free(view);
}

struct aq_view **aq_view_next(struct aq_view *view)
{
    return &view->next_view;
}

struct aq_fib *aq_view_fib(const struct aq_view *view)
{
    return view->fib;
}

const struct arpq_interface *aq_view_link(const struct aq_view *view, uint32_t ifindex)
{
    return aq_ifmap_link(&view->map, ifindex);
}

const struct arpq_interface *aq_view_link_after(const struct aq_view *view, uint32_t ifindex)
{
    return aq_ifmap_link_after(&view->map, ifindex);
}

const struct arpq_interface *aq_view_link_with(const struct aq_view *view, uint32_t flags)
{
    for (size_t i = 0; i < view->map.link_count; i++) {
        const struct arpq_interface *link = &view->map.links[i];

        if (link->mac.length && (link->flags & (IFF_UP | IFF_LOOPBACK | flags)) == (IFF_UP | flags))
            return link;
    }
    return NULL;
}

bool aq_view_has_link_local(const struct aq_view *view, uint32_t ifindex)
{
    const struct arpq_interface *link = aq_view_link(view, ifindex);

    for (uint32_t n = 0; link && n < link->address_count; n++) {
        const struct arpq_address *address = &view->map.addresses[link->address_first + n];

        if (aq_ip_is_link_local(&address->ip) &&
            !(address->flags & (ARPQ_ADDRESS_TENTATIVE | ARPQ_ADDRESS_DAD_FAILED)))
            return true;
    }
    return false;
}

bool aq_view_has_mac(const struct aq_view *view, const struct arpq_mac *mac)
{
    for (size_t i = 0; i < view->map.link_count; i++)
        if (arpq_mac_compare(&view->map.links[i].mac, mac) == 0)
            return true;
    return false;
}

const struct arpq_interface *aq_view_link_named(const struct aq_view *view, const char *name)
{
    const struct arpq_interface *link = aq_ifmap_link_named(&view->map, name);

    if (link)
        return link;
    for (size_t i = 0; i < view->map.address_count; i++)
        if (strncmp(view->map.addresses[i].label, name, ARPQ_IFNAME_SIZE) == 0)
            return aq_ifmap_link(&view->map, view->map.addresses[i].ifindex);
    return NULL;
}

static uint32_t view_further_on(const struct aq_view *view, uint32_t first, uint32_t ifindex)
{
    const struct arpq_interface *link = aq_view_link(view, ifindex);

    return view->further && link ? aq_view_further_slot(view, first, link)->entry : AQ_VIEW_NONE;
}

/* Returns the first entry of the list that is on ifindex. */
static uint32_t view_on(const struct aq_view *view, uint32_t first, uint32_t ifindex)
{
    uint32_t at = first;

    for (uint32_t i = 0; i < AQ_VIEW_LIST_SHORT && at != AQ_VIEW_NONE; i++) {
        if (view->entries[at].link->ifindex == ifindex)
            return at;
        at = view->entries[at].next;
    }
    return at == AQ_VIEW_NONE ? AQ_VIEW_NONE : view_further_on(view, first, ifindex);
}

/* `several` is set if an entry on another interface is equally good. */
static inline struct aq_belonging view_belonging(const struct aq_view *view, uint32_t at)
{
    struct aq_belonging found = {.how = AQ_NOWHERE};
    const struct aq_view_entry *entry;

    if (at == AQ_VIEW_NONE)
        return found;
    entry = &view->entries[at];
    found.how = entry->how;
    found.link = entry->link;
    found.several = entry->next != AQ_VIEW_NONE && view->entries[entry->next].how == entry->how;
    return found;
}

/* Not inlined into aq_view_find, because the loop of aq_view_find is faster without a call in
 * it. */
static __attribute__((noinline)) struct aq_belonging
view_find_on(const struct aq_view *view, const struct arpq_ip *ip, uint32_t ifindex)
{
    const struct aq_prefix_words words = aq_prefix_words_of(ip);
    unsigned family = aq_prefix_family(ip->family);
    struct aq_belonging found;
    uint32_t at = AQ_VIEW_NONE;

    for (uint32_t i = 0; i < view->classes.count[family] && at == AQ_VIEW_NONE; i++) {
        const struct aq_prefix_class *class = &view->classes.list[family][i];

        at = view_on(view, *aq_view_slot(view, aq_prefix_mask(words, class), class->number),
                     ifindex);
    }
    found = view_belonging(view, at);
    found.several = false;
    return found;
}

struct aq_belonging aq_view_find(const struct aq_view *view, const struct arpq_ip *ip,
                                 uint32_t ifindex)
{
    const struct aq_prefix_words words = aq_prefix_words_of(ip);
    unsigned family = aq_prefix_family(ip->family);
    const struct aq_prefix_class *class = view->classes.list[family];
    const struct aq_prefix_class *end = class + view->classes.count[family];
    uint32_t at = AQ_VIEW_NONE;

    if (ifindex)
        return view_find_on(view, ip, ifindex);
    for (; class < end && at == AQ_VIEW_NONE; class ++)
        at = *aq_view_slot(view, aq_prefix_mask(words, class), class->number);
    return view_belonging(view, at);
}

struct aq_belonging aq_view_link_local(const struct aq_view *view)
{
    return view->link_local;
}

/* SPDX-License-Identifier: MIT */
#include "ifmap/view.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "value/value.h"

#define NONE UINT32_MAX

/* IFA_F_NOPREFIXROUTE, whose flag word came after the 8-bit one in older headers. */
#define NO_PREFIX_ROUTE 0x200u

/* Addresses are sought by class, best first: a single address (own, then broadcast),
 * then prefixes, longest first. */
#define CLASS_OWN 130u
#define CLASS_BROADCAST 129u
#define CLASS_COUNT 131u

struct key {
    uint8_t bytes[16];
    uint16_t family;
    uint16_t class; /* CLASS_* or a prefix length */
};

/* One way in which addresses belong to one interface. Entries of one key are chained,
 * in order of ifindex. */
struct entry {
    struct key key;
    uint32_t next;
    const struct arpq_interface *link;
};

struct aq_view {
    struct aq_view *next_view;
    bool policy_routing;
    struct aq_ifmap map;
    struct aq_belonging link_local;
    uint8_t classes[2][CLASS_COUNT]; /* in use, best first, by family */
    uint8_t class_count[2];
    uint32_t entry_count;
    uint32_t slot_mask;
    uint32_t *slots; /* open addressing: the first entry of each key, or NONE */
    struct entry *entries;
};

static unsigned family_number(uint16_t family)
{
    return family == AF_INET6;
}

static uint32_t hash(const struct key *key)
{
    uint64_t words[2], mixed;

    memcpy(words, key->bytes, sizeof words);
    mixed = (words[0] ^ key->class) * 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 32) ^ words[1]) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(mixed >> 32);
}

static bool same_key(const struct key *a, const struct key *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void make_key(const struct arpq_ip *ip, unsigned class, struct key *key)
{
    struct arpq_ip masked = *ip;

    if (class < CLASS_BROADCAST)
        aq_ip_mask(&masked, class);
    memcpy(key->bytes, masked.bytes, sizeof key->bytes);
    key->family = masked.family;
    key->class = (uint16_t)class;
}

/* The slot that holds the key, or the empty one where it would go. */
static uint32_t *find_slot(const struct aq_view *view, const struct key *key)
{
    uint32_t at = hash(key) & view->slot_mask;

    while (view->slots[at] != NONE && !same_key(&view->entries[view->slots[at]].key, key))
        at = (at + 1) & view->slot_mask;
    return &view->slots[at];
}

static void add_entry(struct aq_view *view, const struct arpq_interface *link,
                      const struct arpq_ip *ip, unsigned class)
{
    struct entry *entry = &view->entries[view->entry_count];
    uint32_t *link_to;

    make_key(ip, class, &entry->key);
    entry->link = link;
    entry->next = NONE;
    link_to = find_slot(view, &entry->key);
    while (*link_to != NONE) {
        /* Two addresses of one interface may share a prefix. */
        if (view->entries[*link_to].link == link)
            return;
        link_to = &view->entries[*link_to].next;
    }
    *link_to = view->entry_count++;
    view->classes[family_number(ip->family)][class] = 1;
}

/* The last address of an IPv4 prefix is its broadcast address, whatever else the
 * administrator named; the kernel makes a route of that type for both. */
static void add_broadcasts(struct aq_view *view, const struct arpq_interface *link,
                           const struct arpq_address *address)
{
    struct arpq_ip last = address->peer.family ? address->peer : address->ip;

    if (address->broadcast.family == AF_INET)
        add_entry(view, link, &address->broadcast, CLASS_BROADCAST);
    if (address->ip.family != AF_INET || address->prefix_length >= 31)
        return;
    for (unsigned bit = address->prefix_length; bit < 32; bit++)
        last.bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
    add_entry(view, link, &last, CLASS_BROADCAST);
}

static bool has_prefix_route(const struct arpq_address *address)
{
    unsigned whole = address->ip.family == AF_INET ? 32 : 128;

    return address->prefix_length > 0 && !(address->flags & NO_PREFIX_ROUTE) &&
           (address->prefix_length < whole || address->peer.family);
}

static void add_address(struct aq_view *view, const struct arpq_interface *link,
                        const struct arpq_address *address)
{
    const struct arpq_ip *prefix = address->peer.family ? &address->peer : &address->ip;

    add_entry(view, link, &address->ip, CLASS_OWN);
    add_broadcasts(view, link, address);
    if (aq_ip_is_link_local(&address->ip)) {
        if (!(link->flags & IFF_LOOPBACK)) {
            view->link_local.several |=
                view->link_local.link && view->link_local.link != link;
            view->link_local.how = AQ_CONNECTED;
            if (!view->link_local.link)
                view->link_local.link = link;
        }
        return;
    }
    if (has_prefix_route(address))
        add_entry(view, link, prefix, address->prefix_length);
}

/* Turn the marks that add_entry made into lists, best class first. */
static void list_classes(struct aq_view *view)
{
    for (unsigned family = 0; family < 2; family++) {
        uint8_t list[CLASS_COUNT] = {0};
        uint8_t count = 0;

        for (unsigned class = CLASS_COUNT; class-- > 0;)
            if (view->classes[family][class])
                list[count++] = (uint8_t)class;
        memcpy(view->classes[family], list, count);
        view->class_count[family] = count;
    }
}

static int make_tables(struct aq_view *view)
{
    /* At most four entries an address: own, prefix and two kinds of broadcast. */
    size_t entries = view->map.address_count * 4 + 1;
    size_t slots = 16;

    while (slots < entries * 2)
        slots *= 2;
    view->entries = calloc(entries, sizeof *view->entries);
    view->slots = calloc(slots, sizeof *view->slots);
    if (!view->entries || !view->slots)
        return -ENOMEM;
    memset(view->slots, 0xff, slots * sizeof *view->slots);
    view->slot_mask = (uint32_t)slots - 1;
    return 0;
}

static void fill(struct aq_view *view)
{
    for (size_t i = 0; i < view->map.link_count; i++) {
        const struct arpq_interface *link = &view->map.links[i];

        if (!(link->flags & IFF_UP))
            continue;
        for (uint32_t n = 0; n < link->address_count; n++)
            add_address(view, link, &view->map.addresses[link->address_first + n]);
    }
    list_classes(view);
}

int aq_view_build(const struct aq_ifmap *map, bool policy_routing, struct aq_view **view)
{
    struct aq_view *made = calloc(1, sizeof *made);
    int code;

    *view = NULL;
    if (!made)
        return -ENOMEM;
    made->policy_routing = policy_routing;
    code = aq_ifmap_copy(map, &made->map);
    if (code == 0)
        code = make_tables(made);
    if (code < 0) {
        aq_view_free(made);
        return code;
    }
    fill(made);
    *view = made;
    return 0;
}

void aq_view_free(struct aq_view *view)
{
    if (!view)
        return;
    aq_ifmap_clear(&view->map);
    free(view->slots);
    free(view->entries);
    free(view);
}

struct aq_view **aq_view_next(struct aq_view *view)
{
    return &view->next_view;
}

bool aq_view_policy_routing(const struct aq_view *view)
{
    return view->policy_routing;
}

const struct arpq_interface *aq_view_link(const struct aq_view *view, uint32_t ifindex)
{
    return aq_ifmap_link(&view->map, ifindex);
}

const struct arpq_interface *aq_view_link_with(const struct aq_view *view, uint32_t flags)
{
    for (size_t i = 0; i < view->map.link_count; i++) {
        const struct arpq_interface *link = &view->map.links[i];

        if ((link->flags & (IFF_UP | IFF_LOOPBACK | flags)) == (IFF_UP | flags))
            return link;
    }
    return NULL;
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

static enum aq_belongs meaning(unsigned class)
{
    switch (class) {
    case CLASS_OWN:
        return AQ_OWN;
    case CLASS_BROADCAST:
        return AQ_BROADCAST;
    default:
        return AQ_CONNECTED;
    }
}

static struct aq_belonging pick(const struct aq_view *view, uint32_t at, uint32_t ifindex)
{
    const struct entry *first = &view->entries[at];
    struct aq_belonging found = {.how = AQ_NOWHERE};

    if (ifindex == 0) {
        found.several = first->next != NONE;
        found.link = first->link;
    }
    for (; ifindex && at != NONE && !found.link; at = view->entries[at].next)
        if (view->entries[at].link->index == ifindex)
            found.link = view->entries[at].link;
    if (found.link)
        found.how = meaning(first->key.class);
    return found;
}

struct aq_belonging aq_view_find(const struct aq_view *view, const struct arpq_ip *ip,
                                 uint32_t ifindex)
{
    struct aq_belonging found = {.how = AQ_NOWHERE};
    unsigned family = family_number(ip->family);

    for (unsigned i = 0; i < view->class_count[family] && found.how == AQ_NOWHERE; i++) {
        struct key key;
        uint32_t at;

        make_key(ip, view->classes[family][i], &key);
        at = *find_slot(view, &key);
        if (at != NONE)
            found = pick(view, at, ifindex);
    }
    return found;
}

struct aq_belonging aq_view_link_local(const struct aq_view *view)
{
    return view->link_local;
}

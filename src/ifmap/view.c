/* SPDX-License-Identifier: MIT */
#include "ifmap/view.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "value/hash.h"
#include "value/ip.h"

#define NONE UINT32_MAX

/* A search on one interface walks this far; then it uses struct further. */
#define LIST_SHORT 16u

/* IFA_F_NOPREFIXROUTE. In older headers all flags have 8 bits. */
#define NO_PREFIX_ROUTE 0x200u

/* The search tries one class after another, best first: WHOLE for single addresses (own or
 * broadcast), then prefixes, longest first. Classes of IPv4 and IPv6 have different numbers, so
 * that one table holds both. */
#define WHOLE 129u /* higher than any prefix length */
#define CLASS_COUNT 130u

/* An address as two integers in memory order, to mask and compare without calls. */
struct words {
    uint64_t high;
    uint64_t low;
};

struct class
{
    struct words mask;
    uint32_t number; /* combines family and length */
};

/* One reason why addresses belong to one interface. Entries with the same key form a list: own
 * addresses before broadcasts, then by ifindex. */
struct entry {
    struct words words;
    uint32_t class;
    uint32_t next;
    uint32_t last; /* in the first entry of the list with this how: the last such entry */
    enum aq_belongs how;
    const struct arpq_interface *link;
};

/* An entry that is further down its list than LIST_SHORT, found by list and interface. */
struct further {
    uint32_t first; /* of the list */
    uint32_t entry; /* NONE: unused slot */
};

struct aq_view {
    struct aq_view *next_view;
    struct aq_fib *fib;
    struct aq_ifmap map;
    struct aq_belonging link_local;
    struct class classes[2][CLASS_COUNT]; /* in use, best first, by family */
    uint32_t class_count[2];
    uint32_t entry_count;
    uint32_t slot_mask;
    uint32_t slot_shift; /* shifts a hash to a slot number */
    uint64_t seed;
    uint32_t *slots; /* open addressing: the first entry of each key, or NONE */
    struct entry *entries;
    uint32_t further_mask;
    struct further *further; /* open addressing; NULL: all lists are short */
};

static unsigned family_number(uint16_t family)
{
    return family == AF_INET6;
}

static inline struct words words_of(const struct arpq_ip *ip)
{
    struct words words;

    memcpy(&words.high, ip->bytes, sizeof words.high);
    memcpy(&words.low, ip->bytes + sizeof words.high, sizeof words.low);
    return words;
}

static inline struct words view_masked(struct words words, const struct class *class)
{
    words.high &= class->mask.high;
    words.low &= class->mask.low;
    return words;
}

static struct class make_class(uint16_t family, unsigned length)
{
    struct arpq_ip ones = {.family = family};
    struct class class = {.number = family_number(family) * CLASS_COUNT + length};

    memset(ones.bytes, 0xff, aq_ip_length(&ones));
    if (length != WHOLE)
        aq_ip_mask(&ones, length);
    class.mask = words_of(&ones);
    return class;
}

/* Returns the slot of the key, or the empty slot for it. */
static inline uint32_t *find_slot(const struct aq_view *view, struct words words, uint32_t class)
{
    uint32_t at =
        (uint32_t)(aq_hash_short(view->seed, words.high, words.low + class) >> view->slot_shift);

    for (; view->slots[at] != NONE; at = (at + 1) & view->slot_mask) {
        const struct entry *entry = &view->entries[view->slots[at]];

        if (entry->words.high == words.high && entry->words.low == words.low &&
            entry->class == class)
            break;
    }
    return &view->slots[at];
}

/* Inserts a class into the sorted list of those in use. */
static void note_class(struct aq_view *view, unsigned family, const struct class *class)
{
    struct class *list = view->classes[family];
    uint32_t at = 0;

    while (at < view->class_count[family] && list[at].number > class->number)
        at++;
    if (at < view->class_count[family] && list[at].number == class->number)
        return;
    memmove(&list[at + 1], &list[at], (view->class_count[family] - at) * sizeof *list);
    list[at] = *class;
    view->class_count[family]++;
}

static void add_entry(struct aq_view *view, const struct arpq_interface *link,
                      const struct arpq_ip *ip, unsigned length, enum aq_belongs how)
{
    const struct class class = make_class(ip->family, length);
    struct entry *entries = view->entries, *entry = &entries[view->entry_count];
    uint32_t *link_to, *last;

    *entry = (struct entry){
        .words = view_masked(words_of(ip), &class),
        .class = class.number,
        .next = NONE,
        .last = view->entry_count,
        .how = how,
        .link = link,
    };
    link_to = find_slot(view, entry->words, entry->class);
    while (*link_to != NONE && entries[*link_to].how < how)
        link_to = &entries[entries[*link_to].last].next;
    if (*link_to != NONE && entries[*link_to].how == how) {
        last = &entries[*link_to].last;
        /* Two addresses of one interface may have the same prefix. */
        if (entries[*last].link == link)
            return;
        link_to = &entries[*last].next;
        *last = view->entry_count;
    }
    entry->next = *link_to;
    *link_to = view->entry_count++;
    note_class(view, family_number(ip->family), &class);
}

/* The last address of an IPv4 prefix is a broadcast address, even if another one is configured:
 * the kernel adds broadcast routes for both. */
static void add_broadcasts(struct aq_view *view, const struct arpq_interface *link,
                           const struct arpq_address *address)
{
    struct arpq_ip last = address->peer.family ? address->peer : address->ip;

    if (address->broadcast.family == AF_INET)
        add_entry(view, link, &address->broadcast, WHOLE, AQ_BROADCAST);
    if (address->ip.family != AF_INET || address->prefix_length >= 31)
        return;
    for (unsigned bit = address->prefix_length; bit < 32; bit++)
        last.bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
    add_entry(view, link, &last, WHOLE, AQ_BROADCAST);
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

    /* Another host has this address. */
    if (!(address->flags & IFA_F_DADFAILED))
        add_entry(view, link, &address->ip, WHOLE, AQ_OWN);
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
    view->seed = view->map.seed;
    return 0;
}

/* The kernel takes the IPv4 addresses of interfaces that are down for its own too. */
static void add_own_of_down(struct aq_view *view, const struct arpq_interface *link,
                            const struct arpq_address *address)
{
    if (address->ip.family == AF_INET)
        add_entry(view, link, &address->ip, WHOLE, AQ_OWN);
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

static struct further *view_further(const struct aq_view *view, uint32_t first,
                                    const struct arpq_interface *link)
{
    uint32_t at = (uint32_t)aq_hash_mix(view->seed, first, link->index) & view->further_mask;

    while (view->further[at].entry != NONE && (view->further[at].first != first ||
                                               view->entries[view->further[at].entry].link != link))
        at = (at + 1) & view->further_mask;
    return &view->further[at];
}

/* Calls add for each entry of a long list after the first LIST_SHORT; returns how many. */
static uint32_t view_each_further(struct aq_view *view, uint32_t first,
                                  void (*add)(struct aq_view *view, uint32_t first, uint32_t entry))
{
    uint32_t count = 0;

    for (uint32_t at = first; at != NONE; at = view->entries[at].next)
        if (count++ >= LIST_SHORT && add)
            add(view, first, at);
    return count > LIST_SHORT ? count - LIST_SHORT : 0;
}

/* The first of several entries of one interface is the best. */
static void view_add_further(struct aq_view *view, uint32_t first, uint32_t entry)
{
    struct further *further = view_further(view, first, view->entries[entry].link);

    if (further->entry == NONE)
        *further = (struct further){.first = first, .entry = entry};
}

static uint32_t view_each_list(struct aq_view *view,
                               void (*add)(struct aq_view *view, uint32_t first, uint32_t entry))
{
    uint32_t count = 0;

    for (uint32_t slot = 0; slot <= view->slot_mask; slot++)
        if (view->slots[slot] != NONE)
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

const struct arpq_interface *aq_view_link_with(const struct aq_view *view, uint32_t flags)
{
    for (size_t i = 0; i < view->map.link_count; i++) {
        const struct arpq_interface *link = &view->map.links[i];

        if (link->mac.length && (link->flags & (IFF_UP | IFF_LOOPBACK | flags)) == (IFF_UP | flags))
            return link;
    }
    return NULL;
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

    return view->further && link ? view_further(view, first, link)->entry : NONE;
}

/* Returns the first entry of the list that is on ifindex. */
static uint32_t view_on(const struct aq_view *view, uint32_t first, uint32_t ifindex)
{
    uint32_t at = first;

    for (uint32_t i = 0; i < LIST_SHORT && at != NONE; i++) {
        if (view->entries[at].link->index == ifindex)
            return at;
        at = view->entries[at].next;
    }
    return at == NONE ? NONE : view_further_on(view, first, ifindex);
}

/* `several` is set if an entry on another interface is equally good. */
static inline struct aq_belonging view_belonging(const struct aq_view *view, uint32_t at)
{
    struct aq_belonging found = {.how = AQ_NOWHERE};
    const struct entry *entry;

    if (at == NONE)
        return found;
    entry = &view->entries[at];
    found.how = entry->how;
    found.link = entry->link;
    found.several = entry->next != NONE && view->entries[entry->next].how == entry->how;
    return found;
}

/* Apart from aq_view_find, whose loop is faster without a call in it. */
static __attribute__((noinline)) struct aq_belonging
view_find_on(const struct aq_view *view, const struct arpq_ip *ip, uint32_t ifindex)
{
    const struct words words = words_of(ip);
    unsigned family = family_number(ip->family);
    struct aq_belonging found;
    uint32_t at = NONE;

    for (uint32_t i = 0; i < view->class_count[family] && at == NONE; i++) {
        const struct class *class = &view->classes[family][i];

        at = view_on(view, *find_slot(view, view_masked(words, class), class->number), ifindex);
    }
    found = view_belonging(view, at);
    found.several = false;
    return found;
}

struct aq_belonging aq_view_find(const struct aq_view *view, const struct arpq_ip *ip,
                                 uint32_t ifindex)
{
    const struct words words = words_of(ip);
    unsigned family = family_number(ip->family);
    const struct class *class = view->classes[family];
    const struct class *end = class + view->class_count[family];
    uint32_t at = NONE;

    if (ifindex)
        return view_find_on(view, ip, ifindex);
    for (; class < end && at == NONE; class ++)
        at = *find_slot(view, view_masked(words, class), class->number);
    return view_belonging(view, at);
}

struct aq_belonging aq_view_link_local(const struct aq_view *view)
{
    return view->link_local;
}

/* SPDX-License-Identifier: MIT */
#include "ifmap/fib.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ifmap/prefix.h"
#include "value/array.h"
#include "value/hash.h"
#include "value/ip.h"

#define NONE UINT32_MAX

/* The maximum number of prefixes in the table local that may hide longer prefixes in the table
 * main. */
#define WIDE_MAX 64u

struct fib_entry {
    struct aq_prefix_words words;
    const struct arpq_interface *link;
    uint32_t class;
    uint32_t ifindex;
    uint32_t table;
    uint8_t verdict;
};

struct aq_fib {
    atomic_bool expired;
    uint64_t seed;
    struct fib_entry *entries;
    size_t count, capacity;
    uint32_t *slots; /* open addressing: the number of an entry, or NONE */
    uint32_t slot_mask;
    uint32_t slot_shift; /* shifts a hash to a slot number */
    struct aq_prefix_classes classes;
};

/* Returns the slot of a prefix, or the empty slot for it. */
static inline uint32_t *fib_slot(const struct aq_fib *fib, struct aq_prefix_words words,
                                 uint32_t class)
{
    uint32_t at = aq_hash_slot(fib->seed + class, words.high, words.low, fib->slot_shift);

    for (;; at++) {
        uint32_t *slot = &fib->slots[at & fib->slot_mask];
        const struct fib_entry *entry;

        if (*slot == NONE)
            return slot;
        entry = &fib->entries[*slot];
        if (entry->words.high == words.high && entry->words.low == words.low &&
            entry->class == class)
            return slot;
    }
}

struct aq_fib *aq_fib_make(uint64_t seed)
{
    struct aq_fib *fib = calloc(1, sizeof *fib);

    if (fib)
        fib->seed = seed;
    return fib;
}

void aq_fib_free(struct aq_fib *fib)
{
    if (!fib)
        return;
    free(fib->entries);
    free(fib->slots);
    free(fib);
}

/* Without policy rules, the kernel searches only these tables. */
static bool fib_is_consulted(const struct aq_route_entry *entry)
{
    return entry->table == RT_TABLE_LOCAL || entry->table == RT_TABLE_MAIN ||
           entry->table == RT_TABLE_DEFAULT;
}

static enum aq_fib_verdict fib_verdict_of(const struct aq_route_entry *entry)
{
    if (!entry->plain || entry->route.ifindex == 0 || entry->route.gateway.family ||
        entry->table == RT_TABLE_DEFAULT)
        return AQ_FIB_ASK;
    switch (entry->route.type) {
    case RTN_UNICAST:
        return AQ_FIB_DIRECT;
    case RTN_LOCAL:
    case RTN_ANYCAST:
        return AQ_FIB_LOCAL;
    case RTN_BROADCAST:
        return AQ_FIB_BROADCAST;
    default:
        return AQ_FIB_ASK;
    }
}

int aq_fib_add(struct aq_fib *fib, const struct aq_route_entry *entry)
{
    const struct aq_prefix_class class =
        aq_prefix_class_of(aq_prefix_number(entry->prefix.family, entry->length));
    struct fib_entry *entries;

    if (!fib_is_consulted(entry))
        return 0;
    if (fib->count >= AQ_FIB_ROUTES_MAX)
        return -E2BIG;
    entries = aq_array_grow(fib->entries, &fib->capacity, fib->count, 1, sizeof *entries);
    if (!entries)
        return -ENOMEM;
    fib->entries = entries;
    fib->entries[fib->count++] = (struct fib_entry){
        .words = aq_prefix_mask(aq_prefix_words_of(&entry->prefix), &class),
        .class = class.number,
        .ifindex = entry->route.ifindex,
        .table = entry->table,
        .verdict = (uint8_t)fib_verdict_of(entry),
    };
    return 0;
}

/* If a prefix has several routes, the metric, the table and the TOS select one. The verdict is then
 * AQ_FIB_ASK. */
static void fib_insert(struct aq_fib *fib, uint32_t number)
{
    struct fib_entry *entry = &fib->entries[number];
    uint32_t *slot = fib_slot(fib, entry->words, entry->class);

    if (*slot != NONE) {
        fib->entries[*slot].verdict = AQ_FIB_ASK;
        return;
    }
    *slot = number;
    aq_prefix_add_class(&fib->classes, entry->class);
}

static bool fib_is_within(const struct fib_entry *entry, const struct fib_entry *wide,
                          const struct aq_prefix_class *wide_class)
{
    struct aq_prefix_words words = aq_prefix_mask(entry->words, wide_class);

    return entry->class > wide->class &&
           entry->class / AQ_PREFIX_CLASS_COUNT == wide->class / AQ_PREFIX_CLASS_COUNT &&
           words.high == wide->words.high && words.low == wide->words.low;
}

/* Sets the verdict AQ_FIB_ASK for prefixes of other tables within a wide prefix of the table
 * local. The kernel searches local first, so the wide prefix hides them, unless the kernel has
 * merged local with main. */
static void fib_ask_below(struct aq_fib *fib, const struct fib_entry *wide)
{
    const struct aq_prefix_class class = aq_prefix_class_of(wide->class);

    for (size_t i = 0; i < fib->count; i++)
        if (fib->entries[i].table != RT_TABLE_LOCAL &&
            fib_is_within(&fib->entries[i], wide, &class))
            fib->entries[i].verdict = AQ_FIB_ASK;
}

static bool fib_is_wide(const struct fib_entry *entry)
{
    return entry->table == RT_TABLE_LOCAL && entry->class != aq_prefix_number(AF_INET, 32) &&
           entry->class != aq_prefix_number(AF_INET6, 128);
}

int aq_fib_settle(struct aq_fib *fib)
{
    unsigned bits = 4, wide = 0;
    size_t slots;

    while ((size_t)1 << bits < fib->count * 2)
        bits++;
    slots = (size_t)1 << bits;
    fib->slots = malloc(slots * sizeof *fib->slots);
    if (!fib->slots)
        return -ENOMEM;
    memset(fib->slots, 0xff, slots * sizeof *fib->slots);
    fib->slot_mask = (uint32_t)slots - 1;
    fib->slot_shift = 64 - bits;
    for (uint32_t i = 0; i < fib->count; i++) {
        const struct fib_entry *entry = &fib->entries[i];
        uint32_t other = *fib_slot(fib, entry->words, entry->class);

        fib_insert(fib, i);
        /* Every link has a route to ff00::/8 in the table local. Only one of them is counted. */
        if (!fib_is_wide(entry) || (other != NONE && fib_is_wide(&fib->entries[other])))
            continue;
        if (++wide > WIDE_MAX)
            aq_fib_expire(fib);
        else
            fib_ask_below(fib, entry);
    }
    return 0;
}

void aq_fib_set_links(struct aq_fib *fib, const struct aq_ifmap *map)
{
    for (size_t i = 0; i < fib->count; i++) {
        struct fib_entry *entry = &fib->entries[i];

        entry->link = aq_ifmap_link(map, entry->ifindex);
        if (!entry->link)
            entry->verdict = AQ_FIB_ASK;
    }
}

/* Returns the entry of the longest prefix that contains an address, or NULL. Searches only classes
 * with a number up to class_max. */
static inline const struct fib_entry *fib_search(const struct aq_fib *fib, const struct arpq_ip *ip,
                                                 uint32_t class_max)
{
    const struct aq_prefix_words words = aq_prefix_words_of(ip);
    unsigned family = aq_prefix_family(ip->family);

    for (unsigned i = 0; i < fib->classes.count[family]; i++) {
        const struct aq_prefix_class *class = &fib->classes.list[family][i];
        uint32_t number;

        if (class->number > class_max)
            continue;
        number = *fib_slot(fib, aq_prefix_mask(words, class), class->number);
        if (number != NONE)
            return &fib->entries[number];
    }
    return NULL;
}

enum aq_fib_verdict aq_fib_find(const struct aq_fib *fib, const struct arpq_ip *ip,
                                const struct arpq_interface **link)
{
    const struct fib_entry *entry;

    if (aq_fib_is_expired(fib))
        return AQ_FIB_ASK;
    entry = fib_search(fib, ip, UINT32_MAX);
    if (!entry)
        return AQ_FIB_ASK;
    *link = entry->link;
    return entry->verdict;
}

bool aq_fib_concerns(const struct aq_fib *fib, const struct aq_route_entry *entry)
{
    const struct fib_entry *around;

    if (!fib_is_consulted(entry))
        return false;
    if (entry->table == RT_TABLE_LOCAL && entry->length < aq_ip_length(&entry->prefix) * 8)
        return true;
    around = fib_search(fib, &entry->prefix, aq_prefix_number(entry->prefix.family, entry->length));
    return around && around->verdict != AQ_FIB_ASK;
}

void aq_fib_expire(struct aq_fib *fib)
{
    atomic_store_explicit(&fib->expired, true, memory_order_release);
}

bool aq_fib_is_expired(const struct aq_fib *fib)
{
    return atomic_load_explicit(&fib->expired, memory_order_acquire);
}

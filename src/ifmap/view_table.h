/* SPDX-License-Identifier: MIT */
/* The tables of a view, which view_build.c fills and view.c searches. */
#ifndef AQ_IFMAP_VIEW_TABLE_H
#define AQ_IFMAP_VIEW_TABLE_H

#include <string.h>

#include "ifmap/view.h"
#include "value/hash.h"

#define AQ_VIEW_NONE UINT32_MAX

/* A search on one interface reads this many entries of a list. After that it uses struct
 * aq_view_further. */
#define AQ_VIEW_LIST_SHORT 16u

/* The search tries one class after another, best first: AQ_VIEW_WHOLE for single addresses (own or
 * broadcast), then prefixes, longest first. Classes of IPv4 and IPv6 have different numbers, so
 * that one table holds both. */
#define AQ_VIEW_WHOLE 129u /* higher than any prefix length */
#define AQ_VIEW_CLASS_COUNT 130u

/* An address as two integers in memory order, to mask and compare without calls. */
struct aq_view_words {
    uint64_t high;
    uint64_t low;
};

struct aq_view_class {
    struct aq_view_words mask;
    uint32_t number; /* combines family and length */
};

/* One reason why addresses belong to one interface. Entries with the same key form a list: own
 * addresses before broadcasts, then by ifindex. */
struct aq_view_entry {
    struct aq_view_words words;
    uint32_t class;
    uint32_t next;
    /* In the first entry of the list with this `how`: the last entry with this `how`. */
    uint32_t last;
    enum aq_belongs how;
    const struct arpq_interface *link;
};

/* An entry that is further down its list than AQ_VIEW_LIST_SHORT, found by list and interface. */
struct aq_view_further {
    uint32_t first; /* first entry of the list */
    uint32_t entry; /* AQ_VIEW_NONE: unused slot */
};

struct aq_view {
    struct aq_view *next_view;
    struct aq_fib *fib;
    struct aq_ifmap map;
    struct aq_belonging link_local;
    struct aq_view_class classes[2][AQ_VIEW_CLASS_COUNT]; /* used ones per family, best first */
    uint32_t class_count[2];
    uint32_t entry_count;
    uint32_t slot_mask;
    uint32_t slot_shift; /* shifts a hash to a slot number */
    uint64_t seed;
    uint32_t *slots; /* open addressing: the first entry of each key, or AQ_VIEW_NONE */
    struct aq_view_entry *entries;
    uint32_t further_mask;
    struct aq_view_further *further; /* open addressing; NULL: all lists are short */
};

static inline unsigned aq_view_family(uint16_t family)
{
    return family == AF_INET6;
}

static inline struct aq_view_words aq_view_words_of(const struct arpq_ip *ip)
{
    struct aq_view_words words;

    memcpy(&words.high, ip->bytes, sizeof words.high);
    memcpy(&words.low, ip->bytes + sizeof words.high, sizeof words.low);
    return words;
}

static inline struct aq_view_words aq_view_mask(struct aq_view_words words,
                                                const struct aq_view_class *class)
{
    words.high &= class->mask.high;
    words.low &= class->mask.low;
    return words;
}

/* Returns the slot of the key, or the empty slot for it. */
static inline uint32_t *aq_view_slot(const struct aq_view *view, struct aq_view_words words,
                                     uint32_t class)
{
    uint32_t at =
        (uint32_t)(aq_hash_short(view->seed, words.high, words.low + class) >> view->slot_shift);

    for (; view->slots[at] != AQ_VIEW_NONE; at = (at + 1) & view->slot_mask) {
        const struct aq_view_entry *entry = &view->entries[view->slots[at]];

        if (entry->words.high == words.high && entry->words.low == words.low &&
            entry->class == class)
            break;
    }
    return &view->slots[at];
}

static inline struct aq_view_further *
aq_view_further_slot(const struct aq_view *view, uint32_t first, const struct arpq_interface *link)
{
    uint32_t at = (uint32_t)aq_hash_mix(view->seed, first, link->index) & view->further_mask;

    while (
        view->further[at].entry != AQ_VIEW_NONE &&
        (view->further[at].first != first || view->entries[view->further[at].entry].link != link))
        at = (at + 1) & view->further_mask;
    return &view->further[at];
}

#endif

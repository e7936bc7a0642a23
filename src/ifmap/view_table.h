/* SPDX-License-Identifier: MIT */
/* The tables of a view, which view_build.c fills and view.c searches. */
#ifndef AQ_IFMAP_VIEW_TABLE_H
#define AQ_IFMAP_VIEW_TABLE_H

#include "ifmap/prefix.h"
#include "ifmap/view.h"
#include "value/hash.h"

#define AQ_VIEW_NONE UINT32_MAX

/* A search on one interface reads this many entries of a list. After that it uses struct
 * aq_view_further. */
#define AQ_VIEW_LIST_SHORT 16u

/* One reason why addresses belong to one interface. Entries with the same key form a list: own
 * addresses before broadcasts, then by ifindex. Own addresses of interfaces that are down follow
 * those of interfaces that are up. */
struct aq_view_entry {
    struct aq_prefix_words words;
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
    struct aq_prefix_classes classes; /* AQ_PREFIX_WHOLE: own addresses and broadcasts */
    uint32_t entry_count;
    uint32_t slot_mask;
    uint32_t slot_shift; /* shifts a hash to a slot number */
    uint32_t *slots;     /* open addressing: the first entry of each key, or AQ_VIEW_NONE */
    struct aq_view_entry *entries;
    uint32_t further_mask;
    struct aq_view_further *further; /* open addressing; NULL: all lists are short */
};

/* Returns the slot of the key, or the empty slot for it. */
static inline uint32_t *aq_view_slot(const struct aq_view *view, struct aq_prefix_words words,
                                     uint32_t class)
{
    uint32_t at = aq_hash_slot(view->map.seed, words.high, words.low + class, view->slot_shift);

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
    uint32_t at = (uint32_t)aq_hash_mix(view->map.seed, first, link->ifindex) & view->further_mask;

    while (
        view->further[at].entry != AQ_VIEW_NONE &&
        (view->further[at].first != first || view->entries[view->further[at].entry].link != link))
        at = (at + 1) & view->further_mask;
    return &view->further[at];
}

#endif

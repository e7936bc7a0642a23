/* SPDX-License-Identifier: MIT */
/*
 * Lookup on a known interface with a minimum of instructions, which takes half the time in a
 * large map (docs/DESIGN.md).
 */
#ifndef AQ_NEIGHMAP_FASTPATH_H
#define AQ_NEIGHMAP_FASTPATH_H

#include "neighmap/neighmap.h"

/* AQ_FASTPATH_ASK: call aq_neighmap_find, because the entry is being written or has a long
 * address. */
enum aq_fastpath { AQ_FASTPATH_NONE, AQ_FASTPATH_FOUND, AQ_FASTPATH_ASK };

/* Reads like aq_entries_read, but checks the sequence number only if the key matches. Writes never
 * change the address and the interface of an entry in use, so even a mixture of two versions of the
 * entry has the right key. */
static inline enum aq_fastpath aq_fastpath_find(const struct aq_neighmap *map,
                                                const struct aq_key *key, uint64_t hash,
                                                struct aq_fields *fields)
{
    struct aq_search search;
    uint32_t number;

    aq_search_begin(&search, &map->by_ip, hash);
    while ((number = aq_search_next(&search))) {
        const struct aq_entry *entry = aq_entries_at(&map->entries, number);
        uint32_t before = atomic_load_explicit(&entry->sequence, memory_order_acquire);
        union {
            struct aq_fields fields;
            uintptr_t words[AQ_ENTRY_WORDS];
        } copy = {.words = {0}};

        aq_words_load(entry->words, copy.words, AQ_ENTRY_WORDS);
        if (copy.fields.ifindex != key->ifindex || !aq_key_matches(key, &copy.fields))
            continue;
        if (before & 1 || copy.fields.mac_length > AQ_ENTRY_MAC_INLINE ||
            atomic_load_explicit(&entry->sequence, memory_order_relaxed) != before)
            return AQ_FASTPATH_ASK;
        *fields = copy.fields;
        return AQ_FASTPATH_FOUND;
    }
    if (!aq_search_was_valid(&search) ||
        atomic_load_explicit(&map->crowd_count, memory_order_relaxed))
        return AQ_FASTPATH_ASK;
    return AQ_FASTPATH_NONE;
}

#endif

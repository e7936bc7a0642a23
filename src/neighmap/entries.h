/* SPDX-License-Identifier: MIT */
/* The entries of a map, by number. */
#ifndef AQ_NEIGHMAP_ENTRIES_H
#define AQ_NEIGHMAP_ENTRIES_H

#include "neighmap/entry.h"
#include "neighmap/pool.h"

/* A copy of the entry that is being written, with its previous content. */
struct aq_shadow {
    _Alignas(64) atomic_uintptr_t words[AQ_ENTRY_WORDS];
    atomic_uint sequence;
    atomic_uint number;
};

struct aq_entries {
    struct aq_shadow shadow;
    struct aq_pool pool;
    struct aq_pool long_macs;
    uint32_t free;      /* first unused entry of a list; 0: none */
    uint32_t long_free; /* the same for slots of long addresses */
};

void aq_entries_free(struct aq_entries *entries);

/* Returns the number of an unused entry, or 0 if memory is exhausted. */
uint32_t aq_entries_take(struct aq_entries *entries);
void aq_entries_give_back(struct aq_entries *entries, uint32_t number);

/* Stores an address in fields, or allocates a slot if it is long. Returns 0 or -ENOMEM. */
int aq_entries_set_mac(struct aq_entries *entries, const struct arpq_mac *mac,
                       struct aq_fields *fields);

/* Writes an entry. long_mac is the content of a newly allocated slot, else NULL. Frees the slot
 * that the entry used before and does not use any more. */
void aq_entries_write(struct aq_entries *entries, uint32_t number, const struct aq_fields *fields,
                      const struct arpq_mac *long_mac);

/* Returns the number of bytes in use. */
uint64_t aq_entries_memory(const struct aq_entries *entries);

static inline struct aq_entry *aq_entries_at(const struct aq_entries *entries, uint32_t number)
{
    return aq_pool_at(&entries->pool, number, sizeof(struct aq_entry));
}

static inline uint32_t aq_entries_top(const struct aq_entries *entries)
{
    return atomic_load_explicit(&entries->pool.top, memory_order_acquire);
}

void aq_entries_read_long(const struct aq_entries *entries, struct aq_found *found);
bool aq_entries_read_shadow(const struct aq_entries *entries, uint32_t number,
                            struct aq_found *found);

/* Reads an entry consistently. All readers synchronise with the writer here. */
static inline void aq_entries_read(const struct aq_entries *entries, uint32_t number,
                                   struct aq_found *found)
{
    const struct aq_entry *entry = aq_entries_at(entries, number);

    for (;;) {
        uint32_t before = atomic_load_explicit(&entry->sequence, memory_order_acquire);

        if (before & 1) {
            if (aq_entries_read_shadow(entries, number, found))
                return;
            continue;
        }
        aq_words_load(entry->words, found->words, AQ_ENTRY_WORDS);
        if (found->fields.mac_length > AQ_ENTRY_MAC_INLINE)
            aq_entries_read_long(entries, found);
        if (atomic_load_explicit(&entry->sequence, memory_order_relaxed) == before)
            return;
    }
}

#endif

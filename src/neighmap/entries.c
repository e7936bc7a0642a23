/* SPDX-License-Identifier: MIT */
#include "neighmap/entries.h"

#include <errno.h>

void aq_entries_free(struct aq_entries *entries)
{
    aq_pool_free(&entries->pool);
    aq_pool_free(&entries->long_macs);
}

uint32_t aq_entries_take(struct aq_entries *entries)
{
    uint32_t number = entries->free;

    if (!number)
        return aq_pool_take(&entries->pool, sizeof(struct aq_entry));
    entries->free = aq_entries_at(entries, number)->prev;
    return number;
}

void aq_entries_give_back(struct aq_entries *entries, uint32_t number)
{
    aq_entries_at(entries, number)->prev = entries->free;
    entries->free = number;
}

/* ---- Long addresses ---- */

static struct aq_long_mac *long_at(const struct aq_entries *entries, uint32_t slot)
{
    return aq_pool_at(&entries->long_macs, slot, sizeof(struct aq_long_mac));
}

static uint32_t take_slot(struct aq_entries *entries)
{
    uint32_t slot = entries->long_free;

    if (!slot)
        return aq_pool_take(&entries->long_macs, sizeof(struct aq_long_mac));
    entries->long_free = long_at(entries, slot)->free;
    return slot;
}

static void give_back_slot(struct aq_entries *entries, uint32_t slot)
{
    long_at(entries, slot)->free = entries->long_free;
    entries->long_free = slot;
}

int aq_entries_set_mac(struct aq_entries *entries, const struct arpq_mac *mac,
                       struct aq_fields *fields)
{
    memset(&fields->mac, 0, sizeof fields->mac);
    fields->mac_length = mac->length;
    fields->mac_type = mac->type;
    if (mac->length <= AQ_ENTRY_MAC_INLINE) {
        memcpy(fields->mac.bytes, mac->bytes, sizeof fields->mac.bytes);
        return 0;
    }
    fields->mac.slot = take_slot(entries);
    return fields->mac.slot ? 0 : -ENOMEM;
}

void aq_entries_read_long(const struct aq_entries *entries, struct aq_found *found)
{
    /* The slot number is arbitrary if the entry changed during the read. The caller then discards
     * the result, but the number must not be used as an index. */
    uint32_t slot = found->fields.mac.slot;

    if (slot && slot <= atomic_load_explicit(&entries->long_macs.top, memory_order_acquire))
        aq_words_load(long_at(entries, slot)->words, found->long_mac_words, AQ_MAC_WORDS);
}

/* ---- Writing, and reading across a write ---- */

static void entries_write_shadow(struct aq_shadow *shadow, uint32_t number,
                                 const struct aq_fields *old)
{
    uint32_t sequence = atomic_load_explicit(&shadow->sequence, memory_order_relaxed);

    atomic_store_explicit(&shadow->sequence, sequence + 1, memory_order_relaxed);
    aq_words_store(shadow->words, old, AQ_ENTRY_WORDS);
    atomic_store_explicit(&shadow->number, number, memory_order_release);
    atomic_store_explicit(&shadow->sequence, sequence + 2, memory_order_release);
}

bool aq_entries_read_shadow(const struct aq_entries *entries, uint32_t number,
                            struct aq_found *found)
{
    const struct aq_shadow *shadow = &entries->shadow;
    uint32_t before = atomic_load_explicit(&shadow->sequence, memory_order_acquire);

    if (before & 1)
        return false;
    aq_words_load(shadow->words, found->words, AQ_ENTRY_WORDS);
    if (found->fields.mac_length > AQ_ENTRY_MAC_INLINE)
        aq_entries_read_long(entries, found);
    if (atomic_load_explicit(&shadow->number, memory_order_acquire) != number)
        return false;
    return atomic_load_explicit(&shadow->sequence, memory_order_relaxed) == before;
}

void aq_entries_write(struct aq_entries *entries, uint32_t number, const struct aq_fields *fields,
                      const struct arpq_mac *long_mac)
{
    struct aq_entry *entry = aq_entries_at(entries, number);
    uint32_t sequence = atomic_load_explicit(&entry->sequence, memory_order_relaxed);
    struct aq_found before;
    const struct aq_fields *old = &before.fields;

    aq_words_load(entry->words, before.words, AQ_ENTRY_WORDS);
    /* Needed even if no reader can be active: a new long address may reuse the slot of an earlier
     * shadow, whose readers must notice that. */
    entries_write_shadow(&entries->shadow, number, old);
    atomic_store_explicit(&entry->sequence, sequence + 1, memory_order_release);
    if (long_mac)
        aq_words_store(long_at(entries, fields->mac.slot)->words, long_mac->bytes, AQ_MAC_WORDS);
    aq_words_store(entry->words, fields, AQ_ENTRY_WORDS);
    atomic_store_explicit(&entry->sequence, sequence + 2, memory_order_release);
    if (old->mac_length > AQ_ENTRY_MAC_INLINE &&
        (fields->mac_length <= AQ_ENTRY_MAC_INLINE || fields->mac.slot != old->mac.slot))
        give_back_slot(entries, old->mac.slot);
}

uint64_t aq_entries_memory(const struct aq_entries *entries)
{
    return sizeof *entries + (uint64_t)aq_entries_top(entries) * sizeof(struct aq_entry) +
           (uint64_t)atomic_load(&entries->long_macs.top) * sizeof(struct aq_long_mac);
}

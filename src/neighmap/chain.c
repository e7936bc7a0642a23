/* SPDX-License-Identifier: MIT */
/*
 * Entries with the same link-layer address form a list, whose head is in an index. A reader
 * retries if a list changes while it is read. After several attempts it scans all entries
 * instead, which takes longer but never waits.
 */
#include "neighmap/chain.h"

#include "neighmap/found.h"

#define ATTEMPTS 8

uint64_t aq_chain_hash(const struct aq_neighmap *map, const struct arpq_mac *mac)
{
    return aq_hash_mac(map->seed, mac);
}

uint64_t aq_chain_hash_entry(const void *context, uint32_t number)
{
    const struct aq_neighmap *map = context;
    struct aq_found found;
    struct arpq_mac mac;

    aq_entries_read(&map->entries, number, &found);
    aq_found_mac(&found, &mac);
    return aq_chain_hash(map, &mac);
}

static bool has_mac(const struct aq_found *found, const struct arpq_mac *mac)
{
    const struct aq_fields *fields = &found->fields;
    const uint8_t *bytes = mac->length <= AQ_ENTRY_MAC_INLINE ? fields->mac.bytes : found->long_mac;

    return fields->ifindex && fields->mac_known && fields->mac_length == mac->length &&
           memcmp(bytes, mac->bytes, mac->length) == 0;
}

static size_t version_number(uint64_t hash)
{
    return hash % AQ_CHAIN_VERSIONS;
}

/* Returns the head of the list, or 0. */
static uint32_t chain_first(const struct aq_neighmap *map, const struct arpq_mac *mac,
                            uint64_t hash)
{
    struct aq_search search;
    struct aq_found found;
    uint32_t number;

    do {
        aq_search_begin(&search, &map->by_mac, hash);
        while ((number = aq_search_next(&search))) {
            aq_entries_read(&map->entries, number, &found);
            if (has_mac(&found, mac))
                return number;
        }
    } while (!aq_search_was_valid(&search));
    return 0;
}

/* The version is odd while a list changes. */
static void change_version(struct aq_neighmap *map, uint64_t hash)
{
    atomic_fetch_add(&map->chain_versions[version_number(hash)], 1);
}

void aq_chain_link(struct aq_neighmap *map, uint32_t number, const struct arpq_mac *mac)
{
    uint64_t hash = aq_chain_hash(map, mac);
    uint32_t head = chain_first(map, mac, hash);
    struct aq_entry *entry = aq_entries_at(&map->entries, number);

    change_version(map, hash);
    entry->prev = 0;
    atomic_store_explicit(&entry->next, head, memory_order_release);
    if (head) {
        aq_entries_at(&map->entries, head)->prev = number;
        aq_index_replace(&map->by_mac, hash, head, number);
    } else {
        aq_index_put(&map->by_mac, hash, number);
    }
    change_version(map, hash);
}

void aq_chain_unlink(struct aq_neighmap *map, uint32_t number, const struct arpq_mac *mac)
{
    uint64_t hash = aq_chain_hash(map, mac);
    struct aq_entry *entry = aq_entries_at(&map->entries, number);
    uint32_t next = atomic_load_explicit(&entry->next, memory_order_relaxed);

    change_version(map, hash);
    if (entry->prev)
        atomic_store_explicit(&aq_entries_at(&map->entries, entry->prev)->next, next,
                              memory_order_release);
    else
        aq_index_replace(&map->by_mac, hash, number, next);
    if (next)
        aq_entries_at(&map->entries, next)->prev = entry->prev;
    change_version(map, hash);
}

/* ---- Readers ---- */

struct chain_result {
    struct arpq_neigh *neighs;
    uint32_t capacity, count;
    uint64_t now_ms;
};

static void chain_gather(struct chain_result *chain_result, const struct aq_found *found)
{
    if (chain_result->count < chain_result->capacity)
        aq_found_neigh(found, chain_result->now_ms, &chain_result->neighs[chain_result->count]);
    chain_result->count++;
}

/* Returns false if the list changed meanwhile. */
static bool chain_read(const struct aq_neighmap *map, const struct arpq_mac *mac,
                       struct chain_result *chain_result)
{
    uint64_t hash = aq_chain_hash(map, mac);
    const atomic_uint *version = &map->chain_versions[version_number(hash)];
    uint32_t before = atomic_load_explicit(version, memory_order_acquire);
    struct aq_found found;

    if (before & 1)
        return false;
    chain_result->count = 0;
    for (uint32_t number = chain_first(map, mac, hash); number;) {
        aq_entries_read(&map->entries, number, &found);
        if (!has_mac(&found, mac))
            return false;
        chain_gather(chain_result, &found);
        number =
            atomic_load_explicit(&aq_entries_at(&map->entries, number)->next, memory_order_acquire);
        if (atomic_load_explicit(version, memory_order_relaxed) != before)
            return false;
    }
    return atomic_load_explicit(version, memory_order_relaxed) == before;
}

static void chain_scan(const struct aq_neighmap *map, const struct arpq_mac *mac,
                       struct chain_result *chain_result)
{
    struct aq_found found;

    chain_result->count = 0;
    for (uint32_t number = 0; (number = aq_neighmap_next(map, number, &found));)
        if (has_mac(&found, mac))
            chain_gather(chain_result, &found);
}

uint32_t aq_chain_find(const struct aq_neighmap *map, const struct arpq_mac *mac, uint64_t now_ms,
                       struct arpq_neigh *neighs, uint32_t capacity)
{
    struct chain_result chain_result = {.neighs = neighs, .capacity = capacity, .now_ms = now_ms};

    bool found = false;

    for (int attempt = 0; attempt < ATTEMPTS && !found; attempt++)
        found = chain_read(map, mac, &chain_result);
    if (!found)
        chain_scan(map, mac, &chain_result);
    /* Clear the results of failed attempts. */
    if (chain_result.count < capacity)
        memset(&neighs[chain_result.count], 0, (capacity - chain_result.count) * sizeof *neighs);
    return chain_result.count;
}

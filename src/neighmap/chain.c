/* SPDX-License-Identifier: MIT */
/*
 * Entries with the same link-layer address form a chain, whose first one is in an index. A
 * chain that changes under a reader sends it back to the start; where that does not end the
 * reader looks at all entries instead, which takes longer but waits for nobody.
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

/* The first entry of a chain, or 0. */
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

/* Even while the chains may be read, odd while one is being changed. */
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

struct harvest {
    struct arpq_neigh *neighs;
    uint32_t room, count;
    uint64_t now_ms;
};

static void chain_gather(struct harvest *harvest, const struct aq_found *found)
{
    if (harvest->count < harvest->room)
        aq_found_neigh(found, harvest->now_ms, &harvest->neighs[harvest->count]);
    harvest->count++;
}

/* Whether the chain stood still. */
static bool chain_replica(const struct aq_neighmap *map, const struct arpq_mac *mac,
                          struct harvest *harvest)
{
    uint64_t hash = aq_chain_hash(map, mac);
    const atomic_uint *version = &map->chain_versions[version_number(hash)];
    uint32_t before = atomic_load_explicit(version, memory_order_acquire);
    struct aq_found found;

    if (before & 1)
        return false;
    harvest->count = 0;
    for (uint32_t number = chain_first(map, mac, hash); number;) {
        aq_entries_read(&map->entries, number, &found);
        if (!has_mac(&found, mac))
            return false;
        chain_gather(harvest, &found);
        number =
            atomic_load_explicit(&aq_entries_at(&map->entries, number)->next, memory_order_acquire);
        if (atomic_load_explicit(version, memory_order_relaxed) != before)
            return false;
    }
    return atomic_load_explicit(version, memory_order_relaxed) == before;
}

static void look_at_all(const struct aq_neighmap *map, const struct arpq_mac *mac,
                        struct harvest *harvest)
{
    struct aq_found found;

    harvest->count = 0;
    for (uint32_t number = 0; (number = aq_neighmap_next(map, number, &found));)
        if (has_mac(&found, mac))
            chain_gather(harvest, &found);
}

uint32_t aq_chain_find(const struct aq_neighmap *map, const struct arpq_mac *mac, uint64_t now_ms,
                       struct arpq_neigh *neighs, uint32_t room)
{
    struct harvest harvest = {.neighs = neighs, .room = room, .now_ms = now_ms};

    bool found = false;

    for (int attempt = 0; attempt < ATTEMPTS && !found; attempt++)
        found = chain_replica(map, mac, &harvest);
    if (!found)
        look_at_all(map, mac, &harvest);
    /* What an attempt in vain has left behind. */
    if (harvest.count < room)
        memset(&neighs[harvest.count], 0, (room - harvest.count) * sizeof *neighs);
    return harvest.count;
}

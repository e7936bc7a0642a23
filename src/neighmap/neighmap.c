/* SPDX-License-Identifier: MIT */
#include "neighmap/neighmap.h"

#include <errno.h>
#include <stdlib.h>

#include "neighmap/chain.h"
#include "neighmap/found.h"

/* The maximum number of entries of one address that share a hash. */
#define CROWD_MIN 32u

int aq_neighmap_make(struct aq_neighmap **map, uint64_t seed)
{
    struct aq_neighmap *new_map = aligned_alloc(_Alignof(struct aq_neighmap), sizeof *new_map);

    *map = NULL;
    if (!new_map)
        return -ENOMEM;
    memset(new_map, 0, sizeof *new_map);
    new_map->seed = seed;
    if (aq_index_make(&new_map->by_ip, 0) < 0 || aq_index_make(&new_map->by_mac, 0) < 0) {
        aq_neighmap_free(new_map);
        return -ENOMEM;
    }
    *map = new_map;
    return 0;
}

void aq_neighmap_free(struct aq_neighmap *map)
{
    if (!map)
        return;
    aq_entries_free(&map->entries);
    aq_index_free(&map->by_ip);
    aq_index_free(&map->by_mac);
    free(map);
}

void aq_neighmap_trim(struct aq_neighmap *map)
{
    aq_index_trim(&map->by_ip);
    aq_index_trim(&map->by_mac);
}

uint64_t aq_neighmap_memory(const struct aq_neighmap *map)
{
    return sizeof *map + aq_entries_memory(&map->entries) + aq_index_memory(&map->by_ip) +
           aq_index_memory(&map->by_mac);
}

/* ---- Searching ---- */

/* The hash of an entry that is indexed by address and interface. */
static uint64_t crowd_hash(const struct aq_neighmap *map, const struct aq_key *key)
{
    struct aq_key scoped = *key;

    scoped.link_scoped = true;
    return aq_key_hash(&scoped, map->seed);
}

static uint64_t hash_entry(const void *context, uint32_t number)
{
    const struct aq_neighmap *map = context;
    struct aq_found found;
    struct arpq_ip ip;
    struct aq_key key;

    aq_entries_read(&map->entries, number, &found);
    aq_found_ip(&found, &ip);
    aq_key_make(&key, &ip, found.fields.ifindex);
    return found.fields.crowded ? crowd_hash(map, &key) : aq_key_hash(&key, map->seed);
}

/* An entry with an address is better than one without; otherwise the one confirmed later is
 * better. Ticks wrap: the two must be less than 248 days apart. */
static bool is_better(const struct aq_fields *a, const struct aq_fields *b)
{
    if (a->mac_known != b->mac_known)
        return a->mac_known;
    return (int32_t)(a->confirmed - b->confirmed) > 0;
}

bool aq_neighmap_is_crowd(const struct aq_neighmap *map, uint64_t hash)
{
    uint32_t count = atomic_load_explicit(&map->crowd_count, memory_order_acquire);

    for (uint32_t i = 0; i < count && i < AQ_CROWDS; i++)
        if (atomic_load_explicit(&map->crowds[i], memory_order_relaxed) == (uint32_t)hash)
            return true;
    return count > AQ_CROWDS;
}

static inline uint32_t find_hashed(const struct aq_neighmap *map, const struct aq_key *key,
                                   uint64_t hash, struct aq_found *found)
{
    struct aq_search search;
    uint32_t number;

    do {
        aq_search_begin(&search, &map->by_ip, hash);
        while ((number = aq_search_next(&search))) {
            aq_entries_read(&map->entries, number, found);
            if (found->fields.ifindex == key->ifindex && aq_key_matches(key, &found->fields))
                return number;
        }
    } while (!aq_search_was_valid(&search));
    return 0;
}

static inline uint32_t find_on(const struct aq_neighmap *map, const struct aq_key *key,
                               uint64_t hash, struct aq_found *found)
{
    uint32_t number = find_hashed(map, key, hash, found);

    if (number || !aq_neighmap_is_crowd(map, hash))
        return number;
    return find_hashed(map, key, crowd_hash(map, key), found);
}

static void keep_better(const struct aq_key *key, const struct aq_found *found, bool *any,
                        struct aq_found *best)
{
    if (found->fields.ifindex == 0 || !aq_key_matches(key, &found->fields))
        return;
    if (!*any || is_better(&found->fields, &best->fields))
        *best = *found;
    *any = true;
}

/* The entries of a crowd have different hashes, so all entries are searched. */
static bool find_in_crowd(const struct aq_neighmap *map, const struct aq_key *key,
                          struct aq_found *best)
{
    struct aq_found found;
    bool any = false;

    for (uint32_t number = 0; (number = aq_neighmap_next(map, number, &found));)
        keep_better(key, &found, &any, best);
    return any;
}

static bool find_any(const struct aq_neighmap *map, const struct aq_key *key, uint64_t hash,
                     struct aq_found *best)
{
    struct aq_search search;
    struct aq_found found;
    uint32_t number;
    bool any;

    do {
        any = false;
        aq_search_begin(&search, &map->by_ip, hash);
        while ((number = aq_search_next(&search))) {
            aq_entries_read(&map->entries, number, &found);
            keep_better(key, &found, &any, best);
        }
    } while (!aq_search_was_valid(&search));
    return aq_neighmap_is_crowd(map, hash) ? find_in_crowd(map, key, best) : any;
}

bool aq_neighmap_find(const struct aq_neighmap *map, const struct aq_key *key, uint64_t hash,
                      struct aq_found *found)
{
    return key->ifindex ? find_on(map, key, hash, found) != 0 : find_any(map, key, hash, found);
}

uint32_t aq_neighmap_next(const struct aq_neighmap *map, uint32_t after, struct aq_found *found)
{
    while (after < aq_entries_top(&map->entries)) {
        aq_entries_read(&map->entries, ++after, found);
        if (found->fields.ifindex)
            return after;
    }
    return 0;
}

void aq_neighmap_prefetch_cell(const struct aq_neighmap *map, uint64_t hash)
{
    const struct aq_cells *cells = atomic_load_explicit(&map->by_ip.cells, memory_order_acquire);

    __builtin_prefetch((const char *)cells + offsetof(struct aq_cells, cell) +
                       aq_cell_home(hash, cells->bits) * sizeof cells->cell[0]);
}

void aq_neighmap_prefetch_entry(const struct aq_neighmap *map, uint64_t hash)
{
    struct aq_search search;
    uint32_t number;

    aq_search_begin(&search, &map->by_ip, hash);
    number = aq_search_next(&search);
    if (number)
        __builtin_prefetch(aq_entries_at(&map->entries, number));
}

/* ---- Writing ---- */

static uint32_t tick_of(uint64_t now_ms, uint64_t age_ms)
{
    /* Subtracting ticks, not times, works for entries older than the clock. */
    return (uint32_t)(now_ms / AQ_ENTRY_TICK_MS) - (uint32_t)(age_ms / AQ_ENTRY_TICK_MS);
}

/* Sets all fields except the link-layer address. */
static void fields_of(const struct arpq_neigh *neigh, uint64_t now_ms, struct aq_fields *fields)
{
    memset(fields, 0, sizeof *fields);
    memcpy(fields->ip, neigh->ip.bytes, sizeof fields->ip);
    fields->family = (uint8_t)neigh->ip.family;
    fields->ifindex = neigh->ifindex;
    fields->state = (uint8_t)neigh->state;
    fields->flags = (uint16_t)neigh->flags;
    fields->type = neigh->type;
    fields->protocol = neigh->protocol;
    fields->confirmed = tick_of(now_ms, neigh->confirmed_ms);
    fields->updated = tick_of(now_ms, neigh->updated_ms);
    fields->mac_type = neigh->mac.type;
}

static bool same_mac(const struct arpq_mac *a, const struct arpq_mac *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Tells whether the maximum number of entries share the hash. */
static bool shares_enough(const struct aq_neighmap *map, const struct aq_key *key, uint64_t hash)
{
    struct aq_search search;
    struct aq_found found;
    uint32_t number, count = 0;

    if (key->link_scoped)
        return false;
    aq_search_begin(&search, &map->by_ip, hash);
    while (count < CROWD_MIN && (number = aq_search_next(&search))) {
        aq_entries_read(&map->entries, number, &found);
        count += found.fields.ifindex && aq_key_matches(key, &found.fields);
    }
    return count == CROWD_MIN;
}

static void note_crowd(struct aq_neighmap *map, uint64_t hash)
{
    uint32_t count = atomic_load_explicit(&map->crowd_count, memory_order_relaxed);

    if (aq_neighmap_is_crowd(map, hash))
        return;
    if (count < AQ_CROWDS)
        atomic_store_explicit(&map->crowds[count], (uint32_t)hash, memory_order_relaxed);
    atomic_store_explicit(&map->crowd_count, count + 1, memory_order_release);
}

static int neighmap_add(struct aq_neighmap *map, const struct arpq_neigh *neigh, uint64_t hash,
                        struct aq_fields *fields, struct aq_before *before)
{
    uint32_t number = aq_entries_take(&map->entries);

    if (!number)
        return -ENOMEM;
    if (aq_entries_set_mac(&map->entries, &neigh->mac, fields) < 0) {
        aq_entries_give_back(&map->entries, number);
        return -ENOMEM;
    }
    fields->mac_known = neigh->mac.length != 0;
    aq_entries_write(&map->entries, number, fields,
                     neigh->mac.length > AQ_ENTRY_MAC_INLINE ? &neigh->mac : NULL);
    aq_entries_at(&map->entries, number)->mark = map->round;
    if (fields->mac_known)
        aq_chain_link(map, number, &neigh->mac);
    aq_index_put(&map->by_ip, hash, number);
    atomic_fetch_add_explicit(&map->count, 1, memory_order_relaxed);
    before->number = number;
    return AQ_PUT_ADDED;
}

/* Writes an entry whose link-layer address has changed. */
static int neighmap_move(struct aq_neighmap *map, uint32_t number, const struct aq_before *before,
                         const struct arpq_neigh *neigh, struct aq_fields *fields)
{
    if (aq_entries_set_mac(&map->entries, &neigh->mac, fields) < 0)
        return -ENOMEM;
    if (before->mac_known)
        aq_chain_unlink(map, number, &before->mac);
    fields->mac_known = 1;
    aq_entries_write(&map->entries, number, fields,
                     neigh->mac.length > AQ_ENTRY_MAC_INLINE ? &neigh->mac : NULL);
    aq_chain_link(map, number, &neigh->mac);
    return before->mac.length ? AQ_PUT_MOVED : AQ_PUT_CHANGED;
}

/* Writes an entry whose link-layer address is the same, unknown, or known again. */
static int neighmap_change(struct aq_neighmap *map, uint32_t number, const struct aq_found *found,
                           const struct aq_before *before, const struct arpq_neigh *neigh,
                           struct aq_fields *fields)
{
    const struct aq_fields *old = &found->fields;

    fields->mac = old->mac;
    fields->mac_length = old->mac_length;
    fields->mac_known = neigh->mac.length != 0;
    if (before->mac_known && !fields->mac_known)
        aq_chain_unlink(map, number, &before->mac);
    aq_entries_write(&map->entries, number, fields, NULL);
    if (!before->mac_known && fields->mac_known)
        aq_chain_link(map, number, &before->mac);
    return fields->state != old->state || fields->flags != old->flags ||
                   fields->protocol != old->protocol || fields->mac_known != old->mac_known
               ? AQ_PUT_CHANGED
               : AQ_PUT_SAME;
}

/* Returns 0 if the second write seems to be before the first, because ages are rounded. */
static uint32_t ticks_between(uint32_t first, uint32_t second)
{
    uint32_t ticks = second - first;

    return ticks <= INT32_MAX / AQ_ENTRY_TICK_MS ? ticks : 0;
}

int aq_neighmap_put(struct aq_neighmap *map, const struct arpq_neigh *neigh, uint64_t now_ms,
                    struct aq_before *before)
{
    struct aq_found found;
    struct aq_fields fields;
    struct aq_key key;
    uint64_t hash;
    uint32_t number;

    memset(before, 0, sizeof *before);
    aq_key_make(&key, &neigh->ip, neigh->ifindex);
    hash = aq_key_hash(&key, map->seed);
    if (aq_index_reserve(&map->by_ip, hash_entry, map) < 0 ||
        aq_index_reserve(&map->by_mac, aq_chain_hash_entry, map) < 0)
        return -ENOMEM;
    fields_of(neigh, now_ms, &fields);
    number = find_on(map, &key, hash, &found);
    if (!number && shares_enough(map, &key, hash)) {
        fields.crowded = 1;
        note_crowd(map, hash);
        hash = crowd_hash(map, &key);
    }
    if (!number)
        return neighmap_add(map, neigh, hash, &fields, before);
    fields.crowded = found.fields.crowded;
    aq_entries_at(&map->entries, number)->mark = map->round;
    before->number = number;
    before->state = found.fields.state;
    before->flags = found.fields.flags;
    before->protocol = found.fields.protocol;
    before->mac_known = found.fields.mac_known;
    before->idle_ms = ticks_between(found.fields.updated, fields.updated) * AQ_ENTRY_TICK_MS;
    aq_found_mac(&found, &before->mac);
    if (neigh->mac.length && !same_mac(&neigh->mac, &before->mac))
        return neighmap_move(map, number, before, neigh, &fields);
    return neighmap_change(map, number, &found, before, neigh, &fields);
}

bool aq_neighmap_remove(struct aq_neighmap *map, const struct arpq_ip *ip, uint32_t ifindex,
                        uint64_t now_ms, struct arpq_neigh *last, struct arpq_mac *last_mac)
{
    const struct aq_fields none = {0};
    struct aq_found found;
    struct aq_key key;
    uint64_t hash;
    uint32_t number;

    aq_key_make(&key, ip, ifindex);
    hash = aq_key_hash(&key, map->seed);
    number = find_on(map, &key, hash, &found);
    if (!number)
        return false;
    aq_found_neigh(&found, now_ms, last);
    aq_found_mac(&found, last_mac);
    if (found.fields.crowded)
        hash = crowd_hash(map, &key);
    aq_index_replace(&map->by_ip, hash, number, 0);
    if (found.fields.mac_known)
        aq_chain_unlink(map, number, &last->mac);
    aq_entries_write(&map->entries, number, &none, NULL);
    aq_entries_give_back(&map->entries, number);
    atomic_fetch_sub_explicit(&map->count, 1, memory_order_relaxed);
    return true;
}

void aq_neighmap_begin_round(struct aq_neighmap *map)
{
    map->round++;
}

uint32_t aq_neighmap_next_unseen(const struct aq_neighmap *map, uint32_t after, struct arpq_ip *ip,
                                 uint32_t *ifindex)
{
    struct aq_found found;

    while ((after = aq_neighmap_next(map, after, &found)))
        if (aq_entries_at(&map->entries, after)->mark != map->round) {
            aq_found_ip(&found, ip);
            *ifindex = found.fields.ifindex;
            return after;
        }
    return 0;
}

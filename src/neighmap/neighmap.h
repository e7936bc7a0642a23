/* SPDX-License-Identifier: MIT */
/*
 * Neighbour entries in memory, searchable by IP address and by link-layer address. One thread at
 * a time changes a map while others search it without locks and without waiting.
 */
#ifndef AQ_NEIGHMAP_NEIGHMAP_H
#define AQ_NEIGHMAP_NEIGHMAP_H

#include "arpq.h"
#include "neighmap/entries.h"
#include "neighmap/index.h"
#include "neighmap/key.h"

#define AQ_CHAIN_VERSIONS 64
#define AQ_CROWDS 64u

/*
 * by_ip finds a global address by the address alone, so that it can be searched without an
 * interface. All entries of an address that exists on very many interfaces would share one hash
 * there. Only the first of them share the hash; the others are indexed by address and interface,
 * and the address becomes a crowd.
 */
struct aq_neighmap {
    struct aq_entries entries;
    struct aq_index by_ip;
    atomic_uint crowd_count;       /* above AQ_CROWDS: any address may be a crowd */
    atomic_uint crowds[AQ_CROWDS]; /* hashes of the crowds' addresses; never removed */
    struct aq_index by_mac;        /* heads of the lists of entries with the same address */
    atomic_uint chain_versions[AQ_CHAIN_VERSIONS]; /* each version covers several lists */
    atomic_uint count;
    uint64_t seed; /* of the hash, see value/hash.h */
    uint32_t round;
};

int aq_neighmap_make(struct aq_neighmap **map, uint64_t seed);
/* Accepts NULL, and a map whose writer was interrupted within a change. */
void aq_neighmap_free(struct aq_neighmap *map);

/* Frees memory that became unused when the map grew. The map must not have had a reader yet. */
void aq_neighmap_trim(struct aq_neighmap *map);

static inline uint32_t aq_neighmap_count(const struct aq_neighmap *map)
{
    return atomic_load_explicit(&map->count, memory_order_relaxed);
}

uint64_t aq_neighmap_memory(const struct aq_neighmap *map);

/* ---- The writer ---- */

/* Times are milliseconds of any clock. */

enum aq_put_result { AQ_PUT_SAME, AQ_PUT_ADDED, AQ_PUT_CHANGED, AQ_PUT_MOVED };

/* The previous content of an entry. */
struct aq_before {
    uint32_t number; /* constant during the lifetime of the entry */
    uint32_t state;
    uint32_t flags;
    uint8_t protocol;
    struct arpq_mac mac; /* the last known address */
    uint8_t mac_known;   /* whether that address was valid */
    uint32_t idle_ms;    /* between the last two writes; 0 for a new entry */
};

/* Adds an entry, or changes the one with the same address and interface, and marks it as seen in
 * this round. A message without a link-layer address keeps the last known one; only a different
 * address is a move. Returns an aq_put_result or -ENOMEM. */
int aq_neighmap_put(struct aq_neighmap *map, const struct arpq_neigh *neigh, uint64_t now_ms,
                    struct aq_before *before);

/* Removes an entry if it exists, and returns whether it did. Sets *last to the entry and
 * *last_mac to its last known address. */
bool aq_neighmap_remove(struct aq_neighmap *map, const struct arpq_ip *ip, uint32_t ifindex,
                        uint64_t now_ms, struct arpq_neigh *last, struct arpq_mac *last_mac);

/* Starts a round: all entries become unseen. */
void aq_neighmap_begin_round(struct aq_neighmap *map);

/* Returns the number of the first unseen entry after number `after`, and its key, or 0 if there is
 * none. If `after` is 0, the search starts at the first entry. */
uint32_t aq_neighmap_next_unseen(const struct aq_neighmap *map, uint32_t after, struct arpq_ip *ip,
                                 uint32_t *ifindex);

/* ---- Readers ---- */

/* Tells whether an entry has the address of the key. */
static inline bool aq_key_matches(const struct aq_key *key, const struct aq_fields *fields)
{
    return memcmp(fields->ip, &key->high, sizeof key->high) == 0 &&
           memcmp(fields->ip + 8, &key->low, sizeof key->low) == 0 && fields->family == key->family;
}

/* Tells whether the address with this hash may be a crowd. */
bool aq_neighmap_is_crowd(const struct aq_neighmap *map, uint64_t hash);

/* Finds the entry of a key. With ifindex 0, which link-scoped addresses do not permit, it finds
 * the best entry of all interfaces: one with a link-layer address before one without, then the
 * one confirmed last. */
bool aq_neighmap_find(const struct aq_neighmap *map, const struct aq_key *key, uint64_t hash,
                      struct aq_found *found);

/* Prefetch the memory of a search: first the cell; after it has arrived, the entry. */
void aq_neighmap_prefetch_cell(const struct aq_neighmap *map, uint64_t hash);
void aq_neighmap_prefetch_entry(const struct aq_neighmap *map, uint64_t hash);

/* Returns the next entry after number `after`, or 0 at the end. An entry that exists all the time
 * is returned exactly once. */
uint32_t aq_neighmap_next(const struct aq_neighmap *map, uint32_t after, struct aq_found *found);

#endif

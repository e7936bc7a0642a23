/* SPDX-License-Identifier: MIT */
/*
 * Neighbour entries in memory, searchable by IP address and by link-layer address. One
 * thread at a time changes a map while any number search it, without a lock and without
 * ever waiting for the one that writes.
 */
#ifndef AQ_NEIGHMAP_NEIGHMAP_H
#define AQ_NEIGHMAP_NEIGHMAP_H

#include "arpq.h"
#include "neighmap/entries.h"
#include "neighmap/index.h"
#include "neighmap/key.h"

#define AQ_CHAIN_VERSIONS 64

struct aq_neighmap {
    struct aq_entries entries;
    struct aq_index by_ip;
    struct aq_index by_mac; /* the first of each chain of entries with the same address */
    atomic_uint chain_versions[AQ_CHAIN_VERSIONS]; /* of the chains of some addresses each */
    atomic_uint count;
    uint64_t seed; /* so that nobody outside can make addresses collide */
    uint32_t round;
};

int aq_neighmap_make(struct aq_neighmap **map, uint64_t seed);
/* NULL is accepted, and a map whose writer was stopped in the middle of a change. */
void aq_neighmap_free(struct aq_neighmap *map);

/* Give back what growing has left behind. There must not have been a reader yet. */
void aq_neighmap_trim(struct aq_neighmap *map);

static inline uint32_t aq_neighmap_count(const struct aq_neighmap *map)
{
    return atomic_load_explicit(&map->count, memory_order_relaxed);
}

uint64_t aq_neighmap_memory(const struct aq_neighmap *map);

/* ---- The writer ---- */

/* Times are milliseconds of any one clock. */

enum aq_put_result { AQ_PUT_SAME, AQ_PUT_ADDED, AQ_PUT_CHANGED, AQ_PUT_MOVED };

/* What an entry was before. */
struct aq_before {
    uint32_t number; /* the entry's, which it keeps as long as it is there */
    uint32_t state;
    uint32_t flags;
    uint8_t protocol;
    struct arpq_mac mac; /* the last one known */
    uint8_t mac_known;   /* whether it was the entry's address at the time */
};

/* Add an entry or change the one of the same address and interface. It is marked as seen
 * in this round. A message without a link-layer address does not make the last known one
 * forgotten: only another one is a move. Returns an aq_put_result; -ENOMEM. */
int aq_neighmap_put(struct aq_neighmap *map, const struct arpq_neigh *neigh, uint64_t now_ms,
                    struct aq_before *before);

/* Whether there was such an entry; last receives it, last_mac the last address known. */
bool aq_neighmap_remove(struct aq_neighmap *map, const struct arpq_ip *ip, uint32_t ifindex,
                        uint64_t now_ms, struct arpq_neigh *last, struct arpq_mac *last_mac);

/* From here on no entry has been seen. */
void aq_neighmap_begin_round(struct aq_neighmap *map);

/* The number of the first entry behind `after` (0: of all) that has not been seen in this
 * round, and its key; 0 when there is none. */
uint32_t aq_neighmap_next_unseen(const struct aq_neighmap *map, uint32_t after, struct arpq_ip *ip,
                                 uint32_t *ifindex);

/* ---- Readers ---- */

/* Whether an entry is of a key's address. */
static inline bool aq_key_matches(const struct aq_key *key, const struct aq_fields *fields)
{
    return memcmp(fields->ip, &key->high, sizeof key->high) == 0 &&
           memcmp(fields->ip + 8, &key->low, sizeof key->low) == 0 && fields->family == key->family;
}

/* The entry of a key; with ifindex 0 (not for link-scoped addresses) the best of all
 * interfaces: with a link-layer address before without, then the one confirmed last. */
bool aq_neighmap_find(const struct aq_neighmap *map, const struct aq_key *key, uint64_t hash,
                      struct aq_found *found);

/* Fetch what a search will look at: first the cell, then, when that is there, the entry. */
void aq_neighmap_prefetch_cell(const struct aq_neighmap *map, uint64_t hash);
void aq_neighmap_prefetch_entry(const struct aq_neighmap *map, uint64_t hash);

/* Every entry with a number behind `after`: its number, or 0 at the end. Entries that are
 * there all the time come, once. */
uint32_t aq_neighmap_next(const struct aq_neighmap *map, uint32_t after, struct aq_found *found);

#endif

/* SPDX-License-Identifier: MIT */
/* Lists of entries with the same link-layer address. */
#ifndef AQ_NEIGHMAP_CHAIN_H
#define AQ_NEIGHMAP_CHAIN_H

#include "neighmap/neighmap.h"

uint64_t aq_chain_hash(const struct aq_neighmap *map, const struct arpq_mac *mac);
uint64_t aq_chain_hash_entry(const void *context, uint32_t number); /* context is the map */
/* Call after the entry was written. The index by_mac must have capacity. */
void aq_chain_link(struct aq_neighmap *map, uint32_t number, const struct arpq_mac *mac);
/* Call before the entry is written. */
void aq_chain_unlink(struct aq_neighmap *map, uint32_t number, const struct arpq_mac *mac);

/* Finds all entries with a link-layer address and stores up to capacity of them. Returns the number
 * of all such entries. */
uint32_t aq_chain_find(const struct aq_neighmap *map, const struct arpq_mac *mac, uint64_t now_ms,
                       struct arpq_neigh *neighs, uint32_t capacity);

#endif

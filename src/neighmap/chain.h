/* SPDX-License-Identifier: MIT */
/* Chains of the entries that have the same link-layer address. */
#ifndef AQ_NEIGHMAP_CHAIN_H
#define AQ_NEIGHMAP_CHAIN_H

#include "neighmap/neighmap.h"

uint64_t aq_chain_hash(const struct aq_neighmap *map, const struct arpq_mac *mac);
uint64_t aq_chain_hash_entry(const void *context, uint32_t number); /* the map */
/* After the entry was written; the index by_mac has room. */
void aq_chain_link(struct aq_neighmap *map, uint32_t number, const struct arpq_mac *mac);
/* Before the entry is written. */
void aq_chain_unlink(struct aq_neighmap *map, uint32_t number, const struct arpq_mac *mac);

/* All entries with a link-layer address, up to room of them; returns how many there are. */
uint32_t aq_chain_find(const struct aq_neighmap *map, const struct arpq_mac *mac, uint64_t now_ms,
                       struct arpq_neigh *neighs, uint32_t room);

#endif

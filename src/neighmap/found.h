/* SPDX-License-Identifier: MIT */
/* Conversion of a reader's copy of an entry to public structs. */
#ifndef AQ_NEIGHMAP_FOUND_H
#define AQ_NEIGHMAP_FOUND_H

#include "arpq.h"
#include "neighmap/entry.h"

void aq_found_ip(const struct aq_found *found, struct arpq_ip *ip);
void aq_found_mac(const struct aq_found *found, struct arpq_mac *mac);
void aq_found_neigh(const struct aq_found *found, uint64_t now_ms, struct arpq_neigh *neigh);

#endif

/* SPDX-License-Identifier: MIT */
/* Builds a list of entries. */
#ifndef AQ_TABLE_TABLE_H
#define AQ_TABLE_TABLE_H

#include "arpq.h"

int aq_table_make(struct arpq_table **table);

/* Returns space for one more entry after the end of the list, or NULL if there is no memory. The
 * caller writes the whole entry. */
struct arpq_neigh *aq_table_next(struct arpq_table *table);

/* Append the entry that aq_table_next returned last. */
void aq_table_keep(struct arpq_table *table);

#endif

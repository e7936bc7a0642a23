/* SPDX-License-Identifier: MIT */
/* Building a list of entries. */
#ifndef AQ_TABLE_TABLE_H
#define AQ_TABLE_TABLE_H

#include "arpq.h"

int aq_table_make(struct arpq_table **table);

/* Space for one more entry behind the end of the list. The caller writes all of it. NULL:
 * no memory. */
struct arpq_neigh *aq_table_next(struct arpq_table *table);

/* Append the entry that aq_table_next returned last. */
void aq_table_keep(struct arpq_table *table);

#endif

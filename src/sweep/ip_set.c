/* SPDX-License-Identifier: MIT */
#include "sweep/ip_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "value/hash.h"
#include "value/ip.h"

#define ROOM_FIRST 64u

void aq_ip_set_free(struct aq_ip_set *seen)
{
    free(seen->cells);
    seen->cells = NULL;
}

/* Where it is, or goes: half of the cells at least are free. */
static struct arpq_ip *cell_of(const struct aq_ip_set *seen, const struct arpq_ip *ip)
{
    size_t at = (size_t)aq_hash_ip(seen->seed, ip, 0) & (seen->room - 1);

    while (seen->cells[at].family &&
           memcmp(seen->cells[at].bytes, ip->bytes, sizeof ip->bytes) != 0)
        at = (at + 1) & (seen->room - 1);
    return &seen->cells[at];
}

static int ip_set_grow(struct aq_ip_set *seen)
{
    struct aq_ip_set larger = *seen;

    larger.room = seen->room ? 2 * seen->room : ROOM_FIRST;
    larger.cells = calloc(larger.room, sizeof *larger.cells);
    if (!larger.cells)
        return -ENOMEM;
    for (size_t i = 0; i < seen->room; i++)
        if (seen->cells[i].family)
            *cell_of(&larger, &seen->cells[i]) = seen->cells[i];
    free(seen->cells);
    *seen = larger;
    return 0;
}

int aq_ip_set_add(struct aq_ip_set *seen, const struct arpq_ip *ip)
{
    struct arpq_ip *cell;
    int code;

    if (seen->count * 2 >= seen->room) {
        code = ip_set_grow(seen);
        if (code < 0)
            return code;
    }
    cell = cell_of(seen, ip);
    if (cell->family)
        return 0;
    if (seen->count == AQ_IP_SET_MAX)
        return -ENOBUFS;
    *cell = *ip;
    seen->last = cell;
    seen->count++;
    return 1;
}

/* Nothing was put behind it since. */
void aq_ip_set_take_back(struct aq_ip_set *seen)
{
    seen->last->family = 0;
    seen->count--;
}

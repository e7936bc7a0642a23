/* SPDX-License-Identifier: MIT */
/* Counters of route changes by prefix. A route answer is current as long as the sum of the counters
 * for its destination is the same as before the kernel was asked. */
#ifndef AQ_IFMAP_CHANGES_H
#define AQ_IFMAP_CHANGES_H

#include <endian.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "arpq.h"

#define AQ_CHANGES_LEVELS 2
#define AQ_CHANGES_CELLS 256

struct aq_changes {
    atomic_uint all; /* changes that may concern every destination */
    atomic_uint cells[AQ_CHANGES_LEVELS][AQ_CHANGES_CELLS];
};

/* Counts a change of the route to a prefix. */
void aq_changes_note(struct aq_changes *changes, const struct arpq_ip *prefix, unsigned length);

/* Counts a change that may concern every destination. */
void aq_changes_note_all(struct aq_changes *changes);

/* Returns the cell of an address at a level. The first bits of the address select the cell: 24 or
 * 16 bits of an IPv4 address, 64 or 48 bits of an IPv6 address. */
static inline unsigned aq_changes_cell(const struct arpq_ip *ip, unsigned level)
{
    unsigned unused = ip->family == AF_INET6 ? 16 * level : 40 + 8 * level;
    uint64_t bits;

    memcpy(&bits, ip->bytes, sizeof bits);
    bits = be64toh(bits) >> unused;
    return (unsigned)(bits * 0x9fb21c651e98df25u >> 56);
}

/* Returns the sum of the counters that concern an address. Counters only grow, so if the sum is the
 * same as before, no counter has changed. */
static inline uint32_t aq_changes_sum(const struct aq_changes *changes, const struct arpq_ip *ip)
{
    uint32_t sum = atomic_load_explicit(&changes->all, memory_order_acquire);

    for (unsigned level = 0; level < AQ_CHANGES_LEVELS; level++)
        sum += atomic_load_explicit(&changes->cells[level][aq_changes_cell(ip, level)],
                                    memory_order_acquire);
    return sum;
}

#endif

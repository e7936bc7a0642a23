/* SPDX-License-Identifier: MIT */
/* The machine's interfaces and addresses as a value in memory: what the kernel's
 * dumps and events are applied to, and what users are given copies of. */
#ifndef AQ_IFMAP_IFMAP_H
#define AQ_IFMAP_IFMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpq.h"

/*
 * Links are ordered by ifindex. Addresses lie in the order in which they came, whichever
 * link they are of, found through cells; a removed one stays behind, dead, until there is
 * a reason to move the others. Once settled, the addresses are ordered by ifindex (those
 * of one interface as they came, those without a link at the end), none is dead, and
 * address_first and address_count of the links are set, until the next change.
 */
struct aq_ifmap {
    struct arpq_interface *links;
    struct arpq_address *addresses;
    uint32_t *cells; /* open addressing: 1 + the number of an address, or 0; NULL: not built */
    size_t link_count, link_room;
    size_t address_count, address_room; /* dead ones counted */
    size_t dead, cell_count;
    uint64_t seed; /* of the cells; 0: not chosen yet */
};

void aq_ifmap_clear(struct aq_ifmap *map);

/* A settled copy. */
int aq_ifmap_copy(const struct aq_ifmap *from, struct aq_ifmap *to);

/* Add, or replace what has the same identity. 0 or -ENOMEM, nothing changed. */
int aq_ifmap_put_link(struct aq_ifmap *map, const struct arpq_interface *link);
int aq_ifmap_put_address(struct aq_ifmap *map, const struct arpq_address *address);

/* An address that is not there yet, as in a dump that held still. */
int aq_ifmap_append_address(struct aq_ifmap *map, const struct arpq_address *address);

/* Removing what is not there does nothing. A link goes with its addresses. No address
 * moves: a loop over them may remove. */
void aq_ifmap_remove_link(struct aq_ifmap *map, uint32_t ifindex);
void aq_ifmap_remove_address(struct aq_ifmap *map, const struct arpq_address *address);

int aq_ifmap_settle(struct aq_ifmap *map);

/* NULL when there is none. */
const struct arpq_interface *aq_ifmap_link(const struct aq_ifmap *map, uint32_t ifindex);
const struct arpq_interface *aq_ifmap_link_named(const struct aq_ifmap *map, const char *name);

/* The address of the same identity. The first search after a settling looks at all. */
const struct arpq_address *aq_ifmap_address(const struct aq_ifmap *map,
                                            const struct arpq_address *address);
/* Searches need not look at all of them any more; of several appended ones of the same
 * identity the last remains. 0 or -ENOMEM. */
int aq_ifmap_index(struct aq_ifmap *map);

static inline bool aq_ifmap_is_removed(const struct arpq_address *address)
{
    return address->ip.family == 0;
}

#endif

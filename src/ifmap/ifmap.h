/* SPDX-License-Identifier: MIT */
/* The machine's interfaces and addresses in memory. Dumps and events of the kernel change it, and
 * users get copies. */
#ifndef AQ_IFMAP_IFMAP_H
#define AQ_IFMAP_IFMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpq.h"

/*
 * Links are sorted by ifindex. Addresses are in order of arrival, whatever their link, and found
 * through cells. A removed address is marked and keeps its place until the other addresses are
 * moved. In a settled map, addresses are sorted by ifindex (those of one interface in order of
 * arrival, those without a link last), none is removed, and address_first and address_count of
 * every link are set. After the next change, the map is no longer settled.
 */
struct aq_ifmap {
    struct arpq_interface *links;
    struct arpq_address *addresses;
    uint32_t *cells; /* open addressing: 1 + position of an address, or 0; NULL: not built */
    size_t link_count, link_capacity;
    size_t address_count, address_capacity; /* including removed ones */
    size_t removed, cell_count;
    uint64_t seed; /* of the hash; set by the owner, kept by aq_ifmap_clear */
};

void aq_ifmap_clear(struct aq_ifmap *map);

/* Makes a settled copy. */
int aq_ifmap_copy(const struct aq_ifmap *from, struct aq_ifmap *to);

/* Add an element, or replace the one with the same identity. Return 0 or -ENOMEM, with the map
 * unchanged. */
int aq_ifmap_put_link(struct aq_ifmap *map, const struct arpq_interface *link);
int aq_ifmap_put_address(struct aq_ifmap *map, const struct arpq_address *address);

/* Adds an address that is known to be new, for example from a consistent dump. */
int aq_ifmap_append_address(struct aq_ifmap *map, const struct arpq_address *address);

/* Remove an element if it exists. The addresses of a link are removed with the link. Addresses do
 * not move, so a loop over them may remove some. */
void aq_ifmap_remove_link(struct aq_ifmap *map, uint32_t ifindex);
void aq_ifmap_remove_address(struct aq_ifmap *map, const struct arpq_address *address);

int aq_ifmap_settle(struct aq_ifmap *map);

/* Return a link, or NULL if there is none. after: the link with the lowest ifindex above this one. */
const struct arpq_interface *aq_ifmap_link(const struct aq_ifmap *map, uint32_t ifindex);
const struct arpq_interface *aq_ifmap_link_after(const struct aq_ifmap *map, uint32_t ifindex);
const struct arpq_interface *aq_ifmap_link_named(const struct aq_ifmap *map, const char *name);

/* Returns the address with the same identity, or NULL. Unless aq_ifmap_index was called, compares
 * all addresses. */
const struct arpq_address *aq_ifmap_address(const struct aq_ifmap *map,
                                            const struct arpq_address *address);
/* Builds the cells, so that searches are fast. If several appended addresses have the same
 * identity, keeps only the last one. Returns 0 or -ENOMEM. */
int aq_ifmap_index(struct aq_ifmap *map);

static inline bool aq_ifmap_is_removed(const struct arpq_address *address)
{
    return address->ip.family == 0;
}

#endif

/* SPDX-License-Identifier: MIT */
/* The machine's interfaces and addresses as a value in memory: what the kernel's
 * dumps and events are applied to, and what users are given copies of. */
#ifndef AQ_IFMAP_H
#define AQ_IFMAP_H

#include <stddef.h>
#include <stdint.h>

#include "arpq.h"

/* Both arrays are ordered by ifindex; addresses of one interface in the order in
 * which they came. address_first and address_count of links are set by
 * aq_ifmap_settle only. */
struct aq_ifmap {
    struct arpq_interface *links;
    struct arpq_address *addresses;
    size_t link_count, link_room;
    size_t address_count, address_room;
};

void aq_ifmap_clear(struct aq_ifmap *map);
int aq_ifmap_copy(const struct aq_ifmap *from, struct aq_ifmap *to);

/* Add, or replace what has the same identity. 0 or -ENOMEM, nothing changed. */
int aq_ifmap_put_link(struct aq_ifmap *map, const struct arpq_interface *link);
int aq_ifmap_put_address(struct aq_ifmap *map, const struct arpq_address *address);

/* Removing what is not there does nothing. A link goes with its addresses. */
void aq_ifmap_remove_link(struct aq_ifmap *map, uint32_t ifindex);
void aq_ifmap_remove_address(struct aq_ifmap *map, const struct arpq_address *address);

/* Point each link at its addresses. */
void aq_ifmap_settle(struct aq_ifmap *map);

/* NULL when there is none. */
const struct arpq_interface *aq_ifmap_link(const struct aq_ifmap *map, uint32_t ifindex);
/* The address of the same identity. */
const struct arpq_address *aq_ifmap_address(const struct aq_ifmap *map,
                                            const struct arpq_address *address);
const struct arpq_interface *aq_ifmap_link_named(const struct aq_ifmap *map, const char *name);

#endif

/* SPDX-License-Identifier: MIT */
/* A list of interfaces: a copy of the handle's map, or everything that a dump of the kernel
 * contains. */
#ifndef AQ_INTERFACE_SNAPSHOT_H
#define AQ_INTERFACE_SNAPSHOT_H

#include "handle/handle.h"

#define AQ_LINK_TEXTS (ARPQ_INTERFACE_BUS + 1)

/* The part of a link that struct arpq_interface does not hold. */
struct aq_link_details {
    struct arpq_interface_stats stats;
    uint32_t texts[AQ_LINK_TEXTS]; /* offsets into the list's texts; 0: "" */
};

struct arpq_interfaces {
    struct aq_ifmap map;             /* settled */
    uint32_t flags;                  /* ARPQ_INTERFACES_* */
    struct aq_link_details *details; /* one for each link, in map order; NULL: not read */
    char *texts;                     /* each ends with a NUL; the first is "" */
    size_t texts_size, texts_capacity;
    uint32_t *altnames; /* offsets into texts */
    size_t altname_count, altname_capacity;
};

void aq_snapshot_clear(struct arpq_interfaces *list);

/* Read everything into an empty list. Returns 0, -EOPNOTSUPP if rtnetlink is refused, or another
 * error. */
int aq_snapshot_read(struct arpq_handle *h, struct arpq_interfaces *list);

#endif

/* SPDX-License-Identifier: MIT */
/* A list of interfaces: from what the handle knows, or read from the kernel with all that
 * it says of them. */
#ifndef AQ_SNAPSHOT_H
#define AQ_SNAPSHOT_H

#include "handle/handle.h"

#define AQ_LINK_TEXTS (ARPQ_INTERFACE_BUS + 1)

/* What a link has beside struct arpq_interface. */
struct aq_link_details {
    struct arpq_interface_stats stats;
    uint32_t texts[AQ_LINK_TEXTS]; /* where they begin in the list's; 0: "" */
};

struct arpq_interfaces {
    struct aq_ifmap map;          /* settled */
    uint32_t flags;               /* ARPQ_INTERFACES_* */
    struct aq_link_details *more; /* one for each link, in their order; NULL: not known */
    char *texts;                  /* each with its NUL; the first is "" */
    size_t texts_size, texts_room;
    uint32_t *altnames; /* where they begin in texts */
    size_t altname_count, altname_room;
};

void aq_snapshot_clear(struct arpq_interfaces *list);

/* Read everything into an empty list: 0, -EOPNOTSUPP where rtnetlink does not tell, or an
 * error. */
int aq_snapshot_read(struct arpq *h, struct arpq_interfaces *list);

#endif

/* SPDX-License-Identifier: MIT */
/* What a neighbour message leaves to be known of its link, at a price that a list of
 * a hundred thousand can pay. */
#ifndef AQ_LINKS_H
#define AQ_LINKS_H

#include "handle/handle.h"

#define AQ_LINKS_KNOWN 64

struct aq_links {
    struct arpq *h;
    uint32_t tick; /* in which events were looked for because of a link that was not known */
    struct aq_link_facts {
        uint32_t ifindex; /* 0: free */
        uint32_t master;
        uint16_t type;
    } known[AQ_LINKS_KNOWN];
};

void aq_links_init(struct aq_links *links, struct arpq *h);

bool aq_links_has(struct aq_links *links, uint32_t ifindex);

/* The master of a link, or 0. */
uint32_t aq_links_master(struct aq_links *links, uint32_t ifindex);

/* Set the type of an entry's link-layer address, and the scope of a link-local one. */
void aq_links_complete(struct aq_links *links, struct arpq_neigh *neigh);

#endif

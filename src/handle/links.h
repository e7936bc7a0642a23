/* SPDX-License-Identifier: MIT */
/* Facts about links from the current view, and a cache of them that is cheap enough for a
 * list of 100 000 entries. */
#ifndef AQ_LINKS_H
#define AQ_LINKS_H

#include "handle/handle.h"

#define AQ_LINKS_KNOWN 64

struct aq_link_facts {
    uint32_t ifindex; /* 0: no such link; every other member is 0 too */
    uint32_t master;
    uint32_t flags; /* IFF_* */
    uint16_t type;  /* ARPHRD_* */
    uint8_t mac_length;
};

struct aq_links {
    struct arpq_handle *h;
    uint32_t tick; /* tick of the last update for an unknown link */
    struct aq_link_facts known[AQ_LINKS_KNOWN];
};

struct aq_link_facts aq_links_facts(struct arpq_handle *h, uint32_t ifindex);

/* Returns -EBUSY, with a detail that names the link and its master, if the link is a port. The
 * master (a bridge, a bond or a similar interface, but not a VRF) receives the packets that arrive
 * at a port. Returns 0 otherwise. */
int aq_links_check_port(struct arpq_handle *h, uint32_t ifindex);

/* Tells whether the kernel cannot ask for this address unless a packet for it is waiting: it takes
 * the source of such a solicitation from the packet, or else a link-local address. */
bool aq_links_need_packet(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex);

/* Returns 0 if the link exists, -ENODEV if not, or another error. Applies waiting events if the
 * current view lacks the link. */
int aq_links_require(struct arpq_handle *h, uint32_t ifindex);

void aq_links_init(struct aq_links *links, struct arpq_handle *h);

bool aq_links_has(struct aq_links *links, uint32_t ifindex);

/* Returns the master of a link, or 0. */
uint32_t aq_links_master(struct aq_links *links, uint32_t ifindex);

/* Set the type of an entry's link-layer address, and the scope of a link-local IP address. */
void aq_links_complete(struct aq_links *links, struct arpq_neigh *neigh);

#endif

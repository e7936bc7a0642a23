/* SPDX-License-Identifier: MIT */
/*
 * Finds the interface on which the kernel sends to an address, and the key that the kernel looks up
 * in the neighbour table: the address or a gateway. Every function that takes an address uses this.
 */
#ifndef AQ_NEIGH_TARGET_H
#define AQ_NEIGH_TARGET_H

#include "handle/handle.h"
#include "neigh/query.h"

/* Where to look, or the answer itself. */
struct aq_target {
    /* 0: look in the neighbour table. ARPQ_NEIGH_LOCAL, _MULTICAST or _BROADCAST: `mac`
     * is the answer. */
    uint32_t answered;
    uint32_t flags; /* ARPQ_NEIGH_GATEWAY if `ip` is the address of a gateway */
    struct arpq_ip ip;
    uint32_t ifindex;
    uint32_t thread;    /* number of the asking thread */
    uint16_t type;      /* type of the link, ARPHRD_* */
    uint8_t mac_length; /* length of the link's MACs */
    bool by_index;      /* `dev` may now be another link: use `ifindex` */
    char dev[ARPQ_IFNAME_SIZE];
    struct arpq_mac mac;
};

/* Find the target of a query. Returns 0; -ENETUNREACH; -ENODEV if the interface does not exist;
 * -EINVAL if several interfaces could have the link-local address; or an error that does not
 * concern the address. */
int aq_target_find(struct arpq_handle *h, const struct aq_query *query, struct aq_target *target);

/* Whether the target itself is the answer. With ARPQ_LOOKUP_TABLE_ONLY only the table answers. */
static inline bool aq_target_is_answer(const struct aq_query *query, const struct aq_target *target)
{
    return target->answered && !(query->flags & ARPQ_LOOKUP_TABLE_ONLY);
}

#endif

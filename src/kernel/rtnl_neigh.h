/* SPDX-License-Identifier: MIT */
/* RTM_*NEIGH messages. */
#ifndef AQ_KERNEL_RTNL_NEIGH_H
#define AQ_KERNEL_RTNL_NEIGH_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Read a neighbour message. The link's type is not in it: mac.type stays 0.
 * -EAFNOSUPPORT when it is about another family (a bridge's forwarding database shares
 * the messages); -EBADMSG when it is no well-formed IPv4 or IPv6 neighbour. */
int aq_rtnl_neigh_parse(const struct nlmsghdr *message, struct arpq_neigh *neigh);

/* Starts a request about the entry of ip on ifindex at `at`, zeroed or not, which has room for
 * AQ_RTNL_NEIGH_SIZE bytes. how is a set of NLM_F_*, flags one of ARPQ_NEIGH_*. Further
 * attributes may follow. */
#define AQ_RTNL_NEIGH_SIZE 56 /* header, ndmsg, IPv6 address, extended flags: 16 + 12 + 20 + 8 */
struct nlmsghdr *aq_rtnl_neigh_begin(void *at, uint16_t type, uint16_t how,
                                     const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                                     uint32_t state);

/* Ask for the one entry of ip on ifindex. -ENOENT when there is none. */
int aq_rtnl_neigh_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex,
                      struct arpq_neigh *neigh);

/* Write that question at `at`, zeroed or not, for up to AQ_RTNL_NEIGH_GET_SIZE bytes; returns
 * its size. */
#define AQ_RTNL_NEIGH_GET_SIZE 48 /* a header, an ndmsg, an IPv6 address: 16 + 12 + 20 */
size_t aq_rtnl_neigh_get_request(void *at, const struct arpq_ip *ip, uint32_t ifindex);

/* Ask for count (up to AQ_RTNL_BATCH) entries at a time; each gets its code, as
 * aq_rtnl_neigh_get returns it. */
struct aq_neigh_key {
    struct arpq_ip ip;
    uint32_t ifindex;
};
void aq_rtnl_neigh_get_many(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys, unsigned count,
                            struct arpq_neigh *neighs, int *codes);

/* Which entries the kernel is to put into a dump; zeros mean all but the proxies. */
struct aq_neigh_dump {
    uint16_t family;
    bool proxy; /* the proxies and no others */
    uint32_t ifindex;
    uint32_t master;
};

/* Hand every such entry's message to the handler. Returns as aq_rtnl_dump. */
int aq_rtnl_neigh_dump(struct aq_rtnl *rtnl, const struct aq_neigh_dump *which,
                       aq_rtnl_handler handler, void *context, unsigned *chunks);

#endif

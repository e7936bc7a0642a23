/* SPDX-License-Identifier: MIT */
/* RTM_*NEIGH messages. */
#ifndef AQ_KERNEL_RTNL_NEIGH_H
#define AQ_KERNEL_RTNL_NEIGH_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* NDA_FLAGS_EXT, which Linux 5.16 added (headers may be older), and the position of its bits in
 * ARPQ_NEIGH_*. */
#define AQ_RTNL_NEIGH_ATTR_FLAGS_EXT 15
#define AQ_RTNL_NEIGH_FLAGS_SHIFT 8
#define AQ_RTNL_NEIGH_FLAGS_EXT 0xffff00u

/* Parses a neighbour message. The message does not contain the link's type, so mac.type stays 0.
 * Returns -EAFNOSUPPORT for another family (the forwarding database of a bridge uses the same
 * messages); -EBADMSG if it is not a valid IPv4 or IPv6 entry. */
int aq_rtnl_neigh_parse(const struct nlmsghdr *message, struct arpq_neigh *neigh);

/* Starts a request about the entry of ip on ifindex. at need not be zeroed and has room for
 * AQ_RTNL_NEIGH_SIZE bytes. how is a set of NLM_F_*, and flags is a set of ARPQ_NEIGH_*. The caller
 * may append attributes. */
#define AQ_RTNL_NEIGH_SIZE 56 /* header, ndmsg, IPv6 address, extended flags: 16 + 12 + 20 + 8 */
struct nlmsghdr *aq_rtnl_neigh_begin(void *at, uint16_t type, uint16_t how,
                                     const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                                     uint32_t state);

/* Gets the entry of ip on ifindex. Uses a dump if the kernel does not support get requests. Returns
 * -ENOENT if there is none. */
int aq_rtnl_neigh_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex,
                      struct arpq_neigh *neigh);

/* Which proxy there is for an address. */
enum aq_rtnl_proxy {
    AQ_RTNL_PROXY_NONE,
    AQ_RTNL_PROXY_OWN, /* one of the interface; there may also be one of every interface */
    AQ_RTNL_PROXY_ALL, /* only one of every interface (ifindex 0) */
};

/* Returns an enum aq_rtnl_proxy for ip on ifindex, or an error. */
int aq_rtnl_neigh_find_proxy(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex);

/* Writes a get request for the entry of ip on ifindex to `at`, which need not be zeroed and has
 * room for AQ_RTNL_NEIGH_GET_SIZE bytes. Returns its size. */
#define AQ_RTNL_NEIGH_GET_SIZE 48 /* header, ndmsg, IPv6 address: 16 + 12 + 20 */
size_t aq_rtnl_neigh_get_request(void *at, const struct arpq_ip *ip, uint32_t ifindex);

/* Gets count (up to AQ_RTNL_BATCH) entries at once. Sets codes[n] to the value that
 * aq_rtnl_neigh_get would return. */
struct aq_neigh_key {
    struct arpq_ip ip;
    uint32_t ifindex;
};
void aq_rtnl_neigh_get_many(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys, unsigned count,
                            struct arpq_neigh *neighs, int *codes);

/* Selects the entries of a dump. If all members are 0, the dump contains all entries except
 * proxies. */
struct aq_neigh_dump {
    uint16_t family;
    bool proxy; /* only proxies */
    uint32_t ifindex;
    uint32_t master;
};

/* Passes the message of every selected entry to handler. Returns what aq_rtnl_dump returns. */
int aq_rtnl_neigh_dump(struct aq_rtnl *rtnl, const struct aq_neigh_dump *which,
                       aq_rtnl_handler handler, void *context, unsigned *chunks);

#endif

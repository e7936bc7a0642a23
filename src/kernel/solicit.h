/* SPDX-License-Identifier: MIT */
/* Make the kernel resolve or confirm an address: through a change of its neighbour table, which
 * needs CAP_NET_ADMIN, or by sending a datagram. */
#ifndef AQ_KERNEL_SOLICIT_H
#define AQ_KERNEL_SOLICIT_H

#include "arpq.h"
#include "kernel/rtnl.h"

enum aq_solicit_how {
    AQ_SOLICIT_NEW,   /* create an entry and resolve it; -EEXIST if it exists */
    AQ_SOLICIT_AGAIN, /* resolve an entry that FAILED */
    AQ_SOLICIT_PROBE, /* confirm the address of an entry; -ENOENT if it does not exist */
    AQ_SOLICIT_MOST
};

struct aq_solicit {
    struct arpq_ip ip;
    uint32_t ifindex;
    uint32_t flags; /* ARPQ_NEIGH_* flags of the entry that must be kept */
    enum aq_solicit_how how;
};

/* Solicits count (up to AQ_RTNL_BATCH) addresses and sets codes[n] to the results.
 * -ENOBUFS means that the table is full. */
void aq_solicit_many(struct aq_rtnl *rtnl, const struct aq_solicit *solicits, unsigned count,
                     int *codes);

/* Solicits one address and gets its entry in one exchange. On many links the neighbour has answered
 * before the kernel reads the entry. Returns the code of the solicitation. Sets *get_code to the
 * value that aq_rtnl_neigh_get would return. */
int aq_solicit_and_get(struct aq_rtnl *rtnl, const struct aq_solicit *solicit, int *get_code,
                       struct arpq_neigh *neigh);

/* Opens a socket for datagrams of a family. */
int aq_solicit_socket(uint16_t family);

/* Sends an empty datagram to the discard port of a neighbour. The datagram is not routed. Does not
 * wait. Returns 0; -EAGAIN if too many datagrams of this socket wait for resolution; or another
 * error. */
int aq_solicit_datagram(int fd, const struct arpq_ip *ip, uint32_t ifindex);

#endif

/* SPDX-License-Identifier: MIT */
/* Making the kernel find out or confirm an address: by orders to its neighbour table, which
 * need CAP_NET_ADMIN, or by a datagram that it has to find out the address for. */
#ifndef AQ_KERNEL_SOLICIT_H
#define AQ_KERNEL_SOLICIT_H

#include "arpq.h"
#include "kernel/rtnl.h"

enum aq_solicit_how {
    AQ_SOLICIT_NEW,   /* make an entry and ask for its address; -EEXIST when there is one */
    AQ_SOLICIT_AGAIN, /* ask for the address of an entry that failed */
    AQ_SOLICIT_PROBE, /* confirm the address that an entry has; -ENOENT when there is none */
    AQ_SOLICIT_MOST
};

struct aq_solicit {
    struct arpq_ip ip;
    uint32_t ifindex;
    uint32_t flags; /* ARPQ_NEIGH_* that the entry has, which it is to keep */
    enum aq_solicit_how how;
};

/* Give count (up to AQ_RTNL_BATCH) orders; each gets its code. -ENOBUFS: the table is full. */
void aq_solicit_many(struct aq_rtnl *rtnl, const struct aq_solicit *solicits, unsigned count,
                     int *codes);

/* Give one and look at the entry it made, in one go: on many a link the answer is there. The
 * code of the order; *looked receives that of the look, as aq_rtnl_neigh_get has it. */
int aq_solicit_and_get(struct aq_rtnl *rtnl, const struct aq_solicit *solicit, int *looked,
                       struct arpq_neigh *neigh);

/* A socket to send datagrams with, one for each family. */
int aq_solicit_socket(uint16_t family);

/* Send an empty one to the discard port of a neighbour, and no farther. Returns at once: 0;
 * -EAGAIN when too many datagrams of that socket wait for their addresses; or why the kernel
 * does not send. */
int aq_solicit_datagram(int fd, const struct arpq_ip *ip, uint32_t ifindex);

#endif

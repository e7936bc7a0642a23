/* SPDX-License-Identifier: MIT */
/* RTM_*NEIGH messages. */
#ifndef AQ_RTNL_NEIGH_H
#define AQ_RTNL_NEIGH_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Read a neighbour message. The link's type is not in it: mac.type stays 0.
 * -EBADMSG when it is no well-formed IPv4 or IPv6 neighbour. */
int aq_rtnl_neigh_parse(const struct nlmsghdr *message, struct arpq_neigh *neigh);

/* Ask for the one entry of ip on ifindex. -ENOENT when there is none. */
int aq_rtnl_neigh_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex,
                      struct arpq_neigh *neigh);

#endif

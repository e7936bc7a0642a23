/* SPDX-License-Identifier: MIT */
/* RTM_NEWNEIGH and RTM_DELNEIGH. */
#ifndef AQ_KERNEL_RTNL_NEIGH_EDIT_H
#define AQ_KERNEL_RTNL_NEIGH_EDIT_H

#include "kernel/rtnl_neigh.h"

/* Make or change an entry. how is NLM_F_CREATE, NLM_F_REPLACE, NLM_F_EXCL, or-ed. The message
 * holds ip, ifindex, state and flags (with ARPQ_NEIGH_PROXY: a proxy), the link-layer address
 * unless its length is 0, and the protocol unless it is 0. */
int aq_rtnl_neigh_set(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh, uint16_t how);

/* Whether there is a proxy entry that the kernel takes for this one: 1, or 0. A proxy of every
 * interface (ifindex 0) is taken for one of each. */
int aq_rtnl_neigh_has_proxy(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex);

/* Remove count (up to AQ_RTNL_BATCH) entries, or proxy entries; each gets its code. */
void aq_rtnl_neigh_delete(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys, unsigned count,
                          bool proxy, int *codes);

#endif

/* SPDX-License-Identifier: MIT */
/* RTM_NEWNEIGH and RTM_DELNEIGH. */
#ifndef AQ_KERNEL_RTNL_NEIGH_EDIT_H
#define AQ_KERNEL_RTNL_NEIGH_EDIT_H

#include "kernel/rtnl_neigh.h"

/* Creates or changes an entry, or with ARPQ_NEIGH_PROXY a proxy. how is a set of NLM_F_CREATE,
 * NLM_F_REPLACE and NLM_F_EXCL. The request contains ip, ifindex, state and flags, mac unless its
 * length is 0, and protocol unless it is 0. */
int aq_rtnl_neigh_set(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh, uint16_t how);

/* Checks that the kernel supports the protocol and the extended flags of neigh, because older
 * kernels ignore them. Changes nothing. Returns 0, -EOPNOTSUPP or another error. */
int aq_rtnl_neigh_check_support(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh);

/* Deletes count (up to AQ_RTNL_BATCH) entries or proxies. Sets codes[n] to the result of each
 * deletion. */
void aq_rtnl_neigh_delete(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys, unsigned count,
                          bool proxy, int *codes);

#endif

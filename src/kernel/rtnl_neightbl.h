/* SPDX-License-Identifier: MIT */
/* RTM_*NEIGHTBL messages: the neighbour tables. */
#ifndef AQ_KERNEL_RTNL_NEIGHTBL_H
#define AQ_KERNEL_RTNL_NEIGHTBL_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Parses a message about the table of a family. Returns -ENOENT for another family or the
 * parameters of one interface; -EBADMSG if it is malformed. */
int aq_rtnl_neightbl_parse(const struct nlmsghdr *message, uint16_t family,
                           struct arpq_table_stats *stats);

/* Gets the figures of a family's table. Returns -EAFNOSUPPORT if the kernel has no such table. */
int aq_rtnl_neightbl_get(struct aq_rtnl *rtnl, uint16_t family, struct arpq_table_stats *stats);

#endif

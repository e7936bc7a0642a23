/* SPDX-License-Identifier: MIT */
/* RTM_*NEIGHTBL messages: the tables themselves. */
#ifndef AQ_KERNEL_RTNL_NEIGHTBL_H
#define AQ_KERNEL_RTNL_NEIGHTBL_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Read a message about the table of a family. -ENOENT when it is about another family or
 * about one interface's parameters; -EBADMSG when it is malformed. */
int aq_rtnl_neightbl_parse(const struct nlmsghdr *message, uint16_t family,
                           struct arpq_table_stats *stats);

/* The figures of a family's table; -EAFNOSUPPORT when the kernel has no such table. A
 * replaceable socket may be closed by it. */
int aq_rtnl_neightbl_get(struct aq_rtnl *rtnl, uint16_t family, struct arpq_table_stats *stats);

#endif

/* SPDX-License-Identifier: MIT */
/* RTM_*LINK messages. */
#ifndef AQ_RTNL_LINK_H
#define AQ_RTNL_LINK_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Read a link message. -ENOENT when it is not about a link as such (a bridge port's
 * view of it, family AF_BRIDGE) or tells only part of it; -EBADMSG when it is malformed or has no name. */
int aq_rtnl_link_parse(const struct nlmsghdr *message, struct arpq_interface *link);

/* Dump all links through the handler. */
int aq_rtnl_link_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);

#endif

/* SPDX-License-Identifier: MIT */
/* RTM_*LINK messages. */
#ifndef AQ_KERNEL_RTNL_LINK_H
#define AQ_KERNEL_RTNL_LINK_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Read a link message. -ENOENT when it is not about a link as such (a bridge port's
 * view of it, family AF_BRIDGE) or tells only part of it; -EBADMSG when it is malformed or has no name. */
int aq_rtnl_link_parse(const struct nlmsghdr *message, struct arpq_interface *link);

/* Told of each text of a link: an ARPQ_INTERFACE_* number or AQ_RTNL_ALTNAME, and bytes
 * that need not end with a NUL. Not 0 ends it. */
#define AQ_RTNL_ALTNAME 0u
typedef int (*aq_rtnl_text_handler)(uint32_t which, const char *text, size_t length, void *context);

/* Read what of a good link message changes without events, and its texts. 0, or what the
 * handler returned. */
int aq_rtnl_link_parse_more(const struct nlmsghdr *message, struct arpq_interface_stats *stats,
                            aq_rtnl_text_handler handler, void *context);

/* Dump all links through the handler. */
int aq_rtnl_link_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);

/* The ifindex of the link of that name or alternative name, of up to AQ_RTNL_ALTNAME_MAX
 * bytes. -ENODEV when there is none. */
#define AQ_RTNL_ALTNAME_MAX 127u
int aq_rtnl_link_find(struct aq_rtnl *rtnl, const char *name, uint32_t *ifindex);

#endif

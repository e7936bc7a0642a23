/* SPDX-License-Identifier: MIT */
/* RTM_*LINK messages. */
#ifndef AQ_KERNEL_RTNL_LINK_H
#define AQ_KERNEL_RTNL_LINK_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Parses a link message. Returns -ENOENT if the message describes a bridge port (family
 * AF_BRIDGE) instead of the link, or only part of the link; -EBADMSG if it is malformed or has
 * no name. */
int aq_rtnl_link_parse(const struct nlmsghdr *message, struct arpq_interface *link);

/* Handles one text attribute of a link. which is ARPQ_INTERFACE_* or AQ_RTNL_ALTNAME; text need
 * not be NUL-terminated. A return value other than 0 stops the loop. */
#define AQ_RTNL_ALTNAME 0u
typedef int (*aq_rtnl_text_handler)(uint32_t which, const char *text, size_t length, void *context);

/* Parses those attributes of a valid link message that may change without an event, and passes the
 * texts of the message to handler. Returns 0 or the handler's return value. */
int aq_rtnl_link_parse_more(const struct nlmsghdr *message, struct arpq_interface_stats *stats,
                            aq_rtnl_text_handler handler, void *context);

/* Dumps all links. */
int aq_rtnl_link_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);

/* Finds a link by name or alternative name of up to AQ_RTNL_ALTNAME_MAX bytes. Returns -ENODEV if
 * there is none. */
#define AQ_RTNL_ALTNAME_MAX 127u
int aq_rtnl_link_find(struct aq_rtnl *rtnl, const char *name, uint32_t *ifindex);

#endif

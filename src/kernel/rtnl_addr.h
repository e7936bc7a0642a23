/* SPDX-License-Identifier: MIT */
/* RTM_*ADDR messages. */
#ifndef AQ_RTNL_ADDR_H
#define AQ_RTNL_ADDR_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Read an address message. -EBADMSG when it is no well-formed IPv4 or IPv6 address. */
int aq_rtnl_addr_parse(const struct nlmsghdr *message, struct arpq_address *address);

/* Dump all addresses, IPv4 and IPv6, through the handler. */
int aq_rtnl_addr_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);

#endif

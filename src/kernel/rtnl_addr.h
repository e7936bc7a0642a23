/* SPDX-License-Identifier: MIT */
/* RTM_*ADDR messages. */
#ifndef AQ_KERNEL_RTNL_ADDR_H
#define AQ_KERNEL_RTNL_ADDR_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Read an address message. -EBADMSG when it is no well-formed IPv4 or IPv6 address. */
int aq_rtnl_addr_parse(const struct nlmsghdr *message, struct arpq_address *address);

/* Dump all addresses, IPv4 and IPv6, through the handler. */
int aq_rtnl_addr_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);

/* The address of that ifindex and IPv6 address, completed: -EADDRNOTAVAIL when there is none.
 * The kernel has no such question for IPv4. */
int aq_rtnl_addr_get(struct aq_rtnl *rtnl, struct arpq_address *address);

/* Make, change or remove an address, all of whose members are meant as they are: type is
 * RTM_NEWADDR with flags as in netlink(7), or RTM_DELADDR. 0 or the kernel's error. */
int aq_rtnl_addr_change(struct aq_rtnl *rtnl, uint16_t type, uint16_t flags,
                        const struct arpq_address *address);

#endif

/* SPDX-License-Identifier: MIT */
/* RTM_*ADDR messages. */
#ifndef AQ_KERNEL_RTNL_ADDR_H
#define AQ_KERNEL_RTNL_ADDR_H

#include "arpq.h"
#include "kernel/rtnl.h"

/* Parses an address message. Returns -EBADMSG if it is not a valid IPv4 or IPv6 address. */
int aq_rtnl_addr_parse(const struct nlmsghdr *message, struct arpq_address *address);

/* Dumps all IPv4 and IPv6 addresses. */
int aq_rtnl_addr_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);

/* Gets the IPv6 address with this ifindex and ip, and fills in its other members. Returns
 * -EADDRNOTAVAIL if there is none. The kernel has no get request for IPv4 addresses. */
int aq_rtnl_addr_get(struct aq_rtnl *rtnl, struct arpq_address *address);

/* Checks that the kernel supports the metric and the protocol of address, because older kernels
 * ignore them. Changes nothing. Returns 0, -EOPNOTSUPP or another error. */
int aq_rtnl_addr_check_support(struct aq_rtnl *rtnl, const struct arpq_address *address);

/* Creates, changes or deletes an address. Every member of address is used. type is RTM_NEWADDR,
 * with flags as in netlink(7), or RTM_DELADDR. Returns 0 or the kernel's error. */
int aq_rtnl_addr_change(struct aq_rtnl *rtnl, uint16_t type, uint16_t flags,
                        const struct arpq_address *address);

#endif

/* SPDX-License-Identifier: MIT */
/* Reads the interfaces that have an IPv4 address, by ioctls only (netdevice(7)). This makes IPv4
 * lookups work where no netlink socket can be opened. */
#ifndef AQ_IFCONF_H
#define AQ_IFCONF_H

#include "ifmap/ifmap.h"

/* Read the interfaces in the namespace of an IPv4 socket, through that socket, into an empty map.
 * Returns 0 or an error. */
int aq_ifconf_read(int inet_fd, struct aq_ifmap *map);

#endif

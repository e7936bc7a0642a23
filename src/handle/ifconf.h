/* SPDX-License-Identifier: MIT */
/* Interfaces that have an IPv4 address, by ioctl alone (netdevice(7)): for where no
 * netlink socket can be had, so that IPv4 is answered all the same. */
#ifndef AQ_IFCONF_H
#define AQ_IFCONF_H

#include "ifmap/ifmap.h"

/* Read them through an IPv4 socket, of that socket's namespace, into an empty map. */
int aq_ifconf_read(int inet_fd, struct aq_ifmap *map);

#endif

/* SPDX-License-Identifier: MIT */
/* Interfaces by getifaddrs(3): for where rtnetlink dumps of our own are refused. */
#ifndef AQ_IFADDRS_H
#define AQ_IFADDRS_H

#include "ifmap/ifmap.h"

/* Read all interfaces of the calling thread's namespace into an empty map. inet_fd is
 * an IPv4 socket for what getifaddrs leaves out (MTU), or -1. */
int aq_ifaddrs_read(int inet_fd, struct aq_ifmap *map);

#endif

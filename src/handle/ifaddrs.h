/* SPDX-License-Identifier: MIT */
/* Reads the interfaces by getifaddrs(3), where the library's own rtnetlink dumps are refused. */
#ifndef AQ_IFADDRS_H
#define AQ_IFADDRS_H

#include "ifmap/ifmap.h"

/* Read all interfaces of the calling thread's namespace into an empty map. inet_fd is an IPv4
 * socket for reading the MTU, which getifaddrs does not return, or -1. Returns 0 or an error. */
int aq_ifaddrs_read(int inet_fd, struct aq_ifmap *map);

#endif

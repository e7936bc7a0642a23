/* SPDX-License-Identifier: MIT */
/* The socket that hears ARP and neighbour discovery, and nothing else. */
#ifndef AQ_SNIFF_SOCKET_H
#define AQ_SNIFF_SOCKET_H

#include "arpq.h"

/* flags: ARPQ_SNIFF_*, ifindex 0: every interface. Opened in the calling thread's namespace.
 * The descriptor, or a negative errno value. */
int aq_sniff_socket_open(uint32_t flags, uint32_t ifindex);

#endif

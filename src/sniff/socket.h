/* SPDX-License-Identifier: MIT */
/* A packet socket whose filter passes ARP and neighbour discovery only. */
#ifndef AQ_SNIFF_SOCKET_H
#define AQ_SNIFF_SOCKET_H

#include "arpq.h"

/* Open the socket in the namespace of the calling thread. flags are ARPQ_SNIFFER_*. ifindex 0
 * means every interface. Returns the descriptor or a negative errno value. */
int aq_sniff_socket_open(uint32_t flags, uint32_t ifindex);

#endif

/* SPDX-License-Identifier: MIT */
/* Decode the bytes of a received frame, with the kernel's description of them. */
#ifndef AQ_SNIFF_FRAME_H
#define AQ_SNIFF_FRAME_H

#include <stdbool.h>

#include "kernel/packet_socket.h"

/* Returns 0, -ENOMSG if the frame is neither ARP for IPv4 nor neighbour discovery, or -EBADMSG
 * if it is malformed or not valid. After an error *frame is zeroed. */
int aq_frame_read(const struct aq_packet_received *received, struct arpq_sniffed *frame);

/* Whether a machine on the link may have the address: it is not a multicast, loopback or
 * reserved address. */
bool aq_frame_is_claimable(const struct arpq_ip *ip);

#endif

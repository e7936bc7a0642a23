/* SPDX-License-Identifier: MIT */
/* Decoding the bytes of a received frame, with the kernel's description of them. */
#ifndef AQ_SNIFF_FRAME_H
#define AQ_SNIFF_FRAME_H

#include <stdbool.h>

#include "kernel/packet_socket.h"

/* 0; -ENOMSG if the frame is neither ARP for IPv4 nor neighbour discovery; -EBADMSG if it is
 * malformed or not valid. A failure leaves *frame zeroed. */
int aq_frame_read(const struct aq_packet_received *received, struct arpq_frame *frame);

/* Whether a machine on the link may have the address: it is no group, loopback or reserved one. */
bool aq_frame_is_claimable(const struct arpq_ip *ip);

#endif

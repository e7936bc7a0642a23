/* SPDX-License-Identifier: MIT */
/* From a frame's bytes, and what the kernel says with them, to what it tells. */
#ifndef AQ_FRAME_H
#define AQ_FRAME_H

#include <stdbool.h>

#include "kernel/packet_socket.h"

/* Read one. 0; -ENOMSG for a frame that is neither ARP about IPv4 nor neighbour discovery,
 * -EBADMSG for one that is malformed, or not valid. frame is zeroed then. */
int aq_frame_read(const struct aq_packet_received *answers, struct arpq_frame *frame);

#endif

/* SPDX-License-Identifier: MIT */
/* The datagram that an ICMP error message is about. */
#ifndef AQ_PACKET_ICMP_ORIGINAL_H
#define AQ_PACKET_ICMP_ORIGINAL_H

#include "arpq.h"

/* Sets the original_* members, and ARPQ_ICMP_ORIGINAL, where the message is an error and they are
 * there. The others are set already; payload_length bytes follow the header of the message. */
void aq_icmp_original_read(const uint8_t *message, struct arpq_icmp *icmp);

#endif

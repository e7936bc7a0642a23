/* SPDX-License-Identifier: MIT */
/* The packet that an ICMP error message quotes. */
#ifndef AQ_PACKET_ICMP_ORIGINAL_H
#define AQ_PACKET_ICMP_ORIGINAL_H

#include "arpq.h"

/* Sets the original_* members and ARPQ_ICMP_ORIGINAL if the message is an error that quotes a
 * packet. The caller has set the other members, and checked that payload_length bytes follow the
 * header. */
void aq_icmp_original_read(const uint8_t *message, struct arpq_icmp *icmp);

#endif

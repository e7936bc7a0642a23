/* SPDX-License-Identifier: MIT */
/* What ICMP messages of a type look like. */
#ifndef AQ_PACKET_ICMP_SHAPE_H
#define AQ_PACKET_ICMP_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the second word of such a message is an identifier and a sequence number. */
bool aq_icmp_shape_has_sequence(uint16_t family, uint8_t type);

/* The shortest that a message of this type can be. */
size_t aq_icmp_shape_least_size(uint16_t family, uint8_t type);

#endif

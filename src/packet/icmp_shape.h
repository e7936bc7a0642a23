/* SPDX-License-Identifier: MIT */
/* Header formats of ICMP types. */
#ifndef AQ_PACKET_ICMP_SHAPE_H
#define AQ_PACKET_ICMP_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tells whether the second word is an identifier and a sequence number. */
bool aq_icmp_shape_has_sequence(uint16_t family, uint8_t type);

/* Returns the minimum size of a message of this type. */
size_t aq_icmp_shape_least_size(uint16_t family, uint8_t type);

#endif

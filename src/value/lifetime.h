/* SPDX-License-Identifier: MIT */
/* Lifetimes of addresses, in seconds. */
#ifndef AQ_VALUE_LIFETIME_H
#define AQ_VALUE_LIFETIME_H

#include <stdint.h>

#include "arpq.h"

/* Convert between a remaining lifetime and the second of a clock at which it ends. Both functions
 * return ARPQ_FOREVER unchanged. */
uint32_t aq_lifetime_end(uint32_t left, uint64_t now_s);
uint32_t aq_lifetime_left(uint32_t end, uint64_t now_s);

#endif

/* SPDX-License-Identifier: MIT */
/* Lifetimes of addresses, in seconds. */
#ifndef AQ_VALUE_LIFETIME_H
#define AQ_VALUE_LIFETIME_H

#include <stdint.h>

#include "arpq.h"

/* The second of a clock at which a lifetime ends, and back; ARPQ_FOREVER stays. */
uint32_t aq_lifetime_end(uint32_t left, uint64_t now_s);
uint32_t aq_lifetime_left(uint32_t end, uint64_t now_s);

#endif

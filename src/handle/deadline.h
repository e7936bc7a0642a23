/* SPDX-License-Identifier: MIT */
/* Computes how long a call may still wait. */
#ifndef AQ_DEADLINE_H
#define AQ_DEADLINE_H

#include <stdint.h>

/* Returns the time that is timeout_ms milliseconds from now. Returns 0, without reading the clock,
 * if timeout_ms is 0 or negative. */
uint64_t aq_deadline(int32_t timeout_ms);

/* Returns the milliseconds left until deadline_us, rounded up, or -1 if timeout_ms is negative,
 * which means an unlimited wait. */
int aq_deadline_left(int32_t timeout_ms, uint64_t deadline_us);

#endif

/* SPDX-License-Identifier: MIT */
/* How long may a call still wait? */
#ifndef AQ_DEADLINE_H
#define AQ_DEADLINE_H

#include <stdint.h>

/* The end of that many milliseconds from now; only where there is one does it cost a look at
 * the clock. */
uint64_t aq_deadline(int32_t timeout_ms);

/* Milliseconds left until then, rounded up; -1 for ever. */
int aq_deadline_left(int32_t timeout_ms, uint64_t deadline_us);

#endif

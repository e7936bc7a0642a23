/* SPDX-License-Identifier: MIT */
/* How long the resolver waits. */
#ifndef AQ_RESOLVE_LIMIT_H
#define AQ_RESOLVE_LIMIT_H

#include "resolve/resolver.h"

#define AQ_NOW 1u
#define AQ_NEVER UINT64_MAX

/* Returns us + timeout_us, or AQ_NEVER if the sum overflows. */
uint64_t aq_limit_after(uint64_t us, uint64_t timeout_us);

/* Returns the deadline of an address, or AQ_NEVER if `wait` is NULL. */
uint64_t aq_limit_of(const struct arpq_resolver *r, const struct aq_wait *wait);

/* Returns AQ_NOW, the time at which the resolver has work again, or AQ_NEVER. */
uint64_t aq_limit_next(const struct arpq_resolver *r);

#endif

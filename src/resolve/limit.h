/* SPDX-License-Identifier: MIT */
/* How long the resolver waits. */
#ifndef AQ_RESOLVE_LIMIT_H
#define AQ_RESOLVE_LIMIT_H

#include "resolve/resolver.h"

#define AQ_NOW 1u
#define AQ_NEVER UINT64_MAX

/* us + timeout_us, or AQ_NEVER if that overflows. */
uint64_t aq_limit_after(uint64_t us, uint64_t timeout_us);

/* The deadline of an address; AQ_NEVER for NULL. */
uint64_t aq_limit_of(const struct arpq_resolver *r, const struct aq_wait *wait);

/* When the resolver has work again: AQ_NOW, a time, or AQ_NEVER. */
uint64_t aq_limit_next(const struct arpq_resolver *r);

#endif

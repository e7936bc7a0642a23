/* SPDX-License-Identifier: MIT */
/* The kernel's text about the last call. */
#ifndef AQ_HANDLE_DETAIL_H
#define AQ_HANDLE_DETAIL_H

#include "handle/handle.h"

/* A call begins, on this handle or, with NULL, on none: there is no text about it yet. */
void aq_detail_begin(struct arpq_handle *h);

/* A lookup begins. Most lookups succeed without a request, and pay only for this check. The text of
 * this thread may remain if the handle has none any more: it is about the last failed call. A lookup
 * that fails without a request calls aq_detail_begin then. */
static inline void aq_detail_begin_lookup(struct arpq_handle *h)
{
    if (atomic_load_explicit(&h->live->detail.any, memory_order_relaxed))
        aq_detail_begin(h);
}

#endif

/* SPDX-License-Identifier: MIT */
/* Process addresses in batches. */
#ifndef AQ_RESOLVE_WORK_H
#define AQ_RESOLVE_WORK_H

#include "resolve/resolver.h"

/* Do all work that is possible without waiting. Returns 0, or an error that does not concern a
 * single address. */
int aq_work(struct arpq_resolver *r);

/* Remove the entries that the resolver added and that have no answer yet. */
void aq_work_abandon(struct arpq_resolver *r);

#endif

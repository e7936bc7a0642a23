/* SPDX-License-Identifier: MIT */
/* Which entries does a caller mean? */
#ifndef AQ_FILTER_H
#define AQ_FILTER_H

#include "handle/handle.h"

/* Check a caller's filter (NULL: everything) and settle it: host bits of the prefix
 * cleared, family and prefix agreed. -EINVAL. */
int aq_filter_read(const struct arpq_filter *from, struct arpq_filter *filter);

/* -ENODEV when it names an interface that is not there. */
int aq_filter_check_links(struct arpq *h, const struct arpq_filter *filter);

/* Whether an entry is meant, by all that is in the entry (the master is not). */
bool aq_filter_matches(const struct arpq_filter *filter, const struct arpq_neigh *neigh);

#endif

/* SPDX-License-Identifier: MIT */
/* The filter of lists, watches and flushes. */
#ifndef AQ_TABLE_FILTER_H
#define AQ_TABLE_FILTER_H

#include "handle/handle.h"

/* Check and copy a caller's filter (NULL: all entries). The copy has the host bits of its prefix
 * cleared and its family set from the prefix. Returns 0 or -EINVAL. */
int aq_filter_read(const struct arpq_filter *from, struct arpq_filter *filter);

/* Returns -ENODEV if the filter names an interface that does not exist. */
int aq_filter_check_links(struct arpq_handle *h, const struct arpq_filter *filter);

/* Returns whether an entry passes every test except that of the master, which the entry does not
 * contain. */
bool aq_filter_matches(const struct arpq_filter *filter, const struct arpq_neigh *neigh);

#endif

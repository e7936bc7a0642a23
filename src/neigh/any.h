/* SPDX-License-Identifier: MIT */
/* Asks on every interface that an address may be on, for ARPQ_LOOKUP_ANY_INTERFACE. */
#ifndef AQ_NEIGH_ANY_H
#define AQ_NEIGH_ANY_H

#include "neigh/target.h"

/* Asks on the interface that the query names. Returns 0 with an answer, or an error. */
typedef int (*aq_any_asker)(struct arpq_handle *h, const struct aq_query *query, void *answer);

/* Ask on one interface after the other, in order of ifindex, until one has an answer. Returns 0; the
 * error that says most about the address; or -ENETUNREACH if the address is in no prefix of an
 * interface that is up. */
int aq_any_ask(struct arpq_handle *h, const struct aq_query *query, aq_any_asker ask, void *answer);

#endif

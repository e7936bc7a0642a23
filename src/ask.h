/* SPDX-License-Identifier: MIT */
/* Answer a settled question, choosing the interface and staying fresh. */
#ifndef AQ_ASK_H
#define AQ_ASK_H

#include "choose.h"

/* The address alone, by the cheapest way. Codes as arpq_lookup. */
int aq_ask_mac(struct arpq *h, const struct aq_question *question, struct arpq_mac *mac);

/* The whole entry. Codes as arpq_neigh_get. */
int aq_ask_neigh(struct arpq *h, const struct aq_question *question, struct arpq_neigh *neigh);

#endif

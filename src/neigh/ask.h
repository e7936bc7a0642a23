/* SPDX-License-Identifier: MIT */
/* Answer a settled question, choosing the interface and staying fresh. */
#ifndef AQ_ASK_H
#define AQ_ASK_H

#include "neigh/target.h"

/* A question is put again when the interfaces changed underneath it; when they keep
 * changing, the last answer stands. */
#define AQ_ASK_ATTEMPTS 3

/* Whether a change of interfaces could make this answer another. */
bool aq_ask_is_doubtful(int code);

/* What the user is told: an interface that vanished between choice and question is one
 * that the caller never named. */
int aq_ask_final(const struct aq_query *query, int code);

/* The table's entry for a target that is not answered already. */
int aq_ask_entry(struct arpq *h, const struct aq_target *target, struct arpq_neigh *neigh);

/* What the kernel's answer about a target leaves out. */
void aq_ask_complete(const struct aq_target *target, struct arpq_neigh *neigh);

/* The answer that a target is itself. */
void aq_ask_answered(const struct aq_target *target, struct arpq_neigh *neigh);

/* The address alone, by the cheapest way: arpq_lookup of a settled question. */
int aq_lookup(struct arpq *h, const struct aq_query *query, struct arpq_mac *mac);

#endif

/* SPDX-License-Identifier: MIT */
/* Ask the neighbour table for a target, again where interfaces have changed meanwhile. */
#ifndef AQ_NEIGH_ASK_H
#define AQ_NEIGH_ASK_H

#include "handle/interfaces.h"
#include "neigh/target.h"

/* Interfaces that keep changing leave the last answer in force. */
#define AQ_ASK_ATTEMPTS 3

/* Whether a change of interfaces could make this answer another. */
bool aq_ask_is_doubtful(int code);

/* The code for the user: -ENODEV is for interfaces that the caller named; if the library
 * chose it, -ENETUNREACH. */
int aq_ask_final(const struct aq_query *query, int code);

/* Read the table's entry for a target that is not answered already. */
int aq_ask_entry(struct arpq *h, const struct aq_target *target, struct arpq_neigh *neigh);

/* Fill in what the kernel's answer about a target leaves out. */
void aq_ask_complete(const struct aq_target *target, struct arpq_neigh *neigh);

/* The entry for a target that is answered already. */
void aq_ask_answered(const struct aq_target *target, struct arpq_neigh *neigh);

/* Repeat an attempt while its answer is doubtful and waiting events change the interfaces: a
 * failure is believed only after them. Inline, so that the attempt is. */
static inline __attribute__((always_inline)) int
aq_ask_retry(struct arpq *h, int (*attempt)(void *context), void *context)
{
    int code = aq_interfaces_refresh(h);

    if (code < 0)
        return code;
    for (int attempts = 1;; attempts++) {
        unsigned generation = aq_interfaces_generation(h);
        int changed = 0;

        code = attempt(context);
        if (code == 0)
            return 0;
        if (aq_ask_is_doubtful(code) && attempts < AQ_ASK_ATTEMPTS)
            changed = aq_interfaces_update(h, generation);
        if (changed < 0)
            return changed;
        if (!changed)
            return code;
    }
}

/* arpq_lookup of a checked query. */
int aq_lookup(struct arpq *h, const struct aq_query *query, struct arpq_mac *mac);

#endif

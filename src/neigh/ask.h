/* SPDX-License-Identifier: MIT */
/* Asks the neighbour table for a target, and asks again if the interfaces changed meanwhile. */
#ifndef AQ_NEIGH_ASK_H
#define AQ_NEIGH_ASK_H

#include "handle/detail.h"
#include "handle/interfaces.h"
#include "neigh/target.h"

/* The most attempts. If the interfaces change during each of them, the last answer counts. */
#define AQ_ASK_ATTEMPTS 3

/* Returns whether a change of the interfaces could change this answer. */
bool aq_ask_is_doubtful(int code);

/* Returns the code for the user: -ENODEV if the caller named the missing interface, -ENETUNREACH if
 * the library chose it. */
int aq_ask_final(const struct aq_query *query, int code);

/* Read the kernel's entry for a target whose answer is not known yet. */
int aq_ask_entry(struct arpq_handle *h, const struct aq_target *target, struct arpq_neigh *neigh);

/* Fill in the members that the kernel's answer about a target does not contain. */
void aq_ask_complete(const struct aq_target *target, struct arpq_neigh *neigh);

/* Fill in the entry for a target whose answer is known. */
void aq_ask_answered(const struct aq_target *target, struct arpq_neigh *neigh);

/* Repeat an attempt while its answer is doubtful and waiting events change the interfaces: a
 * failure is final only after these events are applied. The function is inline, so that the
 * compiler inlines the attempt too. */
static inline __attribute__((always_inline)) int
aq_ask_retry(struct arpq_handle *h, int (*attempt)(void *context), void *context)
{
    int code = aq_interfaces_refresh(h);

    if (code < 0) {
        aq_detail_begin(h);
        return code;
    }
    aq_detail_begin_lookup(h);
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

/* Does the work of arpq_lookup for a checked query. */
int aq_lookup(struct arpq_handle *h, const struct aq_query *query, struct arpq_mac *mac);

#endif

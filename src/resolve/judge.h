/* SPDX-License-Identifier: MIT */
/* Interpret neighbour entries and errors for an address that is being resolved. */
#ifndef AQ_RESOLVE_JUDGE_H
#define AQ_RESOLVE_JUDGE_H

#include "neigh/target.h"

/* The state of an address that is being resolved, judged by its entry. */
enum aq_verdict {
    AQ_KNOWN,      /* the entry has a link-layer address */
    AQ_ABSENT,     /* there is no entry */
    AQ_UNASKED,    /* state NONE: the kernel sends no requests for the entry */
    AQ_INCOMPLETE, /* the kernel is sending requests */
    AQ_FAILED,     /* the kernel asked and got no answer */
    AQ_ERROR       /* the table returned another error code */
};
enum aq_verdict aq_judge_answer(int code, const struct arpq_neigh *neigh);

/* Check the flags of the link. Returns 0, or an error if the target cannot be resolved. */
int aq_judge_link(struct arpq_handle *h, const struct aq_query *query,
                  const struct aq_target *target);

/* Check that a resolved entry is a valid answer, and complete it. Returns 0, or an error if the
 * entry is not a valid answer. */
int aq_judge_known(struct arpq_handle *h, const struct aq_query *query,
                   const struct aq_target *target, struct arpq_neigh *neigh);

/* Translate an error into the code for the user: aq_judge_error for a table read,
 * aq_judge_solicit for a solicitation. */
int aq_judge_error(const struct aq_query *query, int code);
int aq_judge_solicit(const struct aq_query *query, int code);

#endif

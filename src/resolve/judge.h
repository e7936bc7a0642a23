/* SPDX-License-Identifier: MIT */
/* What an entry of the table means for an address that is being resolved. */
#ifndef AQ_RESOLVE_JUDGE_H
#define AQ_RESOLVE_JUDGE_H

#include "neigh/target.h"

/* What an answer of the table says about an address that is being resolved. */
enum aq_verdict {
    AQ_KNOWN,      /* it has one */
    AQ_ABSENT,     /* there is no entry, or one that nobody has asked for */
    AQ_INCOMPLETE, /* the kernel is at it */
    AQ_FAILED,     /* it was, and nobody answered */
    AQ_ERROR       /* none of this: the code stands */
};
enum aq_verdict aq_judge_answer(int code, const struct arpq_neigh *neigh);

/* Take up what has changed of the interfaces. */
int aq_judge_refresh(struct arpq *h);

/* Whether a target can be asked for an address, by the flags of its link: 0, or why not. */
int aq_judge_link(struct arpq *h, const struct aq_query *query, const struct aq_target *target);

/* Whether an entry that is known is an answer: 0, with what it leaves out, or why not. */
int aq_judge_known(struct arpq *h, const struct aq_query *query, const struct aq_target *target,
                   struct arpq_neigh *neigh);

/* What an error means to the user that the table answered with, or that a poke met. */
int aq_judge_error(const struct aq_query *query, int code);
int aq_judge_solicit(const struct aq_query *query, int code);

#endif

/* SPDX-License-Identifier: MIT */
/* Interpret neighbour entries and errors for an address that is being resolved. */
#ifndef AQ_RESOLVE_JUDGE_H
#define AQ_RESOLVE_JUDGE_H

#include "neigh/target.h"

/* What an entry means for an address that is being resolved. */
enum aq_verdict {
    AQ_KNOWN,      /* the entry has a link-layer address */
    AQ_ABSENT,     /* no entry */
    AQ_UNASKED,    /* an entry that the kernel does not ask for: state NONE */
    AQ_INCOMPLETE, /* the kernel is asking */
    AQ_FAILED,     /* the kernel asked and got no answer */
    AQ_ERROR       /* the table returned another error code */
};
enum aq_verdict aq_judge_answer(int code, const struct arpq_neigh *neigh);

/* Check by the link's flags whether a target can be resolved: 0 or the reason why not. */
int aq_judge_link(struct arpq *h, const struct aq_query *query, const struct aq_target *target);

/* Decide whether a resolved entry is a valid answer and complete it: 0 or the reason why not. */
int aq_judge_known(struct arpq *h, const struct aq_query *query, const struct aq_target *target,
                   struct arpq_neigh *neigh);

/* Translate an error of a table read or of a solicitation into the code for the user. */
int aq_judge_error(const struct aq_query *query, int code);
int aq_judge_solicit(const struct aq_query *query, int code);

#endif

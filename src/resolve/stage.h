/* SPDX-License-Identifier: MIT */
/* Move addresses from stage to stage. */
#ifndef AQ_RESOLVE_STAGE_H
#define AQ_RESOLVE_STAGE_H

#include "resolve/resolver.h"

struct aq_budget *aq_stage_budget(struct arpq_resolver *r, const struct aq_wait *wait);

/* Find the target: the address then has a lookup queued, or its result. */
void aq_stage_begin(struct arpq_resolver *r, struct aq_wait *wait);

/* Process the result of a lookup, or an entry that has a link-layer address. */
void aq_stage_judge(struct arpq_resolver *r, struct aq_wait *wait, int code,
                    const struct arpq_neigh *neigh);
void aq_stage_know(struct arpq_resolver *r, struct aq_wait *wait, const struct arpq_neigh *neigh);

/* Make an address wait for a solicitation; start its timeout; set its result. */
void aq_stage_want(struct arpq_resolver *r, struct aq_wait *wait, enum aq_solicit_how how);
void aq_stage_ask(struct arpq_resolver *r, struct aq_wait *wait);
void aq_stage_finish(struct arpq_resolver *r, struct aq_wait *wait, int code);

/* Queue the removal of an entry that the resolver added; remove what is queued. */
void aq_stage_remove_later(struct arpq_resolver *r, const struct aq_wait *wait);
void aq_stage_flush_removals(struct arpq_resolver *r);

#endif

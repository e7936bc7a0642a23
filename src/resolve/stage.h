/* SPDX-License-Identifier: MIT */
/* Move addresses from stage to stage. */
#ifndef AQ_RESOLVE_STAGE_H
#define AQ_RESOLVE_STAGE_H

#include "resolve/resolver.h"

struct aq_budget *aq_stage_budget(struct arpq_resolver *r, const struct aq_wait *wait);

/* Find the target of a new address. Afterwards the address is queued for a lookup, or has its
 * result. */
void aq_stage_begin(struct arpq_resolver *r, struct aq_wait *wait);

/* aq_stage_judge processes the result of a lookup. aq_stage_know processes an entry that has a
 * link-layer address. */
void aq_stage_judge(struct arpq_resolver *r, struct aq_wait *wait, int code,
                    const struct arpq_neigh *neigh);
void aq_stage_know(struct arpq_resolver *r, struct aq_wait *wait, const struct arpq_neigh *neigh);

/* aq_stage_want makes an address wait for a solicitation. aq_stage_ask starts its timeout.
 * aq_stage_finish sets its result. */
void aq_stage_want(struct arpq_resolver *r, struct aq_wait *wait, enum aq_solicit_how how);
void aq_stage_ask(struct arpq_resolver *r, struct aq_wait *wait);
void aq_stage_finish(struct arpq_resolver *r, struct aq_wait *wait, int code);

/* aq_stage_remove_later queues the removal of an entry that the resolver added.
 * aq_stage_flush_removals removes the queued entries. */
void aq_stage_remove_later(struct arpq_resolver *r, const struct aq_wait *wait);
void aq_stage_flush_removals(struct arpq_resolver *r);

#endif

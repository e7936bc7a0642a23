/* SPDX-License-Identifier: MIT */
/* Where an address goes next. */
#ifndef AQ_RESOLVE_STAGE_H
#define AQ_RESOLVE_STAGE_H

#include "resolve/resolver.h"

struct aq_budget *aq_stage_budget(struct arpq_resolver *r, const struct aq_wait *wait);

/* Settle where to ask: it is to be looked for, or has its result. */
void aq_stage_begin(struct arpq_resolver *r, struct aq_wait *wait);

/* What the table says of it, or that there is an entry with an address. */
void aq_stage_judge(struct arpq_resolver *r, struct aq_wait *wait, int code,
                    const struct arpq_neigh *neigh);
void aq_stage_know(struct arpq_resolver *r, struct aq_wait *wait, const struct arpq_neigh *neigh);

/* It is to be poked for; it is being asked for, and its time runs; it has its result. */
void aq_stage_want(struct arpq_resolver *r, struct aq_wait *wait, enum aq_solicit_how how);
void aq_stage_ask(struct arpq_resolver *r, struct aq_wait *wait);
void aq_stage_finish(struct arpq_resolver *r, struct aq_wait *wait, int code);

/* An entry that was made for it is to go, unless others wait for it; those that are go. */
void aq_stage_remove_later(struct arpq_resolver *r, const struct aq_wait *wait);
void aq_stage_flush_removals(struct arpq_resolver *r);

#endif

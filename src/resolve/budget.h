/* SPDX-License-Identifier: MIT */
/* How many neighbour entries a resolver may make. */
#ifndef AQ_RESOLVE_BUDGET_H
#define AQ_RESOLVE_BUDGET_H

#include "handle/handle.h"

struct aq_budget {
    uint16_t family;
    bool known;
    bool full;
    uint32_t left;    /* entries that may be made until the kernel is asked again */
    uint32_t ceiling; /* entries of the machine that are not to be exceeded */
    uint32_t guess;   /* as many as are tried next where its figures say nothing */
    uint64_t read_ms; /* when the kernel was asked last; 0: never */
};

/* Take room for one entry; false when there is none. start: nothing is being asked for, and
 * the ceiling may be chosen anew. */
bool aq_budget_take(struct aq_budget *budget, struct arpq *h, bool start);

/* Entries were removed; or the kernel says that the table is full. */
void aq_budget_give(struct aq_budget *budget, uint32_t entries);
void aq_budget_exhaust(struct aq_budget *budget);

/* Whether there was none when it was last asked for. */
bool aq_budget_is_short(const struct aq_budget *budget);

/* Whether the table may be full, as far as the kernel tells. */
bool aq_budget_is_full(struct aq_budget *budget, struct arpq *h);

/* When it makes sense to ask for room again. */
uint64_t aq_budget_retry_ms(const struct aq_budget *budget);

#endif

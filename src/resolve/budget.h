/* SPDX-License-Identifier: MIT */
/* How many neighbour entries a resolver may add to the kernel's table. */
#ifndef AQ_RESOLVE_BUDGET_H
#define AQ_RESOLVE_BUDGET_H

#include "handle/handle.h"

struct aq_budget {
    uint16_t family;
    bool known;
    bool full;
    uint32_t left;    /* entries that may be added until the count is read again */
    uint32_t ceiling; /* the table must not grow beyond this many entries */
    uint32_t guess;   /* the next guess, if the kernel's count is unusable */
    uint64_t read_ms; /* time of the last read; 0: never */
};

/* Take one entry from the budget. Returns false if the budget is used up. The caller sets
 * `start` when no request is outstanding: the ceiling may then change. */
bool aq_budget_take(struct aq_budget *budget, struct arpq_handle *h, bool start);

/* aq_budget_give returns entries to the budget after the resolver removed them from the table.
 * aq_budget_exhaust empties the budget after the kernel reported a full table. */
void aq_budget_give(struct aq_budget *budget, uint32_t entries);
void aq_budget_exhaust(struct aq_budget *budget);

/* Whether the budget was used up at the last attempt. */
bool aq_budget_is_short(const struct aq_budget *budget);

/* Whether the table is full according to the kernel's count. */
bool aq_budget_is_full(struct aq_budget *budget, struct arpq_handle *h);

/* The time at which aq_budget_take may succeed again. */
uint64_t aq_budget_retry_ms(const struct aq_budget *budget);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * All network namespaces share one neighbour table for each family. At gc_thresh3 the kernel
 * refuses new entries until others expire; from gc_thresh2 on it evicts entries that other
 * programs may still need. With a thousand interfaces, reading the count can take milliseconds,
 * so the resolver reads it rarely and counts the entries that it adds itself.
 */
#include "resolve/budget.h"

#include <errno.h>

#include "kernel/sys.h"

#define PAUSE_MS 100u
#define TICK_MS 10u

/* Other programs add entries too: read the count again after this time. */
#define AGE_MAX_MS 1000u

/* If the kernel's count is unusable, the budget is a guess. The count is unusable if the kernel
 * does not report it, or if it exceeds the limit because it also includes PERMANENT and
 * EXT_LEARNED entries. The resolver doubles the guess each time the kernel accepts all of it. */
#define GUESS_MIN 8u
#define GUESS_MAX 1024u

static uint32_t budget_ceiling(const struct arpq_table_stats *stats)
{
    uint32_t half = (stats->gc_thresh3 - stats->entries) / 2;
    bool below = stats->entries < stats->gc_thresh2 - stats->gc_thresh2 / 4;

    return below && stats->gc_thresh2 < stats->gc_thresh3 ? stats->gc_thresh2
                                                          : stats->entries + half;
}

static uint32_t budget_from_stats(const struct aq_budget *budget,
                                  const struct arpq_table_stats *stats)
{
    uint32_t half = (stats->gc_thresh3 - stats->entries) / 2;
    uint32_t below = budget->ceiling > stats->entries ? budget->ceiling - stats->entries : 0;

    return below < half ? below : half;
}

static void budget_guess(struct aq_budget *budget)
{
    budget->left = budget->guess ? budget->guess : GUESS_MIN;
    budget->guess = budget->left < GUESS_MAX ? 2 * budget->left : GUESS_MAX;
}

static void budget_read(struct aq_budget *budget, struct arpq_handle *h, bool start)
{
    struct arpq_table_stats stats;
    int code = arpq_table_stats(h, budget->family, &stats);

    budget->read_ms = aq_sys_now_ms();
    budget->left = 0;
    budget->full = code == 0 && stats.gc_thresh3 > 0 && stats.entries >= stats.gc_thresh3;
    if (budget->full || code == -EOPNOTSUPP || (code == 0 && stats.gc_thresh3 == 0)) {
        budget_guess(budget);
        return;
    }
    if (code < 0)
        return;
    if (start || !budget->known)
        budget->ceiling = budget_ceiling(&stats);
    budget->known = true;
    budget->left = budget_from_stats(budget, &stats);
}

static uint64_t budget_age_ms(const struct aq_budget *budget)
{
    return budget->read_ms ? aq_sys_now_ms() - budget->read_ms : UINT64_MAX;
}

bool aq_budget_take(struct aq_budget *budget, struct arpq_handle *h, bool start)
{
    if (budget_age_ms(budget) >= (budget->left > 0 ? AGE_MAX_MS : PAUSE_MS))
        budget_read(budget, h, start);
    if (budget->left == 0)
        return false;
    budget->left--;
    return true;
}

void aq_budget_give(struct aq_budget *budget, uint32_t entries)
{
    budget->left += entries;
}

void aq_budget_exhaust(struct aq_budget *budget)
{
    budget->full = true;
    budget->left = 0;
    budget->guess = GUESS_MIN;
    budget->read_ms = aq_sys_now_ms();
}

bool aq_budget_is_short(const struct aq_budget *budget)
{
    return budget->full || (budget->read_ms && budget->left == 0);
}

bool aq_budget_is_full(struct aq_budget *budget, struct arpq_handle *h)
{
    if (budget_age_ms(budget) >= PAUSE_MS)
        budget_read(budget, h, false);
    return budget->full;
}

uint64_t aq_budget_retry_ms(const struct aq_budget *budget)
{
    return budget->read_ms + PAUSE_MS + TICK_MS;
}

/* SPDX-License-Identifier: MIT */
#include "neighmap/history.h"

static bool history_knows(const struct aq_history *history, uint32_t mac)
{
    bool known = history->first == mac;

    for (uint32_t i = 0; i < history->later_count; i++)
        known |= history->later[i] == mac;
    return known;
}

/* A host that keeps claiming an address with new link-layer addresses replaces only the last
 * one. */
static void history_add(struct aq_history *history, uint32_t mac)
{
    if (history_knows(history, mac))
        return;
    if (history->later_count < AQ_HISTORY_LATER)
        history->later_count++;
    history->later[history->later_count - 1] = mac;
}

bool aq_history_is_recent(const struct aq_history *history, uint64_t now_ms, uint32_t damping_ms)
{
    return history->had_move && now_ms - history->moved_ms < damping_ms;
}

bool aq_history_conflict(struct aq_history *history, uint64_t now_ms, uint32_t damping_ms)
{
    if (history->had_conflict && now_ms - history->conflict_ms < damping_ms)
        return false;
    history->had_conflict = true;
    history->conflict_ms = now_ms;
    return true;
}

struct aq_history_verdict aq_history_move(struct aq_history *history, uint64_t from, uint64_t to,
                                          uint64_t now_ms, uint32_t damping_ms)
{
    struct aq_history_verdict verdict = {
        .again = aq_history_is_recent(history, now_ms, damping_ms),
    };

    if (!verdict.again) {
        history->first = (uint32_t)from;
        history->later_count = 0;
    } else {
        history_add(history, (uint32_t)from);
        if (history_knows(history, (uint32_t)to) || history->later_count == AQ_HISTORY_LATER)
            verdict.conflict = aq_history_conflict(history, now_ms, damping_ms);
    }
    history->had_move = true;
    history->moved_ms = now_ms;
    return verdict;
}

/* SPDX-License-Identifier: MIT */
/* The recent moves of one IP address between link-layer addresses, to tell a move from a conflict:
 * two machines that claim the address. */
#ifndef AQ_NEIGHMAP_HISTORY_H
#define AQ_NEIGHMAP_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

/* The number of link-layer addresses that are remembered after the first one. */
#define AQ_HISTORY_LATER 4u

/* Link-layer addresses are stored as hashes. Zeroed memory is a history without moves. */
struct aq_history {
    uint64_t moved_ms, conflict_ms;
    uint32_t first; /* the address before the first move; never replaced */
    uint32_t later[AQ_HISTORY_LATER];
    uint16_t later_count;
    bool had_move;     /* at moved_ms */
    bool had_conflict; /* reported at conflict_ms */
};

struct aq_history_verdict {
    bool again; /* there was a move within the damping time before this one */
    /* Within the damping time the IP address returned to an earlier link-layer address, or had five
     * other ones. Set at most once per damping time. */
    bool conflict;
};

/* Returns whether the last move is within the damping time. */
bool aq_history_is_recent(const struct aq_history *history, uint64_t now_ms, uint32_t damping_ms);

/* Records a move from one link-layer address to another. */
struct aq_history_verdict aq_history_move(struct aq_history *history, uint64_t from, uint64_t to,
                                          uint64_t now_ms, uint32_t damping_ms);

/* Records a conflict. Returns whether to report it: once per damping time. */
bool aq_history_conflict(struct aq_history *history, uint64_t now_ms, uint32_t damping_ms);

#endif

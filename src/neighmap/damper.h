/* SPDX-License-Identifier: MIT */
/* Remembers which entries changed their link-layer address recently. */
#ifndef AQ_NEIGHMAP_DAMPER_H
#define AQ_NEIGHMAP_DAMPER_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

/* The maximum size of a damper, which has 262144 slots then. As many moves as a sniffer's default
 * number of claims replace none of each other. */
#define AQ_DAMPER_MEMORY_MAX (19u * 1024 * 1024)

struct aq_damper;

struct aq_damped {
    bool damped; /* the entry already moved within the damping time */
    /* It moved back to an address that it had within that time, or has had five others. This is
     * reported once in that time. */
    bool conflict;
};

/* Makes an empty damper, whose hash takes the seed. NULL: no memory. */
struct aq_damper *aq_damper_make(uint64_t seed);

/* Records a move away from old_mac. NULL damps nothing. */
struct aq_damped aq_damper_note(struct aq_damper *damper, const struct arpq_neigh *neigh,
                                const struct arpq_mac *old_mac, uint64_t now_ms,
                                uint32_t damping_ms);
void aq_damper_free(struct aq_damper *damper);

#endif

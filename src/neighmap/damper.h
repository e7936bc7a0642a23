/* SPDX-License-Identifier: MIT */
/* Remembers which entries changed their link-layer address recently. */
#ifndef AQ_NEIGHMAP_DAMPER_H
#define AQ_NEIGHMAP_DAMPER_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

/* The maximum size of a damper. A damper of this size has 262144 slots. */
#define AQ_DAMPER_MEMORY_MAX (19u * 1024 * 1024)

struct aq_damper;

struct aq_damped {
    bool damped; /* the entry already moved within the damping time */
    /* Within the damping time the entry returned to an earlier address, or had five other ones. Set
     * at most once per damping time. */
    bool conflict;
};

/* Makes an empty damper that uses the seed for its hash. Returns NULL if memory is exhausted. */
struct aq_damper *aq_damper_make(uint64_t seed);

/* Records a move away from old_mac. If damper is NULL, nothing is damped. */
struct aq_damped aq_damper_note(struct aq_damper *damper, const struct arpq_neigh *neigh,
                                const struct arpq_mac *old_mac, uint64_t now_ms,
                                uint32_t damping_ms);
void aq_damper_free(struct aq_damper *damper);

#endif

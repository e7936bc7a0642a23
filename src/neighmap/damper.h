/* SPDX-License-Identifier: MIT */
/* Remembers which entries changed their link-layer address recently. */
#ifndef AQ_NEIGHMAP_DAMPER_H
#define AQ_NEIGHMAP_DAMPER_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"
#include "neighmap/history.h"

/* The maximum size of a damper. A damper of this size has 262144 slots. */
#define AQ_DAMPER_MEMORY_MAX (19u * 1024 * 1024)

struct aq_damper;

/* Makes an empty damper that uses the seed for its hash. Returns NULL if memory is exhausted. */
struct aq_damper *aq_damper_make(uint64_t seed);

/* Records a move away from old_mac. If damper is NULL, nothing is damped. */
struct aq_history_verdict aq_damper_note(struct aq_damper *damper, const struct arpq_neigh *neigh,
                                         const struct arpq_mac *old_mac, uint64_t now_ms,
                                         uint32_t damping_ms);
void aq_damper_free(struct aq_damper *damper);

#endif

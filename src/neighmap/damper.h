/* SPDX-License-Identifier: MIT */
/* Detect neighbours whose MAC address changes again and again. */
#ifndef AQ_NEIGHMAP_DAMPER_H
#define AQ_NEIGHMAP_DAMPER_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

struct aq_damper;
struct aq_damped {
    bool damped;   /* it changed before within the damping time */
    bool conflict; /* it changed back within the damping time; set once */
};
struct aq_damped aq_damper_note(struct aq_damper **damper, const struct arpq_neigh *neigh,
                                const struct arpq_mac *old_mac, uint64_t now_ms,
                                uint32_t damping_ms);
void aq_damper_free(struct aq_damper *damper);

#endif

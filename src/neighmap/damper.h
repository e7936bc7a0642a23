/* SPDX-License-Identifier: MIT */
/* Remembers which entries changed their link-layer address lately. */
#ifndef AQ_NEIGHMAP_DAMPER_H
#define AQ_NEIGHMAP_DAMPER_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

struct aq_damper;

struct aq_damped {
    bool damped;   /* it moved within the damping time already */
    bool conflict; /* it is back at an address that it had within that time; reported once */
};

/* Notes a move away from old_mac, and makes the damper at the first one. Without memory
 * nothing is damped. */
struct aq_damped aq_damper_note(struct aq_damper **damper, const struct arpq_neigh *neigh,
                                const struct arpq_mac *old_mac, uint64_t now_ms,
                                uint32_t damping_ms);
void aq_damper_free(struct aq_damper *damper);

#endif

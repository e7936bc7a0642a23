/* SPDX-License-Identifier: MIT */
/* Neighbours that move again and again. */
#ifndef AQ_NEIGHMAP_DAMPER_H
#define AQ_NEIGHMAP_DAMPER_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

struct aq_damper;
struct aq_damped {
    bool damped;   /* it has moved within the damping time already */
    bool conflict; /* back to an address that it had within the damping time; told once */
};
struct aq_damped aq_damper_note(struct aq_damper **damper, const struct arpq_neigh *neigh,
                                const struct arpq_mac *old_mac, uint64_t now_ms,
                                uint32_t damping_ms);
void aq_damper_free(struct aq_damper *damper);

#endif

/* SPDX-License-Identifier: MIT */
/* To whoever wants to know. */
#include "mirror/replica.h"

int aq_follow_reserve(struct aq_follow *follow)
{
    return follow->options.reserve ? follow->options.reserve(follow->options.context) : 0;
}

void aq_follow_tell(struct aq_follow *follow, const struct aq_change *change)
{
    struct aq_change told = *change;

    if (!follow->options.tell)
        return;
    if (follow->resyncing)
        told.flags |= ARPQ_EVENT_RESYNC;
    follow->options.tell(&told, follow->options.context);
}

/* SPDX-License-Identifier: MIT */
/* To whoever wants to know. */
#include "mirror/notify.h"

#include "mirror/replica.h"

int aq_notify_reserve(struct aq_replica *replica)
{
    return replica->options.reserve ? replica->options.reserve(replica->options.context) : 0;
}

void aq_notify(struct aq_replica *replica, const struct aq_change *change)
{
    struct aq_change told = *change;

    if (!replica->options.tell)
        return;
    if (replica->resyncing)
        told.flags |= ARPQ_EVENT_RESYNC;
    replica->options.tell(&told, replica->options.context);
}

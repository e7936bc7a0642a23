/* SPDX-License-Identifier: MIT */
#include "mirror/notify.h"

#include "mirror/replica.h"

int aq_notify_reserve(struct aq_replica *replica)
{
    return replica->options.reserve ? replica->options.reserve(replica->options.context) : 0;
}

void aq_notify(struct aq_replica *replica, const struct aq_change *change)
{
    struct aq_change new_change = *change;

    if (!replica->options.notify)
        return;
    if (replica->resyncing)
        new_change.flags |= ARPQ_EVENT_RESYNC;
    replica->options.notify(&new_change, replica->options.context);
}

/* SPDX-License-Identifier: MIT */
#include "mirror/event.h"

#include <string.h>

void aq_event_from_change(const struct aq_change *change, struct arpq_event *event)
{
    memset(event, 0, sizeof *event);
    event->type = change->type;
    event->flags = change->flags;
    /* A conflict is between two MAC addresses; the entry's old state does not matter. */
    if (change->type != ARPQ_EVENT_CONFLICT) {
        event->old_state = change->old_state;
        event->old_flags = change->old_flags;
    }
    if (change->neigh)
        event->neigh = *change->neigh;
    if (change->old_mac)
        event->old_mac = *change->old_mac;
    if (change->interface)
        event->interface = *change->interface;
    if (change->address)
        event->address = *change->address;
}

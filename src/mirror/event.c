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

const char *arpq_event_name(uint32_t type)
{
    switch (type) {
    case ARPQ_EVENT_NEIGH_ADDED:
        return "NEIGH_ADDED";
    case ARPQ_EVENT_NEIGH_CHANGED:
        return "NEIGH_CHANGED";
    case ARPQ_EVENT_NEIGH_MOVED:
        return "NEIGH_MOVED";
    case ARPQ_EVENT_NEIGH_REMOVED:
        return "NEIGH_REMOVED";
    case ARPQ_EVENT_CONFLICT:
        return "CONFLICT";
    case ARPQ_EVENT_OVERRUN:
        return "OVERRUN";
    case ARPQ_EVENT_SYNCED:
        return "SYNCED";
    case ARPQ_EVENT_INTERFACE_ADDED:
        return "INTERFACE_ADDED";
    case ARPQ_EVENT_INTERFACE_CHANGED:
        return "INTERFACE_CHANGED";
    case ARPQ_EVENT_INTERFACE_REMOVED:
        return "INTERFACE_REMOVED";
    case ARPQ_EVENT_ADDRESS_ADDED:
        return "ADDRESS_ADDED";
    case ARPQ_EVENT_ADDRESS_CHANGED:
        return "ADDRESS_CHANGED";
    case ARPQ_EVENT_ADDRESS_REMOVED:
        return "ADDRESS_REMOVED";
    default:
        return "";
    }
}

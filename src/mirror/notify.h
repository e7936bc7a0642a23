/* SPDX-License-Identifier: MIT */
/* Report changes of the copy to the owner of the replica. */
#ifndef AQ_MIRROR_NOTIFY_H
#define AQ_MIRROR_NOTIFY_H

#include <stdint.h>

#include "arpq.h"

/* One change. Pointers that do not apply to the type are NULL. No pointer is valid after the
 * call. */
struct aq_change {
    uint32_t type;  /* ARPQ_EVENT_* */
    uint32_t flags; /* ARPQ_EVENT_RESYNC, ARPQ_EVENT_DAMPED */
    uint32_t old_state;
    uint32_t old_flags;
    uint8_t old_protocol;
    const struct arpq_neigh *neigh;
    const struct arpq_mac *old_mac;
    const struct arpq_interface *interface;
    const struct arpq_address *address;
};

/* The largest number of changes that one message causes. */
#define AQ_CHANGES_MAX 2

struct aq_replica;

/* aq_notify_reserve reserves memory for the changes of one message. aq_notify reports one
 * change. */
int aq_notify_reserve(struct aq_replica *replica);
void aq_notify(struct aq_replica *replica, const struct aq_change *change);

#endif

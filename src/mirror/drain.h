/* SPDX-License-Identifier: MIT */
/* Read waiting events. */
#ifndef AQ_MIRROR_DRAIN_H
#define AQ_MIRROR_DRAIN_H

#include "mirror/replica.h"

/* Apply the waiting events to the copy until the socket is empty or the time for one call is
 * over. Returns 0 or an error. Lost events make the replica stale. */
int aq_drain(struct aq_replica *replica);

#endif

/* SPDX-License-Identifier: MIT */
/* Read the events that wait on the socket of a replica. */
#ifndef AQ_MIRROR_DRAIN_H
#define AQ_MIRROR_DRAIN_H

#include "mirror/replica.h"

/* drain.c: take the waiting events off the socket into the copy, to its end or for long enough. 0 or
 * an error; what was lost makes the follower stale. */
int aq_drain(struct aq_replica *replica);

#endif

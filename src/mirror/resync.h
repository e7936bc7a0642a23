/* SPDX-License-Identifier: MIT */
/* Read everything again. */
#ifndef AQ_MIRROR_RESYNC_H
#define AQ_MIRROR_RESYNC_H

#include "mirror/replica.h"

/* resync.c: read the table, and interfaces and addresses if wanted, and bring the copy to
 * what they say. */
int aq_resync(struct aq_replica *replica);

#endif

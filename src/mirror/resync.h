/* SPDX-License-Identifier: MIT */
/* Read the table again. */
#ifndef AQ_MIRROR_RESYNC_H
#define AQ_MIRROR_RESYNC_H

#include "mirror/replica.h"

/* Dump the table, and interfaces and addresses if wanted, and apply the differences. */
int aq_resync(struct aq_replica *replica);

#endif

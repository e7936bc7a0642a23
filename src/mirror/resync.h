/* SPDX-License-Identifier: MIT */
/* Read the table again. */
#ifndef AQ_MIRROR_RESYNC_H
#define AQ_MIRROR_RESYNC_H

#include "mirror/replica.h"

/* Dump the neighbour table, the interfaces and the addresses, as far as the options include
 * them, and apply the differences. */
int aq_resync(struct aq_replica *replica);

#endif

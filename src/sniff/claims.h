/* SPDX-License-Identifier: MIT */
/*
 * The MAC that last claimed each address on each link, and whether two machines claim it.
 *
 * A link is an interface and the VLAN identifiers of a frame. This is no neighbour map
 * (neighmap/): only one thread uses it, and it evicts the claims that were made longest ago.
 */
#ifndef AQ_SNIFF_CLAIMS_H
#define AQ_SNIFF_CLAIMS_H

#include "handle/handle.h"
#include "neighmap/damper.h"

struct aq_claims {
    struct arpq *h;
    struct aq_claim *claims; /* [0] is the head of the ring by age */
    uint32_t *first;         /* heads of the hash chains, `capacity` of them, a power of two */
    uint32_t count, capacity, max;
    uint32_t damping_ms;
    uint64_t seed;
    struct aq_damper *damper; /* allocated at the first move */
    uint64_t forgotten, moved, conflicts;
};

void aq_claims_free(struct aq_claims *claims);

/* Make space for one more claim, unless there are `max` already. 0; -ENOMEM, nothing changed. */
int aq_claims_reserve(struct aq_claims *claims);

/* Set the flags and old_mac of a frame from the claims, and remember its claim. The caller has
 * reserved space. */
void aq_claims_judge(struct aq_claims *claims, struct arpq_frame *frame, uint64_t now_ms);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The MAC that last claimed each address on each link, and whether two machines claim it.
 *
 * A link is an interface and the VLAN identifiers of a frame. This is no neighbour map
 * (neighmap/): only one thread uses it, and it evicts claims.
 *
 * A host that invents addresses must not evict the claims of others. Three quarters of the space
 * go to the addresses that were claimed first. Those that come later share the last quarter,
 * where the oldest claim is evicted. One of them that is claimed again replaces an older claim
 * that was not made for a day.
 */
#ifndef AQ_SNIFF_CLAIMS_H
#define AQ_SNIFF_CLAIMS_H

#include "handle/handle.h"
#include "neighmap/damper.h"

struct aq_claims {
    struct arpq *h;
    struct aq_claim *claims; /* begins with the heads of the two rings by age */
    uint32_t *first;         /* heads of the hash chains, `capacity` of them, a power of two */
    uint32_t count, capacity, max;
    uint32_t kept; /* claims in the ring of those that are not evicted */
    uint32_t damping_ms;
    uint64_t seed;
    uint64_t forgotten, moved, conflicts;
};

void aq_claims_free(struct aq_claims *claims);

/* Make space for one more claim, unless there are `max` already. 0; -ENOMEM, nothing changed. */
int aq_claims_reserve(struct aq_claims *claims);

/* Set the flags and old_mac of a frame from the claims, and remember its claim. The caller has
 * reserved space. */
void aq_claims_judge(struct aq_claims *claims, struct arpq_frame *frame, uint64_t now_ms);

#endif

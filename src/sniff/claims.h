/* SPDX-License-Identifier: MIT */
/*
 * The MAC that last claimed each address on each link, and whether two machines claim it.
 *
 * A link is an interface and the VLAN identifiers of a frame. A neighbour map (neighmap/) is not
 * used, because only one thread uses the claims, and they can be evicted.
 *
 * A host that invents addresses must not evict the claims of others. Three quarters of the space
 * go to the addresses that were claimed first. Later addresses share the last quarter, where the
 * oldest claim is evicted. If a later address is claimed again, its claim replaces one in the
 * first three quarters that was not repeated for a day.
 */
#ifndef AQ_SNIFF_CLAIMS_H
#define AQ_SNIFF_CLAIMS_H

#include "handle/handle.h"

struct aq_claims {
    struct arpq_handle *h;
    struct aq_claim *claims; /* the array begins with the heads of the two rings by age */
    uint32_t *first;         /* `capacity` heads of hash chains; `capacity` is a power of two */
    uint32_t count, capacity, max;
    uint32_t kept; /* number of kept claims, which are not evicted */
    uint32_t damping_ms;
    uint64_t seed;
    uint64_t forgotten, moved, conflicts;
};

void aq_claims_free(struct aq_claims *claims);

/* Make space for one more claim, unless there are already `max` claims. Returns 0 or -ENOMEM.
 * After -ENOMEM the claims are unchanged. */
int aq_claims_reserve(struct aq_claims *claims);

/* Set the flags and old_mac of a frame from the claims, and remember its claim. The caller has
 * reserved space. */
void aq_claims_judge(struct aq_claims *claims, struct arpq_sniffed *frame, uint64_t now_ms);

#endif

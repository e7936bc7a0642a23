/* SPDX-License-Identifier: MIT */
/*
 * Who has claimed which address on which link, and is it contested?
 *
 * A link is an interface and the VLANs of a frame. Not a neighbour map (neighmap/): what is
 * kept here has one thread, which also forgets, in the order in which addresses were last
 * claimed.
 */
#ifndef AQ_CLAIMS_H
#define AQ_CLAIMS_H

#include "mirror/replica.h"

struct aq_claims {
    struct arpq *h;
    struct aq_claim *claims; /* [0] is where the order of age begins and ends */
    uint32_t *first;         /* claims by hash, as many as there is room for, a power of two */
    uint32_t count, room, max;
    uint32_t damping_ms;
    uint64_t seed;
    struct aq_damper *damper; /* made at the first move */
    uint64_t forgotten, moved, conflicts;
};

void aq_claims_free(struct aq_claims *claims);

/* Make room for one claim more, if more may be remembered. 0; -ENOMEM, all as it was. */
int aq_claims_reserve(struct aq_claims *claims);

/* Judge what a frame claims or asks for: set its flags and old_mac. There is room. */
void aq_claims_judge(struct aq_claims *claims, struct arpq_frame *frame, uint64_t now_ms);

#endif

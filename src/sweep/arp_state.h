/* SPDX-License-Identifier: MIT */
/* The private state of a sweep by ARP. */
#ifndef AQ_SWEEP_ARP_STATE_H
#define AQ_SWEEP_ARP_STATE_H

#include "sweep/arp_socket.h"
#include "sweep/elsewhere.h"

enum aq_arp_phase {
    AQ_ARP_ASKING,
    AQ_ARP_PAUSING,   /* waiting between two rounds */
    AQ_ARP_LINGERING, /* waiting after the last round */
    AQ_ARP_COMPLETE,  /* every target has answered */
};

struct aq_arp_state {
    struct aq_arp_socket socket;
    enum aq_arp_phase phase;
    uint64_t ends_us;  /* end of the phase; unused in AQ_ARP_ASKING */
    uint64_t sent_us;  /* time of the last packet */
    uint64_t round_us; /* time of the last packet of the first round */
    uint64_t cursor;   /* targets below this one have been asked in this round */
    uint64_t ahead;    /* the cursor after the batch that is being sent */
    unsigned backoffs; /* number of consecutive backoffs */
    struct aq_pace pace;
    struct aq_rounds rounds;
    struct aq_answers answers;
    struct aq_elsewhere elsewhere;
    uint32_t asked[AQ_SWEEP_BATCH]; /* the targets of a batch */
};

#endif

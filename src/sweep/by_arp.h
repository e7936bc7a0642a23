/* SPDX-License-Identifier: MIT */
/* Asking by ARP: the state of it, and its socket and packets. */
#ifndef AQ_SWEEP_BY_ARP_H
#define AQ_SWEEP_BY_ARP_H

#include <linux/if_packet.h>
#include <sys/socket.h>

#include "sweep/answers.h"
#include "sweep/pace.h"
#include "sweep/rounds.h"
#include "sweep/sweep.h"

/* A link-layer address as long as they come, which struct sockaddr_ll has no room for. */
union aq_sweep_arp_address {
    struct sockaddr_ll link;
    uint8_t bytes[offsetof(struct sockaddr_ll, sll_addr) + ARPQ_MAC_MAX];
};

/* A packet with the longest addresses takes 80 bytes. */
#define AQ_SWEEP_ARP_SIZE 80u

enum aq_arp_phase {
    AQ_ARP_ASKING,
    AQ_ARP_PAUSING,   /* everybody has been asked in this round */
    AQ_ARP_LINGERING, /* no more is asked */
    AQ_ARP_COMPLETE,  /* everybody has answered */
};

struct aq_sweep_arp_engine {
    int fd;
    enum aq_arp_phase phase;
    uint64_t ends_us; /* the phase, but for ASKING */
    uint64_t sent_us; /* the last packet */
    uint64_t cursor;  /* the targets below it have been asked in this round */
    uint64_t ahead;   /* where the batch that is being sent ends */
    unsigned holds;   /* one after the other */
    struct aq_pace pace;
    struct aq_rounds rounds;
    struct aq_answers answers;
    uint32_t asked[AQ_SWEEP_BATCH]; /* by the packets of a batch */
    union aq_sweep_arp_address to;
    size_t target_offset; /* of the address in question in a packet */
    struct mmsghdr out[AQ_SWEEP_BATCH], in[AQ_SWEEP_BATCH];
    struct iovec out_bytes[AQ_SWEEP_BATCH], in_bytes[AQ_SWEEP_BATCH];
    uint8_t queries[AQ_SWEEP_BATCH][AQ_SWEEP_ARP_SIZE];
    uint8_t heard_bytes[AQ_SWEEP_BATCH][AQ_SWEEP_ARP_SIZE];
};

/* Open the socket, and prepare the packets. */
int aq_sweep_arp_open(struct arpq_sweep *sweep, struct aq_sweep_arp_engine *arp);

/* The n-th packet of a batch asks for ip. */
void aq_sweep_arp_write(struct aq_sweep_arp_engine *arp, unsigned n, const struct arpq_ip *ip);

#endif

/* SPDX-License-Identifier: MIT */
/* The packet socket of a sweep by ARP, and its buffers. */
#ifndef AQ_SWEEP_ARP_SOCKET_H
#define AQ_SWEEP_ARP_SOCKET_H

#include <linux/if_packet.h>
#include <sys/socket.h>

#include "sweep/engine.h"

/* A socket address with a link-layer address of any length. struct sockaddr_ll has room for 8
 * bytes only. */
union aq_arp_socket_address {
    struct sockaddr_ll link;
    uint8_t bytes[offsetof(struct sockaddr_ll, sll_addr) + ARPQ_MAC_MAX];
};

/* A packet with the longest addresses takes 80 bytes. */
#define AQ_ARP_SOCKET_PACKET 80u

struct aq_arp_socket {
    int fd;
    union aq_arp_socket_address to;
    size_t source_offset, target_offset; /* offsets of the two IP addresses in a request */
    struct mmsghdr out[AQ_SWEEP_BATCH], in[AQ_SWEEP_BATCH];
    struct iovec out_bytes[AQ_SWEEP_BATCH], in_bytes[AQ_SWEEP_BATCH];
    uint8_t requests[AQ_SWEEP_BATCH][AQ_ARP_SOCKET_PACKET];
    uint8_t received[AQ_SWEEP_BATCH][AQ_ARP_SOCKET_PACKET];
};

/* Open the socket and prepare a batch of requests. */
int aq_arp_socket_open(struct arpq_sweep *sweep, struct aq_arp_socket *socket);

/* Set the IP addresses of the n-th request of the batch. */
void aq_arp_socket_write(struct aq_arp_socket *socket, unsigned n, const struct arpq_ip *source,
                         const struct arpq_ip *target);

#endif

/* SPDX-License-Identifier: MIT */
/* Packet sockets, packet(7): frames of a link as they are. They need CAP_NET_RAW. */
#ifndef AQ_KERNEL_PACKET_SOCKET_H
#define AQ_KERNEL_PACKET_SOCKET_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

/* What a socket is to hear. */
struct aq_packet {
    int type;          /* SOCK_RAW: with the link's header; SOCK_DGRAM: without */
    uint16_t protocol; /* ETH_P_*, host byte order */
    uint32_t ifindex;  /* 0: of every link */
    struct sock_filter *filter;
    uint16_t filter_length; /* instructions */
    bool described;         /* with what aq_packet_socket_receive tells */
    bool incoming;          /* not what this machine sends */
    bool promiscuous;       /* what is for others too */
};

/* A socket that hears nothing but what the filter lets through, from its first frame on.
 * Returns the descriptor, or a negative errno value. */
int aq_packet_socket_open(const struct aq_packet *packet);

/* A frame, and what the kernel knows of it. */
struct aq_packet_received {
    const uint8_t *bytes; /* with the link's header */
    size_t size;
    size_t network;   /* where the network header begins */
    uint64_t time_ns; /* since 1970 */
    uint32_t ifindex;
    uint16_t protocol; /* ETH_P_*, host byte order: of what begins there */
    uint16_t hatype;   /* of the link, ARPHRD_* */
    uint16_t vlan_tci; /* of the tag that was taken out of the bytes */
    bool has_vlan;
    bool outgoing;
    uint8_t mac_length;     /* of the link's addresses; 0: not known */
    struct arpq_mac source; /* length 0: not known */
};

/* The next frame of a described socket, as many of its bytes as `buffer` holds in it. 0, -EAGAIN, or another error:
 * -ENETDOWN, once, when the interface that it is bound to went down. */
int aq_packet_socket_receive(int fd, void *buffer, size_t size, struct aq_packet_received *answers);

/* -ENETDOWN if the interface that a socket was just bound to is down, else 0. */
int aq_packet_socket_check_up(int fd);

/* Whether the interface that a socket was bound to is gone. */
bool aq_packet_socket_is_orphan(int fd);

/* How many frames found no room in the buffer since this was last asked. */
uint32_t aq_packet_socket_dropped(int fd);

#endif

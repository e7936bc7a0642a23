/* SPDX-License-Identifier: MIT */
/* Packet sockets, packet(7): whole frames of a link. They need CAP_NET_RAW. */
#ifndef AQ_KERNEL_PACKET_SOCKET_H
#define AQ_KERNEL_PACKET_SOCKET_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

/* The packets that a socket receives. */
struct aq_packet {
    int type;          /* SOCK_RAW: with link header; SOCK_DGRAM: without */
    uint16_t protocol; /* ETH_P_*, host byte order */
    uint32_t ifindex;  /* 0: all interfaces */
    struct sock_filter *filter;
    uint16_t filter_length; /* number of instructions */
    bool described;         /* receive VLAN tags and timestamps as well */
    bool spare_outgoing;    /* the filter drops outgoing frames: do not run it on them */
    bool promiscuous;       /* also receive frames for other hosts */
};

/* Opens a socket that receives only frames that pass the filter, from its first frame on. Returns
 * the descriptor or a negative errno value. */
int aq_packet_socket_open(const struct aq_packet *packet);

/* A frame and its metadata. */
struct aq_packet_received {
    const uint8_t *bytes; /* with link header */
    size_t size;
    size_t network;   /* offset of the network header */
    uint64_t time_ns; /* since 1970 */
    uint32_t ifindex;
    uint16_t protocol; /* protocol of the network header, ETH_P_*, host byte order */
    uint16_t hatype;   /* ARPHRD_* of the link */
    uint16_t vlan_tci; /* the tag that the kernel removed from the frame */
    bool has_vlan;
    bool outgoing;
    uint8_t mac_length;     /* length of the link's addresses; 0: unknown */
    struct arpq_mac source; /* length 0: unknown */
};

/* Receives one frame from a socket opened with `described`, truncated to size bytes. Returns 0;
 * -EAGAIN; -ENETDOWN, once, if the bound interface went down; or another error. */
int aq_packet_socket_receive(int fd, void *buffer, size_t size, struct aq_packet_received *frame);

/* Returns -ENETDOWN if the interface that the socket was just bound to is down, else 0. */
int aq_packet_socket_check_up(int fd);

/* Tells whether the bound interface no longer exists. */
bool aq_packet_socket_is_orphan(int fd);

/* Returns how many frames were dropped for lack of buffer space since the last call. */
uint32_t aq_packet_socket_dropped(int fd);

#endif

/* SPDX-License-Identifier: MIT */
/* Sockets for echo requests, icmp(7). A datagram socket needs no privilege if
 * net.ipv4.ping_group_range includes the group of the process. A raw socket needs CAP_NET_RAW. */
#ifndef AQ_KERNEL_ICMP_SOCKET_H
#define AQ_KERNEL_ICMP_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "arpq.h"

#define AQ_ICMP_HEADER 60 /* the longest IPv4 header */

struct aq_icmp_options {
    struct arpq_ip source; /* source address; family 0: the kernel chooses one */
    uint32_t ifindex;      /* outgoing interface; 0: by route */
    uint16_t family;
    uint8_t hop_limit; /* 0: the system's default */
    bool raw;          /* use a raw socket only */
};

struct aq_icmp_socket {
    int fd; /* non-blocking; readable if a message or a report is queued */
    uint16_t family;
    /* The identifier in the echo requests of a raw socket. The socket receives only replies with
     * this identifier. On a datagram socket the kernel sets and checks the identifier. */
    uint16_t identifier;
    bool raw;
};

/* Returns 0; -EPERM if both kinds of sockets are refused; -ENODEV for an unknown interface;
 * -EADDRNOTAVAIL if source is not a local address; or another error. Close socket->fd with
 * aq_sys_close; it is -1 after an error. */
int aq_icmp_socket_open(struct aq_icmp_socket *socket, const struct aq_icmp_options *options);

/* Sends a message that begins with its ICMP header. Returns 0 or an error. A link-local address
 * or group needs its scope. The kernel writes the checksum, except for ICMPv4 on a raw socket. */
int aq_icmp_socket_send(const struct aq_icmp_socket *socket, const struct arpq_ip *to,
                        const void *message, size_t size);

enum aq_icmp_kind {
    AQ_ICMP_MESSAGE, /* a message was received */
    AQ_ICMP_REPORT,  /* an ICMP error about a request of this socket, or of another raw socket */
    AQ_ICMP_SENT     /* the send timestamp of a request */
};

struct aq_icmp_message {
    enum aq_icmp_kind kind;
    struct arpq_ip from;  /* the sender of the message or of the error; family 0: unknown */
    struct arpq_ip to;    /* REPORT: the destination of the request */
    uint64_t time_ns;     /* kernel timestamp, CLOCK_REALTIME; 0: none */
    const uint8_t *bytes; /* from the ICMP header on; REPORT: bytes of the request, often only 8 */
    size_t size;
    uint32_t ifindex;  /* incoming interface; 0: unknown */
    uint32_t value;    /* REPORT: the MTU, if the error reports one */
    uint8_t type;      /* REPORT: type of the ICMP error */
    uint8_t code;      /* REPORT */
    uint8_t hop_limit; /* received hop limit; 0: unknown */
};

/* Receives one message, from the error queue first. buffer needs AQ_ICMP_HEADER extra bytes for
 * IPv4. Drops a message that is longer than the buffer. Returns 1; 0 if no message is queued;
 * -ENOMSG if a message was dropped and the caller should call again; or another error. */
int aq_icmp_socket_receive(const struct aq_icmp_socket *socket, void *buffer, size_t size,
                           struct aq_icmp_message *message);

/* Parses what recvmsg returned in *header; size is the number of bytes in the first buffer.
 * is_queued is true if the message is from the error queue. Returns 1 or -ENOMSG. */
int aq_icmp_socket_parse(const struct aq_icmp_socket *socket, struct msghdr *header, size_t size,
                         bool is_queued, struct aq_icmp_message *message);

#endif

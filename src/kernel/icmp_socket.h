/* SPDX-License-Identifier: MIT */
/* Sockets for echo requests, icmp(7): a datagram socket, which needs no privilege where
 * net.ipv4.ping_group_range has the group of the process, or a raw one with CAP_NET_RAW. */
#ifndef AQ_KERNEL_ICMP_SOCKET_H
#define AQ_KERNEL_ICMP_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "arpq.h"

#define AQ_ICMP_HEADER 60 /* the longest header of IPv4 */

struct aq_icmp_options {
    struct arpq_ip source; /* to send from; family 0: as the kernel chooses */
    uint32_t ifindex;      /* to send through; 0: as routed */
    uint16_t family;
    uint8_t hop_limit; /* 0: the system's */
    bool raw;          /* no datagram socket */
};

struct aq_icmp_socket {
    int fd; /* does not block; readable when there is a message or a report */
    uint16_t family;
    /* Of the echo requests sent by a raw socket, and of the only messages it hears. With a
     * datagram socket the kernel sees to that, whatever a request has there. */
    uint16_t identifier;
    bool raw;
};

/* Close with aq_sys_close(socket->fd), which is -1 on failure. -EPERM when neither kind is
 * allowed; -ENODEV no such interface; -EADDRNOTAVAIL source is not ours; or what the system
 * says. */
int aq_icmp_socket_open(struct aq_icmp_socket *socket, const struct aq_icmp_options *options);

/* Send a message, with its ICMP header; 0 or what the system says. A link-local address or
 * group needs its scope. The kernel writes the checksum, but for ICMP by a raw socket. */
int aq_icmp_socket_send(const struct aq_icmp_socket *socket, const struct arpq_ip *to,
                        const void *message, size_t size);

enum aq_icmp_kind {
    AQ_ICMP_MESSAGE, /* came in */
    AQ_ICMP_REPORT,  /* an ICMP error about a request of ours, or of another raw socket */
    AQ_ICMP_SENT     /* when a request went out */
};

struct aq_icmp_message {
    enum aq_icmp_kind kind;
    struct arpq_ip from;  /* the sender of the message or of the error; family 0: not known */
    struct arpq_ip to;    /* REPORT: where the request was to go */
    uint64_t time_ns;     /* the kernel's stamp, CLOCK_REALTIME; 0: none */
    const uint8_t *bytes; /* from the ICMP header on; REPORT: of the request, often 8 bytes */
    size_t size;
    uint32_t ifindex;  /* that it came in by; 0: not known */
    uint32_t value;    /* REPORT: the MTU, if that is the matter */
    uint8_t type;      /* REPORT: of the ICMP error */
    uint8_t code;      /* REPORT */
    uint8_t hop_limit; /* that it came with; 0: not known */
};

/* What has come in, from the queue of reports first, into size bytes at buffer, which for
 * IPv4 need room for AQ_ICMP_HEADER in front. A longer message is passed over. Returns 1;
 * 0 when there is nothing; -ENOMSG when what there was is of no use, so try again; or what
 * the system says. */
int aq_icmp_socket_receive(const struct aq_icmp_socket *socket, void *buffer, size_t size,
                           struct aq_icmp_message *message);

/* Read what recvmsg has put into *header, of whose first buffer `size` bytes are filled: 1 or
 * -ENOMSG. is_queued: it comes from the queue of reports. */
int aq_icmp_socket_parse(const struct aq_icmp_socket *socket, struct msghdr *header, size_t size,
                         bool is_queued, struct aq_icmp_message *message);

#endif

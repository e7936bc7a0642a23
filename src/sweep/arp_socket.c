/* SPDX-License-Identifier: MIT */
#include "sweep/arp_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <string.h>

#include "handle/namespace.h"
#include "kernel/packet_socket.h"
#include "kernel/sys.h"

/* Holds the answers that arrive in one second during which this process does not run. */
#define RECEIVE_BUFFER (1024u * 1024)

/* Offsets and sizes in an ARP packet. */
#define PROTOCOL_OFFSET 2u
#define MAC_LENGTH_OFFSET 4u
#define HEADER_SIZE 8u
#define IP_SIZE 4u

/* The jump offset from instruction `here` to instruction `there`. */
#define TO(here, there) ((uint8_t)((there) - (here)-1))

/* Instructions that are jump targets, or whose operands depend on the sweep. */
enum { LENGTHS = 5, SENDER, MASK, PREFIX, PASS, DROP };

/*
 * The filter passes ARP packets for IPv4 that another machine sent to this machine or by
 * broadcast, with MACs of this link's length and a sender in the prefix. The packet begins after
 * the link-layer header.
 */
static const struct sock_filter program[] = {
    [0] = BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
    [1] = BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, PACKET_OTHERHOST, TO(1, DROP), 0),
    [2] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, PROTOCOL_OFFSET),
    [3] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, TO(3, DROP)),
    [4] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, MAC_LENGTH_OFFSET),
    [LENGTHS] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, TO(LENGTHS, DROP)),
    [SENDER] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
    [MASK] = BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0),
    [PREFIX] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, TO(PREFIX, PASS), TO(PREFIX, DROP)),
    [PASS] = BPF_STMT(BPF_RET | BPF_K, AQ_ARP_SOCKET_PACKET),
    [DROP] = BPF_STMT(BPF_RET | BPF_K, 0),
};
#define PROGRAM_LENGTH (sizeof program / sizeof program[0])

static void write_filter(const struct arpq_sweep *sweep, struct sock_filter filter[PROGRAM_LENGTH])
{
    const uint32_t mac_length = sweep->link.mac.length;
    uint32_t prefix;

    memcpy(filter, program, sizeof program);
    memcpy(&prefix, sweep->plan.first.bytes, sizeof prefix);
    filter[LENGTHS].k = mac_length << 8 | IP_SIZE;
    filter[SENDER].k = HEADER_SIZE + mac_length;
    filter[MASK].k = (uint32_t) ~(sweep->plan.count - 1);
    filter[PREFIX].k = ntohl(prefix);
}

static int arp_socket_open_filtered(void *context)
{
    const struct arpq_sweep *sweep = context;
    struct sock_filter filter[PROGRAM_LENGTH];
    const struct aq_packet packet = {.type = SOCK_DGRAM,
                                     .protocol = ETH_P_ARP,
                                     .ifindex = sweep->link.ifindex,
                                     .incoming = true,
                                     .filter = filter,
                                     .filter_length = PROGRAM_LENGTH};

    write_filter(sweep, filter);
    return aq_packet_socket_open(&packet);
}

static int write_request(const struct arpq_sweep *sweep, struct aq_arp_socket *socket)
{
    const struct aq_sweep_link *link = &sweep->link;
    uint32_t kind = link->source.family ? ARPQ_ARP_KIND_REQUEST : ARPQ_ARP_KIND_PROBE;
    struct arpq_arp packet;
    int size = arpq_arp_make(kind, &link->mac, &link->source, NULL, &sweep->plan.first, &packet);

    if (size < 0)
        return size;
    packet.flags = ARPQ_ARP_PAYLOAD;
    size = arpq_arp_encode(&packet, socket->requests[0], sizeof socket->requests[0]);
    for (unsigned i = 1; size > 0 && i < AQ_SWEEP_BATCH; i++)
        memcpy(socket->requests[i], socket->requests[0], (size_t)size);
    return size;
}

static void write_headers(struct aq_arp_socket *socket, size_t size)
{
    for (unsigned i = 0; i < AQ_SWEEP_BATCH; i++) {
        struct msghdr *out = &socket->out[i].msg_hdr, *in = &socket->in[i].msg_hdr;

        socket->out_bytes[i] = (struct iovec){socket->requests[i], size};
        socket->in_bytes[i] = (struct iovec){socket->received[i], sizeof socket->received[i]};
        out->msg_iov = &socket->out_bytes[i];
        in->msg_iov = &socket->in_bytes[i];
        out->msg_iovlen = in->msg_iovlen = 1;
        out->msg_name = &socket->to;
        out->msg_namelen = sizeof socket->to;
    }
}

static void write_address(const struct aq_sweep_link *link, union aq_arp_socket_address *to)
{
    to->link = (struct sockaddr_ll){.sll_family = AF_PACKET,
                                    .sll_protocol = htons(ETH_P_ARP),
                                    .sll_ifindex = (int)link->ifindex,
                                    .sll_halen = link->broadcast.length};
    memcpy(to->bytes + offsetof(struct sockaddr_ll, sll_addr), link->broadcast.bytes,
           link->broadcast.length);
}

int aq_arp_socket_open(struct arpq_sweep *sweep, struct aq_arp_socket *socket)
{
    int size = write_request(sweep, socket);

    if (size < 0)
        return size;
    socket->target_offset = (size_t)size - IP_SIZE;
    socket->source_offset = socket->target_offset - sweep->link.mac.length - IP_SIZE;
    write_address(&sweep->link, &socket->to);
    write_headers(socket, (size_t)size);
    socket->fd = aq_namespace_run(sweep->h, arp_socket_open_filtered, sweep);
    if (socket->fd < 0)
        return socket->fd;
    (void)aq_sys_set_receive_buffer(socket->fd, RECEIVE_BUFFER);
    return 0;
}

void aq_arp_socket_write(struct aq_arp_socket *socket, unsigned n, const struct arpq_ip *source,
                         const struct arpq_ip *target)
{
    memcpy(socket->requests[n] + socket->source_offset, source->bytes, IP_SIZE);
    memcpy(socket->requests[n] + socket->target_offset, target->bytes, IP_SIZE);
}

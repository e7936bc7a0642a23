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
#include "value/bytes.h"

/* Holds the answers that arrive in one second during which this process does not run. */
#define RECEIVE_BUFFER (1024u * 1024)

/* Offsets and sizes in an ARP packet. */
#define PROTOCOL_OFFSET 2u
#define MAC_LENGTH_OFFSET 4u
#define HEADER_SIZE 8u
#define IP_SIZE 4u

/* A tag is two numbers of 16 bits: priority and VLAN, and the protocol of the packet. */
#define TAG_SIZE 4u
#define VLAN_MASK 0xfffu

/* The jump offset from instruction `here` to instruction `there`. */
#define TO(here, there) ((uint8_t)((there) - (here)-1))

#define AUXILIARY(name) ((uint32_t)(SKF_AD_OFF + SKF_AD_##name))

/* Instructions that are jump targets, or whose operands depend on the sweep. */
enum { VLAN = 8, PACKET = 9, LENGTHS = PACKET + 5, SENDER, MASK, PREFIX, PASS, DROP };

/*
 * The filter passes ARP packets for IPv4 that another machine sent to this machine or by
 * broadcast, with MACs of this link's length and a sender in the prefix. The packet begins after
 * the link-layer header. A sweep of a VLAN runs all instructions: it receives packets of every
 * protocol, from which the kernel or the card has removed the first tag. Other sweeps begin at
 * PACKET.
 */
static const struct sock_filter program[] = {
    [0] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AUXILIARY(PROTOCOL)),
    [1] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 0, TO(1, DROP)),
    [2] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AUXILIARY(VLAN_TAG_PRESENT)),
    [3] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, TO(3, DROP)),
    [4] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AUXILIARY(VLAN_TPID)),
    [5] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_8021Q, 0, TO(5, DROP)),
    [6] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AUXILIARY(VLAN_TAG)),
    [7] = BPF_STMT(BPF_ALU | BPF_AND | BPF_K, VLAN_MASK),
    [VLAN] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, TO(VLAN, DROP)),

    [PACKET] = BPF_STMT(BPF_LD | BPF_B | BPF_ABS, AUXILIARY(PKTTYPE)),
    [PACKET + 1] = BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, PACKET_OTHERHOST, TO(PACKET + 1, DROP), 0),
    [PACKET + 2] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, PROTOCOL_OFFSET),
    [PACKET + 3] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, TO(PACKET + 3, DROP)),
    [PACKET + 4] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, MAC_LENGTH_OFFSET),
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
    filter[VLAN].k = sweep->options.vlan;
    filter[LENGTHS].k = mac_length << 8 | IP_SIZE;
    filter[SENDER].k = HEADER_SIZE + mac_length;
    filter[MASK].k = (uint32_t) ~(sweep->plan.count - 1);
    filter[PREFIX].k = ntohl(prefix);
}

static int arp_socket_open_filtered(void *context)
{
    const struct arpq_sweep *sweep = context;
    const bool tagged = sweep->options.vlan != 0;
    const unsigned first = tagged ? 0 : PACKET;
    struct sock_filter filter[PROGRAM_LENGTH];
    /* If no VLAN device has the tag, a socket for ARP receives the packet without the tag, and many
     * cards drop the packet unless they are in promiscuous mode. */
    const struct aq_packet packet = {.type = SOCK_DGRAM,
                                     .protocol = tagged ? ETH_P_ALL : ETH_P_ARP,
                                     .ifindex = sweep->link.ifindex,
                                     .spare_outgoing = tagged,
                                     .promiscuous = tagged,
                                     .filter = filter + first,
                                     .filter_length = (uint16_t)(PROGRAM_LENGTH - first)};

    write_filter(sweep, filter);
    return aq_packet_socket_open(&packet);
}

/* Write the rest of the tag, whose first part is the protocol in the link-layer header. Returns the
 * size. */
static unsigned write_tag(uint8_t *at, uint32_t vlan)
{
    if (!vlan)
        return 0;
    (void)aq_put16(aq_put16(at, vlan), ETH_P_ARP);
    return TAG_SIZE;
}

static int write_request(const struct arpq_sweep *sweep, struct aq_arp_socket *socket)
{
    const struct aq_sweep_link *link = &sweep->link;
    uint32_t kind = link->source.family ? ARPQ_ARP_KIND_REQUEST : ARPQ_ARP_KIND_PROBE;
    uint8_t *request = socket->requests[0];
    unsigned tag_size = write_tag(request, sweep->options.vlan);
    struct arpq_arp packet;
    int size = arpq_arp_make(kind, &link->mac, &link->source, NULL, &sweep->plan.first, &packet);

    if (size < 0)
        return size;
    packet.flags = ARPQ_ARP_PAYLOAD;
    size = arpq_arp_encode(&packet, request + tag_size, sizeof socket->requests[0] - tag_size);
    if (size < 0)
        return size;
    size += (int)tag_size;
    for (unsigned i = 1; i < AQ_SWEEP_BATCH; i++)
        memcpy(socket->requests[i], request, (size_t)size);
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

static void write_address(const struct aq_sweep_link *link, uint16_t protocol,
                          union aq_arp_socket_address *to)
{
    to->link = (struct sockaddr_ll){.sll_family = AF_PACKET,
                                    .sll_protocol = htons(protocol),
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
    write_address(&sweep->link, sweep->options.vlan ? ETH_P_8021Q : ETH_P_ARP, &socket->to);
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

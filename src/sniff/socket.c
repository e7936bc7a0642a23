/* SPDX-License-Identifier: MIT */
#include "sniff/socket.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>

#include "kernel/packet_socket.h"
#include "kernel/sys.h"
#include "packet/ndp.h"

#define NEVER 0xffffffffu /* differs from every 16-bit protocol and every packet type */
#define ALL 0xffffffffu   /* pass every byte of the frame */

/* The jump offset from instruction `here` to instruction `there`. */
#define TO(here, there) ((uint8_t)((there) - (here)-1))

#define IF_TAG(here, then, otherwise)                                                              \
    [here] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_8021Q, TO(here, then), 0),                  \
    [(here) + 1] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_8021AD, TO((here) + 1, then), 0),     \
    [(here) + 2] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_QINQ1, TO((here) + 2, then),          \
                            TO((here) + 2, otherwise))

enum {
    OUTGOING = 1,
    LINK,
    OTHER = LINK + 3,
    ETHERNET = OTHER + 3,
    TAGGED = ETHERNET + 5,
    TAGGED_TWICE = TAGGED + 5,
    PROTOCOL = TAGGED_TWICE + 2,
    FRAME_PASS = PROTOCOL + 7,
    FRAME_DROP
};

/*
 * The socket is bound to all protocols: only such a socket receives outgoing frames too. In an
 * Ethernet frame the kernel or the card has removed the first tag; two more may be in the bytes.
 * For other links the kernel provides the offset of the network header. X holds the offset of
 * the network header, and A holds the protocol.
 */
static const struct sock_filter sniff_program[] = {
    [0] = BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
    [OUTGOING] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, TO(OUTGOING, FRAME_DROP), 0),

    [LINK] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_HATYPE)),
    [LINK + 1] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_ETHER, TO(LINK + 1, ETHERNET), 0),
    [LINK + 2] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_LOOPBACK, TO(LINK + 2, ETHERNET), 0),

    [OTHER] = BPF_STMT(BPF_LDX | BPF_IMM, (uint32_t)SKF_NET_OFF),
    [OTHER + 1] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL)),
    [OTHER + 2] = BPF_STMT(BPF_JMP | BPF_JA, TO(OTHER + 2, PROTOCOL)),

    [ETHERNET] = BPF_STMT(BPF_LDX | BPF_IMM, ETH_HLEN),
    [ETHERNET + 1] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ETH_HLEN - 2),
    IF_TAG(ETHERNET + 2, TAGGED, PROTOCOL),

    [TAGGED] = BPF_STMT(BPF_LDX | BPF_IMM, ETH_HLEN + 4),
    [TAGGED + 1] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ETH_HLEN + 2),
    IF_TAG(TAGGED + 2, TAGGED_TWICE, PROTOCOL),

    [TAGGED_TWICE] = BPF_STMT(BPF_LDX | BPF_IMM, ETH_HLEN + 8),
    [TAGGED_TWICE + 1] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ETH_HLEN + 6),

    [PROTOCOL] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, TO(PROTOCOL, FRAME_PASS), 0),
    [PROTOCOL + 1] =
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, 0, TO(PROTOCOL + 1, FRAME_DROP)),
    [PROTOCOL + 2] = BPF_STMT(BPF_LD | BPF_B | BPF_IND, 6), /* the next header */
    [PROTOCOL + 3] =
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, 0, TO(PROTOCOL + 3, FRAME_DROP)),
    [PROTOCOL + 4] = BPF_STMT(BPF_LD | BPF_B | BPF_IND, 40), /* ICMPv6's type */
    [PROTOCOL + 5] = BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, AQ_NDP_ROUTER_SOLICITATION, 0,
                              TO(PROTOCOL + 5, FRAME_DROP)),
    [PROTOCOL + 6] =
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, AQ_NDP_REDIRECT, TO(PROTOCOL + 6, FRAME_DROP), 0),

    [FRAME_PASS] = BPF_STMT(BPF_RET | BPF_K, ALL),
    [FRAME_DROP] = BPF_STMT(BPF_RET | BPF_K, 0),
};

int aq_sniff_socket_open(uint32_t flags, uint32_t ifindex)
{
    bool all = !(flags & (ARPQ_SNIFFER_ARP | ARPQ_SNIFFER_NDP));
    struct sock_filter filter[sizeof sniff_program / sizeof sniff_program[0]];
    const struct aq_packet packet = {
        .type = SOCK_RAW,
        .protocol = ETH_P_ALL,
        .ifindex = ifindex,
        .filter = filter,
        .filter_length = sizeof sniff_program / sizeof sniff_program[0],
        .described = true,
        .spare_outgoing = !(flags & ARPQ_SNIFFER_OUTGOING),
        .promiscuous = flags & ARPQ_SNIFFER_PROMISCUOUS,
    };
    int fd, code;

    memcpy(filter, sniff_program, sizeof sniff_program);
    if (flags & ARPQ_SNIFFER_OUTGOING)
        filter[OUTGOING].k = NEVER;
    if (!all && !(flags & ARPQ_SNIFFER_ARP))
        filter[PROTOCOL].k = NEVER;
    if (!all && !(flags & ARPQ_SNIFFER_NDP))
        filter[PROTOCOL + 1].k = NEVER;
    fd = aq_packet_socket_open(&packet);
    if (fd < 0)
        return fd == -EAFNOSUPPORT ? -EOPNOTSUPP : fd;
    code = aq_packet_socket_check_up(fd);
    if (code < 0)
        aq_sys_close(fd);
    return code < 0 ? code : fd;
}

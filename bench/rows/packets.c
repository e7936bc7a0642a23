/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arpq.h"
#include "method/clock.h"
#include "method/report.h"
#include "rows/rows.h"

/* -- packets written and read -- */

#define CALLS 1000u
#define PAYLOAD 56u /* the default of ping(8) */
#define LARGE 1472u /* bytes; fills an Ethernet frame */

struct packets {
    struct arpq_arp arp;
    struct arpq_icmp echo;
    uint8_t frame[ARPQ_ARP_FRAME_SIZE];
    uint8_t message[8 + PAYLOAD];
    uint8_t error[8 + 40 + 8]; /* ICMPv6 "no route" for a UDP datagram */
    uint8_t large[LARGE];
};

/* Makes one call. Returns 0 if the result is right. */
typedef int (*packet_fn)(struct packets *p);

static int call_arp_encode(struct packets *p)
{
    return arpq_arp_encode(&p->arp, p->frame, sizeof p->frame) != 60;
}

static int call_arp_decode(struct packets *p)
{
    return arpq_arp_decode(p->frame, 60, 0, &p->arp);
}

static int call_icmp_encode(struct packets *p)
{
    return arpq_icmp_encode(&p->echo, p->message + 8, PAYLOAD, p->message, sizeof p->message) !=
           sizeof p->message;
}

static int call_icmp_decode(struct packets *p)
{
    struct arpq_icmp icmp;

    return arpq_icmp_decode(AF_INET, NULL, NULL, p->message, sizeof p->message, &icmp);
}

static int call_icmp_error_decode(struct packets *p)
{
    struct arpq_icmp icmp;

    return arpq_icmp_decode(AF_INET6, NULL, NULL, p->error, sizeof p->error, &icmp) ||
           icmp.original_destination_port != 53;
}

static int call_checksum(struct packets *p)
{
    return arpq_icmp_checksum(NULL, NULL, p->large, LARGE) != 0xffff;
}

static void create_packets(struct packets *p)
{
    struct arpq_mac mac;
    struct arpq_ip ip, target;

    memset(p, 0, sizeof *p);
    if (arpq_mac_parse("02:00:5e:00:53:01", &mac) || arpq_ip_parse("192.0.2.1", &ip, 0) ||
        arpq_ip_parse("192.0.2.2", &target, 0) ||
        arpq_arp_make(ARPQ_ARP_KIND_REQUEST, &mac, &ip, NULL, &target, &p->arp))
        fail(0, "packets");
    p->echo = (struct arpq_icmp){.family = AF_INET, .type = 8, .identifier = 1, .sequence = 1};
    p->error[0] = 1;
    p->error[8] = 0x60;
    p->error[8 + 6] = 17;
    p->error[8 + 40 + 3] = 53;
}

/* Returns the nanoseconds per call: the median of the rounds. */
static double time_calls(packet_fn call, struct packets *p, const struct timing *timing)
{
    double ns[ROUNDS_MAX];

    for (unsigned round = 0; round < timing->rounds; round++) {
        uint64_t began = clock_thread_ns();
        int wrong = 0;

        for (unsigned n = 0; n < CALLS; n++)
            wrong |= call(p);
        ns[round] = (double)(clock_thread_ns() - began) / CALLS;
        if (wrong)
            fail(0, "packets");
    }
    return median(ns, timing->rounds);
}

void rows_packets(const struct timing *timing)
{
    static const struct {
        const char *name;
        packet_fn call;
    } rows[] = {{"ARP request, written", call_arp_encode},
                {"ARP request, read", call_arp_decode},
                {"ICMP echo of 64 bytes, written", call_icmp_encode},
                {"ICMP echo of 64 bytes, read", call_icmp_decode},
                {"ICMPv6 error and what it is about, read", call_icmp_error_decode},
                {"checksum of 1472 bytes", call_checksum}};
    struct packets p;

    create_packets(&p);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double ns = time_calls(rows[i].call, &p, timing);

        report_row(&(struct row){rows[i].name, "ns", ns, 0, 0, 0, 0});
    }
}

/* -- frames received by a sniffer -- */

#define BURST 128u /* frames; the buffer of a socket can hold them all */
#define ADDRESSES 1000u

struct sniffers {
    int out; /* sends from the other end of the link */
    int raw;
    struct arpq_handle *h;
    struct arpq_sniffer *sniffer;
    uint32_t next; /* the sender address of the next frame */
};

static int packet_socket(uint16_t protocol, uint32_t ifindex)
{
    const struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(protocol), .sll_ifindex = (int)ifindex};
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    int on = 1;

    if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 ||
        bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        fail(errno, "packet socket");
    return fd;
}

static void open_sniffers(struct sniffers *s)
{
    const struct arpq_sniffer_options options = {
        .size = sizeof options, .flags = ARPQ_SNIFFER_ARP, .ifindex = LINK_IFINDEX};
    int code;

    s->out = packet_socket(0, LINK_IFINDEX + 1);
    s->raw = packet_socket(ETH_P_ARP, LINK_IFINDEX);
    code = arpq_open(&s->h, NULL);
    if (code == 0)
        code = arpq_sniffer_open(s->h, &s->sniffer, &options);
    if (code < 0)
        fail(-code, "sniffer");
}

static void close_sniffers(struct sniffers *s)
{
    arpq_sniffer_close(s->sniffer);
    arpq_close(s->h);
    close(s->raw);
    close(s->out);
}

/* Sends ARP replies to a MAC that this machine does not have, so that the kernel ignores them. Both
 * packet sockets receive all of them. */
static void send_burst(struct sniffers *s)
{
    uint8_t frame[60] = {2, 0, 0, 0, 0, 8, 2, 0, 0, 0, 0, 9, 8,  6,   0, 1,
                         8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 9, 10, 255, 0, 0};

    for (unsigned n = 0; n < BURST; n++) {
        s->next = (s->next + 1) % ADDRESSES;
        frame[30] = (uint8_t)(s->next >> 8);
        frame[31] = (uint8_t)s->next;
        if (send(s->out, frame, sizeof frame, 0) != (ssize_t)sizeof frame)
            fail(errno, "frame");
    }
}

/* Returns the number of frames. Reads only the sender's IP address of each frame. */
static unsigned sniff_raw(struct sniffers *s)
{
    uint8_t frame[2048], control[128];
    struct sockaddr_ll sender;
    struct iovec piece = {frame, sizeof frame};
    unsigned count = 0;

    for (;;) {
        struct msghdr message = {.msg_name = &sender,
                                 .msg_namelen = sizeof sender,
                                 .msg_iov = &piece,
                                 .msg_iovlen = 1,
                                 .msg_control = control,
                                 .msg_controllen = sizeof control};

        if (recvmsg(s->raw, &message, MSG_DONTWAIT) < 0)
            return count;
        count += frame[28] == 10 && frame[29] == 255;
    }
}

static unsigned sniff_by_arpq(struct sniffers *s)
{
    struct arpq_sniffed frame;
    unsigned count = 0;

    while (arpq_sniffer_next(s->sniffer, &frame, 0) == 1)
        count += frame.ip.bytes[0] == 10 && frame.ip.bytes[1] == 255;
    return count;
}

static double time_burst(unsigned (*read)(struct sniffers *s), struct sniffers *s)
{
    uint64_t began = clock_thread_ns();
    unsigned count = read(s);
    double ns = (double)(clock_thread_ns() - began) / BURST;

    if (count != BURST)
        fail(0, "frames were lost");
    return ns;
}

void rows_frames(const struct timing *timing)
{
    double raw[ROUNDS_MAX], arpq[ROUNDS_MAX], ratio[ROUNDS_MAX];
    struct sniffers s = {.out = -1};

    open_sniffers(&s);
    for (unsigned round = 0; round < timing->rounds; round++) {
        send_burst(&s);
        if (round % 2)
            raw[round] = time_burst(sniff_raw, &s);
        arpq[round] = time_burst(sniff_by_arpq, &s);
        if (round % 2 == 0)
            raw[round] = time_burst(sniff_raw, &s);
        ratio[round] = arpq[round] / raw[round];
    }
    close_sniffers(&s);
    report_row(&(struct row){"ARP frame heard", "ns", median(arpq, timing->rounds),
                             median(raw, timing->rounds), median(ratio, timing->rounds), 1.4, 0});
}

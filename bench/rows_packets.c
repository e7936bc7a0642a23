/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "arpq.h"
#include "method/clock.h"
#include "method/report.h"
#include "rows/rows.h"

#define CALLS 1000u
#define PAYLOAD 56u /* as ping(8) sends */
#define LARGE 1472u /* bytes that fill an Ethernet frame */

/* What is written and read, made once. */
struct packets {
    struct arpq_arp arp;
    struct arpq_icmp echo;
    uint8_t frame[ARPQ_ARP_FRAME_SIZE];
    uint8_t message[8 + PAYLOAD];
    uint8_t error[8 + 40 + 8]; /* ICMPv6: no route, about an UDP datagram */
    uint8_t large[LARGE];
};

/* One call; not 0 when its outcome is wrong. */
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

/* The median of the rounds, per call. */
static double time_calls(packet_fn call, struct packets *p, const struct timing *timing)
{
    double ns[ROUNDS_MAX];

    for (unsigned round = 0; round < timing->rounds; round++) {
        uint64_t began = clock_ns();
        int wrong = 0;

        for (unsigned n = 0; n < CALLS; n++)
            wrong |= call(p);
        ns[round] = (double)(clock_ns() - began) / CALLS;
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

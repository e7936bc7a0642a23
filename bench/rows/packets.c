/* SPDX-License-Identifier: MIT */
/* Frames heard, against a bare loop on a socket of the same kind. Both hear the same frames, and
 * read them in turn. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arpq.h"
#include "method/clock.h"
#include "method/report.h"
#include "rows/rows.h"

#define BURST 128u /* frames, which a socket's buffer holds */
#define ADDRESSES 1000u

struct sniffers {
    int out; /* bound to the other end of the link */
    int raw;
    struct arpq *h;
    struct arpq_sniffer *sniffer;
    uint32_t next; /* address to be claimed */
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
        .size = sizeof options, .flags = ARPQ_SNIFF_ARP, .ifindex = LINK_IFINDEX};
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

/* Replies to nobody, which the kernel itself makes nothing of. */
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

/* How many frames there were; the address in each is looked at, no more. */
static unsigned read_raw(struct sniffers *s)
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

static unsigned read_by_arpq(struct sniffers *s)
{
    struct arpq_frame frame;
    unsigned count = 0;

    while (arpq_sniffer_next(s->sniffer, &frame, 0) == 1)
        count += frame.ip.bytes[0] == 10 && frame.ip.bytes[1] == 255;
    return count;
}

static double time_burst(unsigned (*read)(struct sniffers *s), struct sniffers *s)
{
    uint64_t began = clock_ns();
    unsigned count = read(s);
    double ns = (double)(clock_ns() - began) / BURST;

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
            raw[round] = time_burst(read_raw, &s);
        arpq[round] = time_burst(read_by_arpq, &s);
        if (round % 2 == 0)
            raw[round] = time_burst(read_raw, &s);
        ratio[round] = arpq[round] / raw[round];
    }
    close_sniffers(&s);
    report_row(&(struct row){"ARP frame heard", "ns", median(arpq, timing->rounds),
                             median(raw, timing->rounds), median(ratio, timing->rounds), 1.4, 0});
}

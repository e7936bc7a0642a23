/* SPDX-License-Identifier: MIT */
#include "contestants/raw_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "method/report.h"

#define TARGET_OFFSET 24u
#define SENDER_OFFSET 14u
#define OPERATION_OFFSET 6u
#define REPLY 2u
#define TIMEOUT_MS 300

static void write32(uint8_t *bytes, uint32_t value)
{
    value = htonl(value);
    memcpy(bytes, &value, sizeof value);
}

/* ARP replies only. */
static void attach_arp_filter(int fd)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, OPERATION_OFFSET),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, REPLY, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 64),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    int yes = 1;

    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) ||
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes))
        fail(errno, "a packet filter");
}

static void write_request(uint8_t *request, const uint8_t mac[6], uint32_t source)
{
    static const uint8_t head[8] = {0, 1, 8, 0, 6, 4, 0, 1};

    memset(request, 0, RAW_SWEEP_ARP_SIZE);
    memcpy(request, head, sizeof head);
    memcpy(request + 8, mac, 6);
    write32(request + SENDER_OFFSET, source);
}

void raw_sweep_open(struct raw_sweep *raw, const char *link, uint32_t source, uint32_t network)
{
    struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                  .sll_protocol = htons(ETH_P_ARP),
                                  .sll_ifindex = (int)if_nametoindex(link)};
    socklen_t size = sizeof address;

    memset(raw, 0, sizeof *raw);
    raw->network = network;
    raw->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (raw->fd < 0)
        fail(errno, "a packet socket");
    attach_arp_filter(raw->fd);
    if (bind(raw->fd, (struct sockaddr *)&address, sizeof address) ||
        getsockname(raw->fd, (struct sockaddr *)&address, &size))
        fail(errno, "bind of a packet socket");
    for (unsigned i = 0; i < RAW_SWEEP_BATCH; i++) {
        write_request(raw->requests[i], address.sll_addr, source);
        raw->out_bytes[i] = (struct iovec){raw->requests[i], RAW_SWEEP_ARP_SIZE};
        raw->in_bytes[i] = (struct iovec){raw->answers[i], sizeof raw->answers[i]};
        raw->out[i].msg_hdr.msg_iov = &raw->out_bytes[i];
        raw->in[i].msg_hdr.msg_iov = &raw->in_bytes[i];
        raw->out[i].msg_hdr.msg_iovlen = raw->in[i].msg_hdr.msg_iovlen = 1;
    }
}

void raw_sweep_close(struct raw_sweep *raw)
{
    close(raw->fd);
}

static void send_requests(struct raw_sweep *raw, struct sockaddr_ll *to, uint32_t first)
{
    for (unsigned i = 0; i < RAW_SWEEP_BATCH; i++) {
        write32(raw->requests[i] + TARGET_OFFSET, raw->network + first + i);
        raw->out[i].msg_hdr.msg_name = to;
        raw->out[i].msg_hdr.msg_namelen = sizeof *to;
    }
    if (sendmmsg(raw->fd, raw->out, RAW_SWEEP_BATCH, 0) != (int)RAW_SWEEP_BATCH)
        fail(errno, "sendmmsg");
}

static size_t receive_replies(struct raw_sweep *raw)
{
    size_t found = 0;
    int count;

    do {
        count = recvmmsg(raw->fd, raw->in, RAW_SWEEP_BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < count; i++) {
            uint32_t sender;

            memcpy(&sender, raw->answers[i] + SENDER_OFFSET, sizeof sender);
            sender = ntohl(sender) - raw->network;
            if (sender < RAW_SWEEP_TARGETS && !raw->answered[sender])
                found += raw->answered[sender] = 1;
        }
    } while (count == (int)RAW_SWEEP_BATCH);
    return found;
}

size_t raw_sweep_run(struct raw_sweep *raw, size_t expected)
{
    struct sockaddr_ll to;
    socklen_t size = sizeof to;
    struct pollfd waiting = {.fd = raw->fd, .events = POLLIN};
    size_t found = 0;

    memset(raw->answered, 0, sizeof raw->answered);
    if (getsockname(raw->fd, (struct sockaddr *)&to, &size))
        fail(errno, "getsockname");
    memset(to.sll_addr, 0xff, 6);
    for (uint32_t first = 0; first < RAW_SWEEP_TARGETS; first += RAW_SWEEP_BATCH) {
        send_requests(raw, &to, first);
        found += receive_replies(raw);
    }
    while (found < expected && poll(&waiting, 1, TIMEOUT_MS) > 0)
        found += receive_replies(raw);
    return found;
}

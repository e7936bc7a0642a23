/* SPDX-License-Identifier: MIT */
#include "contestants/raw_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "contestants/raw_table.h"
#include "method/report.h"

/* -- resolve -- */

#define DISCARD_PORT 9
#define RESOLVE_TIMEOUT_MS 5000

static int open_netlink(uint32_t groups)
{
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        fail(errno, "netlink socket");
    return fd;
}

void raw_resolve_open(struct raw_resolve *raw, const struct arpq_ip *ip, uint32_t ifindex)
{
    memset(raw, 0, sizeof *raw);
    raw->events = open_netlink(RTMGRP_NEIGH);
    raw->requests = open_netlink(0);
    raw->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (raw->udp < 0)
        fail(errno, "UDP socket");
    raw->ip = *ip;
    raw->ifindex = ifindex;
}

void raw_resolve_close(struct raw_resolve *raw)
{
    close(raw->events);
    close(raw->requests);
    close(raw->udp);
}

/* Returns 0 or the kernel's negative errno value. */
static int request_with_ack(struct raw_resolve *raw, uint16_t type, uint16_t flags,
                            uint8_t neigh_flags)
{
    char buffer[512];
    struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
    struct ndmsg *neigh = mnl_nlmsg_put_extra_header(message, sizeof *neigh);
    const struct nlmsgerr *error;

    message->nlmsg_type = type;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
    message->nlmsg_seq = ++raw->sequence;
    neigh->ndm_family = AF_INET;
    neigh->ndm_ifindex = (int)raw->ifindex;
    neigh->ndm_flags = neigh_flags;
    mnl_attr_put(message, NDA_DST, 4, raw->ip.bytes);
    if (send(raw->requests, buffer, message->nlmsg_len, 0) < 0 ||
        recv(raw->requests, buffer, sizeof buffer, 0) < 0)
        return -errno;
    error = mnl_nlmsg_get_payload(message);
    return error->error;
}

void raw_resolve_delete(struct raw_resolve *raw)
{
    char buffer[1024];
    int code = request_with_ack(raw, RTM_DELNEIGH, 0, 0);

    if (code != 0 && code != -ENOENT)
        fail(-code, "RTM_DELNEIGH");
    while (recv(raw->events, buffer, sizeof buffer, MSG_DONTWAIT) >= 0)
        ;
}

static int is_answer(const struct raw_resolve *raw, const struct nlmsghdr *message)
{
    const struct ndmsg *neigh = mnl_nlmsg_get_payload(message);

    return message->nlmsg_type == RTM_NEWNEIGH && neigh->ndm_state == NUD_REACHABLE &&
           neigh->ndm_ifindex == (int)raw->ifindex && raw_get_mac(message);
}

static int wait_for_event(struct raw_resolve *raw)
{
    struct pollfd fd = {.fd = raw->events, .events = POLLIN};
    char buffer[1024];

    while (poll(&fd, 1, RESOLVE_TIMEOUT_MS) == 1)
        if (recv(raw->events, buffer, sizeof buffer, 0) > 0 &&
            is_answer(raw, (const struct nlmsghdr *)(const void *)buffer))
            return 0;
    return -ETIMEDOUT;
}

int raw_resolve_by_request(struct raw_resolve *raw)
{
    int code = request_with_ack(raw, RTM_NEWNEIGH, NLM_F_CREATE, NTF_USE);

    return code == 0 ? wait_for_event(raw) : code;
}

int raw_resolve_by_datagram(struct raw_resolve *raw)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(DISCARD_PORT)};

    memcpy(&to.sin_addr, raw->ip.bytes, 4);
    if (sendto(raw->udp, NULL, 0, MSG_DONTWAIT, (const struct sockaddr *)&to, sizeof to) < 0)
        return -errno;
    return wait_for_event(raw);
}

/* -- sweep -- */

#define TARGET_OFFSET 24u
#define SENDER_OFFSET 14u
#define OPERATION_OFFSET 6u
#define REPLY 2u
#define SWEEP_TIMEOUT_MS 300

static void write32(uint8_t *bytes, uint32_t value)
{
    value = htonl(value);
    memcpy(bytes, &value, sizeof value);
}

/* Receive ARP replies only. */
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

static void send_arp_requests(struct raw_sweep *raw, struct sockaddr_ll *to, uint32_t first)
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
        send_arp_requests(raw, &to, first);
        found += receive_replies(raw);
    }
    while (found < expected && poll(&waiting, 1, SWEEP_TIMEOUT_MS) > 0)
        found += receive_replies(raw);
    return found;
}

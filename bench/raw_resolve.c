/* SPDX-License-Identifier: MIT */
#include "raw_resolve.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "contestants/raw_table.h"
#include "method/report.h"

#define DISCARD_PORT 9
#define TIMEOUT_MS 5000

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

/* 0, or the kernel's error. */
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

    while (poll(&fd, 1, TIMEOUT_MS) == 1)
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

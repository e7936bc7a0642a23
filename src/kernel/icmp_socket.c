/* SPDX-License-Identifier: MIT */
#include "kernel/icmp_socket.h"

#include <time.h> /* before linux/errqueue.h, which needs struct timespec */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "kernel/sys.h"

#define CONTROL_SIZE 512
#define HEARD_MOST 4096 /* most messages to discard; a default receive buffer holds fewer */

/* Constants of one address family. */
struct icmp_names {
    int domain, protocol, level;
    int unicast_if, multicast_if, unicast_hops, multicast_hops, multicast_loop;
    int recv_error, recv_hops, recv_info; /* options to enable */
    int hops, info; /* types of the control messages that these options produce */
};

static const struct icmp_names *names_of(uint16_t family)
{
    static const struct icmp_names names[2] = {
        {AF_INET, IPPROTO_ICMP, IPPROTO_IP, IP_UNICAST_IF, IP_MULTICAST_IF, IP_TTL,
         IP_MULTICAST_TTL, IP_MULTICAST_LOOP, IP_RECVERR, IP_RECVTTL, IP_PKTINFO, IP_TTL,
         IP_PKTINFO},
        {AF_INET6, IPPROTO_ICMPV6, IPPROTO_IPV6, IPV6_UNICAST_IF, IPV6_MULTICAST_IF,
         IPV6_UNICAST_HOPS, IPV6_MULTICAST_HOPS, IPV6_MULTICAST_LOOP, IPV6_RECVERR,
         IPV6_RECVHOPLIMIT, IPV6_RECVPKTINFO, IPV6_HOPLIMIT, IPV6_PKTINFO},
    };

    return &names[family == AF_INET6];
}

/* ---- Opening ---- */

/* Errors are ignored, because only details are then missing or less exact. Transmit timestamps are
 * requested without a copy of the packet, because the system may forbid the copy. */
static void enable_details(int fd, const struct icmp_names *names)
{
    const struct {
        int level, name, value;
    } wanted[] = {
        {names->level, names->recv_error, 1},
        {names->level, names->recv_hops, 1},
        {names->level, names->recv_info, 1},
        {SOL_SOCKET, SO_TIMESTAMPING,
         SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE |
             SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY},
    };

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        (void)aq_sys_set_int(fd, wanted[i].level, wanted[i].name, wanted[i].value);
}

/* These options need no privilege on any kernel, unlike SO_BINDTODEVICE, and accept replies on
 * other interfaces. */
static int send_through(int fd, const struct icmp_names *names, uint32_t ifindex)
{
    const struct ip_mreqn group = {.imr_ifindex = (int)ifindex};
    int code = aq_sys_set_int(fd, names->level, names->unicast_if, (int)htonl(ifindex));

    if (code < 0)
        return code == -EADDRNOTAVAIL ? -ENODEV : code;
    if (names->domain == AF_INET)
        return aq_sys_setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof group);
    return aq_sys_set_int(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, (int)ifindex);
}

static int limit_hops(int fd, const struct icmp_names *names, int limit)
{
    int code = aq_sys_set_int(fd, names->level, names->unicast_hops, limit);

    return code < 0 ? code : aq_sys_set_int(fd, names->level, names->multicast_hops, limit);
}

static int send_from(int fd, const struct arpq_ip *source)
{
    struct sockaddr_storage address;
    int size = arpq_ip_to_sockaddr(source, 0, &address);

    return size < 0 ? size : aq_sys_bind(fd, (const struct sockaddr *)&address, (socklen_t)size);
}

/* A raw socket receives all ICMP messages of the machine. The filter passes only echo replies with
 * our identifier. Messages that arrived before the filter was attached may have filled the buffer,
 * so they are discarded. The parser rejects unrelated messages as well, in case the kernel refuses
 * the filter. */
static void receive_answers(const struct aq_icmp_socket *socket)
{
    const bool is_v6 = socket->family == AF_INET6;
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, 0),
        BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, is_v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY, 0, 3),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, socket->identifier, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    const struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};

    if (!is_v6) /* skip the IP header */
        filter[0] = (struct sock_filter)BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0);
    (void)aq_sys_setsockopt(socket->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
    for (int n = 0; n < HEARD_MOST && aq_sys_recv(socket->fd, NULL, 0, MSG_DONTWAIT) >= 0; n++)
        continue;
}

static int open_either(struct aq_icmp_socket *socket, const struct icmp_names *names, bool raw)
{
    int fd = -EPERM;

    if (!raw)
        fd = aq_sys_socket(names->domain, SOCK_DGRAM | SOCK_NONBLOCK, names->protocol);
    if (fd >= 0 || !aq_sys_is_refusal(fd))
        return fd;
    socket->raw = true;
    fd = aq_sys_socket(names->domain, SOCK_RAW | SOCK_NONBLOCK, names->protocol);
    if (fd == -EACCES)
        return -EPERM;
    return fd == -EPROTONOSUPPORT ? -EAFNOSUPPORT : fd;
}

static int set_up(const struct aq_icmp_socket *socket, const struct icmp_names *names,
                  const struct aq_icmp_options *options)
{
    int code = 0;

    if (socket->raw)
        receive_answers(socket);
    enable_details(socket->fd, names);
    /* This machine must not answer a request to a group. */
    (void)aq_sys_set_int(socket->fd, names->level, names->multicast_loop, 0);
    if (options->ifindex)
        code = send_through(socket->fd, names, options->ifindex);
    if (code == 0 && options->hop_limit)
        code = limit_hops(socket->fd, names, options->hop_limit);
    if (code == 0 && options->source.family)
        code = send_from(socket->fd, &options->source);
    return code;
}

int aq_icmp_socket_open(struct aq_icmp_socket *socket, const struct aq_icmp_options *options)
{
    const struct icmp_names *names = names_of(options->family);
    int code;

    *socket =
        (struct aq_icmp_socket){.family = options->family, .identifier = (uint16_t)aq_sys_random()};
    socket->fd = open_either(socket, names, options->raw);
    code = socket->fd < 0 ? socket->fd : set_up(socket, names, options);
    if (code < 0) {
        aq_sys_close(socket->fd);
        socket->fd = -1;
    }
    return code;
}

/* ---- Sending and receiving ---- */

/* Tells whether the network reported an error. Any call on the socket may return such an error
 * instead of its own result. The error queue contains the error with all details. */
static bool is_report(ssize_t error)
{
    switch (error) {
    case -EHOSTUNREACH:
    case -ENETUNREACH:
    case -ECONNREFUSED:
    case -ENOPROTOOPT:
    case -EMSGSIZE:
    case -EOPNOTSUPP:
    case -EHOSTDOWN:
    case -ENONET:
    case -EPROTO:
    case -EACCES:
    case -EREMOTEIO:
        return true;
    default:
        return false;
    }
}

/* On a raw socket, a pending error about another request can prevent sending. The kernel clears an
 * error when it returns it, so an error that is returned again belongs to this message. */
int aq_icmp_socket_send(const struct aq_icmp_socket *socket, const struct arpq_ip *to,
                        const void *message, size_t size)
{
    struct sockaddr_storage address;
    int length = arpq_ip_to_sockaddr(to, 0, &address);
    ssize_t sent = length;

    for (int tries = 0; length > 0 && tries < 3; tries++) {
        sent = aq_sys_sendto(socket->fd, message, size, 0, (const struct sockaddr *)&address,
                             (socklen_t)length);
        if (!is_report(sent))
            break;
    }
    return sent < 0 ? (int)sent : 0;
}

static int icmp_socket_receive(const struct aq_icmp_socket *socket, void *buffer, size_t size,
                               int flags, struct aq_icmp_message *message)
{
    _Alignas(struct cmsghdr) uint8_t control[CONTROL_SIZE];
    struct sockaddr_storage name = {0};
    struct iovec part = {.iov_base = buffer, .iov_len = size};
    struct msghdr header = {.msg_name = &name,
                            .msg_namelen = sizeof name,
                            .msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    ssize_t length = aq_sys_recvmsg(socket->fd, &header, flags);

    if (length == -EAGAIN)
        return 0;
    if (length < 0)
        return is_report(length) ? -ENOMSG : (int)length;
    return aq_icmp_socket_parse(socket, &header, (size_t)length, flags != 0, message);
}

int aq_icmp_socket_receive(const struct aq_icmp_socket *socket, void *buffer, size_t size,
                           struct aq_icmp_message *message)
{
    int code = icmp_socket_receive(socket, buffer, size, MSG_ERRQUEUE, message);

    return code == 0 ? icmp_socket_receive(socket, buffer, size, 0, message) : code;
}

/* ---- Reading what was received ---- */

/* Copies the value of a control message if it is complete. */
static bool icmp_socket_take(const struct cmsghdr *control, void *value, size_t size)
{
    if (control->cmsg_len < CMSG_LEN(size))
        return false;
    memcpy(value, CMSG_DATA(control), size);
    return true;
}

static void take_hops(const struct cmsghdr *control, struct aq_icmp_message *message)
{
    int hops;

    if (icmp_socket_take(control, &hops, sizeof hops) && hops > 0 && hops <= UINT8_MAX)
        message->hop_limit = (uint8_t)hops;
}

static void take_info(const struct cmsghdr *control, struct aq_icmp_message *message)
{
    struct in6_pktinfo v6;
    struct in_pktinfo v4;

    if (control->cmsg_level == IPPROTO_IP && icmp_socket_take(control, &v4, sizeof v4))
        message->ifindex = (uint32_t)v4.ipi_ifindex;
    else if (control->cmsg_level == IPPROTO_IPV6 && icmp_socket_take(control, &v6, sizeof v6))
        message->ifindex = v6.ipi6_ifindex;
}

static void take_time(const struct cmsghdr *control, struct aq_icmp_message *message)
{
    struct timespec stamps[3]; /* the software timestamp; the other two are for hardware */

    if (icmp_socket_take(control, stamps, sizeof stamps) && stamps[0].tv_sec > 0)
        message->time_ns =
            (uint64_t)stamps[0].tv_sec * 1000000000u + (uint64_t)stamps[0].tv_nsec % 1000000000u;
}

/* The control message contains the error and then the address of the node that reported it. The
 * size of the address depends on the family. */
static bool take_error(const struct cmsghdr *control, struct aq_icmp_message *message)
{
    struct {
        struct sock_extended_err error;
        union {
            struct sockaddr any;
            struct sockaddr_in v4;
            struct sockaddr_in6 v6;
        } offender;
    } report = {0};
    const size_t error_size = sizeof report.error;

    if (!icmp_socket_take(control, &report, error_size + sizeof report.offender) &&
        !icmp_socket_take(control, &report, error_size + sizeof report.offender.v4) &&
        !icmp_socket_take(control, &report, error_size))
        return false;
    switch (report.error.ee_origin) {
    case SO_EE_ORIGIN_TIMESTAMPING:
        message->kind = AQ_ICMP_SENT;
        return true;
    case SO_EE_ORIGIN_ICMP:
    case SO_EE_ORIGIN_ICMP6:
        message->kind = AQ_ICMP_REPORT;
        message->type = report.error.ee_type;
        message->code = report.error.ee_code;
        if (report.error.ee_errno == EMSGSIZE)
            message->value = report.error.ee_info;
        (void)arpq_ip_from_sockaddr(&report.offender.any, sizeof report.offender, &message->from);
        return true;
    default: /* a local error, which the send call has returned */
        return false;
    }
}

/* Reads the control messages. Returns whether one of them contains an error, as is the case for
 * every message in the error queue. */
static bool take_controls(const struct aq_icmp_socket *socket, struct msghdr *header,
                          bool is_queued, struct aq_icmp_message *message)
{
    const struct icmp_names *names = names_of(socket->family);
    const uint8_t *end = (const uint8_t *)header->msg_control + header->msg_controllen;
    bool has_error = false;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = aq_sys_next_control(header, c)) {
        if (c->cmsg_len > (size_t)(end - (const uint8_t *)c))
            break;
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING)
            take_time(c, message);
        else if (c->cmsg_level != names->level)
            continue;
        else if (c->cmsg_type == names->hops)
            take_hops(c, message);
        else if (c->cmsg_type == names->info)
            take_info(c, message);
        else if (c->cmsg_type == names->recv_error && is_queued)
            has_error = take_error(c, message);
    }
    return has_error;
}

/* Skips the IP header, which raw IPv4 sockets return before the message. */
static bool skip_ip_header(struct aq_icmp_message *message)
{
    size_t length = message->size > 0 ? (message->bytes[0] & 0xfu) * 4u : 0;

    if (length < 20 || length > message->size || message->bytes[0] >> 4 != 4)
        return false;
    message->bytes += length;
    message->size -= length;
    return true;
}

int aq_icmp_socket_parse(const struct aq_icmp_socket *socket, struct msghdr *header, size_t size,
                         bool is_queued, struct aq_icmp_message *message)
{
    struct arpq_ip *name = is_queued ? &message->to : &message->from;
    bool has_error;

    memset(message, 0, sizeof *message);
    message->bytes = header->msg_iov[0].iov_base;
    message->size = size;
    (void)arpq_ip_from_sockaddr(header->msg_name, header->msg_namelen, name);
    has_error = take_controls(socket, header, is_queued, message);
    if (is_queued)
        return has_error ? 1 : -ENOMSG;
    message->kind = AQ_ICMP_MESSAGE;
    if (header->msg_flags & MSG_TRUNC || message->from.family != socket->family)
        return -ENOMSG;
    if (socket->raw && socket->family == AF_INET && !skip_ip_header(message))
        return -ENOMSG;
    return 1;
}

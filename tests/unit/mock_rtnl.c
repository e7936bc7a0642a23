/* SPDX-License-Identifier: MIT */
/* A simulated kernel, whose rtnetlink messages come from a script of datagrams. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "kernel/rtnl_dump.h"
#include "unit/mock_rtnl.h"

struct step steps[STEPS_MAX];
size_t step_count, step_at;
int socket_error, bind_error, setsockopt_error, poll_error;
int send_errors[8];
unsigned sent, socket_calls, bind_calls, option_calls, received, polled;
uint32_t bound_groups;
struct nlmsghdr last_sent;
union sent_bytes sent_bytes; /* the complete last message sent */
size_t sent_size;

int __wrap_socket(int domain, int type, int protocol);
int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
ssize_t __wrap_send(int fd, const void *data, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t size, int flags);
ssize_t __wrap_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *from,
                        socklen_t *length);
int __wrap_recvmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags,
                    struct timespec *timeout);

static int refuse(int error)
{
    errno = error;
    return -1;
}

int __wrap_socket(int domain, int type, int protocol)
{
    socket_calls++;
    assert_int_equal(domain, AF_NETLINK);
    assert_true(type & SOCK_CLOEXEC);
    assert_int_equal(protocol, NETLINK_ROUTE);
    return socket_error ? refuse(socket_error) : MOCK_FD;
}

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size)
{
    struct sockaddr_nl nl;

    bind_calls++;
    assert_int_equal(fd, MOCK_FD);
    assert_int_equal(size, sizeof nl);
    memcpy(&nl, address, sizeof nl);
    bound_groups = nl.nl_groups;
    assert_int_equal(nl.nl_pid, 0);
    return bind_error ? refuse(bind_error) : 0;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    option_calls++;
    assert_int_equal(fd, MOCK_FD);
    assert_non_null(value);
    assert_true(size >= sizeof(int));
    return setsockopt_error ? refuse(setsockopt_error) : 0;
}

static ssize_t send_message(int fd, const struct msghdr *message, int flags)
{
    int error = send_errors[sent % 8];

    assert_int_equal(fd, MOCK_FD);
    memcpy(&last_sent, message->msg_iov[0].iov_base, sizeof last_sent);
    assert_between(last_sent.nlmsg_len, sizeof last_sent, message->msg_iov[0].iov_len);
    sent++;
    return error ? refuse(error) : (ssize_t)message->msg_iov[0].iov_len;
}

static ssize_t receive_message(int fd, struct msghdr *message, int flags)
{
    const struct step *step;
    struct sockaddr_nl from = {.nl_family = AF_NETLINK};
    size_t room = message->msg_iov[0].iov_len, taken;

    received++;
    assert_int_equal(fd, MOCK_FD);
    if (step_at == step_count)
        return refuse(EAGAIN);
    step = &steps[step_at];
    if (step->error) {
        step_at++;
        return refuse(step->error);
    }
    if (!(flags & MSG_PEEK))
        step_at++;
    from.nl_pid = step->sender;
    if (message->msg_name && !step->short_name) {
        memcpy(message->msg_name, &from, sizeof from);
        message->msg_namelen = sizeof from;
    } else {
        message->msg_namelen = 0;
    }
    taken = step->size < room ? step->size : room;
    memcpy(message->msg_iov[0].iov_base, step->data, taken);
    message->msg_flags = step->size > room ? MSG_TRUNC : 0;
    return (ssize_t)(flags & MSG_TRUNC ? step->size : taken);
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    assert_int_equal(address->sa_family, AF_NETLINK);
    return __wrap_bind(fd, address, size);
}

ssize_t __wrap_send(int fd, const void *data, size_t size, int flags)
{
    struct iovec vector = {.iov_base = sent_bytes.bytes, .iov_len = size};
    const struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

    assert_true(size <= sizeof sent_bytes);
    memcpy(sent_bytes.bytes, data, size);
    sent_size = size;
    return send_message(fd, &message, flags);
}

ssize_t __wrap_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *from,
                        socklen_t *length)
{
    struct iovec vector = {.iov_base = data, .iov_len = size};
    struct msghdr message = {
        .msg_name = from, .msg_namelen = *length, .msg_iov = &vector, .msg_iovlen = 1};
    ssize_t got = receive_message(fd, &message, flags);

    *length = message.msg_namelen;
    return got;
}

/* poll reports a pending error as well as a datagram. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    const struct step *step = step_at < step_count ? &steps[step_at] : NULL;

    polled++;
    assert_int_equal(count, 1);
    assert_int_equal(timeout, 0);
    assert_int_equal(fds->fd, MOCK_FD);
    assert_int_equal(fds->events, POLLIN);
    fds->revents = 0;
    if (poll_error)
        return refuse(poll_error);
    if (step)
        fds->revents = step->error ? POLLERR : POLLIN;
    return !!step;
}

/* The kernel delivers only its own messages to a connected socket. */
ssize_t __wrap_recv(int fd, void *data, size_t size, int flags)
{
    socklen_t none = 0;

    return __wrap_recvfrom(fd, data, size, flags, NULL, &none);
}

/* Like the kernel, returns the datagrams before an error first. The next call returns the error. */
int __wrap_recvmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags,
                    struct timespec *timeout)
{
    unsigned n = 0;

    assert_true(flags & MSG_DONTWAIT);
    assert_null(timeout);
    while (n < count && (n == 0 || (step_at < step_count && !steps[step_at].error))) {
        ssize_t length = receive_message(fd, &headers[n].msg_hdr, flags);

        if (length < 0)
            return -1;
        headers[n++].msg_len = (unsigned)length;
    }
    return (int)n;
}

void start(union packet *packet, uint16_t type, uint16_t flags, uint32_t sequence,
           const void *payload, size_t size)
{
    memset(packet, 0, sizeof *packet);
    mnl_nlmsg_put_header(packet->bytes);
    packet->header.nlmsg_type = type;
    packet->header.nlmsg_flags = flags;
    packet->header.nlmsg_seq = sequence;
    if (size)
        memcpy(mnl_nlmsg_put_extra_header(&packet->header, size), payload, size);
}

void error_packet(union packet *packet, uint16_t type, uint32_t sequence, int code,
                  const void *text, size_t length)
{
    struct nlmsgerr error = {.error = code};

    start(packet, type, text ? NLM_F_ACK_TLVS : 0, sequence, &error,
          type == NLMSG_DONE ? sizeof(int) : sizeof error);
    if (text)
        mnl_attr_put(&packet->header, NLMSGERR_ATTR_MSG, length, text);
}

struct step *add(const void *data, size_t size)
{
    assert_true(step_count < STEPS_MAX);
    steps[step_count] = (struct step){.data = data, .size = size};
    return &steps[step_count++];
}

void add_packet(const union packet *packet)
{
    add(packet, packet->header.nlmsg_len);
}

void add_error(int error)
{
    steps[step_count++] = (struct step){.error = error};
}

struct aq_rtnl rtnl;
struct aq_rtnl_detail owner_detail = {.serial = 77};
union aq_rtnl_request request;

int set_up(void **state)
{
    memset(steps, 0, sizeof steps);
    memset(send_errors, 0, sizeof send_errors);
    step_count = step_at = 0;
    socket_error = bind_error = setsockopt_error = poll_error = 0;
    sent = socket_calls = bind_calls = option_calls = received = polled = 0;
    aq_rtnl_detail_begin(OWNER);
    aq_rtnl_init(&rtnl, OWNER);
    if (aq_rtnl_open(&rtnl, 0) != 0 || socket_calls != 1 || bind_calls != 1 || option_calls < 1)
        return -1;
    aq_rtnl_prepare(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
    return 0;
}

unsigned handled;
int handler_code;

int handler(const struct nlmsghdr *message, void *context)
{
    assert_ptr_equal(context, &handled);
    handled++;
    return handler_code;
}

int dump(void)
{
    int code;

    handled = 0;
    code = aq_rtnl_dump(&rtnl, &request, handler, &handled, NULL);
    assert_true(sent > 0);
    return code;
}

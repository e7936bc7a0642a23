/* SPDX-License-Identifier: MIT */
/* The rules of the rtnetlink transport, with a kernel made of a script of datagrams. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "kernel/rtnl.h"
#include "kernel/rtnl_link.h"

#define MOCK_FD 1000 /* closing it fails, harmlessly */
#define STEPS_MAX 1200
#define OWNER 77u

/* What recv and recvfrom answer, in order: an error, or a datagram. */
struct step {
    int error;
    uint32_t sender;
    size_t size;
    const void *data;
    int short_name; /* no sender address */
};

static struct step steps[STEPS_MAX];
static size_t step_count, step_at;
static int socket_error, bind_error, setsockopt_error, poll_error;
static int send_errors[8];
static unsigned sent, socket_calls, bind_calls, option_calls, received, polled;
static uint32_t bound_groups;
static struct nlmsghdr last_sent;

int __wrap_socket(int domain, int type, int protocol);
int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
ssize_t __wrap_send(int fd, const void *data, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t size, int flags);
ssize_t __wrap_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *from,
                        socklen_t *length);

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
    (void)level;
    (void)name;
    option_calls++;
    assert_int_equal(fd, MOCK_FD);
    assert_non_null(value);
    assert_true(size >= sizeof(int));
    return setsockopt_error ? refuse(setsockopt_error) : 0;
}

static ssize_t send_message(int fd, const struct msghdr *message, int flags)
{
    int error = send_errors[sent % 8];

    (void)flags;
    assert_int_equal(fd, MOCK_FD);
    memcpy(&last_sent, message->msg_iov[0].iov_base, sizeof last_sent);
    assert_int_equal(last_sent.nlmsg_len, message->msg_iov[0].iov_len);
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
    char copy[AQ_RTNL_REQUEST_SIZE];
    struct iovec vector = {.iov_base = copy, .iov_len = size};
    const struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

    assert_true(size <= sizeof copy);
    memcpy(copy, data, size);
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

/* An error that waits is reported as well as a datagram. */
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
    return step != NULL;
}

/* A connected socket: the kernel lets no other sender through. */
ssize_t __wrap_recv(int fd, void *data, size_t size, int flags)
{
    socklen_t none = 0;

    return __wrap_recvfrom(fd, data, size, flags, NULL, &none);
}

/* ---- Datagrams ---- */

union packet {
    struct nlmsghdr header;
    char bytes[1024];
};

static void start(union packet *packet, uint16_t type, uint16_t flags, uint32_t sequence,
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

static void error_packet(union packet *packet, uint16_t type, uint32_t sequence, int code,
                         const void *text, size_t length)
{
    struct nlmsgerr error = {.error = code};

    start(packet, type, text ? NLM_F_ACK_TLVS : 0, sequence, &error,
          type == NLMSG_DONE ? sizeof(int) : sizeof error);
    if (text)
        mnl_attr_put(&packet->header, NLMSGERR_ATTR_MSG, length, text);
}

static struct step *add(const void *data, size_t size)
{
    assert_true(step_count < STEPS_MAX);
    steps[step_count] = (struct step){.data = data, .size = size};
    return &steps[step_count++];
}

static void add_packet(const union packet *packet)
{
    add(packet, packet->header.nlmsg_len);
}

static void add_error(int error)
{
    steps[step_count++] = (struct step){.error = error};
}

/* ---- Fixture ---- */

static struct aq_rtnl rtnl;
static union aq_rtnl_request request;
static union aq_rtnl_answer answer;

static int reset(void **state)
{
    (void)state;
    memset(steps, 0, sizeof steps);
    memset(send_errors, 0, sizeof send_errors);
    step_count = step_at = 0;
    socket_error = bind_error = setsockopt_error = poll_error = 0;
    sent = socket_calls = bind_calls = option_calls = received = polled = 0;
    aq_rtnl_detail_clear();
    aq_rtnl_init(&rtnl, OWNER);
    if (aq_rtnl_open(&rtnl, 0) != 0 || socket_calls != 1 || bind_calls != 1 || option_calls < 1)
        return -1;
    aq_rtnl_prepare(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
    return 0;
}

static int ask(void)
{
    int code = aq_rtnl_ask(&rtnl, &request, &answer);

    assert_true(sent > 0);
    return code;
}

static unsigned handled;
static int handler_code;

static int handler(const struct nlmsghdr *message, void *context)
{
    (void)message;
    assert_ptr_equal(context, &handled);
    handled++;
    return handler_code;
}

static int dump(void)
{
    int code;

    handled = 0;
    code = aq_rtnl_dump(&rtnl, &request, handler, &handled);
    assert_true(sent > 0);
    return code;
}

/* ---- Opening ---- */

static void test_open_failures(void **state)
{
    struct aq_rtnl other;

    (void)state;
    aq_rtnl_init(&other, 1);
    assert_int_equal(other.fd, -1);
    socket_error = EMFILE;
    assert_int_equal(aq_rtnl_open(&other, 0), -EMFILE);
    assert_int_equal(other.fd, -1);
    socket_error = 0;
    bind_error = EPERM;
    assert_int_equal(aq_rtnl_open(&other, 5), -EPERM);
    assert_int_equal(other.fd, -1);
    bind_error = 0;
    setsockopt_error = ENOPROTOOPT;
    assert_int_equal(aq_rtnl_open(&other, 5), 0);
    assert_int_equal(bound_groups, 5);
    aq_rtnl_close(&other);
    assert_int_equal(other.fd, -1);
    aq_rtnl_close(&other);
    assert_int_equal(socket_calls, 4);
    assert_int_equal(bind_calls, 3);
}

/* ---- Asking ---- */

static void test_answer(void **state)
{
    static union packet packet;

    (void)state;
    start(&packet, RTM_NEWLINK, 0, 1, "abcd", 4);
    add_packet(&packet);
    assert_int_equal(ask(), 0);
    assert_memory_equal(&answer, &packet, packet.header.nlmsg_len);
    assert_int_equal(last_sent.nlmsg_seq, 1);
    assert_true(last_sent.nlmsg_flags & NLM_F_REQUEST);
    assert_int_equal(received, 1);
}

/* Only the event socket hears others: a query socket is connected to the kernel. */
static void test_forged(void **state)
{
    static union packet forged, real;

    (void)state;
    assert_int_equal(aq_rtnl_open(&rtnl, 1), 0);
    start(&forged, RTM_DELLINK, 0, 0, NULL, 0);
    start(&real, RTM_NEWLINK, 0, 0, NULL, 0);
    add(&forged, forged.header.nlmsg_len)->sender = 4711;
    add(&forged, forged.header.nlmsg_len)->short_name = 1;
    add_packet(&real);
    handled = 0;
    handler_code = 0;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), 0);
    assert_int_equal(handled, 1);
    assert_int_equal(atomic_load(&rtnl.forged), 2);
}

static void test_forged_without_end(void **state)
{
    static union packet forged;

    (void)state;
    assert_int_equal(aq_rtnl_open(&rtnl, 1), 0);
    start(&forged, RTM_NEWLINK, 0, 1, NULL, 0);
    for (size_t i = 0; i < STEPS_MAX; i++)
        add(&forged, forged.header.nlmsg_len)->sender = 1;
    handled = 0;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EAGAIN);
    assert_int_equal(handled, 0);
    assert_true(received < STEPS_MAX);
}

static void test_wrong_sequence(void **state)
{
    static union packet old, real;

    (void)state;
    error_packet(&old, NLMSG_ERROR, 4, -ENOENT, "old", 3);
    start(&real, RTM_NEWLINK, 0, 5, NULL, 0);
    rtnl.sequence = 4;
    add_packet(&old);
    add_packet(&real);
    assert_int_equal(ask(), 0);
    assert_int_equal(answer.header.nlmsg_seq, 5);
    assert_int_equal(received, 2);
    assert_string_equal(aq_rtnl_detail(OWNER), "");
}

static void test_interrupted_calls(void **state)
{
    static union packet real;

    (void)state;
    start(&real, RTM_NEWLINK, 0, 1, NULL, 0);
    send_errors[0] = send_errors[1] = EINTR;
    for (int i = 0; i < 32; i++)
        add_error(EINTR);
    add_packet(&real);
    assert_int_equal(ask(), 0);
    assert_int_equal(sent, 3);
    assert_int_equal(received, 33);
}

static void test_timeout_and_failures(void **state)
{
    (void)state;
    assert_int_equal(ask(), -ETIMEDOUT);
    add_error(ENOBUFS);
    assert_int_equal(ask(), -ENOBUFS);
    send_errors[2] = ENOMEM;
    assert_int_equal(ask(), -ENOMEM);
    assert_int_equal(sent, 3);
    assert_int_equal(received, 2);
}

static void test_error_text(void **state)
{
    static union packet packet;
    char text[300];

    (void)state;
    memset(text, 'x', sizeof text);
    error_packet(&packet, NLMSG_ERROR, 1, -EINVAL, "Invalid", 8);
    add_packet(&packet);
    assert_int_equal(ask(), -EINVAL);
    assert_string_equal(aq_rtnl_detail(OWNER), "Invalid");
    assert_string_equal(aq_rtnl_detail(OWNER + 1), "");

    error_packet(&packet, NLMSG_ERROR, 2, -EPERM, "No NUL", 6);
    add_packet(&packet);
    assert_int_equal(ask(), -EPERM);
    assert_string_equal(aq_rtnl_detail(OWNER), "No NUL");

    error_packet(&packet, NLMSG_ERROR, 3, -EPERM, text, sizeof text);
    add_packet(&packet);
    assert_int_equal(ask(), -EPERM);
    assert_int_equal(strlen(aq_rtnl_detail(OWNER)), 159);
    assert_int_equal(strspn(aq_rtnl_detail(OWNER), "x"), 159);

    error_packet(&packet, NLMSG_ERROR, 4, -EPERM, "", 0);
    add_packet(&packet);
    assert_int_equal(ask(), -EPERM);
    assert_string_equal(aq_rtnl_detail(OWNER), "");

    error_packet(&packet, NLMSG_ERROR, 5, -ENOENT, NULL, 0);
    add_packet(&packet);
    assert_int_equal(ask(), -ENOENT);
    assert_string_equal(aq_rtnl_detail(OWNER), "");
    assert_int_equal(received, 5);
}

static void test_malformed_answers(void **state)
{
    static union packet packet;

    (void)state;
    error_packet(&packet, NLMSG_ERROR, 1, 5, NULL, 0); /* a positive code */
    add_packet(&packet);
    assert_int_equal(ask(), -EBADMSG);
    error_packet(&packet, NLMSG_ERROR, 2, 0, NULL, 0); /* an ack is no answer */
    add_packet(&packet);
    assert_int_equal(ask(), -EBADMSG);
    start(&packet, NLMSG_ERROR, 0, 3, "ab", 2); /* no whole code */
    add_packet(&packet);
    assert_int_equal(ask(), -EBADMSG);
    start(&packet, NLMSG_ERROR, NLM_F_ACK_TLVS, 4, "\xff\xff\xff\xff", 4); /* no request */
    add_packet(&packet);
    assert_int_equal(ask(), -EPERM);
    start(&packet, RTM_NEWLINK, 0, 5, NULL, 0);
    add(&packet, 8); /* less than a header */
    assert_int_equal(ask(), -EBADMSG);
    add(&packet, 0);
    assert_int_equal(ask(), -EBADMSG);
    packet.header.nlmsg_len = 400; /* says more than there is */
    add(&packet, 32);
    assert_int_equal(ask(), -EBADMSG);
    assert_int_equal(received, 7);
}

static void test_cut_answer(void **state)
{
    static char large[AQ_RTNL_ANSWER_SIZE + 4];

    (void)state;
    add(large, sizeof large);
    assert_int_equal(ask(), -EMSGSIZE);
    assert_int_equal(received, 1);
}

/* ---- Dumps ---- */

static void test_dump(void **state)
{
    static union packet one, two, done;

    (void)state;
    handler_code = 0;
    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, "abcd", 4);
    start(&two, RTM_NEWLINK, NLM_F_MULTI, 7, NULL, 0); /* of another request */
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    add_packet(&one);
    add_packet(&two);
    add_packet(&one);
    add_packet(&done);
    assert_int_equal(dump(), 0);
    assert_int_equal(handled, 2);
    assert_int_equal(step_at, 4);
    assert_int_equal(rtnl.fd, MOCK_FD);
}

static void test_dump_interrupted(void **state)
{
    static union packet one, done;

    (void)state;
    handler_code = 0;
    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, NULL, 0);
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    done.header.nlmsg_flags |= NLM_F_DUMP_INTR;
    add_packet(&one);
    add_packet(&done);
    assert_int_equal(dump(), 1);
    assert_int_equal(handled, 1);
    assert_int_equal(rtnl.fd, MOCK_FD);
}

static void test_dump_errors(void **state)
{
    static union packet done;

    (void)state;
    error_packet(&done, NLMSG_DONE, 1, -EOPNOTSUPP, "not here", 8);
    add_packet(&done);
    assert_int_equal(dump(), -EOPNOTSUPP);
    assert_string_equal(aq_rtnl_detail(OWNER), "not here");
    error_packet(&done, NLMSG_ERROR, 2, -EPERM, "no", 2);
    add_packet(&done);
    assert_int_equal(dump(), -EPERM);
    assert_string_equal(aq_rtnl_detail(OWNER), "no");
    error_packet(&done, NLMSG_DONE, 3, 3, NULL, 0);
    add_packet(&done);
    assert_int_equal(dump(), -EBADMSG);
    start(&done, NLMSG_DONE, 0, 4, NULL, 0); /* old kernels give no code */
    add_packet(&done);
    assert_int_equal(dump(), 0);
    assert_int_equal(rtnl.fd, MOCK_FD);
    assert_int_equal(step_at, 4);
}

static void test_dump_handler_failure(void **state)
{
    static union packet one, done;

    (void)state;
    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, NULL, 0);
    error_packet(&done, NLMSG_DONE, 1, -EIO, NULL, 0);
    for (int i = 0; i < 3; i++)
        add_packet(&one);
    add_packet(&done);
    handler_code = -ENOMEM;
    assert_int_equal(dump(), -ENOMEM);
    handler_code = 0;
    assert_int_equal(handled, 1);
    assert_int_equal(step_at, 4); /* drained */
    assert_int_equal(rtnl.fd, MOCK_FD);
}

static void test_dump_large_chunk(void **state)
{
    const size_t size = 100000;
    char *chunk = calloc(1, size);
    struct nlmsghdr *header = (void *)chunk;
    static union packet done;

    (void)state;
    assert_non_null(chunk);
    handler_code = 0;
    header->nlmsg_len = (uint32_t)size;
    header->nlmsg_type = RTM_NEWLINK;
    header->nlmsg_seq = 1;
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    add(chunk, size);
    add_packet(&done);
    assert_int_equal(dump(), 0);
    assert_int_equal(handled, 1);
    assert_int_equal(received, 5); /* peek, peek, take; peek, take */
    free(chunk);
}

static void test_dump_unfinished(void **state)
{
    static union packet one;

    (void)state;
    handler_code = 0;
    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, NULL, 0);
    add_packet(&one);
    assert_int_equal(dump(), -ETIMEDOUT);
    assert_int_equal(handled, 1);
    assert_int_equal(rtnl.fd, -1);
}

static void test_dump_send_failure(void **state)
{
    (void)state;
    send_errors[0] = ENOBUFS;
    assert_int_equal(dump(), -ENOBUFS);
    assert_int_equal(rtnl.fd, -1);
    assert_int_equal(received, 0);
}

/* ---- Events ---- */

static void test_event(void **state)
{
    static union packet one;
    static char large[8192 + 4];

    (void)state;
    start(&one, RTM_NEWLINK, 0, 0, "abcd", 4);
    handled = 0;
    handler_code = 0;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EAGAIN);
    add_error(ENOBUFS);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -ENOBUFS);
    add(large, sizeof large);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EMSGSIZE);
    assert_int_equal(handled, 0);
    add_packet(&one);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), 0);
    assert_int_equal(handled, 1);
    add(&one, one.header.nlmsg_len)->sender = 12;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EAGAIN);
    assert_int_equal(handled, 1);
    handler_code = -ENOMEM;
    add_packet(&one);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -ENOMEM);
    handler_code = 0;
    add(&one, 10);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), 0);
    assert_int_equal(handled, 2);
    assert_int_equal(polled, 7);
    assert_int_equal(received, 7); /* not the first, but twice where one was foreign */
}

/* A poll that fails tells nothing: the read does. */
static void test_event_poll_failure(void **state)
{
    static union packet one;

    (void)state;
    start(&one, RTM_NEWLINK, 0, 0, NULL, 0);
    handled = 0;
    handler_code = 0;
    poll_error = EINTR;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EAGAIN);
    assert_int_equal(received, 1);
    add_packet(&one);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), 0);
    assert_int_equal(handled, 1);
}

static void test_payload(void **state)
{
    static union packet packet;

    (void)state;
    start(&packet, RTM_NEWLINK, 0, 0, "abcd", 4);
    assert_non_null(aq_rtnl_payload(&packet.header, 4));
    assert_null(aq_rtnl_payload(&packet.header, 5));
}

/* A refused message leaves nothing behind, whichever parser refused it. */
static void test_refused_link_is_zeroed(void **state)
{
    static const struct arpq_interface zero;
    const struct ifinfomsg header = {.ifi_index = 3, .ifi_flags = 1};
    struct arpq_interface link;
    static union packet packet;

    (void)state;
    start(&packet, RTM_NEWLINK, 0, 0, &header, sizeof header);
    memset(&link, 0xaa, sizeof link);
    assert_int_equal(aq_rtnl_link_parse(&packet.header, &link), -EBADMSG);
    assert_memory_equal(&link, &zero, sizeof link);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_open_failures),
        TEST(test_answer),
        TEST(test_forged),
        TEST(test_forged_without_end),
        TEST(test_wrong_sequence),
        TEST(test_interrupted_calls),
        TEST(test_timeout_and_failures),
        TEST(test_error_text),
        TEST(test_malformed_answers),
        TEST(test_cut_answer),
        TEST(test_dump),
        TEST(test_dump_interrupted),
        TEST(test_dump_errors),
        TEST(test_dump_handler_failure),
        TEST(test_dump_large_chunk),
        TEST(test_dump_unfinished),
        TEST(test_dump_send_failure),
        TEST(test_event),
        TEST(test_event_poll_failure),
        TEST(test_payload),
        TEST(test_refused_link_is_zeroed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

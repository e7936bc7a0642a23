/* SPDX-License-Identifier: MIT */
/* ICMP sockets: refused options, truncated messages, and error reports instead of results. */
#include "test.h"

#include <time.h> /* before linux/errqueue.h, which needs struct timespec */

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "kernel/icmp_socket.h"
#include "kernel/sys.h"

#define FD 77

/* ---- The simulated kernel ---- */

static int datagram_error, raw_error; /* errno, or 0 */
static int refused_option;            /* a SO_* option, or -1 for all */
static int interface_error, bind_error, send_error[4];
static unsigned sockets, sends, options_set, infos_asked;

int __wrap_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol)
{
    const bool raw = (type & 0xf) == SOCK_RAW;

    assert_int_equal(protocol, domain == AF_INET6 ? (int)IPPROTO_ICMPV6 : (int)IPPROTO_ICMP);
    assert_true(type & SOCK_CLOEXEC && type & SOCK_NONBLOCK);
    sockets++;
    errno = raw ? raw_error : datagram_error;
    return errno ? -1 : FD;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    assert_int_equal(fd, FD);
    assert_non_null(value);
    assert_true(size >= sizeof(int));
    options_set++;
    infos_asked += (level == IPPROTO_IP && name == IP_PKTINFO) ||
                   (level == IPPROTO_IPV6 && name == IPV6_RECVPKTINFO);
    if (refused_option == -1 || (level == SOL_SOCKET && name == refused_option)) {
        errno = ENOPROTOOPT;
        return -1;
    }
    if ((level == IPPROTO_IP && name == IP_UNICAST_IF) ||
        (level == IPPROTO_IPV6 && name == IPV6_UNICAST_IF)) {
        errno = interface_error;
        return errno ? -1 : 0;
    }
    return 0;
}

int __wrap_bind(int fd, const struct sockaddr *sa, socklen_t size);
int __wrap_bind(int fd, const struct sockaddr *sa, socklen_t size)
{
    assert_int_equal(size, sa->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                     : sizeof(struct sockaddr_in));
    errno = bind_error;
    return errno ? -1 : 0;
}

ssize_t __wrap_sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to,
                      socklen_t to_size);
ssize_t __wrap_sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to,
                      socklen_t to_size)
{
    assert_non_null(to);
    assert_true(to_size >= sizeof(struct sockaddr_in));
    errno = send_error[sends++];
    return errno ? -1 : (ssize_t)size;
}

static int queue_error, message_error; /* errno, or 0 to deliver `next` */
static struct {
    uint8_t bytes[256];
    ssize_t size;
    struct sockaddr_storage name;
    socklen_t name_size;
    _Alignas(struct cmsghdr) uint8_t control[512];
    size_t control_size;
    int flags;
} next;

ssize_t __wrap_recvmsg(int fd, struct msghdr *header, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *header, int flags)
{
    size_t size = (size_t)next.size;

    errno = flags & MSG_ERRQUEUE ? queue_error : message_error;
    if (errno)
        return -1;
    if (size > header->msg_iov[0].iov_len)
        size = header->msg_iov[0].iov_len;
    memcpy(header->msg_iov[0].iov_base, next.bytes, size);
    memcpy(header->msg_name, &next.name, sizeof next.name);
    header->msg_namelen = next.name_size;
    memcpy(header->msg_control, next.control, next.control_size);
    header->msg_controllen = (socklen_t)next.control_size;
    header->msg_flags = next.flags;
    return (ssize_t)size;
}

static int set_up(void **state)
{
    datagram_error = raw_error = refused_option = interface_error = bind_error = 0;
    memset(send_error, 0, sizeof send_error);
    sockets = sends = options_set = infos_asked = 0;
    queue_error = message_error = EAGAIN;
    memset(&next, 0, sizeof next);
    return 0;
}

/* ---- Opening ---- */

static struct aq_icmp_socket opened;

static int open_v(uint16_t family, uint32_t ifindex, bool raw)
{
    const struct aq_icmp_options options = {
        .family = family, .ifindex = ifindex, .raw = raw, .hop_limit = 3};

    memset(&opened, 0xaa, sizeof opened);
    return aq_icmp_socket_open(&opened, &options);
}

static void test_which_socket(void **state)
{
    static const struct {
        int datagram, raw, code;
        unsigned sockets;
    } cases[] = {
        {0, 0, 0, 1},
        {EACCES, 0, 0, 2},
        {EPROTONOSUPPORT, 0, 0, 2},
        {EACCES, EPERM, -EPERM, 2},
        {EACCES, EACCES, -EPERM, 2},
        {EAFNOSUPPORT, EAFNOSUPPORT, -EAFNOSUPPORT, 2},
        {EACCES, EPROTONOSUPPORT, -EAFNOSUPPORT, 2},
        {EMFILE, 0, -EMFILE, 1},
        {ENOMEM, 0, -ENOMEM, 1},
        {EACCES, ENFILE, -ENFILE, 2},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int v6 = 0; v6 < 2; v6++) {
            sockets = 0;
            datagram_error = cases[i].datagram;
            raw_error = cases[i].raw;
            assert_int_equal(open_v(v6 ? AF_INET6 : AF_INET, 0, false), cases[i].code);
            assert_int_equal(sockets, cases[i].sockets);
            assert_int_equal(opened.fd, cases[i].code ? -1 : FD);
            if (opened.fd >= 0)
                assert_int_equal(opened.raw, cases[i].sockets == 2);
        }
    raw_error = 0;
    sockets = 0;
    assert_int_equal(open_v(AF_INET, 0, true), 0);
    assert_true(opened.raw);
    assert_int_equal(sockets, 1);
}

static void test_refused_options(void **state)
{
    for (int v6 = 0; v6 < 2; v6++) {
        const uint16_t family = v6 ? AF_INET6 : AF_INET;

        refused_option = SO_TIMESTAMPING;
        assert_int_equal(open_v(family, 0, false), 0);
        refused_option = SO_ATTACH_FILTER;
        assert_int_equal(open_v(family, 0, true), 0);
        refused_option = 0;
        interface_error = EADDRNOTAVAIL;
        assert_int_equal(open_v(family, 5, false), -ENODEV);
        assert_int_equal(opened.fd, -1);
        interface_error = EPERM;
        assert_int_equal(open_v(family, 5, false), -EPERM);
        interface_error = 0;
        assert_int_equal(open_v(family, 5, false), 0);
        refused_option = -1; /* the kernel refuses every option */
        assert_int_equal(open_v(family, 0, false), -ENOPROTOOPT);
        refused_option = 0;
    }
    assert_true(options_set > 0);
    assert_int_equal(infos_asked, 2 * 6);
}

static void test_source(void **state)
{
    struct aq_icmp_options options = {.family = AF_INET,
                                      .source = {.family = AF_INET, .bytes = {192, 0, 2, 1}}};

    assert_int_equal(aq_icmp_socket_open(&opened, &options), 0);
    bind_error = EADDRNOTAVAIL;
    assert_int_equal(aq_icmp_socket_open(&opened, &options), -EADDRNOTAVAIL);
    assert_int_equal(opened.fd, -1);
    options.source.family = AF_UNIX;
    assert_int_equal(aq_icmp_socket_open(&opened, &options), -EAFNOSUPPORT);
}

/* ---- Sending ---- */

/* The socket reports an error about an earlier request once. */
static void test_send_after_report(void **state)
{
    const struct aq_icmp_socket socket = {.fd = FD, .family = AF_INET, .raw = true};
    const struct arpq_ip to = {.family = AF_INET, .bytes = {192, 0, 2, 1}}, none = {.family = 0};

    assert_int_equal(aq_icmp_socket_send(&socket, &to, "12345678", 8), 0);
    assert_int_equal(sends, 1);
    sends = 0;
    send_error[0] = EHOSTUNREACH;
    assert_int_equal(aq_icmp_socket_send(&socket, &to, "12345678", 8), 0);
    assert_int_equal(sends, 2);
    sends = 0;
    send_error[1] = send_error[2] = EHOSTUNREACH;
    assert_int_equal(aq_icmp_socket_send(&socket, &to, "12345678", 8), -EHOSTUNREACH);
    assert_int_equal(sends, 3);
    sends = 0;
    send_error[0] = ENOBUFS;
    assert_int_equal(aq_icmp_socket_send(&socket, &to, "12345678", 8), -ENOBUFS);
    assert_int_equal(sends, 1);
    assert_int_equal(aq_icmp_socket_send(&socket, &none, "12345678", 8), -EAFNOSUPPORT);
    assert_int_equal(sends, 1);
}

/* ---- Receiving ---- */

static void put_control(int level, int type, const void *value, size_t size)
{
    struct cmsghdr *c = (void *)(next.control + next.control_size);

    assert_true(next.control_size + CMSG_SPACE(size) <= sizeof next.control);
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = (socklen_t)CMSG_LEN(size);
    memcpy(CMSG_DATA(c), value, size);
    next.control_size += CMSG_SPACE(size);
}

static void put_name(uint8_t last)
{
    struct sockaddr_in name = {.sin_family = AF_INET};

    name.sin_addr.s_addr = htonl(0xc0000200u | last);
    memcpy(&next.name, &name, sizeof name);
    next.name_size = sizeof name;
}

static struct aq_icmp_message message;

static int receive(bool raw)
{
    const struct aq_icmp_socket socket = {.fd = FD, .family = AF_INET, .raw = raw};
    static uint8_t buffer[200];

    memset(&message, 0xaa, sizeof message);
    return aq_icmp_socket_receive(&socket, buffer, sizeof buffer, &message);
}

static void test_results(void **state)
{
    static const int reports[] = {EHOSTUNREACH, ENETUNREACH, ECONNREFUSED, ENOPROTOOPT,
                                  EMSGSIZE,     EOPNOTSUPP,  EHOSTDOWN,    ENONET,
                                  EPROTO,       EACCES,      EREMOTEIO};
    static const int failures[] = {ENOMEM, ENOBUFS, EBADF, EINVAL, ENOTSOCK, EPERM};

    assert_int_equal(receive(false), 0);
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        message_error = reports[i];
        assert_int_equal(receive(false), -ENOMSG);
    }
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        message_error = failures[i];
        assert_int_equal(receive(false), -failures[i]);
    }
    queue_error = ENOMEM;
    assert_int_equal(receive(false), -ENOMEM);
}

static void test_ip_headers(void **state)
{
    static const struct {
        uint8_t first;
        ssize_t size;
        int code;
        size_t left;
    } cases[] = {
        {0x45, 28, 1, 8},       {0x45, 20, 1, 0},       {0x45, 19, -ENOMSG, 0},
        {0x45, 0, -ENOMSG, 0},  {0x44, 28, -ENOMSG, 0}, {0x4f, 68, 1, 8},
        {0x4f, 59, -ENOMSG, 0}, {0x65, 28, -ENOMSG, 0}, {0x40, 28, -ENOMSG, 0},
    };

    message_error = 0;
    put_name(9);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        next.bytes[0] = cases[i].first;
        next.size = cases[i].size;
        assert_int_equal(receive(true), cases[i].code);
        if (cases[i].code == 1)
            assert_int_equal(message.size, cases[i].left);
        assert_int_equal(receive(false), 1); /* a message without an IP header */
        assert_int_equal(message.size, cases[i].size);
    }
    next.bytes[0] = 0x45;
    next.size = 28;
    next.flags = MSG_TRUNC;
    assert_int_equal(receive(true), -ENOMSG);
    next.flags = 0;
    next.name_size = 0;
    assert_int_equal(receive(true), -ENOMSG);
}

static void test_controls(void **state)
{
    const struct timespec stamps[3] = {{12, 34}, {0, 0}, {0, 0}}, none[3] = {{0, 0}};
    const struct in_pktinfo info = {.ipi_ifindex = 6};
    const int hops = 63, odd[] = {-1, 0, 256};
    const uint8_t byte = 9;

    message_error = 0;
    put_name(9);
    next.size = 8;
    put_control(IPPROTO_IP, IP_TTL, &hops, sizeof hops);
    put_control(IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    put_control(SOL_SOCKET, SCM_TIMESTAMPING, stamps, sizeof stamps);
    assert_int_equal(receive(false), 1);
    assert_int_equal(message.kind, AQ_ICMP_MESSAGE);
    assert_int_equal(message.hop_limit, 63);
    assert_int_equal(message.ifindex, 6);
    assert_int_equal(message.time_ns, 12000000034);
    assert_int_equal(message.from.bytes[3], 9);

    next.control_size = 0; /* control messages with truncated values */
    put_control(IPPROTO_IP, IP_TTL, &byte, 1);
    put_control(IPPROTO_IP, IP_PKTINFO, &byte, 1);
    put_control(SOL_SOCKET, SCM_TIMESTAMPING, stamps, sizeof stamps - 1);
    put_control(SOL_SOCKET, 999, &byte, 1);
    assert_int_equal(receive(false), 1);
    assert_int_equal(message.hop_limit | message.ifindex, 0);
    assert_int_equal(message.time_ns, 0);

    for (size_t i = 0; i < 3; i++) {
        next.control_size = 0;
        put_control(IPPROTO_IP, IP_TTL, &odd[i], sizeof odd[i]);
        put_control(SOL_SOCKET, SCM_TIMESTAMPING, none, sizeof none);
        assert_int_equal(receive(false), 1);
        assert_int_equal(message.hop_limit, 0);
        assert_int_equal(message.time_ns, 0);
    }
    next.control_size = 0;
    put_control(IPPROTO_IP, IP_TTL, &hops, sizeof hops);
    ((struct cmsghdr *)(void *)next.control)->cmsg_len = 4000; /* a length beyond the buffer */
    assert_int_equal(receive(false), 1);
    assert_int_equal(message.hop_limit, 0);
}

static void put_error(uint8_t origin, uint32_t number, size_t size)
{
    struct {
        struct sock_extended_err error;
        struct sockaddr_in offender;
    } report = {.error = {.ee_errno = number, .ee_origin = origin, .ee_type = 3, .ee_code = 4},
                .offender = {.sin_family = AF_INET}};

    report.error.ee_info = 1300;
    report.offender.sin_addr.s_addr = htonl(0xc6336401u);
    next.control_size = 0;
    put_control(IPPROTO_IP, IP_RECVERR, &report, size);
}

static void test_reports(void **state)
{
    const size_t whole = sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in);

    queue_error = 0;
    put_name(9);
    next.size = 8;
    next.bytes[0] = 8;
    put_error(SO_EE_ORIGIN_ICMP, EMSGSIZE, whole);
    assert_int_equal(receive(true), 1); /* without an IP header */
    assert_int_equal(message.kind, AQ_ICMP_REPORT);
    assert_int_equal(message.size, 8);
    assert_int_equal(message.type, 3);
    assert_int_equal(message.code, 4);
    assert_int_equal(message.value, 1300);
    assert_int_equal(message.to.bytes[3], 9);
    assert_int_equal(message.from.bytes[0], 198);
    /* The report contains more of the request than needed, so it may be truncated. */
    next.flags = MSG_TRUNC;
    assert_int_equal(receive(false), 1);

    put_error(SO_EE_ORIGIN_ICMP, EHOSTUNREACH, sizeof(struct sock_extended_err));
    assert_int_equal(receive(false), 1);
    assert_int_equal(message.from.family, 0);
    assert_int_equal(message.value, 0);
    put_error(SO_EE_ORIGIN_ICMP, EHOSTUNREACH, sizeof(struct sock_extended_err) - 1);
    assert_int_equal(receive(false), -ENOMSG);
    put_error(SO_EE_ORIGIN_LOCAL, EMSGSIZE, whole);
    assert_int_equal(receive(false), -ENOMSG);
    put_error(200, EMSGSIZE, whole);
    assert_int_equal(receive(false), -ENOMSG);
    next.control_size = 0; /* the control messages are truncated */
    next.flags = MSG_CTRUNC;
    assert_int_equal(receive(false), -ENOMSG);
    put_error(SO_EE_ORIGIN_TIMESTAMPING, ENOMSG, sizeof(struct sock_extended_err));
    next.size = 0;
    assert_int_equal(receive(false), 1);
    assert_int_equal(message.kind, AQ_ICMP_SENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_which_socket), TEST_SET_UP(test_refused_options),
        TEST_SET_UP(test_source),       TEST_SET_UP(test_send_after_report),
        TEST_SET_UP(test_results),      TEST_SET_UP(test_ip_headers),
        TEST_SET_UP(test_controls),     TEST_SET_UP(test_reports),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Fault injection: the wrapped calls, and the loops that make each of them fail in turn. */
#include "test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "namespace.h"
#include "process.h"
#include "unit/faults.h"

_Atomic enum call armed = CALLS;
static unsigned fail_at, fail_times;
int fail_with;
static atomic_uint seen;
atomic_uint consumed;
static atomic_ulong total[CALLS];
bool netlink_refused, inet_refused;
bool own_netns;

static atomic_ulong calls_made[CALLS];

static bool faulty(enum call call)
{
    unsigned number;

    calls_made[call]++;
    if (call != armed)
        return false;
    number = ++seen;
    if (number < fail_at || number >= fail_at + fail_times)
        return false;
    consumed++;
    total[call]++;
    errno = fail_with;
    return true;
}

#define WRAP(kind, failure, type, name, parameters, ...)                                           \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        return faulty(kind) ? (failure) : __real_##name(__VA_ARGS__);                              \
    }

WRAP(MALLOC, NULL, void *, malloc, (size_t size), size)
WRAP(CALLOC, NULL, void *, calloc, (size_t count, size_t size), count, size)
WRAP(REALLOC, NULL, void *, realloc, (void *old, size_t size), old, size)
WRAP(BIND, -1, int, bind, (int fd, const struct sockaddr *sa, socklen_t size), fd, sa, size)
WRAP(SETSOCKOPT, -1, int, setsockopt,
     (int fd, int level, int name, const void *value, socklen_t size), fd, level, name, value, size)
WRAP(FCNTL, -1, int, fcntl, (int fd, int command, int argument), fd, command, argument)
WRAP(IOCTL, -1, int, ioctl, (int fd, unsigned long request, void *argument), fd, request, argument)
WRAP(SEND, -1, ssize_t, send, (int fd, const void *data, size_t size, int flags), fd, data, size,
     flags)
WRAP(RECVFROM, -1, ssize_t, recvfrom,
     (int fd, void *data, size_t size, int flags, struct sockaddr *from, socklen_t *length), fd,
     data, size, flags, from, length)
WRAP(SENDTO, -1, ssize_t, sendto,
     (int fd, const void *data, size_t size, int flags, const struct sockaddr *to,
      socklen_t length),
     fd, data, size, flags, to, length)
WRAP(RECVMSG, -1, ssize_t, recvmsg, (int fd, struct msghdr *header, int flags), fd, header, flags)
WRAP(CONNECT, -1, int, connect, (int fd, const struct sockaddr *to, socklen_t size), fd, to, size)
WRAP(GETIFADDRS, -1, int, getifaddrs, (struct ifaddrs * *list), list)
WRAP(MMAP, MAP_FAILED, void *, mmap,
     (void *at, size_t size, int prot, int flags, int fd, off_t offset), at, size, prot, flags, fd,
     offset)
WRAP(MADVISE, -1, int, madvise, (void *at, size_t size, int advice), at, size, advice)
WRAP(PTHREAD_CREATE, fail_with, int, pthread_create,
     (pthread_t * thread, const pthread_attr_t *attr, void *(*run)(void *), void *argument), thread,
     attr, run, argument)
WRAP(GETSOCKOPT, -1, int, getsockopt, (int fd, int level, int name, void *value, socklen_t *size),
     fd, level, name, value, size)
WRAP(GETSOCKNAME, -1, int, getsockname, (int fd, struct sockaddr *sa, socklen_t *size), fd, sa,
     size)
WRAP(GETPEERNAME, -1, int, getpeername, (int fd, struct sockaddr *sa, socklen_t *size), fd, sa,
     size)

WRAP(POLL, -1, int, poll, (struct pollfd * fds, nfds_t count, int timeout), fds, count, timeout)
WRAP(ALIGNED_ALLOC, NULL, void *, aligned_alloc, (size_t alignment, size_t size), alignment, size)
WRAP(EPOLL_CREATE, -1, int, epoll_create1, (int flags), flags)
WRAP(EPOLL_CTL, -1, int, epoll_ctl, (int epoll_fd, int what, int fd, struct epoll_event *event),
     epoll_fd, what, fd, event)
WRAP(EPOLL_WAIT, -1, int, epoll_wait,
     (int epoll_fd, struct epoll_event *events, int most, int timeout), epoll_fd, events, most,
     timeout)
WRAP(TIMERFD_CREATE, -1, int, timerfd_create, (int clock, int flags), clock, flags)
WRAP(TIMERFD_SETTIME, -1, int, timerfd_settime,
     (int fd, int flags, const struct itimerspec *when, struct itimerspec *old), fd, flags, when,
     old)
WRAP(EVENTFD, -1, int, eventfd, (unsigned value, int flags), value, flags)
WRAP(GETRANDOM, -1, ssize_t, getrandom, (void *bytes, size_t size, unsigned flags), bytes, size,
     flags)
WRAP(SENDMMSG, -1, int, sendmmsg, (int fd, struct mmsghdr *headers, unsigned count, int flags), fd,
     headers, count, flags)

WRAP(SENDMSG, -1, ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), fd, message,
     flags)
WRAP(DUP3, -1, int, dup3, (int fd, int to, int flags), fd, to, flags)

atomic_long skew_s;
int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    int code = faulty(CLOCK_GETTIME) ? -1 : __real_clock_gettime(id, now);

    if (code == 0)
        now->tv_sec += skew_s;
    return code;
}

atomic_int overruns;
/* A second close of a descriptor could close a file that another thread has just opened. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    int code = __real_close(fd);

    if (code < 0 && errno == EBADF && fd >= 0) {
        fprintf(stderr, "descriptor %d was closed twice\n", fd);
        abort();
    }
    return code;
}

ssize_t (*change_datagram)(void *data, ssize_t length);

ssize_t __real_recv(int fd, void *data, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t size, int flags)
{
    ssize_t length = faulty(RECV) ? -1 : __real_recv(fd, data, size, flags);

    return length > 0 && change_datagram ? change_datagram(data, length) : length;
}

int __real_recvmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags,
                    struct timespec *timeout);
int __wrap_recvmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags,
                    struct timespec *timeout);
int __wrap_recvmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags,
                    struct timespec *timeout)
{
    if (faulty(RECVMMSG))
        return -1;
    if (overruns > 0) {
        overruns--;
        errno = ENOBUFS;
        return -1;
    }
    return __real_recvmmsg(fd, headers, count, flags, timeout);
}

int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol)
{
    if (faulty(SOCKET))
        return -1;
    if (netlink_refused && domain == AF_NETLINK) {
        errno = EPERM;
        return -1;
    }
    if (inet_refused && domain == AF_INET) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    return __real_socket(domain, type, protocol);
}

struct arpq_handle *handle;
int netns_fd = -1, peer_fd = -1;

void assert_zeroed(int code, const void *value, size_t size)
{
    const unsigned char *bytes = value;

    for (size_t i = 0; code < 0 && i < size; i++)
        assert_int_equal(bytes[i], 0);
}

int look_up(const char *text, uint32_t ifindex)
{
    struct arpq_mac mac;
    struct arpq_ip ip;
    int code;

    assert_int_equal(arpq_ip_parse(text, &ip, 0), 0);
    memset(&mac, 0xaa, sizeof mac);
    code = arpq_lookup(handle, &ip, ifindex, 0, &mac);
    assert_zeroed(code, &mac, sizeof mac);
    return code;
}

void change_interfaces(void)
{
    static int mtu = 30000;
    struct ifreq request = {.ifr_name = "lo"};

    for (int i = 0; own_netns && i < 3; i++) {
        mtu ^= 1;
        request.ifr_mtu = mtu;
        assert_int_equal(__real_ioctl(peer_fd, SIOCSIFMTU, &request), 0);
    }
}

static int change_fd = -1;
uint8_t changed_mac;

struct arpq_ip entry_ip(uint8_t n)
{
    return (struct arpq_ip){.family = AF_INET6, .bytes = {0x20, 1, 0xd, 0xb8, [15] = n}};
}

static int put_entry(uint8_t n, uint8_t mac)
{
    const uint8_t address[6] = {2, 0, 0, 0, n, mac};
    const struct arpq_ip ip = entry_ip(n);
    union {
        struct nlmsghdr header;
        char bytes[1024];
    } message = {0};
    struct ndmsg *neigh;
    struct nlmsgerr error;

    mnl_nlmsg_put_header(message.bytes);
    message.header.nlmsg_type = RTM_NEWNEIGH;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
    neigh = mnl_nlmsg_put_extra_header(&message.header, sizeof *neigh);
    neigh->ndm_family = AF_INET6;
    neigh->ndm_ifindex = 1;
    neigh->ndm_state = NUD_PERMANENT;
    mnl_attr_put(&message.header, NDA_DST, 16, ip.bytes);
    mnl_attr_put(&message.header, NDA_LLADDR, sizeof address, address);
    if (__real_send(change_fd, message.bytes, message.header.nlmsg_len, 0) < 0 ||
        __real_recv(change_fd, message.bytes, sizeof message, 0) < 0)
        return -1;
    memcpy(&error, mnl_nlmsg_get_payload(&message.header), sizeof error);
    return error.error;
}

void change_neighbours(void)
{
    for (int i = 0; own_netns && i < 3; i++)
        assert_int_equal(put_entry(1, ++changed_mac), 0);
}

bool documented(int code)
{
    static const int codes[] = {0,        ENOENT,     EAGAIN, EHOSTUNREACH, ENETUNREACH,
                                ENODEV,   EOPNOTSUPP, EINVAL, EAFNOSUPPORT, ENOMEM,
                                ENOBUFS,  EMFILE,     ENFILE, ETIMEDOUT,    EBADF,
                                ENOTSOCK, ENOTCONN,   EPERM,  ENETDOWN};

    for (size_t i = 0; i < LENGTH(codes); i++)
        if (code == -codes[i])
            return true;
    return false;
}

void arm(enum call call, unsigned at, unsigned times, int error)
{
    fail_at = at;
    fail_times = times;
    fail_with = error;
    seen = consumed = 0;
    armed = call;
}

/* Without a fault the operation has the expected result, unless the machine is so busy that a short
 * timeout passes before an answer is read. */
static void assert_works(int (*operation)(void), int expected)
{
    int code = operation();

    for (int tries = 1; code != expected && tries < 5; tries++)
        code = operation();
    assert_int_equal(code, expected);
}

/* Run the operation once with the fault armed. Returns whether a call failed because of the
 * fault. */
static bool run_once(int (*operation)(void), int expected)
{
    unsigned before = open_descriptors();
    enum call call = armed;
    int code;

    armed = CALLS;
    assert_int_equal(arpq_open(&handle, NULL), 0);
    armed = call;
    code = operation();
    armed = CALLS;
    /* The library returns errors of system calls unchanged. */
    if (!documented(code) && (!consumed || code != -fail_with))
        fail_msg("call %d, number %u, errno %d: code %d", (int)call, fail_at, fail_with, code);
    assert_int_equal(look_up("127.0.0.1", 0), 0);
    assert_works(operation, expected);
    arpq_close(handle);
    handle = NULL;
    assert_int_equal(open_descriptors(), before);
    return consumed > 0;
}

const struct fault faults[CALLS] = {
    {MALLOC, {ENOMEM}},
    {CALLOC, {ENOMEM}},
    {REALLOC, {ENOMEM}},
    {SOCKET, {ENOMEM, EMFILE, ENFILE, EPERM, EACCES, ENOBUFS, EAFNOSUPPORT}},
    {BIND, {ENOMEM, EPERM, EACCES, EINVAL}},
    {SETSOCKOPT, {ENOPROTOOPT, EPERM, ENOMEM}},
    {FCNTL, {EMFILE, EBADF, EINVAL}},
    {IOCTL, {ENOMEM, EPERM, EACCES, EINVAL, ENODEV, ENXIO, ENOBUFS}},
    {SEND, {ENOMEM, EINTR, ENOBUFS, EPERM, EACCES, EINVAL}},
    {SENDTO, {ENOMEM, EINTR, ENOBUFS, EPERM, EACCES, EHOSTUNREACH, EAGAIN}},
    {RECVMSG, {ENOMEM, EINTR, ENOBUFS, EAGAIN, EPERM, EHOSTUNREACH, EINVAL}},
    {RECV, {ENOMEM, EINTR, ENOBUFS, EAGAIN, EPERM, EINVAL}},
    {RECVFROM, {ENOMEM, EINTR, ENOBUFS, EAGAIN, EPERM, EINVAL}},
    {CONNECT, {ENOMEM, EPERM, EACCES, ENOBUFS}},
    {GETIFADDRS, {ENOMEM, EMFILE, EPERM, EACCES, ENOBUFS}},
    {MMAP, {ENOMEM, EAGAIN}},
    {MADVISE, {EINVAL}},
    {PTHREAD_CREATE, {EAGAIN, EPERM}},
    {CLOCK_GETTIME, {EINVAL}},
    {GETSOCKOPT, {ENOPROTOOPT, EPERM}},
    {GETSOCKNAME, {ENOBUFS, EINVAL}},
    {GETPEERNAME, {ENOTCONN, ENOBUFS}},
    {POLL, {EINTR, ENOMEM, EINVAL}},
    {ALIGNED_ALLOC, {ENOMEM}},
    {RECVMMSG, {ENOBUFS, ENOMEM, EINTR, EAGAIN, EPERM, EINVAL}},
    {EPOLL_CREATE, {ENOMEM, EMFILE, ENFILE}},
    {EPOLL_CTL, {ENOMEM, ENOSPC}},
    {EPOLL_WAIT, {EINTR, ENOMEM}},
    {TIMERFD_CREATE, {ENOMEM, EMFILE, ENFILE}},
    {TIMERFD_SETTIME, {EINVAL}},
    {EVENTFD, {ENOMEM, EMFILE, ENFILE}},
    {GETRANDOM, {EAGAIN, ENOSYS}},
    {SENDMMSG, {EAGAIN, ENOBUFS, ENOMEM, EINTR, EPERM, EINVAL}},
    {SENDMSG, {EAGAIN, EINTR, ENOMEM, ENOBUFS, EPERM, EACCES, ENODEV}},
    {DUP3, {EINTR, EBADF, EMFILE}},
};

void run_some(int (*operation)(void), size_t errors)
{
    bool makes[CALLS];
    int expected;

    assert_int_equal(arpq_open(&handle, NULL), 0);
    for (size_t i = 0; i < CALLS; i++)
        calls_made[i] = 0;
    expected = operation();
    for (int tries = 0; tries < 5 && operation() != expected; tries++) /* a busy machine */
        expected = operation();
    for (size_t i = 0; i < CALLS; i++)
        makes[i] = calls_made[i] > 0;
    /* If the clock fails, the length of a wait is undefined. */
    if (errors < LENGTH(faults[0].errors))
        makes[CLOCK_GETTIME] = false;
    arpq_close(handle);
    for (size_t i = 0; i < LENGTH(faults); i++)
        for (size_t e = 0; makes[faults[i].call] && e < errors && faults[i].errors[e]; e++)
            for (unsigned n = 1;; n++) {
                assert_between(n, 1, 10000);
                arm(faults[i].call, n, 1, faults[i].errors[e]);
                if (!run_once(operation, expected))
                    break;
            }
}

void run_all(int (*operation)(void))
{
    run_some(operation, LENGTH(faults[0].errors));
}

static int open_sockets(void)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    netns_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    peer_fd = __real_socket(AF_INET, SOCK_DGRAM, 0);
    change_fd = __real_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    for (uint8_t n = 1; own_netns && n <= ENTRIES; n++)
        if (put_entry(n, 0) != 0)
            return -1;
    return netns_fd < 0 || peer_fd < 0 || connect(peer_fd, (void *)&to, sizeof to) < 0;
}

int set_up(void **state)
{
    own_netns = namespace_enter();
    return open_sockets();
}

int set_up_netns(void **state)
{
    own_netns = namespace_enter();
    if (!own_netns)
        not_run("no network namespace can be made (needs CAP_SYS_ADMIN or a user namespace)");
    return open_sockets();
}

int tear_down(void **state)
{
    return close(netns_fd) | close(peer_fd) | close(change_fd);
}

void assert_each_was_met(uint64_t others)
{
    unsigned gaps = 0;

    for (unsigned i = 0; i < CALLS; i++) {
        /* The library may have no malloc calls. malloc is wrapped so that calls that are added
         * later are tested. */
        if (total[i] || i == MALLOC || others >> i & 1)
            continue;
        /* Without its own namespace the test changes nothing, so no event arrives. */
        if (i == RECVFROM && !own_netns)
            continue;
        print_error("call %u was never made to fail\n", i);
        gaps++;
    }
    assert_int_equal(gaps, 0);
}

/* SPDX-License-Identifier: MIT */
/* Every call that can fail does: the n-th of each kind, n = 1, 2, ... until an
 * operation gets by without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "arpq.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum call {
    MALLOC, CALLOC, REALLOC, SOCKET, BIND, SETSOCKOPT, FCNTL, IOCTL, SEND, RECV, RECVFROM, CONNECT,
    GETIFADDRS, MMAP, MADVISE, PTHREAD_CREATE, CLOCK_GETTIME, GETSOCKOPT, GETSOCKNAME,
    GETPEERNAME, POLL, CALLS
};

static enum call armed = CALLS; /* the kind that fails */
static unsigned fail_at, fail_times;
static int fail_with;
static unsigned seen, consumed;
static unsigned long total[CALLS];
static bool netlink_refused; /* as in a sandbox */
static bool own_netns;

static bool faulty(enum call call)
{
    if (call != armed)
        return false;
    seen++;
    if (seen < fail_at || seen >= fail_at + fail_times)
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
WRAP(FCNTL, -1, int, fcntl64, (int fd, int command, int argument), fd, command, argument)
WRAP(IOCTL, -1, int, ioctl, (int fd, unsigned long request, void *argument), fd, request, argument)
WRAP(SEND, -1, ssize_t, send, (int fd, const void *data, size_t size, int flags), fd, data, size,
     flags)
WRAP(RECV, -1, ssize_t, recv, (int fd, void *data, size_t size, int flags), fd, data, size, flags)
WRAP(RECVFROM, -1, ssize_t, recvfrom,
     (int fd, void *data, size_t size, int flags, struct sockaddr *from, socklen_t *length), fd,
     data, size, flags, from, length)
WRAP(CONNECT, -1, int, connect, (int fd, const struct sockaddr *to, socklen_t size), fd, to, size)
WRAP(GETIFADDRS, -1, int, getifaddrs, (struct ifaddrs **list), list)
WRAP(MMAP, MAP_FAILED, void *, mmap,
     (void *at, size_t size, int prot, int flags, int fd, off_t offset), at, size, prot, flags, fd,
     offset)
WRAP(MADVISE, -1, int, madvise, (void *at, size_t size, int advice), at, size, advice)
WRAP(PTHREAD_CREATE, fail_with, int, pthread_create,
     (pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *argument), thread,
     attr, run, argument)
WRAP(CLOCK_GETTIME, -1, int, clock_gettime, (clockid_t id, struct timespec *now), id, now)
WRAP(GETSOCKOPT, -1, int, getsockopt, (int fd, int level, int name, void *value, socklen_t *size),
     fd, level, name, value, size)
WRAP(GETSOCKNAME, -1, int, getsockname, (int fd, struct sockaddr *sa, socklen_t *size), fd, sa,
     size)
WRAP(GETPEERNAME, -1, int, getpeername, (int fd, struct sockaddr *sa, socklen_t *size), fd, sa,
     size)

WRAP(POLL, -1, int, poll, (struct pollfd *fds, nfds_t count, int timeout), fds, count, timeout)

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
    return __real_socket(domain, type, protocol);
}

static unsigned open_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    unsigned count = 0;

    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

/* ---- Operations: each returns its code, its outputs checked ---- */

static struct arpq *handle;
static int netns_fd = -1, peer_fd = -1;

static void assert_zeroed(int code, const void *value, size_t size)
{
    const unsigned char *bytes = value;

    for (size_t i = 0; code < 0 && i < size; i++)
        assert_int_equal(bytes[i], 0);
}

static int open_with(const struct arpq_options *options)
{
    struct arpq *made = (void *)&netns_fd;
    int code = arpq_open(&made, options);

    assert_true(code == 0 ? made != NULL : made == NULL);
    arpq_close(made);
    return code;
}

static int op_open(void)
{
    return open_with(NULL);
}

static int op_open_refused(void)
{
    int code;

    netlink_refused = true;
    code = open_with(NULL);
    netlink_refused = false;
    return code;
}

static int op_open_netns(void)
{
    const struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_IN_NETNS, .netns_fd = netns_fd};

    return open_with(&options);
}

static int look_up(const char *text, uint32_t ifindex)
{
    struct arpq_mac mac;
    struct arpq_ip ip;
    int code;

    assert_int_equal(arpq_ip_parse(text, &ip, 0), 0);
    memset(&mac, 0xaa, sizeof mac);
    code = arpq_lookup(handle, &ip, ifindex, &mac);
    assert_zeroed(code, &mac, sizeof mac);
    return code;
}

static int op_hit4(void) { return look_up("127.0.0.1", 0); }
static int op_hit6(void) { return look_up("::1", 1); }
static int op_miss4(void) { return look_up("198.51.100.77", 1); }
static int op_miss6(void) { return look_up("2001:db8::77", 1); }
static int op_routed(void) { return look_up("224.0.0.1", 0); }

/* Changes of lo, one datagram each, wait on every event socket of the namespace. */
static int op_events(void)
{
    static int mtu = 30000;
    struct ifreq request = {.ifr_name = "lo"};

    for (int i = 0; own_netns && i < 3; i++) {
        mtu ^= 1;
        request.ifr_mtu = mtu;
        assert_int_equal(__real_ioctl(peer_fd, SIOCSIFMTU, &request), 0);
    }
    return op_miss4(); /* a miss looks for events, however short ago the last look was */
}

static int op_neigh(void)
{
    struct arpq_ip ip = {.family = AF_INET, .bytes = {198, 51, 100, 78}};
    struct arpq_neigh neigh;
    int code;

    memset(&neigh, 0xaa, sizeof neigh);
    code = arpq_neigh_get(handle, &ip, 1, 0, &neigh);
    assert_zeroed(code, &neigh, sizeof neigh);
    return code;
}

static int op_interfaces(void)
{
    struct arpq_interfaces *list = (void *)&netns_fd;
    int code = arpq_interfaces_get(handle, &list);

    assert_true(code == 0 ? arpq_interfaces_count(list) > 0 : list == NULL);
    arpq_interfaces_free(list);
    return code;
}

static int op_name(void)
{
    uint32_t ifindex = 99;
    int code = arpq_name_to_index(handle, "no-such-name", &ifindex);

    assert_int_equal(ifindex, 0);
    return code;
}

static int op_peer(void)
{
    struct arpq_mac mac;
    int code;

    memset(&mac, 0xaa, sizeof mac);
    code = arpq_peer(handle, peer_fd, &mac);
    assert_zeroed(code, &mac, sizeof mac);
    return code;
}

/* ---- The loop ---- */

static bool documented(int code)
{
    static const int codes[] = {
        0, ENOENT, EAGAIN, EHOSTUNREACH, ENETUNREACH, ENODEV, EOPNOTSUPP, EINVAL, EAFNOSUPPORT,
        ENOMEM, ENOBUFS, EMFILE, ENFILE, ETIMEDOUT, EBADF, ENOTSOCK, ENOTCONN, EPERM};

    for (size_t i = 0; i < LENGTH(codes); i++)
        if (code == -codes[i])
            return true;
    return false;
}

static void arm(enum call call, unsigned at, unsigned times, int error)
{
    fail_at = at;
    fail_times = times;
    fail_with = error;
    seen = consumed = 0;
    armed = call;
}

/* One run with the fault in place; whether it was met. */
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
    /* What the system itself said is passed on. */
    if (!documented(code) && (!consumed || code != -fail_with))
        fail_msg("call %d, number %u, errno %d: code %d", (int)call, fail_at, fail_with, code);
    if (!consumed)
        assert_int_equal(code, expected);
    assert_int_equal(look_up("127.0.0.1", 0), 0);
    assert_int_equal(operation(), expected);
    arpq_close(handle);
    handle = NULL;
    assert_int_equal(open_descriptors(), before);
    return consumed > 0;
}

static const struct {
    enum call call;
    int errors[8];
} faults[] = {
    {MALLOC, {ENOMEM}},
    {CALLOC, {ENOMEM}},
    {REALLOC, {ENOMEM}},
    {SOCKET, {ENOMEM, EMFILE, ENFILE, EPERM, EACCES, ENOBUFS, EAFNOSUPPORT}},
    {BIND, {ENOMEM, EPERM, EACCES, EINVAL}},
    {SETSOCKOPT, {ENOPROTOOPT, EPERM, ENOMEM}},
    {FCNTL, {EMFILE, EBADF, EINVAL}},
    {IOCTL, {ENOMEM, EPERM, EACCES, EINVAL, ENODEV, ENXIO, ENOBUFS}},
    {SEND, {ENOMEM, EINTR, ENOBUFS, EPERM, EACCES, EINVAL}},
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
};

static void run_all(int (*operation)(void))
{
    int expected;

    assert_int_equal(arpq_open(&handle, NULL), 0);
    expected = operation();
    arpq_close(handle);
    for (size_t i = 0; i < LENGTH(faults); i++)
        for (size_t e = 0; e < LENGTH(faults[i].errors) && faults[i].errors[e]; e++)
            for (unsigned n = 1;; n++) {
                assert_in_range(n, 1, 10000);
                arm(faults[i].call, n, 1, faults[i].errors[e]);
                if (!run_once(operation, expected))
                    break;
            }
}

#define TEST_OF(operation)                                                                         \
    static void test_##operation(void **state)                                                     \
    {                                                                                              \
        (void)state;                                                                               \
        run_all(operation);                                                                        \
    }

TEST_OF(op_open)
TEST_OF(op_open_refused)
TEST_OF(op_hit4)
TEST_OF(op_hit6)
TEST_OF(op_miss4)
TEST_OF(op_miss6)
TEST_OF(op_routed)
TEST_OF(op_events)
TEST_OF(op_neigh)
TEST_OF(op_interfaces)
TEST_OF(op_name)
TEST_OF(op_peer)

static void test_op_open_netns(void **state)
{
    (void)state;
    run_all(op_open_netns); /* without CAP_SYS_ADMIN: always -EPERM, which is a result too */
}

static void test_many_interruptions(void **state)
{
    static const enum call calls[] = {SEND, RECV};

    (void)state;
    for (size_t i = 0; i < LENGTH(calls); i++) {
        arm(calls[i], 1, 32, EINTR);
        assert_int_equal(op_open(), 0);
        assert_int_equal(consumed, 32);
        armed = CALLS;
    }
}

/* 0: no fault met; 1: met; anything else: wrong. */
static int in_child(enum call call, unsigned n, int error)
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        int code;

        arm(call, n, 1, error);
        code = look_up("127.0.0.1", 0);
        armed = CALLS;
        if (!documented(code) && code != -error)
            _exit(2);
        if (look_up("127.0.0.1", 0) != 0)
            _exit(3);
        arpq_close(handle);
        _exit(consumed > 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_revive(void **state)
{
    unsigned met = 0;

    (void)state;
    assert_int_equal(arpq_open(&handle, NULL), 0);
    for (size_t i = 0; i < LENGTH(faults); i++)
        for (size_t e = 0; e < LENGTH(faults[i].errors) && faults[i].errors[e]; e++)
            for (unsigned n = 1;; n++) {
                int status = in_child(faults[i].call, n, faults[i].errors[e]);

                if (status > 1)
                    fail_msg("fault %zu, errno %d, n %u: status %d", i, faults[i].errors[e], n,
                             status);
                if (status == 0)
                    break;
                met++;
            }
    assert_true(met >= 20);
    arpq_close(handle);
    handle = NULL;
}

/* A mock that nothing ran into is one that the linker bypassed. */
static void test_each_was_met(void **state)
{
    unsigned gaps = 0;

    (void)state;
    for (unsigned i = 0; i < CALLS; i++) {
        /* The library need not call malloc: mocking it guards the future. */
        if (total[i] || i == MALLOC)
            continue;
        /* Without a namespace to change nothing makes events wait. */
        if (i == RECVFROM && !own_netns)
            continue;
        print_error("call %u was never made to fail\n", i);
        gaps++;
    }
    assert_int_equal(gaps, 0);
}

/* A network namespace of our own, lo up, where that is allowed; else the one we are in. */
static int enter_netns(void)
{
    struct ifreq up = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd, code;

    own_netns = unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
    if (!own_netns)
        return 0;
    fd = __real_socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0)
        return -1;
    code = __real_ioctl(fd, SIOCSIFFLAGS, &up);
    close(fd);
    return code;
}

static int set_up(void **state)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    (void)state;
    if (enter_netns() < 0)
        return -1;
    netns_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    peer_fd = __real_socket(AF_INET, SOCK_DGRAM, 0);
    return netns_fd < 0 || peer_fd < 0 || connect(peer_fd, (void *)&to, sizeof to) < 0;
}

static int tear_down(void **state)
{
    (void)state;
    return close(netns_fd) | close(peer_fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_op_open),
        cmocka_unit_test(test_op_open_refused),
        cmocka_unit_test(test_op_open_netns),
        cmocka_unit_test(test_op_hit4),
        cmocka_unit_test(test_op_hit6),
        cmocka_unit_test(test_op_miss4),
        cmocka_unit_test(test_op_miss6),
        cmocka_unit_test(test_op_routed),
        cmocka_unit_test(test_op_events),
        cmocka_unit_test(test_op_neigh),
        cmocka_unit_test(test_op_interfaces),
        cmocka_unit_test(test_op_name),
        cmocka_unit_test(test_op_peer),
        cmocka_unit_test(test_many_interruptions),
        cmocka_unit_test(test_revive),
        cmocka_unit_test(test_each_was_met),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

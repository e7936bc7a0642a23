/* SPDX-License-Identifier: MIT */
/* Fault injection: make the n-th call of each kind fail, for n = 1, 2, ..., until an operation
 * completes without meeting the fault. Link with the WRAPS of test_faults. */
#ifndef ARPQ_TEST_UNIT_FAULTS_H
#define ARPQ_TEST_UNIT_FAULTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "arpq.h"

enum call {
    MALLOC,
    CALLOC,
    REALLOC,
    SOCKET,
    BIND,
    SETSOCKOPT,
    FCNTL,
    IOCTL,
    SEND,
    SENDTO,
    RECV,
    RECVMSG,
    RECVFROM,
    CONNECT,
    GETIFADDRS,
    MMAP,
    MADVISE,
    PTHREAD_CREATE,
    CLOCK_GETTIME,
    GETSOCKOPT,
    GETSOCKNAME,
    GETPEERNAME,
    POLL,
    ALIGNED_ALLOC,
    RECVMMSG,
    EPOLL_CREATE,
    EPOLL_CTL,
    EPOLL_WAIT,
    TIMERFD_CREATE,
    TIMERFD_SETTIME,
    EVENTFD,
    GETRANDOM,
    SENDMMSG,
    SENDMSG,
    DUP3,
    CALLS
};

/* Calls that only lookups make, calls that only functions about tables make, and calls that only
 * functions that send packets make. Each program excludes the calls of the other programs. */
#define BIT(call) (UINT64_C(1) << (call))
#define LOOKUPS_ONLY                                                                               \
    (BIT(CONNECT) | BIT(FCNTL) | BIT(IOCTL) | BIT(RECVFROM) | BIT(GETIFADDRS) | BIT(GETSOCKNAME) | \
     BIT(GETPEERNAME))
#define TABLES_ONLY                                                                                \
    (BIT(RECVMMSG) | BIT(EPOLL_CREATE) | BIT(EPOLL_CTL) | BIT(TIMERFD_CREATE) |                    \
     BIT(TIMERFD_SETTIME) | BIT(EVENTFD) | BIT(GETRANDOM))
#define WIRE_ONLY (BIT(RECVMSG) | BIT(SENDTO) | BIT(SENDMMSG) | BIT(EPOLL_WAIT) | RESOLVES_ONLY)
#define RESOLVES_ONLY (BIT(SENDMSG) | BIT(DUP3))
_Static_assert((LOOKUPS_ONLY & TABLES_ONLY) == 0, "a kind that neither program must meet");

struct fault {
    enum call call;
    int errors[8];
};

extern const struct fault faults[CALLS];

/* The call that fails, or CALLS for none. It is atomic because the thread of a mirror reads it. */
extern _Atomic enum call armed;
extern int fail_with;
extern atomic_uint consumed; /* number of calls that failed since arm */
extern bool netlink_refused; /* every AF_NETLINK socket is refused, as in a sandbox */
extern bool inet_refused;    /* the system has no AF_INET sockets */
extern bool own_netns;

/* Seconds that the clock is ahead. Tests advance it instead of sleeping. */
extern atomic_long skew_s;

/* How many reads report that the kernel dropped events, although none were dropped. */
extern atomic_int overruns;

/* If set, it may change each datagram that recv(2) received. Returns the datagram's new length. */
extern ssize_t (*change_datagram)(void *data, ssize_t length);

/* The handle of the running operation. */
extern struct arpq_handle *handle;
extern int netns_fd, peer_fd;

/* Fail the test if code is an error and the output is not zeroed. */
void assert_zeroed(int code, const void *value, size_t size);

/* Look up an address with `handle` and return the code. */
int look_up(const char *text, uint32_t ifindex);

/* Change lo, so that one datagram for each change waits on every event socket of the namespace. */
void change_interfaces(void);

/* The entries 2001:db8::1 to 2001:db8::28 on lo of the test's own namespace. */
#define ENTRIES 40

/* The last byte of the first entry's current MAC. */
extern uint8_t changed_mac;

struct arpq_ip entry_ip(uint8_t n);

/* Change neighbours, so that events wait on every socket that subscribed to them. */
void change_neighbours(void);

/* Whether arpq.h documents the code. */
bool documented(int code);

/* Make `times` consecutive calls of that kind fail, beginning with number `at`. */
void arm(enum call call, unsigned at, unsigned times, int error);

/* Run an operation with each call failing in turn. Uses only the first `errors` errors of each kind
 * of call. */
void run_some(int (*operation)(void), size_t errors);

void run_all(int (*operation)(void));

/* Enter a new network namespace. If that is not allowed, the test runs in the current namespace and
 * changes nothing there. */
int set_up(void **state);

/* Enter a new network namespace. If that is not allowed, report that the program cannot run. */
int set_up_netns(void **state);

int tear_down(void **state);

/* Fail the test if no call of some kind ever failed, because then the linker did not wrap it.
 * `others` is the set of calls that this program does not make. */
void assert_each_was_met(uint64_t others);

#define TEST_OF(operation)                                                                         \
    static void test_##operation(void **state)                                                     \
    {                                                                                              \
        run_all(operation);                                                                        \
    }

/* Like TEST_OF, but tests only the first `errors` errors. For an operation that reads the whole
 * table, which is slow if the table is large. */
#define SHORT_TEST_OF(operation, errors)                                                           \
    static void test_##operation(void **state)                                                     \
    {                                                                                              \
        run_some(operation, errors);                                                               \
    }

#endif

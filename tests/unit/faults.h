/* SPDX-License-Identifier: MIT */
/*
 * Every call that can fail does: the n-th of each kind, n = 1, 2, ... until an operation
 * gets by without it. Link with the WRAPS of test_faults.
 */
#ifndef ARPQ_TEST_UNIT_FAULTS_H
#define ARPQ_TEST_UNIT_FAULTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    TIMERFD_CREATE,
    TIMERFD_SETTIME,
    EVENTFD,
    GETRANDOM,
    SENDMMSG,
    SENDMSG,
    DUP3,
    CALLS
};

/* Kinds that only lookups make, only the whole table does, only what goes on the wire: each
 * program lets the others meet theirs. */
#define BIT(call) (UINT64_C(1) << (call))
#define LOOKUPS_ONLY                                                                               \
    (BIT(CONNECT) | BIT(FCNTL) | BIT(IOCTL) | BIT(RECVFROM) | BIT(GETIFADDRS) | BIT(GETSOCKNAME) |                \
     BIT(GETPEERNAME))
#define TABLES_ONLY                                                                                \
    (BIT(RECVMMSG) | BIT(EPOLL_CREATE) | BIT(EPOLL_CTL) | BIT(TIMERFD_CREATE) |                    \
     BIT(TIMERFD_SETTIME) | BIT(EVENTFD) | BIT(GETRANDOM))
#define WIRE_ONLY (BIT(RECVMSG) | BIT(SENDTO) | BIT(SENDMMSG) | RESOLVES_ONLY)
#define RESOLVES_ONLY (BIT(SENDMSG) | BIT(DUP3))
_Static_assert((LOOKUPS_ONLY & TABLES_ONLY) == 0, "a kind that neither program must meet");

struct fault {
    enum call call;
    int errors[8];
};

extern const struct fault faults[CALLS];

/* The kind that fails, or CALLS. Atomic where a mirror's thread runs into them too. */
extern _Atomic enum call armed;
extern int fail_with;
extern atomic_uint consumed; /* how many calls failed since arm */
extern bool netlink_refused; /* as in a sandbox */
extern bool own_netns;

/* Seconds pass without being waited for. */
extern atomic_long skew_s;

/* The kernel drops events, without being flooded: how many times it will say so. */
extern atomic_int overruns;

/* Open while an operation runs. */
extern struct arpq *handle;
extern int netns_fd, peer_fd;

/* Where the code is an error the value holds nothing. */
void assert_zeroed(int code, const void *value, size_t size);

/* A lookup of handle: its code. */
int look_up(const char *text, uint32_t ifindex);

/* Changes of lo, one datagram each, wait on every event socket of the namespace. */
void change_interfaces(void);

/* Entries 2001:db8::1 and so on of lo, which is the namespace's own. */
#define ENTRIES 40

/* What the first entry's address ends with now. */
extern uint8_t changed_mac;

struct arpq_ip entry_ip(uint8_t n);

/* Events of neighbours wait on every socket that listens for them. */
void change_neighbours(void);

/* A code that <arpq.h> names. */
bool documented(int code);

/* The at-th call of that kind fails, and the next ones, so many times in all. */
void arm(enum call call, unsigned at, unsigned times, int error);

/* With so many errors of each kind that the operation makes calls of. */
void run_some(int (*operation)(void), size_t errors);

void run_all(int (*operation)(void));

/* Of the group of tests: in a network namespace of its own where one is allowed, else in
 * the one that we are in, of which nothing is changed. */
int set_up(void **state);

/* In a namespace of its own; where none is allowed, the program is not run. */
int set_up_netns(void **state);

int tear_down(void **state);

/* A mock that nothing ran into is one that the linker bypassed. */
void assert_each_was_met(uint64_t others);

#define TEST_OF(operation)                                                                         \
    static void test_##operation(void **state)                                                     \
    {                                                                                              \
        run_all(operation);                                                                        \
    }

/* The same where the whole table is read, which takes its time on a machine with a large one. */
#define SHORT_TEST_OF(operation, errors)                                                           \
    static void test_##operation(void **state)                                                     \
    {                                                                                              \
        run_some(operation, errors);                                                               \
    }

#endif

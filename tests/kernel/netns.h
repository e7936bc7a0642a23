/* SPDX-License-Identifier: MIT */
/*
 * A private network namespace for a test program, and the commands to fill it.
 *
 * Every helper that fails prints the reason and exits with 1.
 */
#ifndef ARPQ_TEST_NETNS_H
#define ARPQ_TEST_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arpq.h>

#include "namespace.h"

/* The argument of deadline() that ends a hanging program. */
#define NETNS_DEADLINE 60u

/* Move the calling thread into a new network namespace with lo up, and set the deadline. If the
 * caller lacks the privilege, use a user namespace. If both fail, the program exits with 1, or with
 * 77 and a NOT RUN message under ARPQ_ALLOW_SKIP=1. A further call makes another, empty namespace.
 * The kernel frees the old one when nothing uses it any more. */
void netns_enter(void);

/* The number of interfaces of a new namespace: lo, and one for each kind of tunnel whose module is
 * loaded. netns_enter sets it. */
extern uint32_t netns_links;

/* Report that a test, or a part of it, does not run because of what the kernel lacks. */
void report_not_runnable(const char *test, const char *why);

/* Skip the running test for such a reason. */
#define SKIP_NOT_RUNNABLE(why)                                                                     \
    do {                                                                                           \
        report_not_runnable(__func__, why);                                                        \
        skip();                                                                                    \
    } while (0)

/* Allow all groups, or none, to open ICMP datagram sockets in the current namespace. In a user
 * namespace of one group "all" is that group, and "none" is possible only before "all". Returns
 * false if the kernel refuses. */
bool netns_allow_ping(bool allowed);

/* Run shell commands ("a; b", under set -e) in the current namespace. Each must exit with 0. */
void sh(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Run a shell command and return its exit status (128 + signal if killed). Its standard error is
 * discarded. */
int sh_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Run a shell command and store its standard output and error in text, truncated to size - 1 bytes.
 * Returns the exit status. */
int sh_read(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A second namespace. A sleeping child process keeps it in existence. */
struct netns_second {
    int fd;    /* a descriptor of the namespace, for setns and ARPQ_OPEN_IN_NETNS */
    pid_t pid; /* the child, for "ip link set eth1 netns PID" */
};

/* Make a second namespace with lo up. The child ends with this program. */
struct netns_second netns_second(void);

/* Run a shell command in the second namespace. The command must exit with 0. */
void netns_sh(const struct netns_second *second, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* End the child and close the descriptor. */
void netns_second_free(struct netns_second *second);

/* Open a descriptor of the calling thread's namespace. */
int netns_fd(void);

/* Poll until predicate(context) is not 0 or ms milliseconds have passed. Returns the last
 * result. */
int wait_until(int (*predicate)(void *context), void *context, unsigned ms);

/* The monotonic clock in milliseconds. */
uint64_t now_ms(void);

/* How long the body of EXPECT_TIME may take, and what it has taken so far. */
struct timing {
    uint64_t least_ms, most_ms;
    uint64_t began_ms;
    unsigned tries;
};

/* Returns whether the body must run, for the first time or again. */
bool timing_continues(struct timing *timing);

/* Run the body of the loop. It must take at least `least` milliseconds. It may take more than `most`
 * only because the machine is busy, so it has several tries to take less. */
#define EXPECT_TIME(least, most)                                                                   \
    for (struct timing timing = {.least_ms = (least), .most_ms = (most)};                          \
         timing_continues(&timing);)

/* The ifindex of an interface in the current namespace. The interface must exist. */
uint32_t ifindex_of(const char *name);

/* Whether this kernel renames a link that is up. Linux does since 6.2. */
bool can_rename_up(void);
#define RENAMES_DOWN_ONLY "Linux before 6.2 renames no link that is up"

/* Whether this kernel keeps entries current by itself (NTF_EXT_MANAGED). Linux does since 5.16. */
bool can_manage(void);
#define MANAGES_NOTHING "Linux before 5.16 has no managed entries"

/* Rename a link, also to names that a shell or ip(8) refuses. */
void rename_link(const char *from, const char *to);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A private network namespace for a test program, and the commands to furnish it.
 *
 * Every helper fails hard: it prints what went wrong and ends the program with 1.
 */
#ifndef ARPQ_TEST_NETNS_H
#define ARPQ_TEST_NETNS_H

#include <stddef.h>
#include <stdint.h>

#include <arpq.h>

#include "namespace.h"

/* Seconds after which SIGALRM ends a program that hangs. */
#define NETNS_DEADLINE 60u

/* Move the calling thread into a new network namespace with lo up, and set the
 * deadline. Without the privilege a user namespace is tried. Where neither works the
 * program ends: with 1, or with 0 and a loud NOT RUN when ARPQ_ALLOW_SKIP=1. Called
 * again it makes another, empty namespace; the old one dies with its last user. */
void netns_enter(void);

/* Run shell commands ("a; b", under set -e) in the current namespace; each must exit
 * with 0. */
void sh(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Run a shell command and return its exit status (128 + signal when killed); its
 * standard error is dropped. */
int sh_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Run a shell command and put what it prints (standard output and error) into text,
 * cut at size - 1 bytes. Returns the exit status. */
int sh_read(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A second namespace, held by a child process that sleeps in it. */
struct netns_second {
    int fd;    /* a descriptor of the namespace: setns, ARPQ_IN_NETNS */
    pid_t pid; /* of the child: "ip link set eth1 netns PID" */
};

/* Make a second namespace with lo up. The child dies with this program. */
struct netns_second netns_second(void);

/* Run a shell command inside it; it must exit with 0. */
void netns_sh(const struct netns_second *second, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* End the child and close the descriptor. */
void netns_second_free(struct netns_second *second);

/* A descriptor of the namespace the calling thread is in. */
int netns_fd(void);

/* Poll until predicate(context) is not 0. Returns what it returned last: 0 means that
 * ms milliseconds have passed. */
int wait_until(int (*predicate)(void *context), void *context, unsigned ms);

/* Milliseconds of the monotonic clock. */
uint64_t now_ms(void);

/* The ifindex of a name in the current namespace; fails hard when there is none. */
uint32_t ifindex_of(const char *name);

/* Rename a link, also to names that a shell or ip(8) would refuse. */
void rename_link(const char *from, const char *to);

#endif

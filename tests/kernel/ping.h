/* SPDX-License-Identifier: MIT */
/* Three namespaces in a row, and echo requests across them. */
#ifndef ARPQ_TEST_KERNEL_PING_H
#define ARPQ_TEST_KERNEL_PING_H

#include "kernel/netns.h"

/* The kinds of socket that arpq_ping can use; a test runs with each. */
#define PATH_KINDS 2
extern const uint32_t path_kinds[PATH_KINDS];

/* The MTU of the link to the far namespace. */
#define PATH_MTU 1300

/* This namespace has a0: 10.0.0.1, fd00::1, fe80::a:1. The router has a1: 10.0.0.2, fd00::2,
 * fe80::a:2, and b0: 10.0.1.2, fd01::2. The far namespace has b1: 10.0.1.3, fd01::3. The rate of
 * ICMP errors is not limited, the kernel soon gives up on a neighbour that does not answer, and all
 * groups may open ICMP datagram sockets. */
struct path {
    struct netns_second router, far;
};

/* Make the three namespaces. The calling thread moves into the first one. */
void path_make(struct path *path);
void path_free(struct path *path);

/* Ping with the handle and check the rules that every outcome obeys. options may be NULL. */
int path_ping(struct arpq_handle *h, const char *target, const struct arpq_ping_options *options,
              struct arpq_ping_reply *reply);

void path_assert_from(const struct arpq_ping_reply *reply, const char *expected);

#endif

/* SPDX-License-Identifier: MIT */
/* Three namespaces in a row, and echo requests along it. */
#ifndef ARPQ_TEST_KERNEL_PING_H
#define ARPQ_TEST_KERNEL_PING_H

#include "kernel/netns.h"

/* What arpq_ping may be told to use; a test runs with each. */
#define PATH_KINDS 2
extern const uint32_t path_kinds[PATH_KINDS];

/* The link to the far namespace. */
#define PATH_MTU 1300

/*
 * This one has a0: 10.0.0.1, fd00::1, fe80::a:1; the router a1: .2, ::2, fe80::a:2, and b0:
 * 10.0.1.2, fd01::2; the far one b1: 10.0.1.3, fd01::3. Errors are not rationed, neighbours
 * are given up soon, datagram sockets are open to everybody.
 */
struct path {
    struct netns_second router, far;
};

/* In a new namespace of the calling thread. */
void path_make(struct path *path);
void path_free(struct path *path);

/* net.ipv4.ping_group_range of the current namespace. */
void path_open_to(const char *range);

/* Ping from the handle; checks what holds for every outcome. options may be NULL. */
int path_ping(struct arpq *h, const char *target, const struct arpq_ping_options *options,
              struct arpq_ping_reply *reply);

void path_assert_from(const struct arpq_ping_reply *reply, const char *expected);

#endif

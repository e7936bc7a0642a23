/* SPDX-License-Identifier: MIT */
/*
 * A world: a network namespace with links of its own (veth, all up, every one with an address)
 * and permanent neighbours at random addresses.
 *
 * Link n is "b<n>" with ifindex LINK_IFINDEX + n. A neighbour's MAC is 02:00 and the last four
 * bytes of its IP address, so that every answer can be checked.
 */
#ifndef BENCH_NAMESPACE_H
#define BENCH_NAMESPACE_H

#include <arpq.h>
#include <stddef.h>
#include <stdint.h>

#define LINK_IFINDEX 1000u

struct namespace_size {
    uint32_t links;         /* even; 2: one pair, 10.0.0.0/8 and fd00::/64 on its first end */
    uint32_t neighbours;    /* IPv4, spread over the links evenly when there are more than 2 */
    uint32_t neighbours_v6; /* on link 0 */
    uint32_t addresses;     /* more than 2 links: on each, half of them IPv6; 0: one */
};

struct target {
    struct arpq_ip ip;
    uint32_t link;
};

struct net_namespace {
    int netns;
    struct target *v4; /* size.neighbours of them */
    struct target *v6;
    struct namespace_size size;
};

/* Make a world and enter it. */
void namespace_create(struct net_namespace *ns, const struct namespace_size *size);

/* Wait, some seconds at most, until no entries are being destroyed: the kernel removes a world
 * after it is dropped, in its own time, and its table is one for all worlds. */
void namespace_settle(void);

/* Move the calling thread into it. */
void namespace_enter(const struct net_namespace *ns);

/* Forget it; the kernel removes it when the last descriptor in it is closed. */
void namespace_close(struct net_namespace *ns);

/* An on-link address of link 0 that is no neighbour (n counts up). */
struct target target_absent(uint32_t n);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A world: a network namespace with links of its own (veth, all up, every one with an address)
 * and permanent neighbours at random addresses.
 *
 * Link n is "b<n>" with ifindex WORLD_IFINDEX + n. A neighbour's MAC is 02:00 and the last four
 * bytes of its IP address, so that every answer can be checked.
 */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include <arpq.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_IFINDEX 1000u

struct world_size {
    uint32_t links;         /* even; 2: one pair, 10.0.0.0/8 and fd00::/64 on its first end */
    uint32_t neighbours;    /* IPv4, spread over the links evenly when there are more than 2 */
    uint32_t neighbours_v6; /* on link 0 */
    uint32_t addresses;     /* more than 2 links: on each, half of them IPv6; 0: one */
};

struct target {
    struct arpq_ip ip;
    uint32_t link;
};

struct world {
    int netns;
    struct target *v4; /* size.neighbours of them */
    struct target *v6;
    struct world_size size;
};

/* Make a world and enter it. */
void world_make(struct world *w, const struct world_size *size);

/* Wait, some seconds at most, until no entries are being destroyed: the kernel removes a world
 * after it is dropped, in its own time, and its table is one for all worlds. */
void world_settle(void);

/* Move the calling thread into it. */
void world_enter(const struct world *w);

/* Forget it; the kernel removes it when the last descriptor in it is closed. */
void world_drop(struct world *w);

/* An on-link address of link 0 that is no neighbour (n counts up). */
struct target world_absent(uint32_t n);

#endif

/* SPDX-License-Identifier: MIT */
/* What a world is furnished with, by rtnetlink. */
#ifndef BENCH_TOPOLOGY_H
#define BENCH_TOPOLOGY_H

#include <stdint.h>

#include "method/namespace.h"
#include "rtnl.h"

/* The /24 of a link in a world of many, in host byte order: 10.<n / 256>.<n % 256>.0. */
uint32_t topology_network(uint32_t link);

/* New IPv6 addresses of this namespace are usable at once: no events seconds later. */
void topology_disable_dad(void);

/* veth pairs, up, with addresses. */
void topology_add_links(struct rtnl *r, uint32_t links, uint32_t addresses);

/* A permanent neighbour. */
void topology_add_neighbour(struct rtnl *r, const struct target *t);

/* The same with another second byte in its MAC. */
void topology_set_neighbour(struct rtnl *r, const struct target *t, uint8_t second);

#endif

/* SPDX-License-Identifier: MIT */
/* What a world is furnished with, by rtnetlink. */
#ifndef BENCH_SCENE_H
#define BENCH_SCENE_H

#include <stdint.h>

#include "rtnl.h"
#include "world.h"

/* The /24 of a link in a world of many, in host byte order: 10.<n / 256>.<n % 256>.0. */
uint32_t scene_network(uint32_t link);

/* New IPv6 addresses of this namespace are usable at once: no events seconds later. */
void scene_no_dad(void);

/* veth pairs, up, with addresses. */
void scene_links(struct rtnl *r, uint32_t links, uint32_t addresses);

/* A permanent neighbour. */
void scene_neighbour(struct rtnl *r, const struct target *t);

/* The same with another second byte in its MAC. */
void scene_neighbour_change(struct rtnl *r, const struct target *t, uint8_t second);

#endif

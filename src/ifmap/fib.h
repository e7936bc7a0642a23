/* SPDX-License-Identifier: MIT */
/*
 * A copy of the kernel's routes that answers where it is sure: for destinations that are
 * directly reachable, own or broadcast, whatever prefixes overlap. For all others it answers
 * that the kernel must be asked, which is always right. It holds for machines without policy
 * routing rules, whose lookups consult the tables local, main and default.
 */
#ifndef AQ_IFMAP_FIB_H
#define AQ_IFMAP_FIB_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"
#include "ifmap/ifmap.h"
#include "value/route.h"

enum aq_fib_verdict {
    AQ_FIB_ASK,       /* the kernel */
    AQ_FIB_DIRECT,    /* a neighbour on the interface */
    AQ_FIB_LOCAL,     /* an address of this machine, on the interface */
    AQ_FIB_BROADCAST, /* a broadcast address of the interface */
};

/* A machine with more routes asks and remembers instead. */
#define AQ_FIB_ROUTES_MAX 16384u

struct aq_fib;

/* An empty copy, whose hash takes the seed. NULL: no memory. */
struct aq_fib *aq_fib_make(uint64_t seed);
void aq_fib_free(struct aq_fib *fib); /* NULL is accepted */

/* Add a route of a dump. 0; -E2BIG beyond AQ_FIB_ROUTES_MAX; -ENOMEM. */
int aq_fib_add(struct aq_fib *fib, const struct aq_route_entry *entry);

/* Make searches possible, once every route is added. 0 or -ENOMEM. */
int aq_fib_settle(struct aq_fib *fib);

/* Let the routes point to the links of a map, which must not change from then on. A route to a
 * link that the map lacks becomes AQ_FIB_ASK. */
void aq_fib_set_links(struct aq_fib *fib, const struct aq_ifmap *map);

/* The verdict of the longest prefix around an address, and, unless it is AQ_FIB_ASK, its
 * link. */
enum aq_fib_verdict aq_fib_find(const struct aq_fib *fib, const struct arpq_ip *ip,
                                const struct arpq_interface **link);

/* Whether a route that was added or removed may change a verdict other than AQ_FIB_ASK. */
bool aq_fib_concerns(const struct aq_fib *fib, const struct aq_route_entry *entry);

/* From now on every verdict is AQ_FIB_ASK, also for searches in other threads. */
void aq_fib_expire(struct aq_fib *fib);
bool aq_fib_is_expired(const struct aq_fib *fib);

#endif

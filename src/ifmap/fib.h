/* SPDX-License-Identifier: MIT */
/*
 * A copy of the kernel's routes. It returns a verdict for directly reachable destinations,
 * addresses of this machine and broadcast addresses, even if prefixes overlap. For all other
 * destinations the caller must ask the kernel, which is always correct. The copy is valid only on
 * machines without policy routing rules, where the kernel searches the tables local, main and
 * default.
 */
#ifndef AQ_IFMAP_FIB_H
#define AQ_IFMAP_FIB_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"
#include "ifmap/ifmap.h"
#include "value/route.h"

enum aq_fib_verdict {
    AQ_FIB_ASK,       /* ask the kernel */
    AQ_FIB_DIRECT,    /* a neighbour on the interface */
    AQ_FIB_LOCAL,     /* an address of this machine, on the interface */
    AQ_FIB_BROADCAST, /* a broadcast address of the interface */
};

/* On a machine with more routes, the library asks the kernel and remembers the answers instead. */
#define AQ_FIB_ROUTES_MAX 16384u

struct aq_fib;

/* Makes an empty copy that uses the seed for its hash. Returns NULL if memory is exhausted. */
struct aq_fib *aq_fib_make(uint64_t seed);
void aq_fib_free(struct aq_fib *fib); /* NULL is accepted */

/* Adds a route of a dump. Returns 0; -E2BIG if there are more than AQ_FIB_ROUTES_MAX routes; or
 * -ENOMEM. */
int aq_fib_add(struct aq_fib *fib, const struct aq_route_entry *entry);

/* Prepares the copy for searches after all routes were added. Returns 0 or -ENOMEM. */
int aq_fib_settle(struct aq_fib *fib);

/* Makes the routes point to the links of a map. The map must not change after this call. The
 * verdict of a route to a link that is not in the map becomes AQ_FIB_ASK. */
void aq_fib_set_links(struct aq_fib *fib, const struct aq_ifmap *map);

/* Returns the verdict of the longest prefix that contains an address. Sets *link unless the verdict
 * is AQ_FIB_ASK. */
enum aq_fib_verdict aq_fib_find(const struct aq_fib *fib, const struct arpq_ip *ip,
                                const struct arpq_interface **link);

/* Returns whether adding or removing this route may change a verdict other than AQ_FIB_ASK. */
bool aq_fib_concerns(const struct aq_fib *fib, const struct aq_route_entry *entry);

/* Makes every later verdict AQ_FIB_ASK, also for searches in other threads. */
void aq_fib_expire(struct aq_fib *fib);
bool aq_fib_is_expired(const struct aq_fib *fib);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The kernel's routing decisions. The handle asks the kernel for each decision and remembers it
 * until an event reports a change that may affect it, for at most a second. A handle that asks
 * often reads the routes, and answers from this copy if the answer is certain (ifmap/fib).
 */
#ifndef AQ_HANDLE_ROUTES_H
#define AQ_HANDLE_ROUTES_H

#include "handle/handle.h"
#include "ifmap/fib.h"
#include "value/route.h"

/* Fill in the key under which a decision about a destination is remembered. Returns false if the
 * decision must not be remembered. */
static inline bool aq_routes_key(const struct arpq_handle *h, const struct arpq_ip *ip,
                                 const struct aq_route_request *query, struct aq_memo_key *key)
{
    if (query->mark || query->source.family ||
        !atomic_load_explicit(&h->may_remember, memory_order_relaxed))
        return false;
    key->ip = ip;
    key->ifindex = query->ifindex;
    key->sum = aq_changes_sum(&h->changes, ip);
    key->tick = atomic_load_explicit(&h->live->tick, memory_order_relaxed);
    return true;
}

/* Read a remembered decision. Returns false if there is none. */
static inline bool aq_routes_recall(const struct arpq_handle *h, const struct arpq_ip *ip,
                                    const struct aq_route_request *query, struct aq_route *route)
{
    const struct aq_memo *memo = atomic_load_explicit(&h->memo, memory_order_acquire);
    struct aq_memo_key key;

    return memo && aq_routes_key(h, ip, query, &key) && aq_memo_find(memo, &key, route);
}

/* Ask the kernel for the decision about a destination, and remember it. For an address of this
 * machine, the decision names the interface that has the address. Returns 0, an error of the kernel
 * that shows why there is no route, or another error. */
int aq_routes_ask(struct arpq_handle *h, const struct arpq_ip *ip,
                  const struct aq_route_request *query, struct aq_route *route);

/* Record a change that affects every decision. */
void aq_routes_note_all(struct arpq_handle *h);

/* -- Under live->update -- */

void aq_routes_set_rules(struct arpq_handle *h, const struct aq_rules *rules);

/* Take the waiting route events. Returns false if more may wait. */
bool aq_routes_drain(struct arpq_handle *h);

/* Returns whether a copy of the routes would have saved more time than reading them takes. */
bool aq_routes_are_wanted(struct arpq_handle *h);

/* Read the routes. Returns NULL if they cannot be read. */
struct aq_fib *aq_routes_read(struct arpq_handle *h);

#endif

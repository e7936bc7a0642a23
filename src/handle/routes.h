/* SPDX-License-Identifier: MIT */
/*
 * The kernel's routing decisions. Every decision is asked for and remembered until an event
 * tells of a change that may concern it, for a second at most. When a handle asks often, it
 * reads the routes and answers from the copy what that is sure of (ifmap/fib).
 */
#ifndef AQ_HANDLE_ROUTES_H
#define AQ_HANDLE_ROUTES_H

#include "handle/handle.h"
#include "ifmap/fib.h"
#include "value/route.h"

/* What a decision about a destination is remembered by. Also tells whether it may be. */
static inline bool aq_routes_key(const struct arpq *h, const struct arpq_ip *ip,
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

/* Whether the decision is remembered. */
static inline bool aq_routes_recall(const struct arpq *h, const struct arpq_ip *ip,
                                    const struct aq_route_request *query, struct aq_route *route)
{
    const struct aq_memo *memo = atomic_load_explicit(&h->memo, memory_order_acquire);
    struct aq_memo_key key;

    return memo && aq_routes_key(h, ip, query, &key) && aq_memo_find(memo, &key, route);
}

/* Ask the kernel for the decision about a destination, for an own address with the interface
 * that has it, and remember it. 0; an error of the kernel that tells why there is no route; or
 * another error. */
int aq_routes_ask(struct arpq *h, const struct arpq_ip *ip, const struct aq_route_request *query,
                  struct aq_route *route);

/* Count a change that bears on every decision. */
void aq_routes_note_all(struct arpq *h);

/* -- Under live->update -- */

void aq_routes_set_rules(struct arpq *h, const struct aq_rules *rules);

/* Take the waiting route events. False when more may wait. */
bool aq_routes_drain(struct arpq *h);

/* Whether a copy of the routes would have saved more than it costs to read. */
bool aq_routes_are_wanted(struct arpq *h);

/* Read the routes; NULL when there is no copy to be had. */
struct aq_fib *aq_routes_read(struct arpq *h);

#endif

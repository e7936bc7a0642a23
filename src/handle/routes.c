/* SPDX-License-Identifier: MIT */
#include "handle/routes.h"

#include <errno.h>
#include <linux/rtnetlink.h>

#include "handle/sockets.h"
#include "kernel/rtnl_event.h"
#include "kernel/rtnl_route.h"
#include "kernel/sys.h"
#include "value/ip.h"

/* The most route events that one call takes. */
#define EVENTS_MAX 1024

/* Asking the kernel for a decision takes about a microsecond. If reading the routes takes n
 * microseconds, it pays off after n decisions, and never costs more than those decisions did. The
 * minimum keeps programs that ask for a few decisions from reading the routes at all. A tick in
 * which the handle is used counts as a decision, because remembered decisions cost a little too. */
#define ASKED_MIN 16u

/* ---- Asking ---- */

/* The kernel's decision about an address of this machine names the loopback interface. Find the
 * interface that has the address. */
static void routes_find_owner(struct aq_rtnl *rtnl, const struct arpq_ip *ip,
                              const struct aq_route_request *query, struct aq_route *route)
{
    struct aq_route match;

    if (aq_rtnl_route_match(rtnl, ip, query, &match) == 0 && match.ifindex)
        route->ifindex = match.ifindex;
}

static int routes_get(struct arpq_handle *h, const struct arpq_ip *ip,
                      const struct aq_route_request *query, struct aq_route *route)
{
    struct aq_rtnl *rtnl;
    int code = aq_sockets_enter(h, &rtnl);

    if (code < 0)
        return code;
    code = aq_rtnl_route_get(rtnl, ip, query, route);
    if (code == 0 && (route->type == RTN_LOCAL || route->type == RTN_ANYCAST))
        routes_find_owner(rtnl, ip, query, route);
    /* IPv4 routes with the same next hop share a cached decision. After a decision about a group, the
     * kernel calls the other destinations multicast too while the decision is cached, but sends to
     * them by their own entries. */
    if (code == 0 && route->type == RTN_MULTICAST && !aq_ip_is_multicast(ip))
        route->type = RTN_UNICAST;
    aq_sockets_leave(h, rtnl);
    return code;
}

/* Returns the table of remembered decisions, which the first call makes, or NULL if there is no
 * memory. */
static struct aq_memo *routes_memo(struct arpq_handle *h)
{
    struct aq_memo *memo = atomic_load_explicit(&h->memo, memory_order_acquire), *none = NULL;

    if (memo)
        return memo;
    memo = aq_memo_make(aq_sys_random());
    if (memo && !atomic_compare_exchange_strong(&h->memo, &none, memo)) {
        aq_memo_free(memo);
        return none;
    }
    return memo;
}

int aq_routes_ask(struct arpq_handle *h, const struct arpq_ip *ip,
                  const struct aq_route_request *query, struct aq_route *route)
{
    bool uncertain = atomic_load_explicit(&h->live->uncertain, memory_order_acquire);
    struct aq_memo *memo = NULL;
    struct aq_memo_key key;
    int code;

    if (!uncertain && aq_routes_key(h, ip, query, &key))
        memo = routes_memo(h);
    atomic_fetch_add_explicit(&h->asked, 1, memory_order_relaxed);
    code = routes_get(h, ip, query, route);
    if (code == 0 && memo)
        aq_memo_put(memo, &key, route);
    return code;
}

/* ---- Changes ---- */

/* Returns the copy of the routes in the current view. Only the holder of live->update replaces the
 * view. */
static struct aq_fib *routes_fib(struct arpq_handle *h)
{
    struct aq_view *view = atomic_load(&h->view);

    return view ? aq_view_fib(view) : NULL;
}

static void routes_expire(struct arpq_handle *h)
{
    struct aq_fib *fib = routes_fib(h);

    if (fib)
        aq_fib_expire(fib);
    atomic_store_explicit(&h->asked, 0, memory_order_relaxed);
}

void aq_routes_note_all(struct arpq_handle *h)
{
    aq_changes_note_all(&h->changes);
    routes_expire(h);
}

void aq_routes_set_rules(struct arpq_handle *h, const struct aq_rules *rules)
{
    atomic_store(&h->policy_routing, rules->policy);
    atomic_store(&h->may_remember, h->event.fd >= 0 && !rules->by_user);
    aq_routes_note_all(h);
}

static int routes_take_event(const struct nlmsghdr *message, void *context)
{
    struct arpq_handle *h = context;
    struct aq_fib *fib = routes_fib(h);
    struct aq_route_entry entry;

    if (aq_rtnl_route_parse_entry(message, &entry) < 0) {
        aq_routes_note_all(h);
        return 0;
    }
    aq_changes_note(&h->changes, &entry.prefix, entry.length);
    if (fib && !aq_fib_is_expired(fib) && aq_fib_concerns(fib, &entry))
        routes_expire(h);
    return 0;
}

bool aq_routes_drain(struct arpq_handle *h)
{
    int code = h->route_event.fd < 0 ? -EAGAIN : 0;

    for (int n = 0; n < EVENTS_MAX && code != -EAGAIN; n++) {
        code = aq_rtnl_event(&h->route_event, routes_take_event, h);
        if (code == 0 || code == -EAGAIN)
            continue;
        aq_routes_note_all(h); /* events were lost, or one was too long */
        if (code == -EBUSY)
            break;
    }
    return code == -EAGAIN;
}

/* ---- Reading ---- */

/* The copy of the routes has an age limit, as remembered decisions do, because some changes send no
 * event. Reading the routes again takes at most one hundredth of the time. */
bool aq_routes_are_wanted(struct arpq_handle *h)
{
    const struct aq_fib *fib = routes_fib(h);

    if (!atomic_load(&h->may_remember) || atomic_load(&h->policy_routing))
        return false;
    if (h->needs_view || !fib || aq_fib_is_expired(fib))
        return atomic_load(&h->asked) >= ASKED_MIN + h->routes_cost_us;
    return aq_sys_tick() - h->routes_tick >= AQ_MEMO_AGE_MS + h->routes_cost_us / 10;
}

static int routes_add(const struct nlmsghdr *message, void *context)
{
    struct aq_route_entry entry;
    int code = aq_rtnl_route_parse_entry(message, &entry);

    return code < 0 ? code : aq_fib_add(context, &entry);
}

/* The dump has its own socket, which can be closed in the middle of a dump of a million routes. */
static int routes_dump(struct arpq_handle *h, struct aq_fib *fib)
{
    struct aq_rtnl rtnl;
    int code = aq_sockets_open(h, &rtnl);

    rtnl.disposable = true;
    if (code == 0)
        code = aq_rtnl_route_dump(&rtnl, AF_INET, routes_add, fib);
    if (code == 0)
        code = aq_rtnl_route_dump(&rtnl, AF_INET6, routes_add, fib);
    aq_rtnl_close(&rtnl);
    return code == 0 ? aq_fib_settle(fib) : -1;
}

struct aq_fib *aq_routes_read(struct arpq_handle *h)
{
    uint64_t began_us = aq_sys_now_us();
    struct aq_fib *fib = aq_fib_make(aq_sys_random());
    bool is_read = fib && routes_dump(h, fib) == 0;

    h->routes_tick = aq_sys_tick();
    h->routes_cost_us = (uint32_t)(aq_sys_now_us() - began_us);
    atomic_store(&h->asked, 0);
    if (is_read)
        return fib;
    aq_fib_free(fib);
    return NULL;
}

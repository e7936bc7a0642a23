/* SPDX-License-Identifier: MIT */
/*
 * Interfaces appear, vanish, are renamed and change address while a handle is open. The handle
 * reads them once, then applies rtnetlink events. Reading takes the kernel's RTNL lock, which the
 * teardown of another namespace can hold for a quarter of a second, so the handle reads the
 * interfaces again only after it has lost events.
 */
#include "handle/interfaces.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "handle/interfaces_read.h"
#include "handle/routes.h"
#include "ifmap/view_build.h"
#include "kernel/rtnl_event.h"
#include "kernel/rtnl_rule.h"
#include "kernel/sys.h"
#include "value/lifetime.h"

/* The most events that one call applies, which takes some milliseconds. */
#define EVENTS_MAX 4096

/* If a thread applies events for longer than this, other threads mark the view as uncertain. */
#define HOLD_MAX_MS 20u

/* ---- Reading ---- */

static int read_rules(struct arpq_handle *h)
{
    struct aq_rules rules = {0};
    int v4, v6 = 0;

    if (!h->has_rtnl)
        return 0;
    v4 = aq_rtnl_rule_check(&h->update_rtnl, AF_INET, &rules);
    if (v4 >= 0)
        v6 = aq_rtnl_rule_check(&h->update_rtnl, AF_INET6, &rules);
    if (v4 < 0 || v6 < 0)
        return v4 < 0 ? v4 : v6;
    h->needs_rules = v4 > 0 || v6 > 0;
    aq_routes_set_rules(h, &rules);
    return 0;
}

static int read_anew(struct arpq_handle *h)
{
    struct aq_ifmap map = {.seed = aq_sys_random()};
    int code = aq_interfaces_read_map(h, &map);

    if (code == 0)
        code = read_rules(h);
    if (code < 0) {
        aq_ifmap_clear(&map);
        return code;
    }
    h->changing = true;
    aq_ifmap_clear(&h->map);
    h->map = map;
    h->needs_reading = false;
    h->needs_view = true;
    return 0;
}

static int interfaces_publish(struct arpq_handle *h, struct aq_fib *fib)
{
    struct aq_view *view;
    int code;

    h->changing = true;
    code = aq_view_build(&h->map, fib, &view);
    if (code < 0) {
        aq_fib_free(fib);
        return code;
    }
    aq_readers_publish(h, view);
    atomic_fetch_add_explicit(&h->generation, 1, memory_order_release);
    h->needs_view = false;
    return 0;
}

/* ---- Events ---- */

static int interfaces_apply(const struct nlmsghdr *message, void *context)
{
    struct arpq_handle *h = context;
    int code;

    h->changing = true;
    code = aq_interfaces_read_message(message, &h->map);
    h->needs_view |= code == 1;
    switch (message->nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
    case RTM_NEWADDR:
    case RTM_DELADDR:
        break;
    case RTM_NEWRULE:
    case RTM_DELRULE:
        h->needs_rules = true;
        break;
    default: /* a sysctl or a nexthop object */
        code = 1;
        break;
    }
    if (code == 1)
        aq_routes_note_all(h);
    return code < 0 ? code : 0;
}

/* Apply the events that wait at the event socket. Returns -EAGAIN if no event is left, 0 if more
 * may wait, or an error. */
static int interfaces_drain(struct arpq_handle *h)
{
    int code = 0;

    for (int n = 0; n < EVENTS_MAX && code != -EAGAIN; n++) {
        code = aq_rtnl_event(&h->event, interfaces_apply, h);
        if (code == 0 || code == -EAGAIN)
            continue;
        if (code == -EBUSY) /* other senders keep sending messages */
            return 0;
        /* The kernel dropped events, or one event was applied in part. Continue, because the kernel
         * queues no new event until the socket is empty. */
        h->needs_reading = true;
        atomic_store(&h->live->uncertain, true);
        aq_routes_note_all(h);
        if (code != -ENOBUFS && code != -EMSGSIZE)
            return code;
    }
    return code == -EAGAIN ? code : 0;
}

/* Bring the map up to date and publish it. The caller holds live->update. */
static int interfaces_update(struct arpq_handle *h)
{
    int waiting = -EAGAIN, code = 0;
    struct aq_fib *fib = NULL;

    atomic_store_explicit(&h->live->began, aq_sys_tick() | 1, memory_order_relaxed);
    if (h->event.fd >= 0)
        waiting = interfaces_drain(h);
    else
        h->needs_reading = true; /* without events, only reading shows changes */
    if (waiting < 0 && waiting != -EAGAIN && waiting != -ENOMEM)
        code = waiting;
    if (code == 0 && h->needs_reading) {
        atomic_store(&h->live->uncertain, true);
        code = read_anew(h);
    }
    if (code == 0 && h->needs_rules)
        code = read_rules(h);
    if (!aq_routes_drain(h))
        waiting = 0;
    if (code == 0 && waiting == -EAGAIN && aq_routes_are_wanted(h))
        fib = aq_routes_read(h);
    if (code == 0 && (h->needs_view || fib))
        code = interfaces_publish(h, fib);
    atomic_store(&h->live->uncertain, code < 0 || waiting == 0);
    atomic_store_explicit(&h->live->began, 0, memory_order_relaxed);
    h->changing = false;
    return code;
}

int aq_interfaces_read(struct arpq_handle *h)
{
    int code = read_anew(h);

    if (code == 0)
        code = interfaces_publish(h, NULL);
    h->changing = false;
    return code;
}

/* ---- The two checks ---- */

/* Called while another thread applies the events. That thread marks the view as uncertain before it
 * waits for RTNL. If the scheduler stops that thread for too long, this function marks the view. */
static void interfaces_expect(struct arpq_handle *h, uint32_t tick)
{
    uint32_t began = atomic_load_explicit(&h->live->began, memory_order_relaxed);

    if (began && tick - began >= HOLD_MAX_MS && tick - began < INT32_MAX)
        atomic_store(&h->live->uncertain, true);
}

int aq_interfaces_refresh(struct arpq_handle *h)
{
    uint32_t tick;

    if (aq_handle_epoch(h) == 0) {
        int code = aq_handle_revive(h);

        if (code < 0)
            return code;
    }
    tick = aq_sys_tick();
    if (tick == atomic_load_explicit(&h->live->tick, memory_order_relaxed))
        return 0;
    atomic_store_explicit(&h->live->tick, tick, memory_order_relaxed);
    /* Without events, an update would read everything in every tick. Only a failed lookup does
     * that. */
    if (h->event.fd < 0)
        return 0;
    if (!aq_lock_try(&h->live->update)) {
        interfaces_expect(h, tick);
        return 0;
    }
    atomic_fetch_add_explicit(&h->asked, 1, memory_order_relaxed);
    (void)interfaces_update(h); /* a failure leaves the view uncertain */
    aq_lock_release(&h->live->update);
    return 0;
}

unsigned aq_interfaces_generation(struct arpq_handle *h)
{
    return atomic_load_explicit(&h->generation, memory_order_acquire);
}

int aq_interfaces_update(struct arpq_handle *h, unsigned generation)
{
    int code;

    if (!aq_lock_try(&h->live->update)) {
        /* The thread that holds the lock may be waiting for RTNL. Do not wait for that thread. */
        if (aq_interfaces_are_uncertain(h))
            return 1;
        aq_lock_take(&h->live->update);
    }
    code = interfaces_update(h);
    aq_lock_release(&h->live->update);
    if (code < 0)
        return code;
    return aq_interfaces_are_uncertain(h) || aq_interfaces_generation(h) != generation;
}

/* Take live->update and bring the map up to date. After an error, the lock is not held. */
static int interfaces_lock_map(struct arpq_handle *h)
{
    int code = aq_handle_epoch(h) == 0 ? aq_handle_revive(h) : 0;

    if (code < 0)
        return code;
    aq_lock_take(&h->live->update);
    code = interfaces_update(h);
    if (code < 0)
        aq_lock_release(&h->live->update);
    return code;
}

int aq_interfaces_catch_up(struct arpq_handle *h)
{
    int code = interfaces_lock_map(h);

    if (code == 0)
        aq_lock_release(&h->live->update);
    return code;
}

/* The map has the time at which a lifetime ends. */
static void interfaces_set_left(struct arpq_address *address, uint64_t now_s)
{
    address->valid_s = aq_lifetime_left(address->valid_s, now_s);
    address->preferred_s = aq_lifetime_left(address->preferred_s, now_s);
}

int aq_interfaces_copy(struct arpq_handle *h, struct aq_ifmap *map)
{
    uint64_t now_s = aq_sys_now_ms() / 1000;
    int code = interfaces_lock_map(h);

    memset(map, 0, sizeof *map);
    if (code < 0)
        return code;
    code = aq_ifmap_copy(&h->map, map);
    aq_lock_release(&h->live->update);
    for (size_t i = 0; i < map->address_count; i++)
        interfaces_set_left(&map->addresses[i], now_s);
    return code;
}

int aq_interfaces_address(struct arpq_handle *h, struct arpq_address *address)
{
    const struct arpq_address *found;
    int code = interfaces_lock_map(h);

    if (code < 0)
        return code;
    found = aq_ifmap_address(&h->map, address);
    if (found) {
        *address = *found;
        interfaces_set_left(address, aq_sys_now_ms() / 1000);
    }
    aq_lock_release(&h->live->update);
    return found ? 0 : -ENOENT;
}

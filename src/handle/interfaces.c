/* SPDX-License-Identifier: MIT */
/*
 * Interfaces appear, vanish, are renamed and change address while a handle is open.
 * They are read once; after that rtnetlink's own events are applied, because reading
 * anew takes the kernel's RTNL lock, which another namespace's teardown can hold for a
 * quarter of a second. Only when events were lost is everything read again.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "handle/handle.h"
#include "handle/ifaddrs.h"
#include "handle/ifconf.h"
#include "handle/interfaces.h"
#include "handle/namespace.h"
#include "handle/readers.h"
#include "handle/sockets.h"
#include "kernel/rtnl_addr.h"
#include "kernel/rtnl_event.h"
#include "kernel/rtnl_link.h"
#include "kernel/rtnl_rule.h"
#include "kernel/sys.h"
#include "value/lifetime.h"

#define EVENT_GROUPS                                                                               \
    (AQ_RTNL_GROUP(RTNLGRP_LINK) | AQ_RTNL_GROUP(RTNLGRP_IPV4_IFADDR) |                            \
     AQ_RTNL_GROUP(RTNLGRP_IPV6_IFADDR) | AQ_RTNL_GROUP(RTNLGRP_IPV4_RULE) |                       \
     AQ_RTNL_GROUP(RTNLGRP_IPV6_RULE))

/* Events applied in one go: some milliseconds of work, the rest is for the next call. */
#define EVENTS_MAX 4096

/* A dump that the kernel calls inconsistent is repeated this often. What it may still
 * have missed then comes as events, which were subscribed to before. */
#define DUMP_ATTEMPTS 4

/* ---- Applying messages ---- */

/* An odd message says nothing about the others: only lack of memory is a failure. */
static int apply_link(struct arpq *h, struct aq_ifmap *map, const struct nlmsghdr *message)
{
    struct arpq_interface link;

    if (aq_rtnl_link_parse(message, &link) < 0)
        return 0;
    h->needs_view = true;
    if (message->nlmsg_type == RTM_NEWLINK)
        return aq_ifmap_put_link(map, &link);
    aq_ifmap_remove_link(map, link.index);
    return 0;
}

/* The map keeps when a lifetime ends, so that a copy says what is left of it then. */
static int interfaces_put_address(struct aq_ifmap *map, struct arpq_address *address)
{
    uint64_t now_s = aq_sys_now_ms() / 1000;

    address->valid_s = aq_lifetime_end(address->valid_s, now_s);
    address->preferred_s = aq_lifetime_end(address->preferred_s, now_s);
    return aq_ifmap_put_address(map, address);
}

static int apply_address(struct arpq *h, struct aq_ifmap *map, const struct nlmsghdr *message)
{
    struct arpq_address address;

    if (aq_rtnl_addr_parse(message, &address) < 0)
        return 0;
    h->needs_view = true;
    if (message->nlmsg_type == RTM_NEWADDR)
        return interfaces_put_address(map, &address);
    aq_ifmap_remove_address(map, &address);
    return 0;
}

struct event_context {
    struct arpq *h;
    struct aq_ifmap *map;
    bool rules;
};

static int interfaces_apply(const struct nlmsghdr *message, void *context)
{
    struct event_context *to = context;

    to->h->changing = true;
    switch (message->nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
        return apply_link(to->h, to->map, message);
    case RTM_NEWADDR:
    case RTM_DELADDR:
        return apply_address(to->h, to->map, message);
    case RTM_NEWRULE:
    case RTM_DELRULE:
        to->rules = true;
        return 0;
    default:
        return 0;
    }
}

/* ---- Reading everything ---- */

static int interfaces_dump_both(struct arpq *h, struct aq_ifmap *map)
{
    struct event_context to = {.h = h, .map = map};
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(h, &rtnl);

    if (code < 0)
        return code;
    for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
        int addresses;

        aq_ifmap_clear(map);
        code = aq_rtnl_link_dump(rtnl, interfaces_apply, &to);
        if (code < 0)
            break;
        addresses = aq_rtnl_addr_dump(rtnl, interfaces_apply, &to);
        if (addresses < 0)
            code = addresses;
        if (code < 0 || (code == 0 && addresses == 0))
            break;
    }
    aq_sockets_unlock(h, rtnl);
    return code < 0 ? code : 0;
}

struct floor_context {
    int inet_fd;
    struct aq_ifmap *map;
};

static int read_ifaddrs(void *context)
{
    struct floor_context *to = context;

    return aq_ifaddrs_read(to->inet_fd, to->map);
}

/* From the best source down to the one that nothing can refuse. */
static int read_all(struct arpq *h, struct aq_ifmap *map)
{
    struct floor_context to = {.inet_fd = h->inet_fd, .map = map};
    int code = interfaces_dump_both(h, map);

    if (aq_sys_is_refusal(code)) {
        aq_ifmap_clear(map);
        code = aq_namespace_run(h, read_ifaddrs, &to);
    }
    if (aq_sys_is_refusal(code) && h->inet_fd >= 0) {
        aq_ifmap_clear(map);
        code = aq_ifconf_read(h->inet_fd, map);
    }
    return code;
}

static int read_rules(struct arpq *h)
{
    bool v4 = false, v6 = false;
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(h, &rtnl);

    if (code < 0)
        return code == -EOPNOTSUPP ? 0 : code;
    code = aq_rtnl_rule_check(rtnl, AF_INET, &v4);
    if (code == 0 && rtnl->fd >= 0)
        code = aq_rtnl_rule_check(rtnl, AF_INET6, &v6);
    aq_sockets_unlock(h, rtnl);
    if (code == 0) {
        h->needs_view |= h->policy_routing != (v4 || v6);
        h->policy_routing = v4 || v6;
    }
    return code;
}

static int read_anew(struct arpq *h)
{
    struct aq_ifmap map = {0};
    int code = read_all(h, &map);

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

static int interfaces_publish(struct arpq *h)
{
    struct aq_view *view;
    int code;

    h->changing = true;
    code = aq_view_build(&h->map, h->policy_routing, &view);
    if (code < 0)
        return code;
    aq_readers_publish(h, view);
    atomic_fetch_add_explicit(&h->generation, 1, memory_order_release);
    h->needs_view = false;
    return 0;
}

/* ---- Events ---- */

/* Take what is waiting off the event socket into the map. */
static int interfaces_drain(struct arpq *h)
{
    struct event_context to = {.h = h, .map = &h->map};
    int code = 0;

    for (int n = 0; n < EVENTS_MAX && code != -EAGAIN; n++) {
        code = aq_rtnl_event(&h->event, interfaces_apply, &to);
        if (code == 0 || code == -EAGAIN)
            continue;
        /* Something was lost: in the kernel, or half applied here. Until it is drained
         * the socket takes nothing new, so go on to its end first. */
        h->needs_reading = true;
        if (code != -ENOBUFS && code != -EMSGSIZE)
            return code;
    }
    if (!to.rules || h->needs_reading)
        return 0;
    code = read_rules(h);
    h->needs_reading = code < 0;
    return code;
}

/* Under live->update. */
static int interfaces_update(struct arpq *h)
{
    int code = 0;

    /* Without events there is nothing to learn from but reading. */
    if (h->event.fd >= 0)
        code = interfaces_drain(h);
    else
        h->needs_reading = true;
    if (h->needs_reading && (code == 0 || code == -ENOMEM))
        code = read_anew(h);
    if (code == 0 && h->needs_view)
        code = interfaces_publish(h);
    h->changing = false;
    return code;
}

/* ---- Start, in the opening process and in a child of it ---- */

static int interfaces_open_sockets(void *context)
{
    struct arpq *h = context;
    int code = aq_sys_socket(AF_INET, SOCK_DGRAM, 0);

    if (code < 0 && !aq_sys_is_refusal(code))
        return code;
    h->inet_fd = code < 0 ? -1 : code;

    code = aq_rtnl_open(&h->rtnl[0], 0);
    if (code < 0 && (!aq_sys_is_refusal(code) || h->inet_fd < 0))
        return code;
    h->has_rtnl = code == 0;
    if (!h->has_rtnl)
        return 0;

    /* Where joining groups is refused, changes are found by reading on a miss. */
    code = aq_rtnl_open(&h->event, EVENT_GROUPS);
    return code < 0 && !aq_sys_is_refusal(code) ? code : 0;
}

static void interfaces_close_sockets(struct arpq *h)
{
    aq_sys_close(h->inet_fd);
    h->inet_fd = -1;
    for (size_t i = 0; i < AQ_INET_SOCKETS; i++)
        aq_sys_close(atomic_exchange(&h->inet_spare[i], -1));
    for (size_t i = 0; i < AQ_SOLICIT_SOCKETS; i++)
        aq_sys_close(atomic_exchange(&h->solicit_fd[i], -1));
    aq_rtnl_close(&h->event);
    for (size_t i = 0; i < AQ_RTNL_SOCKETS; i++)
        aq_rtnl_close(&h->rtnl[i]);
}

static int interfaces_start(struct arpq *h)
{
    int code = aq_namespace_run(h, interfaces_open_sockets, h);

    if (code == 0)
        code = read_anew(h);
    if (code == 0)
        code = interfaces_publish(h);
    h->changing = false;
    if (code < 0)
        interfaces_close_sockets(h);
    else
        atomic_store_explicit(&h->live->alive, true, memory_order_release);
    return code;
}

int aq_interfaces_open(struct arpq *h)
{
    int code;

    h->inet_fd = -1;
    for (size_t i = 0; i < AQ_INET_SOCKETS; i++)
        atomic_init(&h->inet_spare[i], -1);
    for (size_t i = 0; i < AQ_SOLICIT_SOCKETS; i++)
        atomic_init(&h->solicit_fd[i], -1);
    aq_rtnl_init(&h->event, h->serial);
    for (size_t i = 0; i < AQ_RTNL_SOCKETS; i++)
        aq_rtnl_init(&h->rtnl[i], h->serial);
    pthread_mutex_lock(&h->live->update);
    code = interfaces_start(h);
    pthread_mutex_unlock(&h->live->update);
    return code;
}

/* In a child that was forked while another thread wrote here, what that left cannot be
 * trusted, not even to be freed. */
static void interfaces_forget_half_done(struct arpq *h)
{
    if (!h->changing)
        return;
    memset(&h->map, 0, sizeof h->map);
    h->retired = NULL;
    h->changing = false;
}

void aq_interfaces_close(struct arpq *h)
{
    struct aq_view *view = atomic_load(&h->view);

    interfaces_close_sockets(h);
    interfaces_forget_half_done(h);
    aq_view_free(view);
    while (h->retired) {
        view = h->retired;
        h->retired = *aq_view_next(view);
        aq_view_free(view);
    }
    aq_ifmap_clear(&h->map);
}

/* The parent's sockets are shared with it: answers and events taken from them would be
 * taken from it. They are closed here, which it does not notice, and replaced. */
static int interfaces_revive(struct arpq *h)
{
    int code = 0;

    pthread_mutex_lock(&h->live->update);
    if (!atomic_load(&h->live->alive)) {
        interfaces_close_sockets(h);
        interfaces_forget_half_done(h);
        code = interfaces_start(h);
    }
    pthread_mutex_unlock(&h->live->update);
    return code;
}

/* ---- The two checks ---- */

static bool is_alive(struct arpq *h)
{
    return atomic_load_explicit(&h->live->alive, memory_order_acquire);
}

int aq_interfaces_refresh(struct arpq *h)
{
    uint32_t tick;
    int code;

    if (!is_alive(h)) {
        code = interfaces_revive(h);
        if (code < 0)
            return code;
    }
    tick = aq_sys_tick();
    if (tick == atomic_load_explicit(&h->live->tick, memory_order_relaxed))
        return 0;
    atomic_store_explicit(&h->live->tick, tick, memory_order_relaxed);
    /* Without events this would read everything, every tick: that is for a miss. And
     * another thread at it already is as good. */
    if (h->event.fd < 0 || pthread_mutex_trylock(&h->live->update) != 0)
        return 0;
    (void)interfaces_update(h); /* the present view still serves; a miss reports what failed */
    pthread_mutex_unlock(&h->live->update);
    return 0;
}

unsigned aq_interfaces_generation(struct arpq *h)
{
    return atomic_load_explicit(&h->generation, memory_order_acquire);
}

int aq_interfaces_update(struct arpq *h, unsigned generation)
{
    int code;

    pthread_mutex_lock(&h->live->update);
    code = interfaces_update(h);
    pthread_mutex_unlock(&h->live->update);
    return code < 0 ? code : aq_interfaces_generation(h) != generation;
}

int aq_interfaces_catch_up(struct arpq *h)
{
    int code = aq_interfaces_refresh(h);

    if (code == 0)
        code = aq_interfaces_update(h, 0);
    return code < 0 ? code : 0;
}

int aq_interfaces_copy(struct arpq *h, struct aq_ifmap *map)
{
    uint64_t now_s = aq_sys_now_ms() / 1000;
    int code = aq_interfaces_refresh(h);

    memset(map, 0, sizeof *map);
    if (code < 0)
        return code;
    pthread_mutex_lock(&h->live->update);
    code = interfaces_update(h);
    if (code == 0)
        code = aq_ifmap_copy(&h->map, map);
    pthread_mutex_unlock(&h->live->update);
    for (size_t i = 0; i < map->address_count; i++) {
        struct arpq_address *address = &map->addresses[i];

        address->valid_s = aq_lifetime_left(address->valid_s, now_s);
        address->preferred_s = aq_lifetime_left(address->preferred_s, now_s);
    }
    return code;
}

int aq_interfaces_address(struct arpq *h, struct arpq_address *address)
{
    const struct arpq_address *known;
    int code = aq_interfaces_refresh(h);

    if (code < 0)
        return code;
    pthread_mutex_lock(&h->live->update);
    code = interfaces_update(h);
    known = code == 0 ? aq_ifmap_address(&h->map, address) : NULL;
    if (known)
        *address = *known;
    pthread_mutex_unlock(&h->live->update);
    return code == 0 && !known ? -ENOENT : code;
}

/* SPDX-License-Identifier: MIT */
#include "handle/handle.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/namespace.h"
#include "handle/options.h"
#include "handle/routes.h"
#include "kernel/netns.h"
#include "kernel/sys.h"

#define KNOWN_FLAGS (ARPQ_OPEN_IN_NETNS | ARPQ_OPEN_INTERRUPTIBLE)

/* The least size of the options, and the size of the members that this release knows. */
#define OPTIONS_KNOWN (offsetof(struct arpq_options, netns_fd) + sizeof(int32_t))

#define EVENT_GROUPS                                                                               \
    (AQ_RTNL_GROUP(RTNLGRP_LINK) | AQ_RTNL_GROUP(RTNLGRP_IPV4_IFADDR) |                            \
     AQ_RTNL_GROUP(RTNLGRP_IPV6_IFADDR) | AQ_RTNL_GROUP(RTNLGRP_IPV4_RULE) |                       \
     AQ_RTNL_GROUP(RTNLGRP_IPV6_RULE) | AQ_RTNL_GROUP(RTNLGRP_IPV4_NETCONF) |                      \
     AQ_RTNL_GROUP(RTNLGRP_IPV6_NETCONF) | AQ_RTNL_GROUP(RTNLGRP_NEXTHOP))

#define ROUTE_GROUPS (AQ_RTNL_GROUP(RTNLGRP_IPV4_ROUTE) | AQ_RTNL_GROUP(RTNLGRP_IPV6_ROUTE))

/* Serial numbers make handles distinct; nothing else is shared between handles. */
static atomic_uint last_serial;

static int handle_read_options(const struct arpq_options *from, struct arpq_options *options)
{
    int code =
        aq_options_read(from, OPTIONS_KNOWN, OPTIONS_KNOWN, KNOWN_FLAGS, options, sizeof *options);

    if (code < 0)
        return code;
    if (!(options->flags & ARPQ_OPEN_IN_NETNS))
        options->netns_fd = -1;
    else if (options->netns_fd < 0)
        return -EBADF;
    return 0;
}

/* ---- Sockets ---- */

static void handle_init_sockets(struct arpq_handle *h)
{
    h->inet_fd = -1;
    for (size_t i = 0; i < AQ_INET_SOCKETS; i++)
        atomic_init(&h->inet_spare[i], -1);
    for (size_t i = 0; i < AQ_SOLICIT_SOCKETS; i++)
        atomic_init(&h->solicit_fd[i], -1);
    for (size_t i = 0; i < AQ_RTNL_SOCKETS; i++)
        aq_rtnl_init(&h->rtnl[i], &h->live->detail);
    aq_rtnl_init(&h->update_rtnl, &h->live->detail);
    aq_rtnl_init(&h->event, &h->live->detail);
    aq_rtnl_init(&h->route_event, &h->live->detail);
}

static void handle_close_sockets(struct arpq_handle *h)
{
    aq_sys_close(h->inet_fd);
    for (size_t i = 0; i < AQ_INET_SOCKETS; i++)
        aq_sys_close(atomic_load(&h->inet_spare[i]));
    for (size_t i = 0; i < AQ_SOLICIT_SOCKETS; i++)
        aq_sys_close(atomic_load(&h->solicit_fd[i]));
    for (size_t i = 0; i < AQ_RTNL_SOCKETS; i++)
        aq_rtnl_close(&h->rtnl[i]);
    aq_rtnl_close(&h->update_rtnl);
    aq_rtnl_close(&h->event);
    aq_rtnl_close(&h->route_event);
    handle_init_sockets(h);
}

/* If a sandbox refuses to let the socket join groups, the handle works without events: it reads the
 * interfaces again after a failed lookup, and asks the kernel for every routing decision. */
static int handle_open_events(struct arpq_handle *h)
{
    int code = aq_rtnl_open(&h->event, EVENT_GROUPS);

    if (code == 0)
        code = aq_rtnl_open(&h->route_event, ROUTE_GROUPS);
    if (code < 0)
        aq_rtnl_close(&h->event);
    return code < 0 && !aq_sys_is_refusal(code) ? code : 0;
}

static int handle_open_sockets(void *context)
{
    struct arpq_handle *h = context;
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
    code = aq_rtnl_open(&h->update_rtnl, 0);
    return code < 0 ? code : handle_open_events(h);
}

/* ---- Start, in the opening process and in a child of it ---- */

/* After a failure, no socket is open but the inherited one, which identifies the namespace. The
 * caller holds live->update. */
static int handle_start(struct arpq_handle *h, int inherited)
{
    int code;

    atomic_store(&h->live->detail.serial, h->serial);
    code = aq_namespace_run(h, handle_open_sockets, h);
    /* A child keeps the namespace that its parent identified. */
    if (code == 0 && h->epochs == 0)
        aq_netns_identify_socket(h->inet_fd >= 0 ? h->inet_fd : h->rtnl[0].fd, h->netns_id);
    if (code == 0)
        code = aq_interfaces_read(h);
    if (code < 0) {
        if (h->inet_fd == inherited)
            h->inet_fd = -1;
        handle_close_sockets(h);
        h->inet_fd = inherited;
        return code;
    }
    atomic_store_explicit(&h->live->epoch, ++h->epochs, memory_order_release);
    return 0;
}

/* If the process forked while another thread wrote the map, the child's map may be inconsistent.
 * The child cannot even free it, so it drops the map. */
static void handle_forget_unfinished(struct arpq_handle *h)
{
    if (!h->changing)
        return;
    memset(&h->map, 0, sizeof h->map);
    h->retired = NULL;
    h->changing = false;
}

/* When the process forked, another thread may have been writing a cell of the memo. The child
 * cannot write any cell safely, so it drops the memo. */
static void handle_forget_memo(struct arpq_handle *h)
{
    aq_memo_free(atomic_exchange(&h->memo, NULL));
}

/* The first thread sets the memory to zeros; the others wait, because the memory contains locks. The
 * negative process ID of the child marks the wait, so that a child of the child does not wait for a
 * thread that it lacks. */
void aq_handle_wipe(_Atomic pid_t *process, void *live, size_t size)
{
    const pid_t child = aq_sys_process();
    pid_t seen = atomic_load(process);

    while (seen && seen != child) {
        if (seen == -child) {
            sched_yield();
            seen = atomic_load(process);
        } else if (atomic_compare_exchange_strong(process, &seen, -child)) {
            memset(live, 0, size);
            atomic_store(process, child);
            return;
        }
    }
}

/* A child shares the sockets with its parent. If the child received an answer or event from them,
 * the parent would not receive it. The child therefore closes them, which does not affect the
 * parent, and opens its own. The ioctl socket stays open until the new sockets are open, because it
 * identifies the namespace. */
int aq_handle_revive(struct arpq_handle *h)
{
    int code = 0, inherited;

    aq_handle_wipe(&h->process, h->live, sizeof *h->live);
    aq_lock_take(&h->live->update);
    if (aq_handle_epoch(h) == 0) {
        inherited = h->inet_fd;
        h->inet_fd = -1;
        handle_close_sockets(h);
        handle_forget_unfinished(h);
        handle_forget_memo(h);
        h->inet_fd = inherited;
        code = handle_start(h, inherited);
        if (code == 0)
            aq_sys_close(inherited);
    }
    aq_lock_release(&h->live->update);
    return code;
}

uint32_t aq_handle_epoch(const struct arpq_handle *h)
{
    if (aq_handle_is_unwiped(&h->process))
        return 0;
    return atomic_load_explicit(&h->live->epoch, memory_order_acquire);
}

/* Map the live state, which sockets refer to. */
static int handle_make_live(struct arpq_handle *h)
{
    void *live;
    int code = aq_sys_map_wiped_on_fork(sizeof *h->live, &live);

    if (code < 0)
        return code;
    h->live = live;
    atomic_init(&h->process, code == AQ_SYS_NOT_WIPED ? aq_sys_process() : 0);
    return 0;
}

static int handle_make(const struct arpq_options *options, struct arpq_handle *h)
{
    int code;

    if (options->netns_fd >= 0) {
        h->netns_fd = aq_sys_dup(options->netns_fd);
        if (h->netns_fd < 0)
            return h->netns_fd;
    }
    aq_lock_take(&h->live->update);
    code = handle_start(h, -1);
    aq_lock_release(&h->live->update);
    return code;
}

static int handle_allocate(const struct arpq_options *options, struct arpq_handle **h)
{
    struct arpq_handle *new_h = aligned_alloc(_Alignof(struct arpq_handle), sizeof *new_h);
    int code;

    if (!new_h)
        return -ENOMEM;
    memset(new_h, 0, sizeof *new_h);
    code = handle_make_live(new_h);
    if (code < 0) {
        free(new_h);
        return code;
    }
    new_h->serial = atomic_fetch_add(&last_serial, 1) + 1;
    new_h->flags = options->flags;
    new_h->opener = aq_readers_thread();
    new_h->netns_fd = -1;
    new_h->at_once = aq_gate_places(aq_sys_processors());
    atomic_init(&new_h->references, 1);
    atomic_init(&new_h->wake_fd, -1);
    handle_init_sockets(new_h);
    *h = new_h;
    return 0;
}

int arpq_open(struct arpq_handle **h, const struct arpq_options *options)
{
    struct arpq_options checked;
    struct arpq_handle *new_h;
    int code;

    aq_detail_begin(NULL);
    if (!h)
        return -EINVAL;
    *h = NULL;
    code = handle_read_options(options, &checked);
    if (code == 0)
        code = handle_allocate(&checked, &new_h);
    if (code < 0)
        return code;
    code = handle_make(&checked, new_h);
    if (code < 0) {
        arpq_close(new_h);
        return code;
    }
    *h = new_h;
    return 0;
}

/* ---- End ---- */

static void handle_free(struct arpq_handle *h)
{
    handle_close_sockets(h);
    aq_sys_close(atomic_load(&h->wake_fd));
    handle_forget_unfinished(h);
    aq_readers_free(h);
    aq_ifmap_clear(&h->map);
    aq_memo_free(atomic_load(&h->memo));
    aq_sys_unmap(h->live, sizeof *h->live);
    aq_sys_close(h->netns_fd);
    free(h);
}

struct arpq_handle *aq_handle_ref(struct arpq_handle *h)
{
    atomic_fetch_add_explicit(&h->references, 1, memory_order_relaxed);
    return h;
}

void aq_handle_unref(struct arpq_handle *h)
{
    if (atomic_fetch_sub_explicit(&h->references, 1, memory_order_acq_rel) == 1)
        handle_free(h);
}

void arpq_close(struct arpq_handle *h)
{
    if (h)
        aq_handle_unref(h);
}

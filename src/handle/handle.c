/* SPDX-License-Identifier: MIT */
#include "handle/handle.h"
#include "handle/interfaces.h"
#include "handle/readers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle/options.h"
#include "kernel/netns.h"
#include "kernel/sys.h"

#define KNOWN_FLAGS (ARPQ_VIA_GATEWAY | ARPQ_IN_NETNS)

/* What the options must at least hold, and all that is known of them. */
#define OPTIONS_KNOWN (offsetof(struct arpq_options, netns_fd) + sizeof(int32_t))

/* The layout is the ABI, on every architecture. */
_Static_assert(sizeof(struct arpq_options) == 32, "arpq_options");
_Static_assert(offsetof(struct arpq_options, netns_fd) == 8, "arpq_options.netns_fd");
_Static_assert(sizeof(struct arpq_ip) == 24, "arpq_ip");
_Static_assert(offsetof(struct arpq_ip, scope) == 16, "arpq_ip.scope");
_Static_assert(offsetof(struct arpq_ip, family) == 20, "arpq_ip.family");
_Static_assert(sizeof(struct arpq_mac) == 36, "arpq_mac");
_Static_assert(offsetof(struct arpq_mac, type) == 32, "arpq_mac.type");
_Static_assert(offsetof(struct arpq_mac, length) == 34, "arpq_mac.length");
_Static_assert(sizeof(struct arpq_neigh) == 128, "arpq_neigh");
_Static_assert(offsetof(struct arpq_neigh, mac) == 24, "arpq_neigh.mac");
_Static_assert(offsetof(struct arpq_neigh, ifindex) == 60, "arpq_neigh.ifindex");
_Static_assert(offsetof(struct arpq_neigh, confirmed_ms) == 80, "arpq_neigh.confirmed_ms");
_Static_assert(offsetof(struct arpq_neigh, protocol) == 104, "arpq_neigh.protocol");
_Static_assert(sizeof(struct arpq_filter) == 128, "arpq_filter");
_Static_assert(offsetof(struct arpq_filter, prefix) == 24, "arpq_filter.prefix");
_Static_assert(offsetof(struct arpq_filter, mac) == 52, "arpq_filter.mac");
_Static_assert(sizeof(struct arpq_table_stats) == 200, "arpq_table_stats");
_Static_assert(offsetof(struct arpq_table_stats, gc_interval_ms) == 24, "gc_interval_ms");
_Static_assert(sizeof(struct arpq_event) == 736, "arpq_event");
_Static_assert(offsetof(struct arpq_event, neigh) == 16, "arpq_event.neigh");
_Static_assert(offsetof(struct arpq_event, old_mac) == 144, "arpq_event.old_mac");
_Static_assert(offsetof(struct arpq_event, interface) == 184, "arpq_event.interface");
_Static_assert(offsetof(struct arpq_event, address) == 504, "arpq_event.address");
_Static_assert(sizeof(struct arpq_watch_options) == 176, "arpq_watch_options");
_Static_assert(sizeof(struct arpq_mirror_stats) == 256, "arpq_mirror_stats");
_Static_assert(sizeof(struct arpq_interface) == 320, "arpq_interface");
_Static_assert(offsetof(struct arpq_interface, mac) == 40, "arpq_interface.mac");
_Static_assert(offsetof(struct arpq_interface, broadcast) == 76, "arpq_interface.broadcast");
_Static_assert(offsetof(struct arpq_interface, address_first) == 112, "address_first");
_Static_assert(offsetof(struct arpq_interface, kind) == 164, "arpq_interface.kind");
_Static_assert(offsetof(struct arpq_interface, group) == 220, "arpq_interface.group");
_Static_assert(sizeof(struct arpq_interface_stats) == 288, "arpq_interface_stats");
_Static_assert(offsetof(struct arpq_interface_stats, qdisc) == 224, "arpq_interface_stats.qdisc");
_Static_assert(sizeof(struct arpq_address) == 192, "arpq_address");
_Static_assert(offsetof(struct arpq_address, ifindex) == 72, "arpq_address.ifindex");
_Static_assert(offsetof(struct arpq_address, label) == 88, "arpq_address.label");
_Static_assert(offsetof(struct arpq_address, anycast) == 104, "arpq_address.anycast");
_Static_assert(offsetof(struct arpq_address, created_ms) == 136, "arpq_address.created_ms");
_Static_assert(offsetof(struct arpq_address, metric) == 152, "arpq_address.metric");

/* Not process state that anyone can see: only a source of names for handles. */
static atomic_uint last_serial;

static int handle_read_options(const struct arpq_options *from, struct arpq_options *options)
{
    int code =
        aq_options_read(from, OPTIONS_KNOWN, OPTIONS_KNOWN, KNOWN_FLAGS, options, sizeof *options);

    if (code < 0)
        return code;
    if (!(options->flags & ARPQ_IN_NETNS))
        options->netns_fd = -1;
    else if (options->netns_fd < 0)
        return -EBADF;
    return 0;
}

static int handle_make(const struct arpq_options *options, struct arpq *h)
{
    void *live;
    int code;

    if (options->netns_fd >= 0) {
        h->netns_fd = aq_sys_dup(options->netns_fd);
        if (h->netns_fd < 0)
            return h->netns_fd;
    }
    aq_netns_identify(h->netns_id);
    code = aq_sys_map_wiped_on_fork(sizeof *h->live, &live);
    if (code < 0)
        return code;
    h->live = live;
    return aq_interfaces_open(h);
}

int arpq_open(struct arpq **h, const struct arpq_options *options)
{
    struct arpq_options read;
    struct arpq *made;
    int code;

    aq_rtnl_detail_clear();
    if (!h)
        return -EINVAL;
    *h = NULL;
    code = handle_read_options(options, &read);
    if (code < 0)
        return code;
    made = aligned_alloc(_Alignof(struct arpq), sizeof *made);
    if (!made)
        return -ENOMEM;
    memset(made, 0, sizeof *made);
    made->serial = atomic_fetch_add(&last_serial, 1) + 1;
    made->flags = read.flags;
    made->opener = aq_readers_thread() % AQ_READERS;
    made->netns_fd = -1;
    atomic_init(&made->references, 1);
    code = handle_make(&read, made);
    if (code < 0) {
        arpq_close(made);
        return code;
    }
    *h = made;
    return 0;
}

static void handle_free(struct arpq *h)
{
    if (h->live) {
        aq_interfaces_close(h);
        aq_sys_unmap(h->live, sizeof *h->live);
    }
    aq_sys_close(h->netns_fd);
    free(h);
}

struct arpq *aq_handle_ref(struct arpq *h)
{
    atomic_fetch_add_explicit(&h->references, 1, memory_order_relaxed);
    return h;
}

void aq_handle_unref(struct arpq *h)
{
    if (atomic_fetch_sub_explicit(&h->references, 1, memory_order_acq_rel) == 1)
        handle_free(h);
}

void arpq_close(struct arpq *h)
{
    if (h)
        aq_handle_unref(h);
}

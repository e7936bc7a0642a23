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

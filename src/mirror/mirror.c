/* SPDX-License-Identifier: MIT */
#include "mirror/mirror.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/options.h"
#include "mirror/event.h"

#define KNOWN_FLAGS ARPQ_MIRROR_THREAD
#define LEAST offsetof(struct arpq_mirror_options, receive_buffer)
#define KNOWN offsetof(struct arpq_mirror_options, reserved)

/* ---- Open, close, sync ---- */

static void mirror_notify(const struct aq_change *change, void *context)
{
    const struct arpq_mirror *mirror = context;
    struct arpq_event event;

    aq_event_from_change(change, &event);
    mirror->options.on_event(&event, mirror->options.context);
}

static int mirror_start(struct arpq_mirror *mirror, struct arpq_handle *h)
{
    const struct aq_replica_options options = {
        .receive_buffer = mirror->options.receive_buffer,
        .damping_ms = mirror->options.damping_ms,
        .notify = mirror->options.on_event ? mirror_notify : NULL,
        .context = mirror,
    };
    int code = aq_replica_start(&mirror->replica, h, &options);

    if (code < 0 || !(mirror->options.flags & ARPQ_MIRROR_THREAD))
        return code;
    code = aq_mirror_thread_start(&mirror->thread, &mirror->replica);
    if (code < 0)
        aq_replica_stop(&mirror->replica);
    return code;
}

static void mirror_release(struct arpq_mirror *mirror)
{
    aq_mirror_thread_stop(&mirror->thread);
    free(mirror);
}

int arpq_mirror_open(struct arpq_handle *h, struct arpq_mirror **mirror,
                     const struct arpq_mirror_options *options)
{
    struct arpq_mirror_options new_options;
    struct arpq_mirror *new_mirror;
    int code;

    aq_detail_begin(h);
    if (mirror)
        *mirror = NULL;
    if (!h || !mirror)
        return -EINVAL;
    code = aq_options_read(options, LEAST, KNOWN, KNOWN_FLAGS, &new_options, sizeof new_options);
    if (code < 0)
        return code;
    new_mirror = aligned_alloc(_Alignof(struct arpq_mirror), sizeof *new_mirror);
    if (!new_mirror)
        return -ENOMEM;
    memset(new_mirror, 0, sizeof *new_mirror);
    new_mirror->options = new_options;
    aq_mirror_thread_init(&new_mirror->thread);
    code = mirror_start(new_mirror, h);
    if (code < 0) {
        mirror_release(new_mirror);
        return code;
    }
    *mirror = new_mirror;
    return 0;
}

void arpq_mirror_close(struct arpq_mirror *mirror)
{
    if (!mirror)
        return;
    aq_mirror_thread_stop(&mirror->thread);
    aq_replica_stop(&mirror->replica);
    free(mirror);
}

int arpq_mirror_fd(const struct arpq_mirror *mirror)
{
    if (!mirror)
        return -EINVAL;
    if (!aq_replica_is_alive(&mirror->replica))
        return -ESTALE;
    return atomic_load(&mirror->thread.running) ? -EOPNOTSUPP : mirror->replica.wakeup.fd;
}

int arpq_mirror_sync(struct arpq_mirror *mirror)
{
    aq_detail_begin(mirror ? mirror->replica.h : NULL);
    if (!mirror)
        return -EINVAL;
    /* A forked child has no copy of the thread. */
    if (!aq_replica_is_alive(&mirror->replica))
        atomic_store(&mirror->thread.running, false);
    return aq_replica_sync(&mirror->replica);
}

int arpq_mirror_stats(struct arpq_mirror *mirror, struct arpq_sync_stats *stats)
{
    if (stats)
        memset(stats, 0, sizeof *stats);
    if (!mirror || !stats)
        return -EINVAL;
    aq_replica_stats(&mirror->replica, stats);
    return 0;
}

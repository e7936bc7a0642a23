/* SPDX-License-Identifier: MIT */
#include "mirror/mirror.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "handle/options.h"
#include "kernel/sys.h"
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

static void *mirror_run_thread(void *context)
{
    struct arpq_mirror *mirror = context;

    for (;;) {
        if (aq_sys_wait_readable(mirror->wake_fd, -1) < 0)
            continue;
        if (aq_sys_is_readable(mirror->stop_fd))
            return NULL;
        /* A failed sync is repeated when the replica's timer expires. */
        (void)aq_replica_sync(&mirror->replica);
    }
}

static int mirror_start_thread(struct arpq_mirror *mirror)
{
    sigset_t all, before;
    int error;

    mirror->stop_fd = aq_sys_event();
    if (mirror->stop_fd < 0)
        return mirror->stop_fd;
    mirror->wake_fd = aq_sys_epoll();
    if (mirror->wake_fd < 0)
        return mirror->wake_fd;
    error = aq_sys_epoll_add(mirror->wake_fd, mirror->stop_fd);
    if (error == 0)
        error = aq_sys_epoll_add(mirror->wake_fd, mirror->replica.wakeup.fd);
    if (error < 0)
        return error;
    sigfillset(&all);
    error = pthread_sigmask(SIG_BLOCK, &all, &before);
    if (error)
        return -error;
    error = pthread_create(&mirror->thread, NULL, mirror_run_thread, mirror);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    mirror->has_thread = error == 0;
    mirror->process = aq_sys_process();
    return -error;
}

static int mirror_start(struct arpq_mirror *mirror, struct arpq *h)
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
    code = mirror_start_thread(mirror);
    if (code < 0)
        aq_replica_stop(&mirror->replica);
    return code;
}

static void mirror_release(struct arpq_mirror *mirror)
{
    aq_sys_close(mirror->stop_fd);
    aq_sys_close(mirror->wake_fd);
    free(mirror);
}

int arpq_mirror_open(struct arpq *h, struct arpq_mirror **mirror,
                     const struct arpq_mirror_options *options)
{
    struct arpq_mirror_options new_options;
    struct arpq_mirror *new_mirror;
    int code;

    aq_rtnl_detail_clear();
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
    new_mirror->stop_fd = new_mirror->wake_fd = -1;
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
    /* A forked child has no copy of the thread. */
    if (mirror->has_thread && mirror->process == aq_sys_process()) {
        aq_sys_event_post(mirror->stop_fd);
        pthread_join(mirror->thread, NULL);
    }
    aq_replica_stop(&mirror->replica);
    mirror_release(mirror);
}

int arpq_mirror_fd(const struct arpq_mirror *mirror)
{
    if (!mirror)
        return -EINVAL;
    if (!aq_replica_is_alive(&mirror->replica))
        return -ESTALE;
    return mirror->has_thread ? -EOPNOTSUPP : mirror->replica.wakeup.fd;
}

int arpq_mirror_sync(struct arpq_mirror *mirror)
{
    aq_rtnl_detail_clear();
    if (!mirror)
        return -EINVAL;
    /* In a forked child: the thread exists only in the parent. */
    if (!aq_replica_is_alive(&mirror->replica))
        mirror->has_thread = false;
    return aq_replica_sync(&mirror->replica);
}

int arpq_mirror_stats(struct arpq_mirror *mirror, struct arpq_mirror_stats *stats)
{
    if (stats)
        memset(stats, 0, sizeof *stats);
    if (!mirror || !stats)
        return -EINVAL;
    aq_replica_stats(&mirror->replica, stats);
    return 0;
}

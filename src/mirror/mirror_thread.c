/* SPDX-License-Identifier: MIT */
#include "mirror/mirror_thread.h"

#include <errno.h>
#include <signal.h>

#include "kernel/rtnl_detail.h"
#include "kernel/sys.h"

/* The thread waits this long after an error before it tries again. If a sandbox refuses every
 * way to wait for a descriptor, the mirror reads its events at this interval. */
#define PAUSE_US 100000u

void aq_mirror_thread_init(struct aq_mirror_thread *thread)
{
    thread->stop_fd = thread->wake_fd = -1;
}

static void mirror_thread_pause(struct aq_mirror_thread *thread)
{
    const uint64_t until_us = aq_sys_now_us() + PAUSE_US;
    const struct timespec until = {.tv_sec = (time_t)(until_us / 1000000),
                                   .tv_nsec = (long)(until_us % 1000000) * 1000};

    pthread_mutex_lock(&thread->mutex);
    if (!atomic_load(&thread->stopping))
        (void)pthread_cond_timedwait(&thread->stop, &thread->mutex, &until);
    pthread_mutex_unlock(&thread->mutex);
}

static void *mirror_thread_run(void *context)
{
    struct aq_mirror_thread *thread = context;

    aq_rtnl_detail_mute();
    while (!atomic_load(&thread->stopping)) {
        int code = aq_sys_wait_readable(thread->wake_fd, -1, -1);
        bool failed = code < 0 && code != -EINTR;

        if (!atomic_load(&thread->stopping) && (aq_replica_sync(thread->replica) < 0 || failed))
            mirror_thread_pause(thread);
    }
    return NULL;
}

static int mirror_thread_open(struct aq_mirror_thread *thread)
{
    int code;

    thread->stop_fd = aq_sys_event();
    if (thread->stop_fd < 0)
        return thread->stop_fd;
    thread->wake_fd = aq_sys_epoll();
    if (thread->wake_fd < 0)
        return thread->wake_fd;
    code = aq_sys_epoll_add(thread->wake_fd, thread->stop_fd);
    return code < 0 ? code : aq_sys_epoll_add(thread->wake_fd, thread->replica->wakeup.fd);
}

/* Returns 0 or a positive errno value. */
static int mirror_thread_init_pause(struct aq_mirror_thread *thread)
{
    pthread_condattr_t monotonic;
    int error = pthread_condattr_init(&monotonic);

    if (error)
        return error;
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    error = pthread_cond_init(&thread->stop, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return error ? error : pthread_mutex_init(&thread->mutex, NULL);
}

/* Returns 0 or a positive errno value. */
static int mirror_thread_create(struct aq_mirror_thread *thread)
{
    sigset_t all, before;
    int error;

    sigfillset(&all);
    error = pthread_sigmask(SIG_BLOCK, &all, &before);
    if (error)
        return error;
    error = pthread_create(&thread->thread, NULL, mirror_thread_run, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

int aq_mirror_thread_start(struct aq_mirror_thread *thread, struct aq_replica *replica)
{
    int code, error;

    thread->replica = replica;
    code = mirror_thread_open(thread);
    if (code < 0)
        return aq_sys_unify_refusal(code);
    error = mirror_thread_init_pause(thread);
    if (error)
        return -error;
    thread->epoch = aq_handle_epoch(replica->h);
    error = mirror_thread_create(thread);
    atomic_store(&thread->running, error == 0);
    return error ? -EAGAIN : 0;
}

void aq_mirror_thread_stop(struct aq_mirror_thread *thread)
{
    /* A forked child has no copy of the thread. */
    if (atomic_load(&thread->running) && thread->epoch == aq_handle_epoch(thread->replica->h)) {
        pthread_mutex_lock(&thread->mutex);
        atomic_store(&thread->stopping, true);
        pthread_cond_signal(&thread->stop);
        pthread_mutex_unlock(&thread->mutex);
        aq_sys_event_post(thread->stop_fd);
        pthread_join(thread->thread, NULL);
    }
    aq_sys_close(thread->stop_fd);
    aq_sys_close(thread->wake_fd);
}

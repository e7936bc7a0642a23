/* SPDX-License-Identifier: MIT */
/*
 * A wake is a flag and a descriptor that waiting threads poll. The first wait opens the descriptor.
 * The waiting thread publishes the descriptor and then reads the flag; arpq_wake sets the flag and
 * then reads the descriptor. One of them sees what the other wrote, so no wake is lost.
 *
 * The descriptor is an eventfd that nobody reads before arpq_wake_clear, so that it wakes all
 * threads and stays readable.
 */
#include "handle/wait.h"

#include <errno.h>

#include "handle/handle.h"
#include "kernel/sys.h"

/* Without a descriptor for the wake, a wait looks at the flag at this interval. */
#define SLICE_MS 50

/* Returns the descriptor that waits of this process poll, or -1. A forked child that has not used
 * the handle yet has none, even if it still has the live state of its parent. */
static int wait_descriptor(const struct arpq_handle *h)
{
    const pid_t process = atomic_load(&h->process);

    return process && process != aq_sys_process() ? -1 : atomic_load(&h->live->wake) - 1;
}

/* Opens the descriptor of this process. The first thread that publishes one decides for all. A
 * forked child closes the descriptor that it inherited, because a wake of the parent would end the
 * waits of the child. Returns -1 if the process has no descriptor left. */
static int wait_open(struct arpq_handle *h)
{
    int fd = wait_descriptor(h), none = 0;

    if (fd >= 0)
        return fd;
    fd = aq_sys_event();
    if (fd < 0)
        return -1;
    if (!atomic_compare_exchange_strong(&h->live->wake, &none, fd + 1)) {
        aq_sys_close(fd);
        return none - 1;
    }
    aq_sys_close(atomic_exchange(&h->wake_fd, fd));
    return fd;
}

bool aq_wait_is_woken(const struct arpq_handle *h)
{
    return atomic_load(&h->live->woken);
}

static int wait_interrupted(const struct arpq_handle *h)
{
    return h->flags & ARPQ_OPEN_INTERRUPTIBLE ? -EINTR : 1;
}

int aq_wait(struct arpq_handle *h, int fd, int left_ms)
{
    bool sliced;
    int wake_fd, code;

    if (aq_handle_epoch(h) == 0)
        (void)aq_handle_revive(h);
    wake_fd = wait_open(h);
    if (aq_wait_is_woken(h))
        return -ECANCELED;
    sliced = wake_fd < 0 && (left_ms < 0 || left_ms > SLICE_MS);
    code = aq_sys_wait_readable(fd, wake_fd, sliced ? SLICE_MS : left_ms);
    if (code == -EINTR)
        return wait_interrupted(h);
    if (code < 0)
        return code;
    if (code & AQ_SYS_WOKEN)
        return -ECANCELED;
    return code || sliced;
}

/* ---- Wake ---- */

/* Only operations that are safe in a signal handler. A child that has not used the handle yet waits
 * for nothing, and may still share the descriptor with its parent. */
int arpq_wake(struct arpq_handle *h)
{
    int fd;

    if (!h)
        return -EINVAL;
    atomic_store(&h->live->woken, true);
    fd = wait_descriptor(h);
    if (fd >= 0)
        aq_sys_event_post(fd);
    return 0;
}

/* A concurrent arpq_wake counts as the later one if it posts after the flag was cleared: the
 * descriptor alone ends the next wait. */
int arpq_wake_clear(struct arpq_handle *h)
{
    int fd;

    if (!h)
        return -EINVAL;
    atomic_store(&h->live->woken, false);
    fd = wait_descriptor(h);
    if (fd >= 0)
        aq_sys_event_clear(fd);
    return 0;
}

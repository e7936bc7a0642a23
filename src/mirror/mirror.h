/* SPDX-License-Identifier: MIT */
#ifndef AQ_MIRROR_MIRROR_H
#define AQ_MIRROR_MIRROR_H

#include <errno.h>

#include "mirror/replica.h"

struct arpq_mirror {
    struct aq_replica replica;
    struct arpq_mirror_options options;
    pthread_t thread;
    atomic_bool has_thread;
    pid_t process; /* in which the thread is */
    int stop_fd;   /* the thread is to end */
    int wake_fd;   /* what the thread waits for: stop_fd and the follower's descriptor */
};

/* The copy to ask, or why it cannot be. */
static inline int aq_mirror_begin(const struct arpq_mirror *mirror, const struct aq_neighmap **map)
{
    if (!mirror)
        return -EINVAL;
    if (!aq_replica_is_alive(&mirror->replica))
        return -ESTALE;
    *map = atomic_load_explicit(&mirror->replica.map, memory_order_acquire);
    return 0;
}

#endif

/* SPDX-License-Identifier: MIT */
#ifndef AQ_MIRROR_MIRROR_H
#define AQ_MIRROR_MIRROR_H

#include <errno.h>

#include "mirror/mirror_thread.h"
#include "mirror/replica.h"

struct arpq_mirror {
    struct aq_replica replica;
    struct arpq_mirror_options options;
    struct aq_mirror_thread thread;
};

/* Check that the mirror can be read, and return its map. */
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

/* SPDX-License-Identifier: MIT */
/* Random operations on a map of entries. */
#include <stdbool.h>

#include "neighmap/fastpath.h"
#include "unit/neighmap_random.h"

bool search(const struct aq_neighmap *map, const struct arpq_ip *ip, uint32_t ifindex,
            struct aq_found *found)
{
    static _Thread_local unsigned turn;
    struct aq_key key;
    uint64_t hash;

    aq_key_make(&key, ip, ifindex);
    hash = aq_key_hash(&key, map->seed);
    /* Every second search on one interface uses the fast path. */
    if (ifindex && turn++ % 2) {
        enum aq_fastpath quick = aq_fastpath_find(map, &key, hash, &found->fields);

        if (quick != AQ_FASTPATH_ASK)
            return quick == AQ_FASTPATH_FOUND;
    }
    return aq_neighmap_find(map, &key, hash, found);
}

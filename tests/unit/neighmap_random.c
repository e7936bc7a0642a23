/* SPDX-License-Identifier: MIT */
/* Random operations on a map of entries. */
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "neighmap/quick.h"
#include "unit/neighmap_random.h"

uint64_t seed_of_run(void)
{
    const char *text = getenv("ARPQ_SEED");
    struct timespec now;

    if (text)
        return strtoull(text, NULL, 0);
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000003u + (uint64_t)now.tv_nsec;
}

uint32_t draw(uint64_t *random, uint32_t below)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*random >> 33) % below);
}

bool search(const struct aq_neighmap *map, const struct arpq_ip *ip, uint32_t ifindex,
            struct aq_found *found)
{
    static _Thread_local unsigned turn;
    struct aq_key key;
    uint64_t hash;

    aq_key_make(&key, ip, ifindex);
    hash = aq_key_hash(&key, map->seed);
    /* The quick way in every other search. */
    if (ifindex && turn++ % 2) {
        enum aq_quick quick = aq_quick_find(map, &key, hash, &found->fields);

        if (quick != AQ_QUICK_ASK)
            return quick == AQ_QUICK_FOUND;
    }
    return aq_neighmap_find(map, &key, hash, found);
}

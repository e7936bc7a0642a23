/* SPDX-License-Identifier: MIT */
/* Random operations on a map of entries. */
#ifndef ARPQ_TEST_UNIT_NEIGHMAP_RANDOM_H
#define ARPQ_TEST_UNIT_NEIGHMAP_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#include "neighmap/neighmap.h"
#include "random.h"

#define NOW_MS UINT64_C(10000000)
#define COUNT_OF(array) (sizeof array / sizeof array[0])

struct key {
    struct arpq_ip ip;
    uint32_t ifindex;
};

/* Find the entry, on any interface if ifindex is 0. Returns false if there is none. */
bool search(const struct aq_neighmap *map, const struct arpq_ip *ip, uint32_t ifindex,
            struct aq_found *found);

#endif

/* SPDX-License-Identifier: MIT */
/* The hash of every table whose keys come from the network. The owner of a table gets a seed from
 * aq_sys_random once. A host that does not know the seed cannot choose keys that collide. */
#ifndef AQ_VALUE_HASH_H
#define AQ_VALUE_HASH_H

#include <stdint.h>

#include "arpq.h"

/* Performs two of the three rounds of aq_hash_mix. Only the highest bits of the result depend on
 * all of a and b. */
static inline uint64_t aq_hash_short(uint64_t seed, uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ seed) * 0x9fb21c651e98df25u;

    return (x ^ (x >> 32) ^ b) * 0xd6e8feb86659fd93u;
}

/* Every bit of the result depends on all of a, b and the seed. */
static inline uint64_t aq_hash_mix(uint64_t seed, uint64_t a, uint64_t b)
{
    uint64_t x = aq_hash_short(seed, a, b);

    x = (x ^ (x >> 29) ^ seed) * 0x9fb21c651e98df25u;
    return x ^ (x >> 32);
}

/* Returns a slot of a table with few keys, which has 2^bits slots: the highest bits of a short hash.
 * shift is 64 - bits. */
static inline uint32_t aq_hash_slot(uint64_t seed, uint64_t a, uint64_t b, unsigned shift)
{
    return (uint32_t)(aq_hash_short(seed, a, b) >> shift);
}

/* Hashes the bytes of an address, without its scope, and an interface. */
uint64_t aq_hash_ip(uint64_t seed, const struct arpq_ip *ip, uint32_t ifindex);

/* Hashes an address and its length. Bytes after that length must be zero. */
uint64_t aq_hash_mac(uint64_t seed, const struct arpq_mac *mac);

#endif

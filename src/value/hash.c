/* SPDX-License-Identifier: MIT */
#include "value/hash.h"

#include <string.h>

uint64_t aq_hash_ip(uint64_t seed, const struct arpq_ip *ip, uint32_t ifindex)
{
    uint64_t high, low;

    memcpy(&high, ip->bytes, sizeof high);
    memcpy(&low, ip->bytes + sizeof high, sizeof low);
    return aq_hash_mix(seed, low ^ ifindex, high);
}

uint64_t aq_hash_mac(uint64_t seed, const struct arpq_mac *mac)
{
    uint64_t hash = mac->length, part;

    for (size_t at = 0; at < mac->length; at += sizeof part) {
        memcpy(&part, mac->bytes + at, sizeof part);
        hash = aq_hash_mix(seed, hash, part);
    }
    return hash;
}

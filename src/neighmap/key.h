/* SPDX-License-Identifier: MIT */
/* The key of an entry. It is made from an address in registers, because a load that spans two
 * recent stores stalls. */
#ifndef AQ_NEIGHMAP_KEY_H
#define AQ_NEIGHMAP_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "arpq.h"
#include "value/hash.h"

struct aq_key {
    uint64_t high, low; /* address in memory order; IPv4 is padded with zeros */
    uint32_t ifindex;   /* 0: any interface */
    uint16_t family;
    bool link_scoped; /* the address identifies a host only together with an interface */
};

/* Tests for fe80::/10 and multicast. */
static inline bool aq_key_is_link_scoped(const struct arpq_ip *ip)
{
    if (ip->family == AF_INET)
        return (ip->bytes[0] & 0xf0) == 0xe0;
    return ip->bytes[0] == 0xff || (ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80);
}

/* ip has a known family and is not IPv4-mapped. */
static inline void aq_key_make(struct aq_key *key, const struct arpq_ip *ip, uint32_t ifindex)
{
    if (ip->family == AF_INET) {
        uint32_t v4;

        memcpy(&v4, ip->bytes, sizeof v4);
        key->high = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? (uint64_t)v4 << 32 : v4;
        key->low = 0;
    } else {
        memcpy(&key->high, ip->bytes, sizeof key->high);
        memcpy(&key->low, ip->bytes + 8, sizeof key->low);
    }
    key->ifindex = ifindex;
    key->family = ip->family;
    key->link_scoped = aq_key_is_link_scoped(ip);
}

/* Global addresses can be searched without an interface. The hash of link-scoped addresses
 * includes it, because they may exist on each of many interfaces. */
static inline uint64_t aq_key_hash(const struct aq_key *key, uint64_t seed)
{
    uint64_t spread = key->link_scoped ? (uint64_t)key->ifindex << 16 : 0;

    return aq_hash_mix(seed, key->low ^ key->family, key->high ^ spread);
}

#endif

/* SPDX-License-Identifier: MIT */
/* Lookups in a mirror's copy. */
#include <string.h>

#include "kernel/sys.h"
#include "mirror/mirror.h"
#include "neighmap/fastpath.h"
#include "neighmap/found.h"
#include "value/ip.h"
#include "value/neigh.h"

/* The number of addresses that are prefetched together. */
#define GROUP 16u

/* Make the key for an address and an interface. */
static inline int mirror_lookup_key(const struct arpq_ip *ip, uint32_t ifindex, struct aq_key *key)
{
    if (ip->family != AF_INET && ip->family != AF_INET6)
        return -EAFNOSUPPORT;
    if (ifindex > INT32_MAX || ip->reserved || (ip->scope && ifindex && ip->scope != ifindex))
        return -EINVAL;
    if (!ifindex)
        ifindex = ip->scope;
    if (aq_ip_is_mapped(ip)) {
        struct arpq_ip v4 = *ip;

        aq_ip_unmap(&v4);
        aq_key_make(key, &v4, ifindex);
    } else {
        aq_key_make(key, ip, ifindex);
    }
    return !ifindex && key->link_scoped ? -EINVAL : 0;
}

/* Pass the key by value: with a pointer the compiler would keep it in memory on the fast path
 * too. */
static int mirror_lookup_slow(const struct aq_neighmap *map, struct aq_key key, uint64_t hash,
                              struct arpq_mac *mac)
{
    struct aq_found found;

    if (!aq_neighmap_find(map, &key, hash, &found))
        return -ENOENT;
    if (!found.fields.mac_known)
        return aq_neigh_without_mac(found.fields.state);
    aq_found_mac(&found, mac);
    return 0;
}

static inline int mirror_lookup_answer(const struct aq_neighmap *map, const struct aq_key *key,
                                       uint64_t hash, struct arpq_mac *mac)
{
    struct aq_fields fields;
    enum aq_fastpath fast =
        key->ifindex ? aq_fastpath_find(map, key, hash, &fields) : AQ_FASTPATH_ASK;

    if (fast == AQ_FASTPATH_ASK)
        return mirror_lookup_slow(map, *key, hash, mac);
    if (fast == AQ_FASTPATH_NONE)
        return -ENOENT;
    if (!fields.mac_known)
        return aq_neigh_without_mac(fields.state);
    memset(mac, 0, sizeof *mac);
    memcpy(mac->bytes, fields.mac.bytes, sizeof fields.mac.bytes);
    mac->type = fields.mac_type;
    mac->length = fields.mac_length;
    return 0;
}

/* Check the arguments and make the key. */
static inline int mirror_lookup_begin(const struct arpq_mirror *mirror, const struct arpq_ip *ip,
                                      uint32_t ifindex, const struct aq_neighmap **map,
                                      struct aq_key *key)
{
    int code = ip ? aq_mirror_begin(mirror, map) : -EINVAL;

    return code < 0 ? code : mirror_lookup_key(ip, ifindex, key);
}

int arpq_mirror_lookup(const struct arpq_mirror *mirror, const struct arpq_ip *ip, uint32_t ifindex,
                       struct arpq_mac *mac)
{
    const struct aq_neighmap *map;
    struct aq_key key;
    int code;

    if (!mac)
        return -EINVAL;
    code = mirror_lookup_begin(mirror, ip, ifindex, &map, &key);
    if (code == 0)
        code = mirror_lookup_answer(map, &key, aq_key_hash(&key, map->seed), mac);
    if (code < 0)
        memset(mac, 0, sizeof *mac);
    return code;
}

int arpq_mirror_get(const struct arpq_mirror *mirror, const struct arpq_ip *ip, uint32_t ifindex,
                    struct arpq_neigh *neigh)
{
    const struct aq_neighmap *map;
    struct aq_found found;
    struct aq_key key;
    int code;

    if (!neigh)
        return -EINVAL;
    code = mirror_lookup_begin(mirror, ip, ifindex, &map, &key);
    if (code == 0 && !aq_neighmap_find(map, &key, aq_key_hash(&key, map->seed), &found))
        code = -ENOENT;
    if (code == 0)
        aq_found_neigh(&found, aq_sys_now_ms(), neigh);
    else
        memset(neigh, 0, sizeof *neigh);
    return code;
}

/* ---- Many ---- */

struct group {
    const struct aq_neighmap *map;
    struct aq_key keys[GROUP];
    uint64_t hashes[GROUP];
    int codes[GROUP];
};

/* Prefetch all cells, then all entries, so that the cache misses overlap. */
static void mirror_lookup_fetch(struct group *group, const struct arpq_ip *ips, uint32_t count,
                                uint32_t ifindex)
{
    for (uint32_t i = 0; i < count; i++) {
        group->codes[i] = mirror_lookup_key(&ips[i], ifindex, &group->keys[i]);
        if (group->codes[i] < 0)
            continue;
        group->hashes[i] = aq_key_hash(&group->keys[i], group->map->seed);
        aq_neighmap_prefetch_cell(group->map, group->hashes[i]);
    }
    for (uint32_t i = 0; i < count; i++)
        if (group->codes[i] == 0)
            aq_neighmap_prefetch_entry(group->map, group->hashes[i]);
}

static int mirror_lookup_answer_group(struct group *group, uint32_t count, struct arpq_mac *macs)
{
    int answered = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (group->codes[i] == 0)
            group->codes[i] =
                mirror_lookup_answer(group->map, &group->keys[i], group->hashes[i], &macs[i]);
        if (group->codes[i] < 0)
            memset(&macs[i], 0, sizeof macs[i]);
        answered += group->codes[i] == 0;
    }
    return answered;
}

int arpq_mirror_lookup_many(const struct arpq_mirror *mirror, const struct arpq_ip *ips,
                            uint32_t count, uint32_t ifindex, struct arpq_mac *macs, int32_t *codes)
{
    struct group group;
    int found = 0, code;

    if (count > INT32_MAX)
        return -EINVAL;
    code = !count || (ips && macs) ? aq_mirror_begin(mirror, &group.map) : -EINVAL;
    if (code < 0) {
        if (macs && count)
            memset(macs, 0, count * sizeof *macs);
        for (uint32_t i = 0; codes && i < count; i++)
            codes[i] = code;
        return code;
    }
    for (uint32_t at = 0; at < count; at += GROUP) {
        uint32_t size = count - at < GROUP ? count - at : GROUP;

        mirror_lookup_fetch(&group, ips + at, size, ifindex);
        found += mirror_lookup_answer_group(&group, size, macs + at);
        for (uint32_t i = 0; codes && i < size; i++)
            codes[at + i] = group.codes[i];
    }
    return found;
}

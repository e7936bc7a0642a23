/* SPDX-License-Identifier: MIT */
/* Compares the neighbour map with a plain array. Every four bytes of the input are one
 * operation. */
#include "fuzz/fuzz.h"

#include <sys/socket.h>

#include "neighmap/chain.h"
#include "neighmap/fastpath.h"
#include "neighmap/found.h"
#include "neighmap/neighmap.h"

#define KEYS 256u
#define OPERATIONS_MAX 4096
#define NOW 5000u

/* The expected entry of a key. */
struct model {
    bool there, seen;
    uint32_t number;
    struct arpq_neigh neigh;
    struct arpq_mac last_mac;
};

static struct model models[KEYS];
static struct aq_neighmap *map;
static uint32_t held;

/* Two bits of the key choose the interface. The other bits choose an IPv4, a link-local IPv6 or a
 * global IPv6 address. Some addresses of different families have equal bytes. */
static struct arpq_neigh neigh_of(uint8_t key)
{
    struct arpq_neigh neigh = {.ifindex = 1u + (key & 3)};
    uint8_t n = key >> 4;

    neigh.ip.family = AF_INET6;
    switch (key >> 2 & 3) {
    case 0:
        neigh.ip.family = AF_INET;
        neigh.ip.bytes[3] = n;
        break;
    case 1:
        neigh.ip.bytes[0] = 0xfe;
        neigh.ip.bytes[1] = 0x80;
        neigh.ip.bytes[15] = n;
        neigh.ip.scope = neigh.ifindex;
        break;
    default:
        neigh.ip.bytes[3] = n;
        neigh.ip.bytes[12] = key >> 2 & 1;
        break;
    }
    return neigh;
}

/* Returns one of few MACs, so that chains are long. Some lengths are 0, some MACs fit into the
 * entry, and some are too long for it. */
static struct arpq_mac mac_of(uint8_t value)
{
    static const uint8_t lengths[] = {0, 6, 8, 9, 20, 32, 1, 6};
    struct arpq_mac mac = {.length = lengths[value % 8], .type = 1};

    if (mac.length)
        mac.bytes[mac.length - 1] = value >> 3 & 3;
    return mac;
}

static bool same_mac(const struct arpq_mac *a, const struct arpq_mac *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* Check that the fast path gives the same answer or returns AQ_FASTPATH_ASK. */
static void check_quick(const struct aq_key *key, const struct aq_found *found)
{
    struct aq_fields fields;

    switch (aq_fastpath_find(map, key, aq_key_hash(key, map->seed), &fields)) {
    case AQ_FASTPATH_NONE:
        require(!found);
        break;
    case AQ_FASTPATH_FOUND:
        require(found && memcmp(&found->fields, &fields, sizeof fields) == 0);
        break;
    case AQ_FASTPATH_ASK:
        require(found && found->fields.mac_length > AQ_ENTRY_MAC_INLINE);
        break;
    }
}

static bool find(const struct arpq_ip *ip, uint32_t ifindex, struct arpq_neigh *neigh)
{
    struct aq_found found;
    struct aq_key key;
    bool any;

    aq_key_make(&key, ip, ifindex);
    any = aq_neighmap_find(map, &key, aq_key_hash(&key, map->seed), &found);
    if (ifindex)
        check_quick(&key, any ? &found : NULL);
    if (any)
        aq_found_neigh(&found, NOW, neigh);
    return any;
}

static int expected_result(const struct model *model, const struct arpq_neigh *neigh)
{
    const struct arpq_neigh *old = &model->neigh;

    if (!model->there)
        return AQ_PUT_ADDED;
    if (neigh->mac.length && model->last_mac.length && !same_mac(&neigh->mac, &model->last_mac))
        return AQ_PUT_MOVED;
    if (neigh->state != old->state || neigh->flags != old->flags ||
        neigh->protocol != old->protocol || !neigh->mac.length != !old->mac.length)
        return AQ_PUT_CHANGED;
    return AQ_PUT_SAME;
}

static void put(struct model *model, uint8_t key, uint8_t mac, uint8_t rest)
{
    struct arpq_neigh neigh = neigh_of(key);
    struct aq_before before;
    int result;

    neigh.mac = mac_of(mac);
    neigh.mac.type = 1;
    neigh.state = (uint16_t)(1u << (rest & 7));
    neigh.flags = rest >> 3 & 3;
    neigh.protocol = rest >> 5 & 1;
    neigh.confirmed_ms = (rest >> 6) * 10u;
    result = aq_neighmap_put(map, &neigh, NOW, &before);
    require(result == expected_result(model, &neigh));
    if (model->there) {
        require(before.number == model->number && before.state == model->neigh.state);
        require(same_mac(&before.mac, &model->last_mac));
        require(before.mac_known == (model->neigh.mac.length != 0));
    } else {
        held++;
        model->last_mac = (struct arpq_mac){0};
    }
    model->there = model->seen = true;
    model->number = before.number;
    model->neigh = neigh;
    if (neigh.mac.length)
        model->last_mac = neigh.mac;
}

static void take_out(struct model *model, uint8_t key)
{
    const struct arpq_neigh neigh = neigh_of(key);
    struct arpq_neigh last;
    struct arpq_mac last_mac;
    bool was = aq_neighmap_remove(map, &neigh.ip, neigh.ifindex, NOW, &last, &last_mac);

    require(was == model->there);
    if (!was)
        return;
    require(memcmp(&last, &model->neigh, sizeof last) == 0);
    require(same_mac(&last_mac, &model->last_mac));
    model->there = false;
    held--;
}

/* ---- Comparison ---- */

static void check_key(uint8_t key)
{
    const struct arpq_neigh neigh = neigh_of(key);
    struct arpq_neigh got;
    bool there = find(&neigh.ip, neigh.ifindex, &got);

    require(there == models[key].there);
    if (there)
        require(memcmp(&got, &models[key].neigh, sizeof got) == 0);
}

/* Check a search on any interface. The map returns an entry with an address if there is one. If
 * several entries have an address, the map returns the one that was confirmed last. */
static void check_any(uint8_t key)
{
    const struct arpq_neigh neigh = neigh_of(key);
    struct arpq_neigh got;
    bool there = false, known = false;
    uint64_t least[2] = {UINT64_MAX, UINT64_MAX};

    if (aq_key_is_link_scoped(&neigh.ip))
        return;
    for (uint8_t i = 0; i < 4; i++) {
        const struct model *model = &models[(key & ~3u) + i];
        bool has = model->neigh.mac.length != 0;

        if (!model->there)
            continue;
        there = true;
        known |= has;
        if (model->neigh.confirmed_ms < least[has])
            least[has] = model->neigh.confirmed_ms;
    }
    require(find(&neigh.ip, 0, &got) == there);
    if (there)
        require((got.mac.length != 0) == known && got.confirmed_ms == least[known]);
}

static void check_mac(uint8_t value)
{
    static struct arpq_neigh neighs[KEYS];
    const struct arpq_mac mac = mac_of(value);
    uint32_t expected = 0, got;

    if (!mac.length)
        return;
    for (unsigned key = 0; key < KEYS; key++)
        expected += models[key].there && same_mac(&models[key].neigh.mac, &mac);
    got = aq_chain_find(map, &mac, NOW, neighs, KEYS);
    require(got == expected);
    for (uint32_t i = 0; i < got; i++)
        require(same_mac(&neighs[i].mac, &mac));
}

static void check_all(void)
{
    struct aq_found found;
    struct arpq_ip ip;
    uint32_t number = 0, count = 0, unseen = 0, ifindex;

    require(aq_neighmap_count(map) == held);
    while ((number = aq_neighmap_next(map, number, &found)))
        count++;
    require(count == held);
    while ((number = aq_neighmap_next_unseen(map, number, &ip, &ifindex)))
        unseen++;
    for (unsigned key = 0; key < KEYS; key++) {
        check_key((uint8_t)key);
        check_any((uint8_t)key);
        count -= models[key].there;
        unseen -= models[key].there && !models[key].seen;
    }
    require(count == 0 && unseen == 0);
    for (uint8_t value = 0; value < 32; value++)
        check_mac(value);
}

static void begin_round(void)
{
    aq_neighmap_begin_round(map);
    for (unsigned key = 0; key < KEYS; key++)
        models[key].seen = false;
}

static void operate(const uint8_t operation[4])
{
    uint8_t key = operation[1];

    switch (operation[0] % 8) {
    case 0:
        begin_round();
        break;
    case 1:
        check_all();
        break;
    case 2:
    case 3:
        take_out(&models[key], key);
        break;
    default:
        put(&models[key], key, operation[2], operation[3]);
        break;
    }
    check_key(key);
    check_any(key);
    check_mac(operation[2]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memset(models, 0, sizeof models);
    held = 0;
    require(aq_neighmap_make(&map, size ? data[0] : 0) == 0);
    for (int n = 0; n < OPERATIONS_MAX && size >= 4; n++, data += 4, size -= 4)
        operate(data);
    check_all();
    aq_neighmap_free(map);
    return 0;
}

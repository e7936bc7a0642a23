/* SPDX-License-Identifier: MIT */
/* The neighbour map gives the same answers as a plain array. ARPQ_SEED repeats a run. */
#include "test.h"

#include <sys/socket.h>

#include "neighmap/chain.h"
#include "neighmap/found.h"
#include "neighmap/neighmap.h"
#include "unit/neighmap_random.h"

#define MODEL_OPERATIONS 200000
#define MODEL_IPS 8u
#define MODEL_INTERFACES 40u
#define MODEL_MACS 12u

struct model_entry {
    bool present, known, seen;
    struct arpq_neigh neigh;
    struct arpq_mac mac; /* the last known address */
};

struct model {
    struct aq_neighmap *map;
    uint64_t random;
    uint32_t count;
    struct model_entry entries[MODEL_IPS][MODEL_INTERFACES];
};

/* Some addresses have a scope. Some addresses of different families have the same bytes. */
static struct key model_key(uint32_t ip, uint32_t interface)
{
    static const struct arpq_ip ips[MODEL_IPS] = {
        {.family = AF_INET, .bytes = {10, 0, 0, 1}},
        {.family = AF_INET, .bytes = {10, 0, 0, 2}},
        {.family = AF_INET6, .bytes = {10, 0, 0, 1}},
        {.family = AF_INET6, .bytes = {0x20, 1, [15] = 1}},
        {.family = AF_INET6, .bytes = {0xfe, 0x80, [15] = 1}},
        {.family = AF_INET6, .bytes = {0xfe, 0x80, [15] = 2}},
        {.family = AF_INET6, .bytes = {0xff, 2, [15] = 1}},
        {.family = AF_INET, .bytes = {224, 0, 0, 1}},
    };
    struct key key = {.ip = ips[ip], .ifindex = 1 + interface};

    if (ip == 4 || ip == 5)
        key.ip.scope = key.ifindex;
    return key;
}

/* Some addresses are a prefix of a longer one. */
static struct arpq_mac model_mac(uint32_t n)
{
    static const uint8_t lengths[] = {0, 6, 8, 20, 32, 7};
    struct arpq_mac mac = {.length = lengths[n % COUNT_OF(lengths)], .type = 1};

    for (uint32_t i = 0; i < mac.length; i++)
        mac.bytes[i] = (uint8_t)(n / COUNT_OF(lengths) + 1);
    return mac;
}

static struct arpq_neigh model_neigh(struct model *model, const struct key *key)
{
    struct arpq_neigh neigh = {.ip = key->ip, .ifindex = key->ifindex};

    neigh.state = 2u << draw(&model->random, 3);
    neigh.flags = draw(&model->random, 8) == 0 ? 0x80 : 0;
    neigh.protocol = draw(&model->random, 8) == 0;
    neigh.type = 1;
    neigh.confirmed_ms = draw(&model->random, 4) * AQ_ENTRY_TICK_MS;
    neigh.updated_ms = draw(&model->random, 4) * AQ_ENTRY_TICK_MS;
    neigh.mac = model_mac(draw(&model->random, MODEL_MACS));
    neigh.mac.type = 1;
    return neigh;
}

static int expected_put(const struct model_entry *entry, const struct arpq_neigh *neigh)
{
    if (!entry->present)
        return AQ_PUT_ADDED;
    if (neigh->mac.length && arpq_mac_compare(&neigh->mac, &entry->mac) != 0)
        return entry->mac.length ? AQ_PUT_MOVED : AQ_PUT_CHANGED;
    if (neigh->state != entry->neigh.state || neigh->flags != entry->neigh.flags ||
        neigh->protocol != entry->neigh.protocol || entry->known != (neigh->mac.length != 0))
        return AQ_PUT_CHANGED;
    return AQ_PUT_SAME;
}

static void model_put(struct model *model, struct model_entry *entry, const struct key *key)
{
    struct arpq_neigh neigh = model_neigh(model, key);
    int expected = expected_put(entry, &neigh);
    struct aq_before before;

    assert_int_equal(aq_neighmap_put(model->map, &neigh, NOW_MS, &before), expected);
    if (entry->present) {
        assert_int_equal(before.state, entry->neigh.state);
        assert_int_equal(before.mac_known, entry->known);
        assert_int_equal(arpq_mac_compare(&before.mac, &entry->mac), 0);
    }
    model->count += !entry->present;
    entry->present = entry->seen = true;
    if (expected == AQ_PUT_ADDED || neigh.mac.length)
        entry->mac = neigh.mac;
    entry->known = neigh.mac.length != 0;
    entry->neigh = neigh;
}

static void model_remove(struct model *model, struct model_entry *entry, const struct key *key)
{
    struct arpq_neigh last;
    struct arpq_mac last_mac;
    bool was = aq_neighmap_remove(model->map, &key->ip, key->ifindex, NOW_MS, &last, &last_mac);

    assert_int_equal(was, entry->present);
    if (!was)
        return;
    assert_memory_equal(&last, &entry->neigh, sizeof last);
    assert_int_equal(arpq_mac_compare(&last_mac, &entry->mac), 0);
    memset(entry, 0, sizeof *entry);
    model->count--;
}

static void model_find(struct model *model, const struct model_entry *entry, const struct key *key)
{
    struct aq_found found;
    struct arpq_neigh neigh;
    bool was = search(model->map, &key->ip, key->ifindex, &found);

    assert_int_equal(was, entry->present);
    if (!was)
        return;
    aq_found_neigh(&found, NOW_MS, &neigh);
    assert_memory_equal(&neigh, &entry->neigh, sizeof neigh);
}

/* Returns the rank of an entry among the answers for its IP address on any interface, or 0 if the
 * entry cannot be the answer. */
static uint32_t rank(const struct model_entry *entry)
{
    if (!entry->present)
        return 0;
    return (entry->known ? 1000 : 500) - (uint32_t)(entry->neigh.confirmed_ms / AQ_ENTRY_TICK_MS);
}

static void model_find_any(struct model *model, uint32_t ip)
{
    struct key key = model_key(ip, 0);
    const struct model_entry *entries = model->entries[ip];
    uint32_t best = 0;
    struct aq_found found;

    if (aq_key_is_link_scoped(&key.ip))
        return;
    for (uint32_t i = 0; i < MODEL_INTERFACES; i++)
        best = rank(&entries[i]) > best ? rank(&entries[i]) : best;
    assert_int_equal(search(model->map, &key.ip, 0, &found), best != 0);
    if (best)
        assert_int_equal(rank(&entries[found.fields.ifindex - 1]), best);
}

static struct model_entry *model_entry_of(struct model *model, const struct arpq_neigh *neigh)
{
    for (uint32_t ip = 0; ip < MODEL_IPS; ip++) {
        struct key key = model_key(ip, neigh->ifindex - 1);

        if (arpq_ip_compare(&key.ip, &neigh->ip) == 0)
            return &model->entries[ip][neigh->ifindex - 1];
    }
    fail_msg("an entry that nobody has put");
    return NULL;
}

static void model_find_mac(struct model *model)
{
    struct arpq_neigh neighs[MODEL_IPS * MODEL_INTERFACES];
    struct arpq_mac mac = model_mac(draw(&model->random, MODEL_MACS));
    bool told[MODEL_IPS][MODEL_INTERFACES] = {0};
    uint32_t room = draw(&model->random, COUNT_OF(neighs)) + 1, expected = 0, count;

    if (mac.length == 0)
        return;
    for (uint32_t ip = 0; ip < MODEL_IPS; ip++)
        for (uint32_t i = 0; i < MODEL_INTERFACES; i++)
            expected += model->entries[ip][i].known &&
                        arpq_mac_compare(&model->entries[ip][i].mac, &mac) == 0;
    count = aq_chain_find(model->map, &mac, NOW_MS, neighs, room);
    assert_int_equal(count, expected);
    for (uint32_t i = 0; i < count && i < room; i++) {
        const struct model_entry *entry = model_entry_of(model, &neighs[i]);
        size_t place = (size_t)(entry - &model->entries[0][0]);
        bool *once = &told[place / MODEL_INTERFACES][place % MODEL_INTERFACES];

        assert_memory_equal(&neighs[i], &entry->neigh, sizeof neighs[i]);
        assert_int_equal(arpq_mac_compare(&neighs[i].mac, &mac), 0);
        assert_false(*once);
        *once = true;
    }
}

/* Check that the map returns each entry that was not put again in this round exactly once. */
static void model_unseen(struct model *model)
{
    struct arpq_neigh key = {0};
    uint32_t unseen = 0;

    for (uint32_t ip = 0; ip < MODEL_IPS; ip++)
        for (uint32_t i = 0; i < MODEL_INTERFACES; i++)
            unseen += model->entries[ip][i].present && !model->entries[ip][i].seen;
    for (uint32_t number = 0;
         (number = aq_neighmap_next_unseen(model->map, number, &key.ip, &key.ifindex)); unseen--) {
        struct model_entry *entry = model_entry_of(model, &key);

        assert_true(entry->present && !entry->seen);
        entry->seen = true; /* if it is returned again, the assertion above fails */
    }
    assert_int_equal(unseen, 0);
    aq_neighmap_begin_round(model->map);
    for (uint32_t ip = 0; ip < MODEL_IPS; ip++)
        for (uint32_t i = 0; i < MODEL_INTERFACES; i++)
            model->entries[ip][i].seen = false;
}

static void model_each(struct model *model)
{
    struct arpq_neigh neigh;
    struct aq_found found;
    uint32_t count = 0;

    for (uint32_t number = 0; (number = aq_neighmap_next(model->map, number, &found)); count++) {
        aq_found_neigh(&found, NOW_MS, &neigh);
        assert_memory_equal(&neigh, &model_entry_of(model, &neigh)->neigh, sizeof neigh);
    }
    assert_int_equal(count, model->count);
    assert_int_equal(aq_neighmap_count(model->map), model->count);
}

/* Performs a random operation. `puts` is the number of operations in ten that put an entry: above 5
 * the map fills, below 5 it empties. */
static void model_step(struct model *model, uint32_t puts)
{
    uint32_t ip = draw(&model->random, MODEL_IPS);
    uint32_t interface = draw(&model->random, MODEL_INTERFACES);
    struct model_entry *entry = &model->entries[ip][interface];
    struct key key = model_key(ip, interface);

    if (draw(&model->random, 10) < puts)
        model_put(model, entry, &key);
    else
        model_remove(model, entry, &key);
    ip = draw(&model->random, MODEL_IPS);
    interface = draw(&model->random, MODEL_INTERFACES);
    key = model_key(ip, interface);
    model_find(model, &model->entries[ip][interface], &key);
    if (draw(&model->random, 4) == 0)
        model_find_any(model, ip);
    if (draw(&model->random, 16) == 0)
        model_find_mac(model);
    if (draw(&model->random, 256) == 0)
        model_unseen(model);
    if (draw(&model->random, 256) == 0)
        model_each(model);
}

static void test_model(void **state)
{
    struct model *model = calloc(1, sizeof *model);
    uint64_t seed = seed_of_run();

    assert_non_null(model);
    model->random = seed;
    assert_int_equal(aq_neighmap_make(&model->map, seed * 17), 0);
    /* Begin the first round, so that entries that are not put in it count as unseen. */
    aq_neighmap_begin_round(model->map);
    for (uint32_t i = 0; i < MODEL_OPERATIONS; i++)
        model_step(model, 2 + i / 5000 % 7);
    aq_neighmap_free(model->map);
    free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Tests of the neighbour map. The thread that writes the map also reads it. */
#include "test.h"

#include <sys/socket.h>

#include "neighmap/chain.h"
#include "neighmap/found.h"
#include "neighmap/neighmap.h"

#define SEED 0x0123456789abcdefu
#define NOW 1000000u
#define MANY 1000000u

static struct aq_neighmap *map;

static int set_up(void **state)
{
    return aq_neighmap_make(&map, SEED);
}

static int tear_down(void **state)
{
    aq_neighmap_free(map);
    map = NULL;
    return 0;
}

/* ---- Entries ---- */

static struct arpq_mac make_mac(uint64_t value, uint8_t length)
{
    struct arpq_mac mac = {.length = length, .type = 1};

    for (int i = 0; i < 8 && i < length; i++)
        mac.bytes[i] = (uint8_t)(value >> (8 * i));
    if (length > 8)
        mac.bytes[length - 1] = (uint8_t)value;
    return mac;
}

static struct arpq_neigh entry4(uint32_t n, uint32_t ifindex, uint64_t mac)
{
    struct arpq_neigh neigh = {.ifindex = ifindex, .state = ARPQ_STATE_REACHABLE, .type = 1};

    neigh.ip.family = AF_INET;
    neigh.ip.bytes[0] = 10;
    neigh.ip.bytes[1] = (uint8_t)(n >> 16);
    neigh.ip.bytes[2] = (uint8_t)(n >> 8);
    neigh.ip.bytes[3] = (uint8_t)n;
    neigh.mac = make_mac(mac, mac ? 6 : 0);
    return neigh;
}

static struct arpq_neigh entry6(const char *prefix, uint8_t n, uint32_t ifindex)
{
    struct arpq_neigh neigh = entry4(0, ifindex, 7);

    memset(&neigh.ip, 0, sizeof neigh.ip);
    neigh.ip.family = AF_INET6;
    memcpy(neigh.ip.bytes, prefix, 2);
    neigh.ip.bytes[15] = n;
    if (prefix[0] == '\xfe')
        neigh.ip.scope = ifindex;
    return neigh;
}

static struct aq_before before;

static int put(const struct arpq_neigh *neigh)
{
    memset(&before, 0xaa, sizeof before);
    return aq_neighmap_put(map, neigh, NOW, &before);
}

static bool find(const struct arpq_neigh *neigh, uint32_t ifindex, struct arpq_neigh *got)
{
    struct aq_found found;
    struct aq_key key;
    uint64_t hash;

    aq_key_make(&key, &neigh->ip, ifindex);
    hash = aq_key_hash(&key, map->seed);
    aq_neighmap_prefetch_cell(map, hash);
    aq_neighmap_prefetch_entry(map, hash);
    if (!aq_neighmap_find(map, &key, hash, &found))
        return false;
    aq_found_neigh(&found, NOW, got);
    return true;
}

static void assert_held(const struct arpq_neigh *neigh)
{
    struct arpq_neigh got;

    assert_true(find(neigh, neigh->ifindex, &got));
    assert_memory_equal(&got, neigh, sizeof got);
}

static bool take_out(const struct arpq_neigh *neigh, struct arpq_neigh *last, struct arpq_mac *mac)
{
    return aq_neighmap_remove(map, &neigh->ip, neigh->ifindex, NOW, last, mac);
}

static void assert_removed(const struct arpq_neigh *neigh)
{
    struct arpq_neigh last;
    struct arpq_mac mac;

    assert_true(take_out(neigh, &last, &mac));
}

static uint32_t count_mac(const struct arpq_mac *mac)
{
    return aq_chain_find(map, mac, NOW, NULL, 0);
}

/* ---- Put ---- */

static void test_put_results(void **state)
{
    struct arpq_neigh neigh = entry4(1, 2, 5);
    uint32_t number;

    assert_int_equal(put(&neigh), AQ_PUT_ADDED);
    number = before.number;
    assert_int_not_equal(number, 0);
    assert_int_equal(before.state, 0);
    assert_int_equal(before.mac.length, 0);
    assert_int_equal(put(&neigh), AQ_PUT_SAME);
    assert_int_equal(before.number, number);
    neigh.confirmed_ms = 500; /* a change of ages is not reported */
    assert_int_equal(put(&neigh), AQ_PUT_SAME);
    assert_held(&neigh);
    neigh.state = ARPQ_STATE_STALE;
    assert_int_equal(put(&neigh), AQ_PUT_CHANGED);
    assert_int_equal(before.state, ARPQ_STATE_REACHABLE);
    neigh.flags = ARPQ_NEIGH_ROUTER | ARPQ_NEIGH_MANAGED;
    assert_int_equal(put(&neigh), AQ_PUT_CHANGED);
    neigh.protocol = 9;
    assert_int_equal(put(&neigh), AQ_PUT_CHANGED);
    neigh.mac = make_mac(6, 6);
    assert_int_equal(put(&neigh), AQ_PUT_MOVED);
    assert_int_equal(before.mac.bytes[0], 5);
    assert_int_equal(before.number, number);
    neigh.mac = make_mac(6, 7); /* an address with one more zero byte is a different address */
    assert_int_equal(put(&neigh), AQ_PUT_MOVED);
    assert_held(&neigh);
    assert_int_equal(aq_neighmap_count(map), 1);
}

static void test_address_becomes_known(void **state)
{
    struct arpq_neigh neigh = entry4(1, 2, 0);

    neigh.state = ARPQ_STATE_INCOMPLETE;
    assert_int_equal(put(&neigh), AQ_PUT_ADDED);
    assert_held(&neigh);
    neigh.mac = make_mac(5, 6);
    neigh.state = ARPQ_STATE_REACHABLE;
    assert_int_equal(put(&neigh), AQ_PUT_CHANGED);
    assert_int_equal(before.mac.length, 0);
    assert_int_equal(before.state, ARPQ_STATE_INCOMPLETE);
    assert_held(&neigh);
    assert_int_equal(count_mac(&neigh.mac), 1);
}

/* A failed entry has no address, but the map keeps its last one. */
static void test_last_address_is_kept(void **state)
{
    struct arpq_neigh up = entry4(1, 2, 5), down = up, got, last;
    struct arpq_mac last_mac;

    down.state = ARPQ_STATE_FAILED;
    down.mac.length = 0;
    memset(down.mac.bytes, 0, sizeof down.mac.bytes);
    put(&up);
    assert_int_equal(put(&down), AQ_PUT_CHANGED);
    assert_true(before.mac_known);
    assert_true(find(&down, 2, &got));
    assert_int_equal(got.mac.length, 0);
    assert_int_equal(count_mac(&up.mac), 0);
    assert_int_equal(put(&down), AQ_PUT_SAME);
    assert_false(before.mac_known);
    assert_memory_equal(&before.mac, &up.mac, sizeof up.mac);
    /* The entry gets its last address again, so it did not move. */
    assert_int_equal(put(&up), AQ_PUT_CHANGED);
    assert_int_equal(count_mac(&up.mac), 1);
    put(&down);
    up.mac = make_mac(6, 6);
    assert_int_equal(put(&up), AQ_PUT_MOVED);
    assert_int_equal(before.mac.bytes[0], 5);
    put(&down);
    assert_true(take_out(&down, &last, &last_mac));
    assert_int_equal(last.mac.length, 0);
    assert_int_equal(last.state, ARPQ_STATE_FAILED);
    assert_memory_equal(&last_mac, &up.mac, sizeof last_mac);
    assert_int_equal(count_mac(&up.mac), 0);
}

static void test_remove(void **state)
{
    struct arpq_neigh neigh = entry4(1, 2, 5), other = entry4(1, 3, 5), last, got;
    struct arpq_mac last_mac;

    put(&neigh);
    assert_false(take_out(&other, &last, &last_mac));
    memset(&last, 0xaa, sizeof last);
    memset(&last_mac, 0xaa, sizeof last_mac);
    assert_true(take_out(&neigh, &last, &last_mac));
    assert_memory_equal(&last, &neigh, sizeof last);
    assert_memory_equal(&last_mac, &neigh.mac, sizeof last_mac);
    assert_false(find(&neigh, 2, &got));
    assert_false(find(&neigh, 0, &got));
    assert_int_equal(aq_neighmap_count(map), 0);
    assert_int_equal(count_mac(&neigh.mac), 0);
    assert_false(take_out(&neigh, &last, &last_mac));
}

/* ---- Search ---- */

static void test_best_of_interfaces(void **state)
{
    struct arpq_neigh a = entry4(1, 2, 5), b = entry4(1, 3, 6), c = entry4(1, 4, 0), got;

    a.confirmed_ms = 9000;
    b.confirmed_ms = 1000;
    c.state = ARPQ_STATE_INCOMPLETE;
    put(&c);
    put(&a);
    put(&b);
    assert_true(find(&a, 0, &got));
    assert_int_equal(got.ifindex, 3); /* of entries with a MAC, the last confirmed */
    assert_removed(&b);
    assert_true(find(&a, 0, &got));
    assert_int_equal(got.ifindex, 2);
    assert_removed(&a);
    assert_true(find(&a, 0, &got));
    assert_int_equal(got.ifindex, 4);
    assert_false(find(&a, 2, &got));
}

/* Confirmation times may lie before the start of the clock. The kernel counts from five minutes
 * before the boot, and the time of an entry that was never confirmed is arbitrary. */
static void test_older_than_the_clock(void **state)
{
    static const uint64_t ages[] = {NOW - 5, NOW + 5, 3 * NOW, 1000u * NOW};
    struct arpq_neigh old = entry4(1, 2, 5), young = entry4(1, 3, 6), got;

    young.confirmed_ms = 1000;
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        old.confirmed_ms = old.updated_ms = ages[i];
        put(&old);
        assert_true(find(&old, 2, &got));
        assert_between(got.confirmed_ms, ages[i] - 10, ages[i] + 10);
        assert_between(got.updated_ms, ages[i] - 10, ages[i] + 10);
        put(&young);
        assert_true(find(&old, 0, &got));
        assert_int_equal(got.ifindex, 3);
        assert_removed(&young);
    }
    /* Now both entries were last confirmed before the clock started. */
    young.confirmed_ms = 2 * NOW;
    put(&young);
    assert_true(find(&old, 0, &got));
    assert_int_equal(got.ifindex, 3);
}

static void test_link_scope(void **state)
{
    struct arpq_neigh got;

    for (uint32_t ifindex = 1; ifindex <= 100; ifindex++) {
        struct arpq_neigh neigh = entry6("\xfe\x80", 1, ifindex);

        assert_true(aq_key_is_link_scoped(&neigh.ip));
        assert_int_equal(put(&neigh), AQ_PUT_ADDED);
    }
    for (uint32_t ifindex = 1; ifindex <= 100; ifindex++) {
        struct arpq_neigh neigh = entry6("\xfe\x80", 1, ifindex);

        assert_held(&neigh);
        neigh.ip.scope = 0; /* the caller may omit the scope */
        assert_true(find(&neigh, ifindex, &got));
        assert_int_equal(got.ip.scope, ifindex);
    }
}

/* The same bytes in two families are two addresses. */
static void test_families(void **state)
{
    struct arpq_neigh four = entry4(1, 2, 5), six = four;

    six.ip.family = AF_INET6;
    six.mac = make_mac(9, 6);
    put(&four);
    assert_int_equal(put(&six), AQ_PUT_ADDED);
    assert_held(&four);
    assert_held(&six);
}

static void test_chains(void **state)
{
    const struct arpq_mac mac = make_mac(5, 6);
    struct arpq_neigh neighs[40];
    bool seen[40] = {false};

    for (uint32_t n = 0; n < 40; n++) {
        struct arpq_neigh neigh = entry4(n, 1, 5);

        put(&neigh);
    }
    for (uint32_t n = 0; n < 40; n += 3) { /* the first, the last and some in between */
        struct arpq_neigh neigh = entry4(n, 1, 5);

        assert_removed(&neigh);
    }
    memset(neighs, 0xaa, sizeof neighs);
    assert_int_equal(aq_chain_find(map, &mac, NOW, neighs, 40), 26);
    for (uint32_t n = 0; n < 26; n++) {
        assert_int_not_equal(neighs[n].ip.bytes[3] % 3, 0);
        assert_false(seen[neighs[n].ip.bytes[3]]);
        seen[neighs[n].ip.bytes[3]] = true;
    }
    memset(neighs, 0xaa, sizeof neighs);
    /* More results than the array holds. */
    assert_int_equal(aq_chain_find(map, &mac, NOW, neighs, 3), 26);
    assert_int_equal(neighs[3].ip.family, 0xaaaa);
    for (uint32_t n = 0; n < 40; n++) {
        struct arpq_neigh neigh = entry4(n, 1, 5);

        if (n % 3)
            assert_removed(&neigh);
    }
    assert_int_equal(count_mac(&mac), 0);
}

/* InfiniBand addresses are stored separately, in slots that are reused. */
static void test_long_addresses(void **state)
{
    struct arpq_neigh neigh = entry4(1, 2, 0), last;
    struct arpq_mac mac;
    uint64_t memory = 0;

    for (unsigned n = 0; n < 1000; n++) {
        neigh.mac = make_mac(n, n % 2 ? 20 : 32);
        assert_int_equal(put(&neigh), n % 100 ? AQ_PUT_MOVED : AQ_PUT_ADDED);
        assert_held(&neigh);
        assert_int_equal(count_mac(&neigh.mac), 1);
        if (n % 100 == 99) {
            assert_true(take_out(&neigh, &last, &mac));
            assert_memory_equal(&mac, &neigh.mac, sizeof mac);
        }
        if (n == 200)
            memory = aq_neighmap_memory(map);
    }
    assert_int_equal(aq_neighmap_memory(map), memory);
    neigh.mac = make_mac(3, 32);
    put(&neigh);
    neigh.mac = make_mac(3, 8); /* the address is short again */
    assert_int_equal(put(&neigh), AQ_PUT_MOVED);
    assert_held(&neigh);
}

/* ---- A concurrent writer ---- */

/* The action of a simulated second thread after a reader has read the shadow of an entry. */
static void (*meanwhile)(void);

bool __wrap_aq_entries_read_shadow(const struct aq_entries *entries, uint32_t number,
                                   struct aq_found *found);
bool __real_aq_entries_read_shadow(const struct aq_entries *entries, uint32_t number,
                                   struct aq_found *found);

bool __wrap_aq_entries_read_shadow(const struct aq_entries *entries, uint32_t number,
                                   struct aq_found *found)
{
    void (*act)(void) = meanwhile;

    meanwhile = NULL;
    if (!act)
        return __real_aq_entries_read_shadow(entries, number, found);
    atomic_fetch_add(&aq_entries_at(entries, number)->sequence, 1);
    act();
    return false;
}

static uint32_t home_of(const struct arpq_neigh *neigh)
{
    struct aq_key key;

    aq_key_make(&key, &neigh->ip, neigh->ifindex);
    return aq_cell_home(aq_key_hash(&key, map->seed), atomic_load(&map->by_ip.cells)->bits);
}

/* Return the next entry from number *n on, on interface 1, whose home cell is from `first` to
 * `last`. */
static struct arpq_neigh entry_at_home(uint32_t *n, uint32_t first, uint32_t last)
{
    struct arpq_neigh neigh;
    uint32_t home;

    do {
        neigh = entry4((*n)++, 1, 0);
        home = home_of(&neigh);
    } while (home < first || home > last);
    return neigh;
}

#define HOME 44u
static struct arpq_neigh in_front; /* an entry in the home cell of other entries */

/* Add and remove entries until the index has been rebuilt twice in the same memory. The entries
 * after `in_front` are then one cell nearer to their home. */
static void rebuild_twice(void)
{
    struct aq_cells *first = atomic_load(&map->by_ip.cells), *now = first;
    struct arpq_neigh window[30];
    uint32_t n = 1u << 20;

    assert_removed(&in_front);
    for (uint32_t i = 0, rebuilt = 0; rebuilt < 2; i++) {
        assert_between(i, 0, 10000);
        if (i >= 30)
            assert_removed(&window[i % 30]);
        window[i % 30] = entry_at_home(&n, 0, HOME - 12);
        put(&window[i % 30]);
        rebuilt += atomic_load(&map->by_ip.cells) != now;
        now = atomic_load(&map->by_ip.cells);
    }
    assert_ptr_equal(now, first);
}

/* The index is rebuilt during a search for the best of several entries. The search must not end
 * because it has already found one entry. */
static void test_rebuilt_under_a_search(void **state)
{
    struct arpq_neigh with, without, got;
    uint32_t n = 0, number;

    in_front = entry_at_home(&n, HOME, HOME);
    with = without = entry_at_home(&n, HOME, HOME);
    with.mac = make_mac(5, 6);
    without.ifindex = 2;
    put(&in_front);
    put(&without);
    number = before.number;
    put(&with);
    /* Mark the entry as being written. */
    atomic_fetch_add(&aq_entries_at(&map->entries, number)->sequence, 1);
    meanwhile = rebuild_twice;
    assert_true(find(&with, 0, &got));
    assert_null(meanwhile);
    assert_int_equal(got.ifindex, 1);
    assert_int_equal(got.mac.length, 6);
}

/* ---- Rounds ---- */

static unsigned count_unseen(void)
{
    struct arpq_ip ip;
    uint32_t after = 0, ifindex;
    unsigned count = 0;

    while ((after = aq_neighmap_next_unseen(map, after, &ip, &ifindex))) {
        assert_int_equal(ip.family, AF_INET);
        assert_int_equal(ifindex, 1);
        count++;
    }
    return count;
}

static void test_rounds(void **state)
{
    struct arpq_neigh neigh;

    for (uint32_t n = 0; n < 10; n++) {
        neigh = entry4(n, 1, n + 1);
        put(&neigh);
    }
    assert_int_equal(count_unseen(), 0);
    aq_neighmap_begin_round(map);
    assert_int_equal(count_unseen(), 10);
    neigh = entry4(3, 1, 4); /* unchanged */
    put(&neigh);
    neigh = entry4(4, 1, 99); /* moved */
    put(&neigh);
    neigh = entry4(20, 1, 7); /* new */
    put(&neigh);
    assert_int_equal(count_unseen(), 8);
    neigh = entry4(5, 1, 6);
    assert_removed(&neigh);
    assert_int_equal(count_unseen(), 7);
}

/* ---- Size ---- */

/* Removed entries leave marks in the index, until the index is rebuilt. */
static void test_many_marks(void **state)
{
    const uint32_t window = 100, turns = 100000;
    struct aq_cells *first = atomic_load(&map->by_ip.cells);
    unsigned rebuilt = 0;

    for (uint32_t n = 0; n < turns; n++) {
        struct arpq_neigh neigh = entry4(n, 1, n + 1), old = entry4(n - window, 1, n - window + 1);

        assert_int_equal(put(&neigh), AQ_PUT_ADDED);
        if (n >= window) {
            assert_held(&old);
            assert_removed(&old);
        }
        rebuilt += atomic_load(&map->by_ip.cells) != first;
        first = atomic_load(&map->by_ip.cells);
    }
    assert_true(rebuilt > 10);
    assert_int_equal(aq_neighmap_count(map), window);
    for (uint32_t n = turns - window; n < turns; n++) {
        struct arpq_neigh neigh = entry4(n, 1, n + 1);

        assert_held(&neigh);
        assert_int_equal(count_mac(&neigh.mac), 1);
    }
    assert_true(aq_neighmap_memory(map) < 128 * 1024);
}

static void fill(uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        struct arpq_neigh neigh = entry4(n, 1 + n % 3, n + 1);

        if (put(&neigh) != AQ_PUT_ADDED)
            fail_msg("entry %u was not added", n);
    }
}

static void assert_all_held(uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        struct arpq_neigh neigh = entry4(n, 1 + n % 3, n + 1), got;

        if (!find(&neigh, neigh.ifindex, &got) || memcmp(&got, &neigh, sizeof got) != 0 ||
            count_mac(&neigh.mac) != 1)
            fail_msg("entry %u is not held", n);
    }
}

/* A million entries and both indexes. The map keeps the smaller indexes for readers until it can
 * free them. */
static void test_million(void **state)
{
    fill(MANY);
    assert_true(aq_neighmap_memory(map) <= 100ull * MANY);
    aq_neighmap_trim(map);
    print_message("%.2f bytes an entry\n", (double)aq_neighmap_memory(map) / MANY);
    assert_true(aq_neighmap_memory(map) <= 96ull * MANY);
    assert_int_equal(aq_neighmap_count(map), MANY);
    assert_all_held(MANY);
}

static void test_iteration(void **state)
{
    struct aq_found found;
    uint32_t number = 0, count = 0;

    assert_int_equal(aq_neighmap_next(map, 0, &found), 0);
    fill(100);
    for (uint32_t n = 0; n < 100; n += 2) {
        struct arpq_neigh neigh = entry4(n, 1 + n % 3, n + 1);

        assert_removed(&neigh);
    }
    while ((number = aq_neighmap_next(map, number, &found))) {
        assert_int_equal(found.fields.ip[3] % 2, 1);
        count++;
    }
    assert_int_equal(count, 50);
    aq_neighmap_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_put_results),
        TEST(test_address_becomes_known),
        TEST(test_last_address_is_kept),
        TEST(test_remove),
        TEST(test_best_of_interfaces),
        TEST(test_older_than_the_clock),
        TEST(test_link_scope),
        TEST(test_families),
        TEST(test_chains),
        TEST(test_long_addresses),
        TEST(test_rebuilt_under_a_search),
        TEST(test_rounds),
        TEST(test_many_marks),
        TEST(test_million),
        TEST(test_iteration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

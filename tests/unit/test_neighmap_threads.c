/* SPDX-License-Identifier: MIT */
/*
 * One thread writes to the neighbour map at full speed while others search it. Every entry that
 * they read must be consistent.
 *
 * ARPQ_STRESS_SECONDS makes the run longer, ARPQ_SEED repeats it.
 */
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

#include "neighmap/chain.h"
#include "neighmap/found.h"
#include "neighmap/neighmap.h"
#include "unit/neighmap_random.h"

static uint32_t mix(uint32_t a, uint32_t b)
{
    uint32_t x = (a + b * 0x9e3779b9u) * 0x85ebca6bu;

    x = (x ^ (x >> 15)) * 0xc2b2ae35u;
    return x ^ (x >> 16);
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- Entries whose contents can be checked ---- */

/* Everything in an entry follows from one 16-bit number in its flags: three bits give the
 * interface, five depend on the IP address, eight change with each write. Steady entries are never
 * removed and keep their MAC. The IP addresses of LONELY of them also have entries without a MAC on
 * other interfaces. */
#define STEADY 64u
#define LONELY 8u
#define SHARING 4u /* steady entries that share one MAC */
#define INTERFACES 8u
#define KEYS_MAX 100000u

static struct key key_of_steady(uint32_t n)
{
    struct key key = {.ip = {.family = AF_INET, .bytes = {10, 255, 0, (uint8_t)n}}};

    key.ifindex = n < LONELY ? 1 : 1 + n % INTERFACES;
    return key;
}

/* The first keys are the other entries of lonely addresses. The other keys have each address on all
 * interfaces, and every second address is IPv6. */
static struct key key_of(uint32_t n)
{
    struct key key = {.ip = {.family = AF_INET}};
    uint32_t address = n / INTERFACES;

    if (n < LONELY * (INTERFACES - 1)) {
        key = key_of_steady(n % LONELY);
        key.ifindex = 2 + n / LONELY;
        return key;
    }
    key.ifindex = 1 + n % INTERFACES;
    key.ip.family = address % 2 ? AF_INET6 : AF_INET;
    key.ip.bytes[0] = address % 2 ? 0x20 : 10;
    key.ip.bytes[1] = (uint8_t)(address >> 16);
    key.ip.bytes[2] = (uint8_t)(address >> 8);
    key.ip.bytes[3] = (uint8_t)address;
    if (address % 2)
        key.ip.bytes[15] = (uint8_t)address;
    return key;
}

static bool is_steady(const struct arpq_ip *ip)
{
    return ip->family == AF_INET && ip->bytes[1] == 255;
}

static uint32_t steady_number(const struct arpq_ip *ip)
{
    return ip->bytes[3];
}

static uint16_t number_of(const struct key *key, uint32_t version)
{
    uint32_t five = mix(key->ip.bytes[3], key->ip.bytes[2] + key->ip.bytes[1] * 256u) % 32;

    return (uint16_t)((key->ifindex - 1) | five << 3 | (version & 255) << 8);
}

static void derive_mac(uint32_t from, struct arpq_mac *mac)
{
    static const uint8_t lengths[] = {6, 8, 16, 20, 32, 6, 20, 0};

    memset(mac, 0, sizeof *mac);
    mac->length = lengths[mix(from, 1) % (from >> 16 ? 7 : 8)];
    for (uint32_t i = 0; i < mac->length; i++)
        mac->bytes[i] = (uint8_t)mix(from, 100 + i);
}

static void steady_mac(uint32_t group, struct arpq_mac *mac)
{
    derive_mac(0x10000 + group, mac);
}

static void mac_of_entry(const struct key *key, uint16_t number, struct arpq_mac *mac)
{
    if (is_steady(&key->ip) && (key->ifindex == 1 || steady_number(&key->ip) >= LONELY))
        steady_mac(steady_number(&key->ip) / SHARING, mac);
    else if (is_steady(&key->ip))
        memset(mac, 0, sizeof *mac);
    else if (number >> 13 == 7)
        /* The entry joins the chain of steady entries, so that their chains change all the time. */
        steady_mac(number % (STEADY / SHARING), mac);
    else
        derive_mac(number, mac);
    mac->type = (uint16_t)mix(number, 5);
}

static void make_neigh(const struct key *key, uint32_t version, struct arpq_neigh *neigh)
{
    uint16_t number = number_of(key, version);

    memset(neigh, 0, sizeof *neigh);
    neigh->ip = key->ip;
    neigh->ifindex = key->ifindex;
    neigh->flags = number;
    neigh->state = mix(number, 2) & 255;
    neigh->protocol = (uint8_t)mix(number, 3);
    neigh->type = (uint8_t)mix(number, 4);
    neigh->confirmed_ms = (uint64_t)number * AQ_ENTRY_TICK_MS;
    neigh->updated_ms = (mix(number, 6) & 0xffff) * AQ_ENTRY_TICK_MS;
    mac_of_entry(key, number, &neigh->mac);
}

static bool is_whole(const struct arpq_neigh *neigh)
{
    const struct key key = {.ip = neigh->ip, .ifindex = neigh->ifindex};
    struct arpq_neigh want;

    make_neigh(&key, neigh->flags >> 8, &want);
    /* The entry stores the last MAC but does not return it. */
    return memcmp(&want, neigh, sizeof want) == 0;
}

/* ---- Threads ---- */

#define READERS 3
#define ROOM 4096u

static struct {
    struct aq_neighmap *map;
    uint32_t keys, peak;
    atomic_bool stop;
    atomic_uint wrong, wrong_line;
    atomic_ullong reads, writes, rounds, iterations, mac_reads, any_reads, rebuilds;
} run;

static void expect(bool condition, unsigned line)
{
    if (condition)
        return;
    run.wrong++;
    run.wrong_line = line;
}

static bool find(const struct key *key, uint32_t ifindex, struct arpq_neigh *neigh)
{
    struct aq_found found;

    if (!search(run.map, &key->ip, ifindex, &found))
        return false;
    aq_found_neigh(&found, NOW_MS, neigh);
    expect(is_whole(neigh), __LINE__);
    expect(arpq_ip_compare(&neigh->ip, &key->ip) == 0, __LINE__);
    expect(ifindex == 0 || neigh->ifindex == ifindex, __LINE__);
    return true;
}

/* Choose among few entries, so that readers and the writer meet. */
static struct key draw_steady(uint64_t *random)
{
    return key_of_steady(draw(random, draw(random, 4) ? 2 : STEADY));
}

static void read_one(uint64_t *random)
{
    struct key steady = draw_steady(random), any = key_of(draw(random, run.keys));
    struct arpq_neigh neigh;

    expect(find(&steady, steady.ifindex, &neigh), __LINE__);
    find(&any, any.ifindex, &neigh);
}

/* An entry with a MAC takes precedence over entries without one. */
static void read_any_interface(uint64_t *random)
{
    struct key steady = key_of_steady(draw(random, LONELY)), any = key_of(draw(random, run.keys));
    struct arpq_neigh neigh;

    if (find(&steady, 0, &neigh))
        expect(neigh.ifindex == steady.ifindex, __LINE__);
    else
        expect(false, __LINE__);
    find(&any, 0, &neigh);
    run.any_reads++;
}

static void count_steady(const struct arpq_neigh *neigh, uint8_t seen[STEADY])
{
    struct key key;

    if (!is_steady(&neigh->ip))
        return;
    key = key_of_steady(steady_number(&neigh->ip));
    if (key.ifindex == neigh->ifindex)
        seen[steady_number(&neigh->ip)]++;
}

static void read_all(void)
{
    uint8_t seen[STEADY] = {0};
    struct arpq_neigh neigh;
    struct aq_found found;

    for (uint32_t number = 0; (number = aq_neighmap_next(run.map, number, &found));) {
        aq_found_neigh(&found, NOW_MS, &neigh);
        expect(is_whole(&neigh), __LINE__);
        count_steady(&neigh, seen);
        run.reads++;
    }
    for (uint32_t n = 0; n < STEADY; n++)
        expect(seen[n] == 1, __LINE__);
    run.iterations++;
}

static void read_by_mac(const struct arpq_mac *mac, struct arpq_neigh *neighs, uint8_t seen[STEADY])
{
    uint32_t count = aq_chain_find(run.map, mac, NOW_MS, neighs, ROOM);

    expect(count <= ROOM, __LINE__);
    for (uint32_t i = 0; i < count && i < ROOM; i++) {
        expect(is_whole(&neighs[i]), __LINE__);
        expect(arpq_mac_compare(&neighs[i].mac, mac) == 0, __LINE__);
        count_steady(&neighs[i], seen);
    }
    run.mac_reads++;
}

static void read_macs(uint64_t *random, struct arpq_neigh *neighs)
{
    uint32_t group = draw(random, STEADY / SHARING);
    uint8_t seen[STEADY] = {0};
    struct arpq_mac mac;

    steady_mac(group, &mac);
    read_by_mac(&mac, neighs, seen);
    for (uint32_t n = 0; n < STEADY; n++)
        expect(seen[n] == (n / SHARING == group), __LINE__);
    derive_mac(draw(random, 65536), &mac);
    if (mac.length)
        read_by_mac(&mac, neighs, seen);
}

static void *reader(void *context)
{
    struct arpq_neigh *neighs = calloc(ROOM, sizeof *neighs);
    uint64_t random = *(const uint64_t *)context;

    expect(neighs, __LINE__);
    while (neighs && !run.stop) {
        for (int i = 0; i < 64; i++)
            read_one(&random);
        for (int i = 0; i < 16; i++)
            read_any_interface(&random);
        read_macs(&random, neighs);
        run.reads += 64 * 2 + 16 * 2 + 2;
        if (draw(&random, aq_neighmap_count(run.map) / 128 + 1) == 0)
            read_all();
    }
    free(neighs);
    return NULL;
}

/* ---- The writer ---- */

struct writer {
    uint64_t random;
    double until;
    uint32_t count;
    bool *present;
    const struct aq_cells *cells; /* the cells of the index at the last check */
};

static void write_steady(struct writer *writer)
{
    struct key key = draw_steady(&writer->random);
    struct aq_before before;
    struct arpq_neigh neigh;
    int result;

    make_neigh(&key, draw(&writer->random, 256), &neigh);
    result = aq_neighmap_put(run.map, &neigh, NOW_MS, &before);
    expect(result == AQ_PUT_SAME || result == AQ_PUT_CHANGED, __LINE__);
    run.writes++;
}

static void write_one(struct writer *writer, uint32_t n)
{
    struct key key = key_of(n);
    struct aq_before before;
    struct arpq_neigh neigh;
    int result;

    make_neigh(&key, draw(&writer->random, 256), &neigh);
    result = aq_neighmap_put(run.map, &neigh, NOW_MS, &before);
    expect(result >= 0 && (result == AQ_PUT_ADDED) == !writer->present[n], __LINE__);
    writer->count += !writer->present[n];
    writer->present[n] = true;
    run.rebuilds += run.map->by_ip.cells != writer->cells;
    writer->cells = run.map->by_ip.cells;
    run.writes++;
}

static void remove_one(struct writer *writer, uint32_t n)
{
    struct key key = key_of(n);
    struct arpq_neigh last;
    struct arpq_mac mac;
    bool was = aq_neighmap_remove(run.map, &key.ip, key.ifindex, NOW_MS, &last, &mac);

    expect(was == writer->present[n], __LINE__);
    if (was)
        expect(is_whole(&last), __LINE__);
    writer->count -= writer->present[n];
    writer->present[n] = false;
    run.writes++;
}

static bool goes_on(const struct writer *writer)
{
    return run.writes % 64 || seconds_now() < writer->until;
}

/* Fill the map up to the peak, stay near it for a while, and empty the map again. */
static void rise_and_fall(struct writer *writer)
{
    while (writer->count < run.peak && goes_on(writer)) {
        write_one(writer, draw(&writer->random, run.keys));
        if (draw(&writer->random, 4) == 0)
            write_steady(writer);
        if (draw(&writer->random, 8) == 0)
            remove_one(writer, draw(&writer->random, run.keys));
    }
    for (uint32_t i = 0; i < run.peak && goes_on(writer); i++) {
        write_one(writer, draw(&writer->random, run.keys));
        remove_one(writer, draw(&writer->random, run.keys));
        write_steady(writer);
    }
    for (uint32_t n = 0; n < run.keys && goes_on(writer); n++) {
        if (writer->present[n])
            remove_one(writer, n);
        if (n % 8 == 0)
            write_steady(writer);
    }
}

#define BEHIND (20 * INTERFACES)

/* All entries of an address are adjacent in the index. All but the last are removed together and
 * leave marks, so that the index soon fills with marks and is rebuilt at the same size. */
static void march(struct writer *writer)
{
    uint32_t from = LONELY * (INTERFACES - 1);

    for (uint32_t n = from; n < run.keys && goes_on(writer); n++) {
        write_one(writer, n);
        if (n % INTERFACES == INTERFACES - 1) {
            for (uint32_t gone = n - INTERFACES + 1; gone < n; gone++)
                remove_one(writer, gone);
            if (n >= from + BEHIND)
                remove_one(writer, n - BEHIND);
        }
        write_one(writer, draw(&writer->random, from));
        remove_one(writer, draw(&writer->random, from));
        write_steady(writer);
    }
    for (uint32_t n = 0; n < run.keys; n++)
        if (writer->present[n])
            remove_one(writer, n);
}

static void write_round(struct writer *writer)
{
    rise_and_fall(writer);
    march(writer);
    expect(aq_neighmap_count(run.map) == writer->count + STEADY, __LINE__);
    run.rounds++;
}

static void put_steady(void)
{
    struct aq_before before;
    struct arpq_neigh neigh;

    for (uint32_t n = 0; n < STEADY; n++) {
        struct key key = key_of_steady(n);

        make_neigh(&key, 0, &neigh);
        assert_int_equal(aq_neighmap_put(run.map, &neigh, NOW_MS, &before), AQ_PUT_ADDED);
    }
}

static void stress(uint64_t seed, uint32_t keys, uint32_t peak, double seconds)
{
    struct writer writer = {.random = seed, .until = seconds_now() + seconds};
    uint64_t seeds[READERS];
    pthread_t threads[READERS];

    run.keys = keys;
    run.peak = peak;
    run.stop = false;
    writer.present = calloc(keys, sizeof *writer.present);
    assert_non_null(writer.present);
    assert_int_equal(aq_neighmap_make(&run.map, seed * 31), 0);
    put_steady();
    for (unsigned i = 0; i < READERS; i++) {
        seeds[i] = seed + i + 1;
        assert_int_equal(pthread_create(&threads[i], NULL, reader, &seeds[i]), 0);
    }
    while (seconds_now() < writer.until)
        write_round(&writer);
    run.stop = true;
    for (unsigned i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    aq_neighmap_free(run.map);
    free(writer.present);
}

static void test_torn(void **state)
{
    static const struct {
        uint32_t keys, peak;
    } sizes[] = {{2000, 20}, {2000, 40}, {8000, 100}, {2000, 800}, {KEYS_MAX, KEYS_MAX / 2}};
    const char *text = getenv("ARPQ_STRESS_SECONDS");
    double seconds = text ? strtod(text, NULL) : 3;
    uint64_t seed = seed_of_run();

    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        stress(seed + i, sizes[i].keys, sizes[i].peak, seconds / (double)COUNT_OF(sizes));
    printf("%llu reads, %llu by MAC, %llu of any interface, %llu iterations; %llu writes,"
           " %llu rounds, %llu rebuilds\n",
           (unsigned long long)run.reads, (unsigned long long)run.mac_reads,
           (unsigned long long)run.any_reads, (unsigned long long)run.iterations,
           (unsigned long long)run.writes, (unsigned long long)run.rounds,
           (unsigned long long)run.rebuilds);
    if (run.wrong)
        print_error("%u wrong, last at line %u\n", run.wrong, run.wrong_line);
    assert_int_equal(run.wrong, 0);
    assert_true(run.reads > 1000 && run.writes > 1000 && run.iterations > 10 && run.rebuilds > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_torn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

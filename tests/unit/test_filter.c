/* SPDX-License-Identifier: MIT */
/* Checks which filters are invalid, and which entries a valid filter matches. */
#include "test.h"

#include <sys/socket.h>

#include "fuzz/filter_reference.h"
#include "table/filter.h"

#define ENTRIES 200000

static int read_filter(const struct arpq_filter *from, struct arpq_filter *filter)
{
    int code;

    memset(filter, 0xaa, sizeof *filter);
    code = aq_filter_read(from, filter);
    assert_int_equal(code == 0, reference_accepts(from, from->size));
    return code;
}

static void test_everything(void **state)
{
    const struct arpq_neigh neigh = {.ip.family = AF_INET6, .ifindex = 3};
    const struct arpq_filter all = {.size = sizeof all};
    struct arpq_filter filter;

    memset(&filter, 0xaa, sizeof filter);
    assert_int_equal(aq_filter_read(NULL, &filter), 0);
    assert_true(aq_filter_matches(&filter, &neigh));
    assert_int_equal(read_filter(&all, &filter), 0);
    assert_true(aq_filter_matches(&filter, &neigh));
}

static void test_senseless(void **state)
{
    const struct arpq_ip four = {.family = AF_INET}, six = {.family = AF_INET6};
    const struct arpq_ip scoped = {.family = AF_INET6, .scope = 3}, odd = {.family = AF_UNIX};
    const struct arpq_mac one = {.length = 1}, longer = {.length = 33};
    const struct arpq_filter senseless[] = {
        {.size = 0},
        {.size = 23},
        {.size = 4097},
        {.size = UINT32_MAX},
        {.size = sizeof senseless[0], .reserved = {1}},
        {.size = sizeof senseless[0], .reserved = {[9] = 1u << 31}},
        {.size = sizeof senseless[0], .flags = 2},
        {.size = sizeof senseless[0], .flags = 1u << 31},
        {.size = sizeof senseless[0], .family = AF_UNIX},
        {.size = sizeof senseless[0], .family = AF_BRIDGE},
        {.size = sizeof senseless[0], .ifindex = (uint32_t)INT32_MAX + 1},
        {.size = sizeof senseless[0], .master = UINT32_MAX},
        {.size = sizeof senseless[0], .states = 0x200},
        {.size = sizeof senseless[0], .neigh_flags = 0x1},
        {.size = sizeof senseless[0], .neigh_flags = 0x200},
        {.size = sizeof senseless[0], .neigh_flags = ARPQ_NEIGH_LOCAL},
        {.size = sizeof senseless[0], .neigh_flags = ARPQ_NEIGH_GATEWAY},
        {.size = sizeof senseless[0], .prefix = six, .family = AF_INET},
        {.size = sizeof senseless[0], .prefix = four, .family = AF_INET6},
        {.size = sizeof senseless[0], .prefix = odd},
        {.size = sizeof senseless[0], .prefix = four, .prefix_length = 33},
        {.size = sizeof senseless[0], .prefix = six, .prefix_length = 129},
        {.size = sizeof senseless[0], .prefix = scoped},
        {.size = sizeof senseless[0], .prefix = scoped, .ifindex = 4},
        {.size = sizeof senseless[0], .prefix_length = 1},
        {.size = sizeof senseless[0], .mac = longer},
        {.size = sizeof senseless[0], .flags = ARPQ_FILTER_PROXY, .mac = one},
        {.size = sizeof senseless[0], .flags = ARPQ_FILTER_PROXY, .states = ARPQ_STATE_STALE},
    };
    struct arpq_filter filter;

    for (size_t i = 0; i < LENGTH(senseless); i++)
        if (read_filter(&senseless[i], &filter) != -EINVAL)
            fail_msg("filter %zu was accepted", i);
}

static void test_sensible(void **state)
{
    const struct arpq_ip four = {.family = AF_INET, .bytes = {192, 0, 2, 255}};
    const struct arpq_ip scoped = {.family = AF_INET6, .scope = 3};
    const struct arpq_mac longest = {.length = 32};
    const struct arpq_filter sensible[] = {
        {.size = 24, .ifindex = INT32_MAX, .neigh_flags = 0x5f8},
        {.size = sizeof sensible[0], .states = 0x1ff, .mac = longest},
        {.size = sizeof sensible[0], .prefix = four, .prefix_length = 32, .family = AF_INET},
        {.size = sizeof sensible[0], .prefix = scoped, .prefix_length = 128, .ifindex = 3},
        {.size = sizeof sensible[0], .flags = ARPQ_FILTER_PROXY, .family = AF_INET6},
    };
    struct arpq_filter filter;

    for (size_t i = 0; i < LENGTH(sensible); i++)
        if (read_filter(&sensible[i], &filter) != 0)
            fail_msg("filter %zu was refused", i);
}

/* A caller with a larger struct gets an error unless the unknown members are zero. */
static void test_larger(void **state)
{
    unsigned char bytes[4096] = {0};
    const uint32_t size = sizeof bytes;
    struct arpq_filter filter;

    memcpy(bytes, &size, sizeof size);
    assert_int_equal(aq_filter_read((const void *)bytes, &filter), 0);
    bytes[4095] = 1;
    assert_int_equal(aq_filter_read((const void *)bytes, &filter), -EINVAL);
}

/* If the caller's struct is smaller, the library does not read past its end. */
static void test_smaller(void **state)
{
    const uint32_t size = 24;
    struct arpq_filter filter;
    void *least = calloc(1, size); /* valgrind and ASan detect a read past its end */

    assert_non_null(least);
    memcpy(least, &size, sizeof size);
    memset(&filter, 0xaa, sizeof filter);
    assert_int_equal(aq_filter_read(least, &filter), 0);
    assert_int_equal(filter.family, 0);
    assert_int_equal(filter.mac.length, 0);
    free(least);
}

static void test_settled(void **state)
{
    const struct arpq_filter from = {
        .size = sizeof from,
        .prefix = {.family = AF_INET, .bytes = {192, 0, 2, 255}},
        .prefix_length = 25,
    };
    struct arpq_filter filter;

    assert_int_equal(read_filter(&from, &filter), 0);
    assert_int_equal(filter.family, AF_INET);
    assert_int_equal(filter.prefix.bytes[3], 128);
}

/* ---- Against the reference ---- */

static uint32_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * limit >> 32);
}

static void random_bytes(uint8_t *bytes, size_t size, uint32_t values)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)random_below(values);
}

static struct arpq_neigh random_neigh(void)
{
    struct arpq_neigh neigh = {.ifindex = 1 + random_below(3)};

    neigh.ip.family = random_below(2) ? AF_INET : AF_INET6;
    random_bytes(neigh.ip.bytes, neigh.ip.family == AF_INET ? 4 : 16, 2);
    neigh.mac.length = (uint8_t)(random_below(3) * 3);
    random_bytes(neigh.mac.bytes, neigh.mac.length, 2);
    neigh.state = (uint16_t)(random_below(9) ? 1u << random_below(8) : 0);
    neigh.flags = random_below(16) << 4 | random_below(4) << 8;
    neigh.protocol = (uint8_t)random_below(4);
    return neigh;
}

/* Set few members, so that the filter matches some entries. */
static struct arpq_filter random_filter(void)
{
    const struct arpq_neigh like = random_neigh();
    struct arpq_filter filter = {.size = sizeof filter};

    if (random_below(4) == 0)
        filter.ifindex = like.ifindex;
    if (random_below(4) == 0)
        filter.states = random_below(0x200);
    if (random_below(4) == 0)
        filter.neigh_flags = like.flags & 0x5f8u;
    if (random_below(4) == 0)
        filter.protocol = like.protocol;
    if (random_below(4) == 0)
        filter.family = like.ip.family;
    if (random_below(4) == 0) {
        filter.mac = like.mac;
        random_bytes(filter.mac.bytes + like.mac.length, 32u - like.mac.length, 2);
        filter.mac.type = 7;
    }
    if (random_below(2) == 0) {
        filter.prefix = like.ip;
        filter.prefix_length = (uint8_t)random_below(33);
    }
    return filter;
}

static void test_against_reference(void **state)
{
    unsigned meant = 0, read = 0;

    random_state = 1;
    for (unsigned i = 0; i < ENTRIES; i++) {
        const struct arpq_filter from = random_filter();
        const struct arpq_neigh neigh = random_neigh();
        struct arpq_filter filter;
        bool matches;

        if (read_filter(&from, &filter) != 0)
            continue;
        read++;
        matches = aq_filter_matches(&filter, &neigh);
        if (matches != reference_matches(&from, &neigh))
            fail_msg("number %u: %d", i, matches);
        meant += matches;
    }
    assert_true(read > ENTRIES / 2);
    assert_true(meant > ENTRIES / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything),        cmocka_unit_test(test_senseless),
        cmocka_unit_test(test_sensible),          cmocka_unit_test(test_larger),
        cmocka_unit_test(test_smaller),           cmocka_unit_test(test_settled),
        cmocka_unit_test(test_against_reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

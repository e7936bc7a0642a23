/* SPDX-License-Identifier: MIT */
/* One address on very many interfaces. All point-to-point links have 0.0.0.0. The far ends of a
 * container host's links all have the same link-local address and the same IPv4 address. */
#include "test.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>
#include <time.h>

#include "ifmap/view.h"
#include "ifmap/view_build.h"
#include "neighmap/neighmap.h"
#include "process.h"

#define LINKS 30000u
#define SECONDS_MAX (10.0 * slowness())

/* Processor time, because the machine may be busy. */
static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- Neighbours ---- */

static struct aq_neighmap *map;

static int set_up(void **state)
{
    return aq_neighmap_make(&map, 12345);
}

static int tear_down(void **state)
{
    aq_neighmap_free(map);
    return 0;
}

static struct arpq_neigh entry_of(const char *text, uint32_t ifindex)
{
    struct arpq_neigh neigh = {
        .ip = ip_of(text),
        .ifindex = ifindex,
        .state = ARPQ_STATE_STALE,
        .confirmed_ms = 1000000 - 10 * ifindex,
        .mac = {.length = 6, .bytes = {2, [4] = (uint8_t)(ifindex >> 8), (uint8_t)ifindex}}};

    return neigh;
}

static bool find(const char *text, uint32_t ifindex, struct aq_found *found)
{
    const struct arpq_ip ip = ip_of(text);
    struct aq_key key;

    aq_key_make(&key, &ip, ifindex);
    return aq_neighmap_find(map, &key, aq_key_hash(&key, map->seed), found);
}

static void fill(const char *text, uint32_t links)
{
    for (uint32_t i = 1; i <= links; i++) {
        const struct arpq_neigh neigh = entry_of(text, i);
        struct aq_before before;

        assert_int_equal(aq_neighmap_put(map, &neigh, 2000000, &before), AQ_PUT_ADDED);
    }
}

static void empty(const char *text, uint32_t first, uint32_t links)
{
    for (uint32_t i = first; i <= links; i++) {
        const struct arpq_ip ip = ip_of(text);
        struct arpq_neigh last;
        struct arpq_mac last_mac;

        assert_true(aq_neighmap_remove(map, &ip, i, 2000000, &last, &last_mac));
        assert_int_equal(last.ifindex, i);
    }
}

static void check_map(const char *text)
{
    double began = seconds_now();
    struct aq_found found;

    fill(text, LINKS);
    for (uint32_t i = 1; i <= LINKS; i++) {
        const struct arpq_neigh neigh = entry_of(text, i);
        struct aq_before before;

        assert_true(find(text, i, &found));
        assert_int_equal(found.fields.ifindex, i);
        assert_int_equal(aq_neighmap_put(map, &neigh, 2000000, &before), AQ_PUT_SAME);
    }
    assert_false(find(text, LINKS + 1, &found));
    empty(text, 1, LINKS);
    assert_int_equal(aq_neighmap_count(map), 0);
    print_message("%s: %.2f s\n", text, seconds_now() - began);
    assert_true(seconds_now() - began < SECONDS_MAX);
}

static void test_unspecified(void **state)
{
    check_map("0.0.0.0");
}

static void test_ipv4(void **state)
{
    check_map("169.254.1.1");
}

static void test_ipv6(void **state)
{
    check_map("fd00::1");
}

static void test_link_local(void **state)
{
    check_map("fe80::ecee:eeff:feee:eeee");
}

/* The map finds the best entry of all interfaces, wherever it is stored, while entries are added
 * and removed. */
static void test_any(void **state)
{
    struct aq_found found;
    struct aq_before before;
    struct arpq_neigh neigh;

    fill("10.0.0.1", 500);
    fill("10.0.0.2", 5);
    assert_true(find("10.0.0.1", 0, &found));
    assert_int_equal(found.fields.ifindex, 500);
    neigh = entry_of("10.0.0.1", 250);
    neigh.confirmed_ms = 0;
    assert_int_equal(aq_neighmap_put(map, &neigh, 2000000, &before), AQ_PUT_SAME);
    assert_true(find("10.0.0.1", 0, &found));
    assert_int_equal(found.fields.ifindex, 250);
    empty("10.0.0.1", 1, 499);
    assert_true(find("10.0.0.1", 0, &found));
    assert_int_equal(found.fields.ifindex, 500);
    empty("10.0.0.1", 500, 500);
    assert_false(find("10.0.0.1", 0, &found));
    assert_true(find("10.0.0.2", 0, &found));
    assert_int_equal(found.fields.ifindex, 5);
    fill("10.0.0.1", 500);
    assert_true(find("10.0.0.1", 499, &found));
    assert_true(find("10.0.0.1", 0, &found));
    assert_int_equal(found.fields.ifindex, 500);
}

/* More addresses are on many interfaces than the map can record in its list of such addresses. */
static void test_many_crowds(void **state)
{
    struct aq_found found;
    char text[32];

    for (unsigned n = 0; n < 100; n++) {
        snprintf(text, sizeof text, "10.1.0.%u", n);
        fill(text, 60);
    }
    for (unsigned n = 0; n < 100; n++) {
        snprintf(text, sizeof text, "10.1.0.%u", n);
        assert_true(find(text, 60, &found));
        assert_true(find(text, 0, &found));
        assert_int_equal(found.fields.ifindex, 60);
        empty(text, 1, 60);
    }
    assert_int_equal(aq_neighmap_count(map), 0);
}

/* ---- Own addresses ---- */

static void test_view(void **state)
{
    static const char *const own[] = {"fe80::ecee:eeff:feee:eeee", "169.254.1.1", "fd00::1"};
    double began = seconds_now();
    struct aq_ifmap interfaces = {0};
    struct aq_view *view;

    for (uint32_t i = 1; i <= LINKS; i++) {
        struct arpq_interface link = {.ifindex = i, .flags = IFF_UP};

        snprintf(link.name, sizeof link.name, "cali%u", i);
        assert_int_equal(aq_ifmap_put_link(&interfaces, &link), 0);
        for (size_t n = 0; n < LENGTH(own); n++) {
            struct arpq_address address = {
                .ip = ip_of(own[n]), .ifindex = i, .prefix_length = n == 1 ? 24 : 64};

            if (n == 0)
                address.ip.scope = i;
            assert_int_equal(aq_ifmap_put_address(&interfaces, &address), 0);
        }
    }
    assert_int_equal(aq_view_build(&interfaces, NULL, &view), 0);
    for (size_t n = 0; n < LENGTH(own); n++) {
        const struct arpq_ip ip = ip_of(own[n]), other = ip_of(n == 1 ? "169.254.1.7" : "fd00::7");
        struct aq_belonging found = aq_view_find(view, &ip, 0);

        assert_int_equal(found.how, AQ_OWN);
        assert_true(found.several);
        assert_int_equal(found.link->ifindex, 1);
        for (uint32_t i = 1; i <= LINKS; i++) {
            found = aq_view_find(view, &ip, i);
            assert_int_equal(found.how, AQ_OWN);
            assert_int_equal(found.link->ifindex, i);
            if (n == 0)
                continue;
            found = aq_view_find(view, &other, i);
            assert_int_equal(found.how, AQ_CONNECTED);
            assert_int_equal(found.link->ifindex, i);
        }
        assert_int_equal(aq_view_find(view, &ip, LINKS + 1).how, AQ_NOWHERE);
    }
    aq_view_free(view);
    aq_ifmap_clear(&interfaces);
    print_message("view: %.2f s\n", seconds_now() - began);
    assert_true(seconds_now() - began < SECONDS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_unspecified),      TEST(test_ipv4), TEST(test_ipv6),
        TEST(test_link_local),       TEST(test_any),  TEST(test_many_crowds),
        cmocka_unit_test(test_view),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Remembered routing decisions: which requests they answer, and how many of one prefix the table
 * holds. */
#include "test.h"

#include "ifmap/memo.h"

#define HOSTS 256u

static struct aq_memo *memo;

static struct arpq_ip host_of(const char *prefix, unsigned at, unsigned host)
{
    struct arpq_ip ip = ip_of(prefix);

    ip.bytes[at] = (uint8_t)host;
    return ip;
}

static bool found(const struct arpq_ip *ip, uint32_t ifindex, uint32_t sum, uint32_t tick)
{
    const struct aq_memo_key key = {.ip = ip, .ifindex = ifindex, .sum = sum, .tick = tick};
    struct aq_route route;

    return aq_memo_find(memo, &key, &route);
}

static void test_answers_the_same_request(void **state)
{
    const struct arpq_ip ip = host_of("2001:db8::", 15, 1);
    const struct aq_route put = {.type = 1, .ifindex = 7, .gateway = host_of("fe80::", 15, 9)};
    const struct aq_memo_key key = {.ip = &ip, .ifindex = 3, .sum = 5, .tick = 100};
    struct arpq_ip other = ip;
    struct aq_route route;

    memo = aq_memo_make(0x1234);
    assert_false(aq_memo_find(memo, &key, &route));
    aq_memo_put(memo, &key, &put);
    assert_true(aq_memo_find(memo, &key, &route));
    assert_int_equal(route.type, 1);
    assert_int_equal(route.ifindex, 7);
    assert_memory_equal(&route.gateway, &put.gateway, sizeof put.gateway);
    other.family = AF_INET;
    assert_false(found(&other, 3, 5, 100));
    assert_false(found(&ip, 0, 5, 100));
    assert_false(found(&ip, 3, 6, 100));
    assert_true(found(&ip, 3, 5, 100 + AQ_MEMO_AGE_MS - 1));
    assert_false(found(&ip, 3, 5, 100 + AQ_MEMO_AGE_MS));
    aq_memo_free(memo);
}

/* Remembers the hosts of a prefix. Returns how many of them the table still holds. */
static unsigned remembered(const char *prefix, unsigned at, uint64_t seed)
{
    const struct aq_route route = {.type = 1, .ifindex = 7};
    unsigned count = 0;

    memo = aq_memo_make(seed);
    for (unsigned host = 0; host < HOSTS; host++) {
        const struct arpq_ip ip = host_of(prefix, at, host);

        aq_memo_put(memo, &(struct aq_memo_key){.ip = &ip}, &route);
    }
    for (unsigned host = 0; host < HOSTS; host++) {
        const struct arpq_ip ip = host_of(prefix, at, host);

        count += found(&ip, 0, 0, 0);
    }
    aq_memo_free(memo);
    return count;
}

/* 256 addresses that differ in any one byte must not share a few cells of 2048. */
static void test_hosts_of_a_prefix(void **state)
{
    for (uint64_t seed = 1; seed < 9; seed++) {
        const uint64_t spread = seed * 0x9e3779b97f4a7c15u;

        for (unsigned at = 0; at < 16; at++)
            assert_between(remembered("2001:db8:1:2:3:4:5:6", at, spread), HOSTS / 2, HOSTS);
        for (unsigned at = 0; at < 4; at++)
            assert_between(remembered("10.1.2.3", at, spread), HOSTS / 2, HOSTS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_the_same_request),
        cmocka_unit_test(test_hosts_of_a_prefix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

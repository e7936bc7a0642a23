/* SPDX-License-Identifier: MIT */
/* Entries in state NONE. They exist, but the kernel does not send requests for them. */
#include "test.h"

#include "kernel/resolve.h"

static int set_up(void **state)
{
    hosts_make();
    return 0;
}

static int tear_down(void **state)
{
    netns_second_free(&hosts.far);
    return 0;
}

static void make_none(const char *ip)
{
    hosts_forget();
    sh("ip neigh replace %s dev v0 nud none", ip);
    assert_int_equal(sh_status("ip neigh show %s dev v0 nud none | grep -q .", ip), 0);
}

static void check(const char *ip, bool privileged, const struct arpq_resolve_options *options)
{
    const struct query query = {.ip = ip, .timeout_ms = 2000, .options = options};
    struct answer answer;

    make_none(ip);
    answer = query_run(privileged, &query);
    assert_int_equal(answer.code, 0);
    assert_int_equal(arpq_mac_compare(&answer.neigh.mac, &hosts.far_mac), 0);
}

static void check_all(const char *ip)
{
    const struct arpq_resolve_options plain = {.size = sizeof plain, .answer_ms = 2000};
    const struct arpq_resolve_options revalidate = {
        .size = sizeof revalidate, .answer_ms = 4000, .flags = ARPQ_RESOLVE_REVALIDATE};

    for (int privileged = 0; privileged < 2; privileged++) {
        check(ip, privileged, NULL);
        check(ip, privileged, &plain);
        check(ip, privileged, &revalidate);
    }
}

static void test_ipv4(void **state)
{
    check_all("10.1.0.2");
}

static void test_ipv6(void **state)
{
    check_all("fd01::2");
}

/* No machine answers, so the result is the same as for a missing entry. The entry belongs to
 * another program and stays. */
static void test_dead(void **state)
{
    static const char *const dead[] = {DEAD, DEAD6};

    for (int i = 0; i < 4; i++) {
        const struct query query = {.ip = dead[i / 2], .timeout_ms = -1};
        struct answer answer;

        make_none(dead[i / 2]);
        answer = query_run(i % 2, &query);
        assert_int_equal(answer.code, -EHOSTUNREACH);
        assert_between(answer.ms, VERDICT_MS / 2, 10 * VERDICT_MS);
        assert_int_equal(sh_status("ip neigh show %s dev v0 nud all | grep -q .", dead[i / 2]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ipv4),
        cmocka_unit_test(test_ipv6),
        cmocka_unit_test(test_dead),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

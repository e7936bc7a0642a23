/* SPDX-License-Identifier: MIT */
/* Tests the parts of a sweep that need no kernel: the addresses, the rate, the number of rounds,
 * and the answers. */
#include "test.h"

#include <sys/socket.h>
#include <time.h>

#include "sweep/answers.h"
#include "sweep/ip_set.h"
#include "sweep/pace.h"
#include "sweep/plan.h"
#include "sweep/rounds.h"
#include "value/ip.h"

static void assert_ip(const struct arpq_ip *ip, const char *text)
{
    char buffer[ARPQ_IP_STRLEN];

    assert_string_equal(arpq_ip_format(ip, buffer, sizeof buffer), text);
}

/* ---- Plan ---- */

static void test_plans(void **state)
{
    static const struct {
        const char *prefix;
        uint32_t length;
        bool forced;
        int code;
        const char *first;
        uint64_t count;
    } rows[] = {
        {"10.1.2.3", 24, false, 0, "10.1.2.0", 256},
        {"10.1.2.3", 32, false, 0, "10.1.2.3", 1},
        {"10.1.2.3", 31, false, 0, "10.1.2.2", 2},
        {"10.1.2.3", 16, false, 0, "10.1.0.0", 65536},
        {"10.1.2.3", 15, false, -E2BIG, NULL, 0},
        {"10.1.2.3", 15, true, 0, "10.0.0.0", 131072},
        {"10.1.2.3", 0, true, 0, "0.0.0.0", 4294967296u},
        {"10.1.2.3", 0, false, -E2BIG, NULL, 0},
        {"10.1.2.3", 33, true, -EINVAL, NULL, 0},
        {"::ffff:10.1.2.3", 120, false, 0, "10.1.2.0", 256},
        {"::ffff:10.1.2.3", 129, false, -EINVAL, NULL, 0},
        {"::ffff:10.1.2.3", 95, true, 0, "::fffe:0:0", 0},
        {"fd01::1:2345", 112, false, 0, "fd01::1:0", 65536},
        {"fd01::1:2345", 111, false, -E2BIG, NULL, 0},
        {"fd01::1:2345", 111, true, 0, "fd01::", 0},
        {"fd01::1:2345", 128, false, 0, "fd01::1:2345", 1},
        {"fd01::1:2345", 129, true, -EINVAL, NULL, 0},
        {"fd01::1", 0, false, 0, "::", 0},
        {"224.0.0.7", 28, false, -EINVAL, NULL, 0}, /* multicast */
        {"ff02::1", 120, true, -EINVAL, NULL, 0},
        {"::ffff:239.1.2.3", 128, false, -EINVAL, NULL, 0},
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct arpq_ip prefix = ip_of(rows[i].prefix);
        struct aq_plan plan;

        assert_int_equal(aq_plan_make(&plan, &prefix, rows[i].length, rows[i].forced),
                         rows[i].code);
        if (rows[i].code < 0)
            continue;
        assert_ip(&plan.first, rows[i].first);
        assert_int_equal(plan.count, rows[i].count);
    }
}

static void test_numbers(void **state)
{
    static const struct {
        const char *prefix;
        uint32_t length;
        uint32_t number;
        const char *ip;
    } rows[] = {
        {"10.1.0.0", 16, 0, "10.1.0.0"},         {"10.1.0.0", 16, 258, "10.1.1.2"},
        {"10.1.0.0", 16, 65535, "10.1.255.255"}, {"0.0.0.0", 0, 0xffffffff, "255.255.255.255"},
        {"fd01::5:0", 112, 17, "fd01::5:11"},    {"fd01::5:0", 112, 65535, "fd01::5:ffff"},
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct arpq_ip prefix = ip_of(rows[i].prefix);
        struct aq_plan plan;
        struct arpq_ip ip;

        assert_int_equal(aq_plan_make(&plan, &prefix, rows[i].length, true), 0);
        aq_plan_ip(&plan, rows[i].number, &ip);
        assert_ip(&ip, rows[i].ip);
        assert_true(aq_plan_has(&plan, &ip));
        assert_int_equal(aq_plan_number(&plan, &ip), rows[i].number);
    }
}

static void test_membership(void **state)
{
    const struct arpq_ip prefix = ip_of("10.1.4.0"), before = ip_of("10.1.3.255"),
                         behind = ip_of("10.1.6.0"), v6 = ip_of("a01:400::");
    struct aq_plan plan;

    assert_int_equal(aq_plan_make(&plan, &prefix, 23, false), 0);
    assert_false(aq_plan_has(&plan, &before));
    assert_false(aq_plan_has(&plan, &behind));
    assert_false(aq_plan_has(&plan, &v6));
}

static void test_voids(void **state)
{
    struct arpq_ip excluded[AQ_PLAN_EXCLUDED];
    struct arpq_address address = {.ip = ip_of("10.1.2.3"), .prefix_length = 24};

    assert_int_equal(aq_plan_excluded(&address, excluded), 1);
    assert_ip(&excluded[0], "10.1.2.255");
    address.broadcast = ip_of("10.1.2.77");
    assert_int_equal(aq_plan_excluded(&address, excluded), 2);
    assert_ip(&excluded[0], "10.1.2.77");
    address.broadcast = (struct arpq_ip){0};
    address.prefix_length = 30;
    assert_int_equal(aq_plan_excluded(&address, excluded), 1);
    assert_ip(&excluded[0], "10.1.2.3");
    address.prefix_length = 31;
    assert_int_equal(aq_plan_excluded(&address, excluded), 0);
    address.prefix_length = 32;
    assert_int_equal(aq_plan_excluded(&address, excluded), 0);
    address.prefix_length = 0;
    assert_int_equal(aq_plan_excluded(&address, excluded), 1);
    assert_ip(&excluded[0], "255.255.255.255");
    address.ip = ip_of("fd01::1");
    assert_int_equal(aq_plan_excluded(&address, excluded), 0);
}

/* The number of addresses in the first 4 G of a prefix. */
static void test_reachable(void **state)
{
    static const struct {
        const char *prefix;
        uint32_t length;
        uint64_t count;
    } rows[] = {
        {"10.1.2.3", 32, 1},         {"10.1.2.0", 24, 256},   {"0.0.0.0", 0, 4294967296u},
        {"fd01::", 124, 16},         {"fd01::", 111, 131072}, {"fd01::", 96, 4294967296u},
        {"fd01::", 64, 4294967296u},
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct arpq_ip prefix = ip_of(rows[i].prefix);
        struct aq_plan plan;

        assert_int_equal(aq_plan_make(&plan, &prefix, rows[i].length, true), 0);
        assert_int_equal(aq_plan_reachable(&plan), rows[i].count);
    }
}

/* ---- Pace ---- */

#define START_US 5000000u

/* Returns the number of packets that the pace allows in `us` microseconds, if a sweep sends up to
 * 64 packets every step_us. */
static uint32_t packets_in(uint32_t rate, uint64_t us, uint64_t step_us)
{
    struct aq_pace pace;
    uint32_t packets = 0;

    aq_pace_start(&pace, rate, START_US);
    for (uint64_t now = START_US; now < START_US + us; now += step_us) {
        uint32_t allowed = aq_pace_allows(&pace, now, 64);

        assert_true(allowed <= 64);
        aq_pace_spend(&pace, now, allowed);
        packets += allowed;
    }
    return packets;
}

static void test_rates(void **state)
{
    assert_int_equal(packets_in(1, 10000000, 1000), 10);
    /* The pace allows one packet at the start, and the last ones after 999 ms. */
    assert_int_equal(packets_in(2000, 1000000, 1000), 1999);
    assert_int_equal(packets_in(2000, 1000000, 250), 2000);
    assert_between(packets_in(1000000, 1000000, 64), 999900, 1000000);
    /* The pace allows as many packets as are requested. */
    assert_int_equal(packets_in(AQ_PACE_UNLIMITED, 1000, 1), 64000);
}

static void test_arrears(void **state)
{
    struct aq_pace pace;

    aq_pace_start(&pace, 1000, START_US);
    /* After a pause of one second the pace allows the packets of ten milliseconds and one more. */
    assert_int_equal(aq_pace_allows(&pace, START_US + 1000000, 64), 11);
    aq_pace_spend(&pace, START_US + 1000000, 11);
    assert_int_equal(aq_pace_allows(&pace, START_US + 1000000, 64), 0);
    assert_int_equal(aq_pace_due_us(&pace), START_US + 1001000);
    assert_int_equal(aq_pace_allows(&pace, START_US + 1001000, 64), 1);
}

static void test_hold(void **state)
{
    const uint32_t rates[] = {1000, AQ_PACE_UNLIMITED};

    for (size_t i = 0; i < LENGTH(rates); i++) {
        struct aq_pace pace;

        aq_pace_start(&pace, rates[i], START_US);
        aq_pace_backoff(&pace, START_US, 4000);
        assert_int_equal(aq_pace_allows(&pace, START_US + 3999, 64), 0);
        assert_int_equal(aq_pace_due_us(&pace), START_US + 4000);
        assert_true(aq_pace_allows(&pace, START_US + 4000, 64) > 0);
    }
}

/* A clock that fails returns 0. Then the pace allows no packet, and no counter overflows. */
static void test_no_clock(void **state)
{
    struct aq_pace pace;

    aq_pace_start(&pace, 1000, 0);
    assert_int_equal(aq_pace_allows(&pace, 0, 64), 1);
    aq_pace_spend(&pace, 0, 1);
    assert_int_equal(aq_pace_allows(&pace, 0, 64), 0);
    aq_pace_start(&pace, 1000, START_US);
    assert_int_equal(aq_pace_allows(&pace, 0, 64), 0);
}

/* ---- Rounds ---- */

/* Returns rounds in which the given numbers of machines answered. */
static struct aq_rounds rounds_of(uint32_t done, const uint32_t *answered)
{
    struct aq_rounds rounds = {.done = done};

    for (uint32_t r = 0; r < done; r++)
        for (uint32_t i = 0; i < answered[r]; i++)
            aq_rounds_note(&rounds, r + 1, 100);
    return rounds;
}

static void test_estimates(void **state)
{
    static const struct {
        uint32_t done, answered[4];
        uint32_t loss_ppm, missed_ppm;
        bool goes_on;
    } rows[] = {
        {1, {100}, 0, 0, true}, /* every address gets at least two requests */
        {2, {100, 0}, 0, 0, false},
        {2, {0, 0}, 0, 0, false},
        /* After two rounds the loss is the ratio of the answers. */
        {2, {100, 10}, 100000, 10000, true},
        {2, {10000, 500}, 50000, 2500, true},
        {3, {10000, 500, 25}, 50000, 125, true}, /* more than one of 10 525 machines is missing */
        {4, {10000, 500, 25, 1}, 49881, 6, false},
        {3, {100, 5, 0}, 45716, 96, false},    /* about 0.01 machines are missing */
        {3, {100, 10, 1}, 100000, 1000, true}, /* about 0.1 machines are missing */
        {2, {10, 10}, 1000000, 1000000, true},
        {2, {0, 5}, 1000000, 1000000, true},
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct aq_rounds rounds = rounds_of(rows[i].done, rows[i].answered);
        struct aq_rounds_guess guess = aq_rounds_guess(&rounds);

        if (guess.loss_ppm > rows[i].loss_ppm + 100 || guess.loss_ppm + 100 < rows[i].loss_ppm ||
            guess.missed_ppm > rows[i].missed_ppm + 5 ||
            guess.missed_ppm + 5 < rows[i].missed_ppm ||
            aq_rounds_next(&rounds, 10) != rows[i].goes_on)
            fail_msg("row %zu: loss %u, missed %u", i, guess.loss_ppm, guess.missed_ppm);
    }
}

static void test_limits(void **state)
{
    const uint32_t answered[] = {10, 10, 10};

    for (uint32_t done = 1; done <= 3; done++) {
        struct aq_rounds rounds = rounds_of(done, answered);

        assert_true(aq_rounds_next(&rounds, done + 1));
        assert_false(aq_rounds_next(&rounds, done));
    }
}

/* Machines answer with a known probability. The estimate of missed machines must be close to the
 * truth. */
static void test_simulation(void **state)
{
    uint64_t random = 88172645463325252u;

    for (uint32_t permille = 0; permille <= 300; permille += 50) {
        const uint32_t machines = 20000;
        uint32_t missing = machines;
        struct aq_rounds rounds = {0};

        while (aq_rounds_next(&rounds, 10)) {
            uint32_t asked = missing;

            rounds.done++;
            for (uint32_t i = 0; i < asked; i++) {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                if (random % 1000 < permille)
                    continue;
                aq_rounds_note(&rounds, rounds.done, 100);
                missing--;
            }
        }
        assert_true(missing <= 4);
        assert_between(aq_rounds_guess(&rounds).loss_ppm + 1, permille * 900 + 1,
                       permille * 1100 + 1);
        assert_between(rounds.done, 2, 10);
    }
}

static void test_patience(void **state)
{
    struct aq_rounds rounds = {0};

    assert_int_equal(aq_rounds_wait_us(&rounds, 50000, 300000), 300000);
    aq_rounds_note(&rounds, 1, 100);
    assert_int_equal(aq_rounds_wait_us(&rounds, 50000, 300000), 50000);
    assert_int_equal(aq_rounds_wait_us(&rounds, 50000, 20000), 20000);
    aq_rounds_note(&rounds, 1, 20000);
    aq_rounds_note(&rounds, 1, 300);
    assert_int_equal(aq_rounds_wait_us(&rounds, 50000, 300000), 80000);
    aq_rounds_note(&rounds, 1, UINT32_MAX);
    assert_int_equal(aq_rounds_wait_us(&rounds, 50000, 300000), 300000);
}

/* Machines that answer just after a later request count as lossy, others as late. */
static void test_late_machines(void **state)
{
    struct aq_rounds rounds = {.done = 2};

    assert_int_equal(aq_rounds_note_unclear(&rounds, 2, 50000), 1);
    assert_true(aq_rounds_guess(&rounds).loss_ppm > 0);
    assert_int_equal(aq_rounds_note_unclear(&rounds, 3, 50001), 0);
    /* One lossy and one late machine may be chance, so no loss is assumed. */
    assert_int_equal(aq_rounds_guess(&rounds).loss_ppm, 0);
    assert_int_equal(aq_rounds_note_unclear(&rounds, 3, 400), 2);
    assert_true(aq_rounds_guess(&rounds).loss_ppm > 0);
    aq_rounds_set_late(&rounds, 2);
    assert_int_equal(aq_rounds_guess(&rounds).loss_ppm, 0);
    assert_int_equal(rounds.answered, 3);
    assert_int_equal(rounds.requests, 4);
}

/* ---- Answers ---- */

static struct arpq_mac mac_number(uint32_t n)
{
    struct arpq_mac mac = {.length = 6, .type = 1, .bytes = {2}};

    memcpy(mac.bytes + 2, &n, sizeof n);
    return mac;
}

static void test_answers(void **state)
{
    struct aq_answers answers = {0};
    const struct arpq_mac a = mac_number(1), b = mac_number(2);

    assert_int_equal(aq_answers_make(&answers, 100, 1), 0);
    assert_int_equal(answers.silent, 100);
    aq_answers_exclude(&answers, 7);
    aq_answers_exclude(&answers, 7);
    assert_int_equal(answers.silent, 99);
    assert_int_equal(aq_answers_note(&answers, 7, &a), AQ_ANSWER_NONE);
    assert_false(aq_answers_is_silent(&answers, 7));
    aq_answers_asked(&answers, 8, 0xfffffff0u);
    assert_int_equal(aq_answers_waited(&answers, 8, 0x100000010u), 0x20);
    assert_true(aq_answers_is_silent(&answers, 8));
    assert_int_equal(aq_answers_note(&answers, 8, &a), AQ_ANSWER_FIRST);
    assert_false(aq_answers_is_silent(&answers, 8));
    assert_int_equal(answers.silent, 98);
    assert_int_equal(aq_answers_note(&answers, 8, &a), AQ_ANSWER_NONE);
    assert_int_equal(aq_answers_note(&answers, 8, &b), AQ_ANSWER_ANOTHER);
    assert_int_equal(aq_answers_note(&answers, 8, &b), AQ_ANSWER_NONE);
    assert_int_equal(aq_answers_note(&answers, 8, &a), AQ_ANSWER_NONE);
    assert_int_equal(answers.silent, 98);
    aq_answers_free(&answers);
}

/* A target on another link is not silent, and counts no machine. */
static void test_elsewhere(void **state)
{
    struct aq_answers answers = {0};
    const struct arpq_mac mac = mac_number(1);

    assert_int_equal(aq_answers_make(&answers, 10, 1), 0);
    aq_answers_asked(&answers, 5, 1234);
    aq_answers_set_elsewhere(&answers, 5, 77);
    assert_int_equal(answers.silent, 9);
    assert_false(aq_answers_is_silent(&answers, 5));
    assert_int_equal(aq_answers_elsewhere(&answers, 5), 77);
    assert_int_equal(aq_answers_elsewhere(&answers, 4), 0);
    assert_int_equal(aq_answers_note(&answers, 5, &mac), AQ_ANSWER_NONE);
    assert_int_equal(aq_answers_take_lost(&answers, 5, &mac), 0);
    aq_answers_exclude(&answers, 5);
    assert_int_equal(aq_answers_elsewhere(&answers, 5), 0);
    assert_int_equal(answers.silent, 9);
    aq_answers_free(&answers);
}

/* Three or more machines answer for several targets, up to the capacity. */
static void test_crowds(void **state)
{
    struct aq_answers answers = {0};

    assert_int_equal(aq_answers_make(&answers, 10, 99), 0);
    for (int again = 0; again < 2; again++)
        for (uint32_t number = 0; number < 4; number++)
            for (uint32_t n = 0; n < 2 + AQ_ANSWER_FURTHER / 4; n++) {
                const struct arpq_mac mac = mac_number(n);

                assert_int_equal(aq_answers_note(&answers, number, &mac), again ? AQ_ANSWER_NONE
                                                                          : n == 0
                                                                              ? AQ_ANSWER_FIRST
                                                                              : AQ_ANSWER_ANOTHER);
            }
    for (uint32_t n = 1000; n < 2000; n++) {
        const struct arpq_mac mac = mac_number(n), oldest = mac_number(2);

        assert_int_equal(aq_answers_note(&answers, 3, &mac), AQ_ANSWER_NONE);
        assert_int_equal(aq_answers_note(&answers, 0, &oldest), AQ_ANSWER_NONE);
    }
    aq_answers_free(&answers);
}

/* MACs that differ in the last byte or in the length are different. */
static void test_marks(void **state)
{
    struct arpq_mac mac = {.length = 8, .bytes = {2, 2, 3, 4, 5, 6, 7, 8}};
    struct aq_answers answers = {0};

    assert_int_equal(aq_answers_make(&answers, 1, 5), 0);
    assert_int_equal(aq_answers_note(&answers, 0, &mac), AQ_ANSWER_FIRST);
    mac.bytes[7]++;
    assert_int_equal(aq_answers_note(&answers, 0, &mac), AQ_ANSWER_ANOTHER);
    mac.length = 6;
    assert_int_equal(aq_answers_note(&answers, 0, &mac), AQ_ANSWER_ANOTHER);
    aq_answers_free(&answers);
}

/* ---- A set of addresses ---- */

static void test_set(void **state)
{
    struct aq_ip_set seen = {.seed = 7};
    struct arpq_ip ip = {.family = AF_INET6, .bytes = {0xfe, 0x80}};

    for (int again = 0; again < 2; again++)
        for (uint32_t n = 0; n < 5000; n++) {
            memcpy(ip.bytes + 12, &n, sizeof n);
            assert_int_equal(aq_ip_set_add(&seen, &ip), !again);
        }
    assert_int_equal(seen.count, 5000);
    ip.bytes[2] = 1;
    assert_int_equal(aq_ip_set_add(&seen, &ip), 1);
    aq_ip_set_take_back(&seen);
    assert_int_equal(seen.count, 5000);
    assert_int_equal(aq_ip_set_add(&seen, &ip), 1);
    assert_int_equal(aq_ip_set_add(&seen, &ip), 0);
    aq_ip_set_free(&seen);
}

static void test_set_is_bounded(void **state)
{
    struct aq_ip_set seen = {.seed = 7};
    struct arpq_ip ip = {.family = AF_INET6};
    uint32_t n = 0;

    for (int code = 1; code == 1; n++) {
        memcpy(ip.bytes, &n, sizeof n);
        code = aq_ip_set_add(&seen, &ip);
        assert_true(code == 1 || (code == -ENOBUFS && n == AQ_IP_SET_MAX));
    }
    memset(&ip.bytes, 0, sizeof ip.bytes);
    assert_int_equal(aq_ip_set_add(&seen, &ip), 0);
    aq_ip_set_free(&seen);
}

/* Returns the time to add addresses that differ by multiples of `bits`. */
static clock_t time_of_adding(uint64_t bits)
{
    struct aq_ip_set seen = {.seed = 0x123456789abcdef};
    clock_t began = clock();

    for (uint64_t n = 0; n < 16384; n++) {
        struct arpq_ip ip = {.family = AF_INET6, .bytes = {0xfe, 0x80}};
        const uint64_t chosen = n * bits;

        memcpy(ip.bytes + 8, &chosen, sizeof chosen);
        assert_int_equal(aq_ip_set_add(&seen, &ip), 1);
        assert_int_equal(aq_ip_set_add(&seen, &ip), 0);
    }
    began = clock() - began;
    aq_ip_set_free(&seen);
    return began;
}

/* A hash whose halves cancel out gives these addresses one value, whatever the seed. The set must
 * not become slow with them. */
static void test_chosen_addresses(void **state)
{
    const clock_t usual = time_of_adding(1);

    assert_true(time_of_adding((uint64_t)1 << 50 | (uint64_t)1 << 18) <
                10 * usual + CLOCKS_PER_SEC / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_membership),
        cmocka_unit_test(test_reachable),
        cmocka_unit_test(test_voids),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_arrears),
        cmocka_unit_test(test_hold),
        cmocka_unit_test(test_no_clock),
        cmocka_unit_test(test_estimates),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_simulation),
        cmocka_unit_test(test_patience),
        cmocka_unit_test(test_late_machines),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_elsewhere),
        cmocka_unit_test(test_crowds),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_set_is_bounded),
        cmocka_unit_test(test_chosen_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* ICMP errors from routers and from this machine. */
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>

#include "kernel/fixture.h"
#include "kernel/ping.h"
#include "process.h"

static struct path path;

static int set_up(void **state)
{
    path_make(&path);
    netns_sh(&path.router,
             "ip route add unreachable 10.1.0.0/24; ip route add prohibit 10.2.0.0/24;"
             "ip route add blackhole 10.3.0.0/24; ip route add unreachable fd11::/64;"
             "ip route add prohibit fd12::/64; ip route add blackhole fd13::/64");
    /* A router sends five errors to each source for a refusing IPv4 route, then one error a second.
     * Settings of the namespace do not change this limit. */
    sh("ip addr add 10.0.0.11/24 dev a0; ip addr add 10.0.0.12/24 dev a0;"
       "ip addr add 10.0.0.13/24 dev a0; ip route add 10.1.0.0/24 via 10.0.0.2 src 10.0.0.11;"
       "ip route add 10.2.0.0/24 via 10.0.0.2 src 10.0.0.12;"
       "ip route add 10.9.0.0/24 via 10.0.0.2 src 10.0.0.13");
    assert_int_equal(arpq_open(&h, NULL), 0);
    return 0;
}

static int tear_down(void **state)
{
    path_free(&path);
    return fixture_tear_down(state);
}

static struct arpq_ping_options options_of(uint32_t flags)
{
    return (struct arpq_ping_options){
        .size = sizeof(struct arpq_ping_options), .flags = flags, .sequence = 7};
}

static const struct {
    const char *target, *from;
    int times, code;
    uint8_t hop_limit, icmp_type, icmp_code;
} reports[] = {
    {"10.0.1.3", "10.0.0.2", 8, -ETIME, 1, 11, 0},
    {"10.1.0.1", "10.0.0.2", 4, -EHOSTUNREACH, 0, 3, 1},
    {"10.2.0.1", "10.0.0.2", 4, -EHOSTUNREACH, 0, 3, 13},
    {"10.9.0.1", "10.0.0.2", 4, -EHOSTUNREACH, 0, 3, 0},
    {"fd01::3", "fd00::2", 8, -ETIME, 1, 3, 0},
    {"fd11::1", "fd00::2", 8, -EHOSTUNREACH, 0, 1, 0},
    {"fd12::1", "fd00::2", 8, -EHOSTUNREACH, 0, 1, 1},
    {"fd99::1", "fd00::2", 8, -EHOSTUNREACH, 0, 1, 0},
};

static void test_reports(void **state)
{
    static const uint32_t sizes[] = {0, ARPQ_PING_EMPTY, 3, 1200};
    struct arpq_ping_reply reply;

    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++)
        for (int n = 0; n < reports[i].times; n++) {
            struct arpq_ping_options options = options_of(path_kinds[n % 2]);

            options.hop_limit = reports[i].hop_limit;
            options.payload_size = sizes[n / 2];
            assert_int_equal(path_ping(h, reports[i].target, &options, &reply), reports[i].code);
            path_assert_from(&reply, reports[i].from);
            assert_int_equal(reply.type, reports[i].icmp_type);
            assert_int_equal(reply.code, reports[i].icmp_code);
            assert_int_equal(reply.hop_limit, 64);
            assert_int_equal(reply.value, 0);
            assert_int_equal(reply.payload_size, 0);
        }
}

static void test_blackhole(void **state)
{
    static const char *const targets[] = {"10.3.0.1", "fd13::1"};
    struct arpq_ping_reply reply;

    for (int n = 0; n < PATH_KINDS * 2; n++) {
        struct arpq_ping_options options = options_of(path_kinds[n % 2]);

        options.answer_ms = 60;
        EXPECT_TIME(59, 110)
        assert_int_equal(path_ping(h, targets[n / 2], &options, &reply), -ETIMEDOUT);
    }
}

/* The first packet causes an error. The kernel remembers the MTU and fragments the next packet. */
static void test_too_big(void **state)
{
    static const struct {
        const char *target, *from;
        uint8_t type, code;
    } far[] = {{"10.0.1.3", "10.0.0.2", 3, 4}, {"fd01::3", "fd00::2", 2, 0}};
    struct arpq_ping_reply reply;

    for (int n = 0; n < PATH_KINDS * 2; n++) {
        struct arpq_ping_options options = options_of(path_kinds[n % 2]);

        sh("ip route flush cache; ip -6 route flush cache");
        options.payload_size = 1400;
        assert_int_equal(path_ping(h, far[n / 2].target, &options, &reply), -EHOSTUNREACH);
        path_assert_from(&reply, far[n / 2].from);
        assert_int_equal(reply.type, far[n / 2].type);
        assert_int_equal(reply.code, far[n / 2].code);
        assert_int_equal(reply.value, PATH_MTU);
        assert_int_equal(path_ping(h, far[n / 2].target, &options, &reply), 0);
        assert_int_equal(reply.payload_size, 1400);
    }
}

/* No machine has the address. This machine reports the error when nobody answers its requests. */
static void test_dead_neighbour(void **state)
{
    static const struct {
        const char *target, *from;
        uint8_t type, code;
    } dead[] = {{"10.0.0.77", "10.0.0.1", 3, 1},
                {"fd00::77", "fd00::1", 1, 3},
                {"fe80::77%a0", "fe80::a:1%a0", 1, 3}};
    struct arpq_ping_reply reply;

    for (int n = 0; n < PATH_KINDS * 3; n++) {
        struct arpq_ping_options options = options_of(path_kinds[n % 2]);

        sh("ip neigh flush dev a0 nud failed; ip -6 neigh flush dev a0 nud failed");
        options.answer_ms = 20;
        assert_int_equal(path_ping(h, dead[n / 2].target, &options, &reply), -ETIMEDOUT);
        options.answer_ms = 2000;
        assert_int_equal(path_ping(h, dead[n / 2].target, &options, &reply), -EHOSTUNREACH);
        path_assert_from(&reply, dead[n / 2].from);
        assert_int_equal(reply.type, dead[n / 2].type);
        assert_int_equal(reply.code, dead[n / 2].code);
        assert_true(reply.rtt_ns < 1000000000);
    }
}

/* A raw socket receives the errors of all processes. */
static atomic_bool over;

static void *ping_in_vain(void *argument)
{
    const struct arpq_ip ips[] = {ip_of("10.0.1.3"), ip_of("fd01::3")};
    struct arpq_ping_options options = options_of(ARPQ_PING_RAW);
    struct arpq_ping_reply reply;

    options.hop_limit = 1;
    for (unsigned n = 0; !over && n < 1000000; n++)
        if (arpq_ping(h, &ips[n % 2], &options, &reply) != -ETIME)
            return argument;
    return NULL;
}

static void test_others_errors(void **state)
{
    struct arpq_ping_reply reply;
    pthread_t threads[2];
    void *failed[2];
    int code = 0;

    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ping_in_vain, &path), 0);
    for (int n = 0; n < 600 && code == 0; n++) {
        const struct arpq_ping_options options = options_of(path_kinds[n % 2]);

        code = path_ping(h, n / 2 % 2 ? "10.0.1.3" : "fd01::3", &options, &reply);
    }
    over = true;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], &failed[i]), 0);
    assert_int_equal(code, 0);
    assert_null(failed[0]);
    assert_null(failed[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reports),       cmocka_unit_test(test_blackhole),
        cmocka_unit_test(test_too_big),       cmocka_unit_test(test_dead_neighbour),
        cmocka_unit_test(test_others_errors),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

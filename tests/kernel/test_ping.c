/* SPDX-License-Identifier: MIT */
/* Echo requests that are answered or cannot be sent. */
#include "test.h"

#include <linux/if_tun.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/neigh.h"
#include "kernel/ping.h"
#include "kernel/tun.h"
#include "process.h"

static struct path path;
static int silent; /* a device without machines: 10.0.9.0/24, fd09::/64 */

/* The kernel uses the link-local address as a source only when it is not tentative any more. */
static void set_silent_up(void)
{
    sh("ip link set silent up; ip route add 10.0.9.0/24 dev silent;"
       "ip route add fd09::/64 dev silent;"
       "while ip -6 addr show dev silent tentative | grep -q inet6; do sleep 0.01; done");
}

static int set_up(void **state)
{
    path_make(&path);
    silent = open_tun("silent", IFF_TUN, TUN_KEEPS_TYPE);
    set_silent_up();
    sh("ip route add unreachable 10.1.0.0/24;"
       "ip route add prohibit 10.2.0.0/24; ip route add blackhole 10.3.0.0/24;"
       "ip route add throw 10.4.0.0/24; ip route add unreachable fd11::/64;"
       "ip route add prohibit fd12::/64; ip route add blackhole fd13::/64;"
       "ip route del default; ip -6 route del default; ip route add 10.0.1.0/24 via 10.0.0.2;"
       "ip route add fd01::/64 via fd00::2");
    assert_int_equal(arpq_open(&h, NULL), 0);
    return 0;
}

static int tear_down(void **state)
{
    close(silent);
    path_free(&path);
    return fixture_tear_down(state);
}

static struct arpq_ping_options options_of(uint32_t flags)
{
    return (struct arpq_ping_options){.size = sizeof(struct arpq_ping_options), .flags = flags};
}

/* ---- Answers ---- */

static const struct {
    const char *target;
    uint8_t type, hop_limit;
} answering[] = {
    {"127.0.0.1", 0, 64}, {"10.0.0.1", 0, 64},  {"10.0.0.2", 0, 64},  {"10.0.1.3", 0, 63},
    {"::1", 129, 64},     {"fd00::1", 129, 64}, {"fd00::2", 129, 64}, {"fd01::3", 129, 63},
};

#define ANSWERING (sizeof answering / sizeof answering[0])

static void check_answer(size_t i, const struct arpq_ping_options *options)
{
    struct arpq_ping_reply reply;

    assert_int_equal(path_ping(h, answering[i].target, options, &reply), 0);
    path_assert_from(&reply, answering[i].target);
    assert_int_equal(reply.type, answering[i].type);
    assert_int_equal(reply.code, 0);
    assert_int_equal(reply.hop_limit, answering[i].hop_limit);
    assert_int_equal(reply.payload_size, 56);
    assert_int_equal(reply.value, 0);
}

static void test_answers(void **state)
{
    unsigned before;

    check_answer(0, NULL); /* the first wait on the handle opens a descriptor */
    before = open_descriptors();
    for (size_t i = 0; i < ANSWERING; i++) {
        check_answer(i, NULL);
        for (int k = 0; k < PATH_KINDS; k++) {
            const struct arpq_ping_options options = options_of(path_kinds[k]);

            check_answer(i, &options);
        }
    }
    assert_int_equal(open_descriptors(), before);
}

/* After a program asks for timestamps, the kernel starts to add them with a delay. */
static void test_kernel_time(void **state)
{
    const int on = 1;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* keeps the timestamps enabled */
    struct arpq_ping_reply reply;

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof on), 0);
    sleep_ms((long)(500 * slowness())); /* the kernel enables them a moment later */
    for (size_t i = 0; i < ANSWERING; i++)
        for (int k = 0; k < PATH_KINDS; k++) {
            const struct arpq_ping_options options = options_of(path_kinds[k]);

            assert_int_equal(path_ping(h, answering[i].target, &options, &reply), 0);
            if (kernel_before(5, 18) && answering[i].type == 129 && !path_kinds[k])
                assert_int_equal(reply.flags, 0); /* no transmit timestamps */
            else
                assert_int_equal(reply.flags, path_kinds[k] | ARPQ_PING_KERNEL_TIME);
        }
    close(fd);
}

static void test_payload(void **state)
{
    static const uint32_t sizes[] = {ARPQ_PING_EMPTY, 1, 7, 8, 9, 56, 1472, 1473, 65000};
    static const char *const targets[] = {"127.0.0.1", "10.0.0.2", "::1", "fd00::2"};
    struct arpq_ping_reply reply;
    int code;

    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (int k = 0; k < PATH_KINDS; k++)
            for (size_t t = 0; t < 4; t++) {
                struct arpq_ping_options options = options_of(path_kinds[k]);

                /* Linux 5.10 sends a wrong checksum. */
                if (kernel_before(6, 1) && sizes[s] > 16000 && !path_kinds[k] && t == 2)
                    continue;
                options.payload_size = sizes[s];
                options.answer_ms = 1000 * slowness();
                code = path_ping(h, targets[t], &options, &reply);
                if (code != 0)
                    fail_msg("%s, %u bytes, flags %u: %d", targets[t], sizes[s], path_kinds[k],
                             code);
                assert_int_equal(reply.payload_size, sizes[s] == ARPQ_PING_EMPTY ? 0 : sizes[s]);
            }
}

static void test_sequence(void **state)
{
    static const uint16_t sequences[] = {1, 0x1234, 0x8000, 0xffff};
    struct arpq_ping_reply reply;

    for (size_t s = 0; s < 4; s++)
        for (int k = 0; k < PATH_KINDS; k++) {
            struct arpq_ping_options options = options_of(path_kinds[k]);

            options.sequence = sequences[s];
            assert_int_equal(path_ping(h, "10.0.0.2", &options, &reply), 0);
            assert_int_equal(path_ping(h, "fd00::2", &options, &reply), 0);
        }
}

static void test_mapped(void **state)
{
    struct arpq_ping_reply reply;

    assert_int_equal(path_ping(h, "::ffff:10.0.0.2", NULL, &reply), 0);
    path_assert_from(&reply, "10.0.0.2");
}

/* ---- Through an interface ---- */

static void test_link_local(void **state)
{
    struct arpq_ping_reply reply;

    for (int k = 0; k < PATH_KINDS; k++) {
        struct arpq_ping_options options = options_of(path_kinds[k]);

        assert_int_equal(path_ping(h, "fe80::a:2%a0", &options, &reply), 0);
        path_assert_from(&reply, "fe80::a:2%a0");
        assert_int_equal(path_ping(h, "ff02::1%a0", &options, &reply), 0);
        assert_int_equal(reply.from.scope, ifindex_of("a0"));
        assert_int_equal(path_ping(h, "ff02::1", &options, &reply), -EINVAL);
        options.ifindex = ifindex_of("a0");
        assert_int_equal(path_ping(h, "fe80::a:2", &options, &reply), 0);
        path_assert_from(&reply, "fe80::a:2%a0");
        assert_int_equal(path_ping(h, "fe80::a:2%lo", &options, &reply), -EINVAL);
    }
}

/* This machine is a member of the group too, but only replies of others count. */
static void test_group(void **state)
{
    struct arpq_ping_reply reply;

    for (int k = 0; k < PATH_KINDS; k++) {
        struct arpq_ping_options options = options_of(path_kinds[k]);

        options.answer_ms = 300;
        netns_sh(&path.router, "sysctl -qw net.ipv6.icmp.echo_ignore_multicast=1");
        assert_int_equal(path_ping(h, "ff02::1%a0", &options, &reply), -ETIMEDOUT);
        netns_sh(&path.router, "sysctl -qw net.ipv6.icmp.echo_ignore_multicast=0");
        options.answer_ms = 2000;
        assert_int_equal(path_ping(h, "ff02::1%a0", &options, &reply), 0);
        path_assert_from(&reply, "fe80::a:2%a0");
    }
}

/* A router answers for the lowest address of a prefix. Its answers come from another of its
 * addresses. */
static void test_anycast(void **state)
{
    struct arpq_ping_reply reply;

    /* Otherwise the router waits a random time before it advertises such an address. */
    netns_sh(&path.router, "sysctl -qw net.ipv6.neigh.a1.proxy_delay=0");
    for (int k = 0; k < PATH_KINDS; k++) {
        struct arpq_ping_options options = options_of(path_kinds[k]);

        assert_int_equal(path_ping(h, "fd00::", &options, &reply), 0);
        path_assert_from(&reply, "fd00::2");
        options.payload_size = 7; /* too small for the random number */
        options.answer_ms = 300;
        assert_int_equal(path_ping(h, "fd00::", &options, &reply), -ETIMEDOUT);
    }
}

/* A link-local target needs no scope if only one interface is possible. */
static void test_without_scope(void **state)
{
    struct arpq_ping_reply reply;

    assert_int_equal(path_ping(h, "fe80::a:2", NULL, &reply), -EINVAL);
    sh("ip link set silent down");
    assert_int_equal(path_ping(h, "fe80::a:2", NULL, &reply), 0);
    path_assert_from(&reply, "fe80::a:2%a0");
    set_silent_up();
}

/* Read the packets from the device. Packets for other targets or with other hop limits are
 * ignored. */
static void assert_sent_silently(const struct arpq_ip *target, uint8_t hop_limit)
{
    const bool is_v6 = target->family == AF_INET6;
    uint8_t packet[256];

    do
        assert_true(read(silent, packet, sizeof packet) >= 28);
    while (packet[is_v6 ? 7 : 8] != hop_limit ||
           memcmp(packet + (is_v6 ? 24 : 16), target->bytes, is_v6 ? 16 : 4) != 0);
    assert_int_equal(packet[is_v6 ? 6 : 9], is_v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
}

/* The caller names an interface that is not the one of the route. */
static void test_interface(void **state)
{
    static const char *const targets[] = {"10.0.0.2", "224.0.0.9", "fd09::2", "ff05::9", "ff02::9"};
    struct arpq_ping_reply reply;

    for (int k = 0; k < PATH_KINDS; k++) {
        struct arpq_ping_options options = options_of(path_kinds[k]);

        options.ifindex = ifindex_of("a0");
        assert_int_equal(path_ping(h, "10.0.0.2", &options, &reply), 0);
        assert_int_equal(path_ping(h, "fd00::2", &options, &reply), 0);
        options.ifindex = ifindex_of("silent");
        options.answer_ms = 10;
        for (uint8_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
            const struct arpq_ip target = ip_of(targets[t]);

            options.hop_limit = (uint8_t)(70 + 10 * k + t);
            assert_int_equal(path_ping(h, targets[t], &options, &reply), -ETIMEDOUT);
            assert_sent_silently(&target, options.hop_limit);
        }
        options.ifindex = 9999;
        assert_int_equal(path_ping(h, "10.0.0.2", &options, &reply), -ENODEV);
        assert_int_equal(path_ping(h, "fd00::2", &options, &reply), -ENODEV);
        assert_int_equal(path_ping(h, "ff05::1", &options, &reply), -ENODEV);
    }
}

static void test_other_namespace(void **state)
{
    const struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = path.far.fd};
    struct arpq_ping_reply reply;
    struct arpq_handle *there;

    assert_int_equal(arpq_open(&there, &options), 0);
    assert_int_equal(path_ping(there, "10.0.1.2", NULL, &reply), 0);
    /* The range of groups that may ping excludes every group, as in every new namespace. */
    assert_int_equal(reply.flags & ARPQ_PING_RAW, ARPQ_PING_RAW);
    assert_int_equal(path_ping(there, "fd01::2", NULL, &reply), 0);
    assert_int_equal(path_ping(h, "10.0.0.2", NULL, &reply), 0);
    assert_int_equal(reply.flags & ARPQ_PING_RAW, 0);
    arpq_close(there);
}

/* ---- Requests without an answer, and unsent ones ---- */

/* Signals do not end the wait or extend it. */
static void test_timeout(void **state)
{
    static const char *const targets[] = {"10.0.9.1", "fd09::1"};
    struct arpq_ping_reply reply;

    for (int n = 0; n < 2 * PATH_KINDS * 2; n++) {
        struct arpq_ping_options options = options_of(path_kinds[n / 2 % 2]);

        if (n == 4)
            interrupts_start(7000);
        options.answer_ms = 100;
        EXPECT_TIME(99, 150)
        assert_int_equal(path_ping(h, targets[n % 2], &options, &reply), -ETIMEDOUT);
    }
    assert_true(interrupts_stop() > 0);
}

static void test_no_route(void **state)
{
    static const char *const targets[] = {"10.1.0.1", "10.2.0.1", "10.3.0.1",
                                          "10.4.0.1", "10.9.9.9", "fd11::1",
                                          "fd12::1",  "fd13::1",  "fd99::1"};
    struct arpq_ping_reply reply;

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        for (int k = 0; k < PATH_KINDS; k++) {
            const struct arpq_ping_options options = options_of(path_kinds[k]);

            assert_int_equal(path_ping(h, targets[i], &options, &reply), -ENETUNREACH);
        }
}

static void test_arguments(void **state)
{
    const struct arpq_ip ip = ip_of("127.0.0.1"), none = {.family = AF_UNIX};
    const struct arpq_ping_options wrong[] = {
        {.size = 4},
        {.size = 5000},
        {.size = sizeof wrong[0], .flags = ARPQ_PING_KERNEL_TIME},
        {.size = sizeof wrong[0], .answer_ms = ARPQ_FOREVER},
        {.size = sizeof wrong[0], .payload_size = 65001},
        {.size = sizeof wrong[0], .reserved8 = 1},
        {.size = sizeof wrong[0], .reserved[2] = 1},
        {.size = sizeof wrong[0], .ifindex = UINT32_MAX},
    };
    const uint32_t small[] = {8, 0};
    struct arpq_ping_reply reply;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(path_ping(h, "127.0.0.1", &wrong[i], &reply), -EINVAL);
    assert_int_equal(arpq_ping(NULL, &ip, NULL, &reply), -EINVAL);
    assert_int_equal(arpq_ping(h, NULL, NULL, &reply), -EINVAL);
    assert_int_equal(arpq_ping(h, &ip, NULL, NULL), -EINVAL);
    assert_int_equal(arpq_ping(h, &none, NULL, &reply), -EAFNOSUPPORT);
    assert_true(is_all_zero(&reply, sizeof reply));
    assert_int_equal(arpq_ping(h, &ip, (const void *)small, &reply), 0);
    assert_int_equal(path_ping(h, "0.0.0.0", NULL, &reply), -EINVAL);
    assert_int_equal(path_ping(h, "::", NULL, &reply), -EINVAL);
    for (int k = 0; k < PATH_KINDS; k++) { /* the library refuses a broadcast target */
        const struct arpq_ping_options options = options_of(path_kinds[k]);

        assert_int_equal(path_ping(h, "10.0.0.255", &options, &reply), -EINVAL);
        assert_int_equal(path_ping(h, "255.255.255.255", &options, &reply), -EINVAL);
    }
}

/* ---- Privileges ---- */

static void as_nobody(int expected)
{
    const struct arpq_ping_options raw = options_of(ARPQ_PING_RAW);
    static const char *const targets[] = {"10.0.1.3", "fd01::3"};
    struct arpq_ping_reply reply;
    struct arpq_handle *own;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        become_nobody();
        if (arpq_open(&own, NULL) != 0)
            _exit(3);
        for (int t = 0; t < 2; t++) {
            const struct arpq_ip ip = ip_of(targets[t]);

            if (arpq_ping(own, &ip, NULL, &reply) != expected || reply.flags & ARPQ_PING_RAW)
                _exit(4);
            if (arpq_ping(own, &ip, &raw, &reply) != -EPERM)
                _exit(5);
        }
        _exit(0);
    }
    assert_ended_well(pid);
}

static void test_privilege(void **state)
{
    struct arpq_ping_reply reply;

    as_nobody(0);
    if (!netns_allow_ping(false))
        SKIP_NOT_RUNNABLE("a user namespace of one group cannot forbid that group to ping");
    as_nobody(-EPERM);
    assert_int_equal(path_ping(h, "10.0.1.3", NULL, &reply), 0);
    assert_int_equal(reply.flags & ARPQ_PING_RAW, ARPQ_PING_RAW);
    assert_int_equal(path_ping(h, "fd01::3", NULL, &reply), 0);
    assert_int_equal(reply.flags & ARPQ_PING_RAW, ARPQ_PING_RAW);
    assert_true(netns_allow_ping(true));
}

/* ---- Many pings at the same time ---- */

static void *ping_often(void *argument)
{
    const char *const *target = argument;
    const struct arpq_ip ip = ip_of(*target);
    struct arpq_ping_options options = options_of(0);
    struct arpq_ping_reply reply;

    for (uint16_t n = 0; n < 200; n++) {
        options.flags = n & 1 ? ARPQ_PING_RAW : 0;
        options.sequence = n / 2; /* all threads use the same numbers */
        if (arpq_ping(h, &ip, &options, &reply) != 0 || arpq_ip_compare(&reply.from, &ip) != 0 ||
            reply.sequence != n / 2)
            return argument;
    }
    return NULL;
}

static void test_threads(void **state)
{
    static const char *targets[] = {"10.0.0.2", "10.0.0.2", "fd01::3", "fd00::2"};
    const unsigned before = open_descriptors();
    pthread_t threads[4];
    void *failed;

    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ping_often, &targets[i]), 0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    assert_int_equal(open_descriptors(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),         cmocka_unit_test(test_kernel_time),
        cmocka_unit_test(test_payload),         cmocka_unit_test(test_sequence),
        cmocka_unit_test(test_mapped),          cmocka_unit_test(test_link_local),
        cmocka_unit_test(test_group),           cmocka_unit_test(test_anycast),
        cmocka_unit_test(test_without_scope),   cmocka_unit_test(test_interface),
        cmocka_unit_test(test_other_namespace), cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_no_route),        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_privilege),       cmocka_unit_test(test_threads),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: MIT */
/* Make every call of a sweep fail in turn. The sweep ends with the error, or still finds every
 * machine. */
#include "test.h"

#include <net/if.h>

#include "unit/faults.h"

#define HOSTS 8u

/* Create a veth pair. Local routes make the other end answer for addresses
 * that are not assigned to any interface. The kernel answers requests from 0.0.0.0 even if they
 * come from the same machine. */
static int set_up_link(void **state)
{
    if (set_up_netns(state) != 0)
        return -1;
    return system("ip link add v0 type veth peer name v1 && ip link set v0 up &&"
                  "ip link set v1 up && ip route add local 10.1.0.8/29 dev lo &&"
                  "ip addr add 10.1.0.1/24 dev v0 && ip route add 10.1.0.34 dev v1 &&"
                  "ip neigh add 10.1.0.34 lladdr 02:00:00:00:00:22 dev v1 nud permanent &&"
                  "ip addr add fd01::1/64 dev v0 nodad");
}

static int count(const struct arpq_found *found, void *context)
{
    *(unsigned *)context += found->mac.length == 6;
    return 0;
}

/* If the sweep recovers from a fault, it still finds every machine. */
static int sweep_with(struct arpq_sweep_options options)
{
    const struct arpq_ip prefix = {.family = AF_INET, .bytes = {10, 1, 0, 8}};
    struct arpq_sweep_stats stats;
    unsigned found = 0;
    int code;

    options.size = sizeof options;
    /* The index is required, because the route makes the targets own addresses. */
    options.ifindex = if_nametoindex("v0");
    memset(&stats, 0xaa, sizeof stats);
    code = arpq_sweep_each(handle, &prefix, 29, &options, count, &found, &stats);
    assert_int_equal(stats.found, found);
    if (code == 0)
        assert_int_equal(found, HOSTS);
    return code;
}

static int op_sweep(void)
{
    return sweep_with((struct arpq_sweep_options){
        .flags = ARPQ_SWEEP_NO_SOURCE, .answer_ms = 40, .rate = 10000, .attempts = 1});
}
SHORT_TEST_OF(op_sweep, 2)

static int op_sweep_at_full_rate(void)
{
    return sweep_with((struct arpq_sweep_options){
        .flags = ARPQ_SWEEP_NO_SOURCE, .answer_ms = 40, .rate = UINT32_MAX, .attempts = 1});
}
SHORT_TEST_OF(op_sweep_at_full_rate, 1)

/* Sweep a prefix without machines. Only the code matters. */
static int sweep_nobody(const struct arpq_ip *prefix, uint32_t length)
{
    struct arpq_sweep_options options = {.size = sizeof options,
                                         .flags = ARPQ_SWEEP_NO_RAW,
                                         .attempts = 1,
                                         .answer_ms = 10,
                                         .ifindex = if_nametoindex("v0")};
    struct arpq_sweep_stats stats;
    unsigned found = 0;

    return arpq_sweep_each(handle, prefix, length, &options, count, &found, &stats);
}

/* A route leads to another link, where the kernel has an entry. */
static int op_elsewhere(void)
{
    const struct arpq_ip prefix = {.family = AF_INET, .bytes = {10, 1, 0, 32}};
    const struct arpq_sweep_options options = {
        .size = sizeof options, .attempts = 1, .answer_ms = 10, .rate = 10000};
    struct arpq_sweep_stats stats;
    unsigned found = 0;
    int code = arpq_sweep_each(handle, &prefix, 30, &options, count, &found, &stats);

    if (code == 0 && !consumed) {
        assert_int_equal(found, 1);
        assert_int_equal(stats.targets, 4);
    }
    return code;
}
SHORT_TEST_OF(op_elsewhere, 2)

static int op_resolve(void)
{
    const struct arpq_ip prefix = {.family = AF_INET, .bytes = {10, 1, 0, 64}};

    return sweep_nobody(&prefix, 31);
}
SHORT_TEST_OF(op_resolve, 1)

static int op_echo(void)
{
    const struct arpq_ip prefix = {.family = AF_INET6};

    return sweep_nobody(&prefix, 0);
}
SHORT_TEST_OF(op_echo, 1)

/* After a temporary shortage the sweep continues and finds every machine. */
static void test_goes_on(void **state)
{
    static const struct {
        enum call call;
        int error;
    } shortages[] = {{SENDMMSG, ENOBUFS},       {SENDMMSG, EAGAIN},     {SENDMMSG, ENOMEM},
                     {RECVMMSG, ENOMEM},        {RECVMMSG, ENOBUFS},    {POLL, ENOMEM},
                     {TIMERFD_SETTIME, ENOMEM}, {CLOCK_GETTIME, EINVAL}};
    const struct arpq_ip prefix = {.family = AF_INET, .bytes = {10, 1, 0, 8}};
    const struct arpq_sweep_options options = {.size = sizeof options,
                                               .flags = ARPQ_SWEEP_NO_SOURCE,
                                               .answer_ms = 40,
                                               .ifindex = if_nametoindex("v0")};

    for (size_t i = 0; i < LENGTH(shortages); i++) {
        struct arpq_sweep *sweep;
        struct arpq_sweep_stats stats;
        unsigned found_count = 0;
        int code;

        assert_int_equal(arpq_open(&handle, NULL), 0);
        assert_int_equal(arpq_sweep_open(handle, &sweep, &prefix, 29, &options), 0);
        arm(shortages[i].call, 1, 3, shortages[i].error);
        do {
            struct arpq_found found;

            memset(&found, 0xaa, sizeof found);
            code = arpq_sweep_next(sweep, &found, -1);
            assert_zeroed(code, &found, sizeof found);
            found_count += code == 1;
            assert_true(code == 1 || code == -ENODATA || code == -shortages[i].error);
        } while (code != -ENODATA);
        armed = CALLS;
        assert_int_equal(consumed, 3);
        assert_int_equal(found_count, HOSTS);
        assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
        assert_int_equal(stats.deferred, shortages[i].call == SENDMMSG ? 3 : 0);
        assert_int_equal(stats.finished, 1);
        arpq_sweep_close(sweep);
        arpq_close(handle);
        handle = NULL;
    }
}

/* Calls that no sweep makes. */
#define NOT_HERE                                                                                   \
    (BIT(REALLOC) | BIT(FCNTL) | BIT(IOCTL) | BIT(CONNECT) | BIT(GETIFADDRS) |                     \
     BIT(PTHREAD_CREATE) | BIT(GETSOCKNAME) | BIT(GETPEERNAME) | BIT(ALIGNED_ALLOC) |              \
     BIT(EPOLL_WAIT) | BIT(MMAP) | BIT(MADVISE) | BIT(RECVFROM) | BIT(SEND) | BIT(RECV) |          \
     BIT(SENDTO) | BIT(RECVMSG))

static void test_each_was_met(void **state)
{
    assert_each_was_met(NOT_HERE | RESOLVES_ONLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_op_sweep),     cmocka_unit_test(test_op_sweep_at_full_rate),
        cmocka_unit_test(test_op_elsewhere), cmocka_unit_test(test_op_resolve),
        cmocka_unit_test(test_op_echo),      cmocka_unit_test(test_goes_on),
        cmocka_unit_test(test_each_was_met),
    };

    return cmocka_run_group_tests(tests, set_up_link, tear_down);
}

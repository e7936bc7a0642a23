/* SPDX-License-Identifier: MIT */
/* Make every call fail in turn in an echo request to this machine. */
#include "test.h"

#include <sys/socket.h>

#include "unit/faults.h"

static const struct arpq_ip here4 = {.family = AF_INET, .bytes = {127, 0, 0, 1}};
static const struct arpq_ip here6 = {.family = AF_INET6, .bytes = {[15] = 1}};
static const struct arpq_ip everyone = {.family = AF_INET, .bytes = {127, 255, 255, 255}};

static int ping(const struct arpq_ip *ip, uint32_t flags, uint32_t ifindex)
{
    const struct arpq_ping_options options = {.size = sizeof options,
                                              .flags = flags,
                                              .ifindex = ifindex,
                                              .answer_ms = 200,
                                              .hop_limit = 9};
    struct arpq_ping_reply reply;
    int code;

    memset(&reply, 0xaa, sizeof reply);
    code = arpq_ping(handle, ip, &options, &reply);
    assert_zeroed(code, &reply, sizeof reply);
    if (code == 0) {
        assert_int_equal(arpq_ip_compare(&reply.from, ip), 0);
        assert_int_equal(reply.payload_size, 56);
    }
    return code;
}

static int op_ping4(void)
{
    return ping(&here4, 0, 0);
}

static int op_ping6(void)
{
    return ping(&here6, 0, 1);
}

static int op_raw4(void)
{
    return ping(&here4, ARPQ_PING_RAW, 1);
}

static int op_raw6(void)
{
    return ping(&here6, ARPQ_PING_RAW, 0);
}

static int op_broadcast(void)
{
    return ping(&everyone, 0, 0);
}

static int op_netns(void)
{
    const struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = netns_fd};
    struct arpq_handle *first = handle;
    int code = arpq_open(&handle, &options);

    if (code == 0)
        code = ping(&here4, 0, 0);
    arpq_close(handle);
    handle = first;
    return code;
}

/* Whatever fails, each request has one result, and the pinger stays usable. */
static int pinger_drive(struct arpq_pinger *pinger, unsigned count)
{
    struct arpq_pinged pinged;
    int failure = 0, code = 1;

    for (unsigned errors = 0; code != -ENODATA && errors < 5; errors += code < 0) {
        code = arpq_pinger_next(pinger, &pinged, -1);
        assert_zeroed(code, &pinged, sizeof pinged);
        if (code == 1) {
            assert_int_equal(pinged.token, pinged.sequence);
            if (pinged.code != (pinged.token == 2 ? -EINVAL : 0))
                failure = pinged.code;
            count--;
        } else if (code != -ENODATA) {
            failure = code;
        }
    }
    assert_int_equal(code, -ENODATA);
    assert_int_equal(count, 0);
    return failure;
}

static int op_pinger(void)
{
    const struct arpq_ip *targets[] = {&here4, &here6, &everyone};
    const struct arpq_ping_options options = {
        .size = sizeof options, .answer_ms = 200, .window = 2};
    struct arpq_pinger *pinger = (void *)&netns_fd;
    unsigned count = 0;
    int code = arpq_pinger_open(handle, &pinger, &options);

    if (code < 0) {
        assert_null(pinger);
        return code;
    }
    for (uint16_t i = 0; i < LENGTH(targets) && code == 0; i++) {
        code = arpq_pinger_add(pinger, targets[i], i, i);
        count += code == 0;
    }
    if (code == 0)
        code = pinger_drive(pinger, count);
    arpq_pinger_close(pinger);
    return code;
}

TEST_OF(op_ping4)
TEST_OF(op_ping6)
TEST_OF(op_raw4)
TEST_OF(op_raw6)
TEST_OF(op_broadcast)
TEST_OF(op_netns)
TEST_OF(op_pinger)

static void test_each_was_met(void **state)
{
    assert_each_was_met(LOOKUPS_ONLY | BIT(RECVMMSG) | BIT(GETSOCKOPT) | BIT(SENDMMSG) |
                        RESOLVES_ONLY);
}

static int set_up_ping(void **state)
{
    int code = set_up_netns(state);
    FILE *range = fopen("/proc/sys/net/ipv4/ping_group_range", "we");

    if (range) { /* a user namespace accepts only group ids that it maps */
        fputs("0 0", range);
        fclose(range);
    }
    return code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_op_ping4),     cmocka_unit_test(test_op_ping6),
        cmocka_unit_test(test_op_raw4),      cmocka_unit_test(test_op_raw6),
        cmocka_unit_test(test_op_broadcast), cmocka_unit_test(test_op_netns),
        cmocka_unit_test(test_op_pinger),    cmocka_unit_test(test_each_was_met),
    };

    return cmocka_run_group_tests(tests, set_up_ping, tear_down);
}

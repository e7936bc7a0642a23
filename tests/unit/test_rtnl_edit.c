/* SPDX-License-Identifier: MIT */
/* The requests that change the table, byte for byte, and the codes for their answers. */
#include "test.h"

#include <endian.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "kernel/rtnl_neigh_edit.h"
#include "unit/mock_rtnl.h"

/* Numbers in the byte order of this machine. */
#if __BYTE_ORDER == __LITTLE_ENDIAN
#define U16(n) (n) & 0xff, (n) >> 8
#define U32(n) (n) & 0xff, (n) >> 8 & 0xff, 0, 0
#else
#define U16(n) (n) >> 8, (n)&0xff
#define U32(n) 0, 0, (n) >> 8 & 0xff, (n)&0xff
#endif

#define REQUEST NLM_F_REQUEST
#define ACK NLM_F_ACK
#define CREATE_EXCL (NLM_F_CREATE | NLM_F_EXCL)

#define HEADER(length, type, flags, sequence)                                                      \
    U32(length), U16(type), U16(flags), U32(sequence), U32(0)
#define NDMSG(family, ifindex, state, flags) family, 0, U16(0), U32(ifindex), U16(state), flags, 0
#define DST4(a, b, c, d) U16(8), U16(1), a, b, c, d

static void expect_sent(const uint8_t *bytes, size_t size)
{
    assert_int_equal(sent_size, size);
    assert_memory_equal(sent_bytes.bytes, bytes, size);
}
#define EXPECT_SENT(...)                                                                           \
    expect_sent((const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})

static const struct arpq_ip v4 = {.family = AF_INET, .bytes = {192, 0, 2, 7}};
static const struct arpq_ip v6 = {.family = AF_INET6, .bytes = {0xfe, 0x80, [15] = 7}, .scope = 9};

static void answer(uint32_t sequence, int code, const char *text)
{
    static union packet packets[STEPS_MAX];

    error_packet(&packets[step_count], NLMSG_ERROR, sequence, code, text, text ? strlen(text) : 0);
    add_packet(&packets[step_count]);
}

/* ---- Set ---- */

static void test_set_everything(void **state)
{
    struct arpq_neigh neigh = {
        .ip = v4,
        .mac = {.bytes = {2, 0, 0, 0, 0, 7}, .length = 6},
        .ifindex = 300,
        .state = ARPQ_STATE_REACHABLE,
        .flags = ARPQ_NEIGH_ROUTER | ARPQ_NEIGH_EXT_LEARNED | ARPQ_NEIGH_MANAGED,
        .protocol = 42,
    };

    answer(1, 0, NULL);
    assert_int_equal(aq_rtnl_neigh_set(&rtnl, &neigh, CREATE_EXCL), 0);
    EXPECT_SENT(HEADER(64, RTM_NEWNEIGH, REQUEST | ACK | CREATE_EXCL, 1),
                NDMSG(AF_INET, 300, 0x02, 0x90), DST4(192, 0, 2, 7), U16(8), U16(15), U32(1),
                U16(10), U16(2), 2, 0, 0, 0, 0, 7, 0, 0, U16(5), U16(12), 42, 0, 0, 0);
    assert_int_equal(received, 1);
}

static void test_set_least(void **state)
{
    struct arpq_neigh neigh = {.ip = v6, .ifindex = 9, .state = ARPQ_STATE_FAILED};

    answer(1, 0, NULL);
    assert_int_equal(aq_rtnl_neigh_set(&rtnl, &neigh, NLM_F_REPLACE), 0);
    EXPECT_SENT(HEADER(48, RTM_NEWNEIGH, REQUEST | ACK | NLM_F_REPLACE, 1),
                NDMSG(AF_INET6, 9, 0x20, 0), U16(20), U16(1), 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                0, 0, 0, 0, 7);
    neigh = (struct arpq_neigh){.ip = v4, .state = ARPQ_STATE_PERMANENT, .flags = ARPQ_NEIGH_PROXY};
    answer(2, 0, NULL);
    assert_int_equal(aq_rtnl_neigh_set(&rtnl, &neigh, NLM_F_CREATE), 0);
    EXPECT_SENT(HEADER(36, RTM_NEWNEIGH, REQUEST | ACK | NLM_F_CREATE, 2),
                NDMSG(AF_INET, 0, 0x80, 0x08), DST4(192, 0, 2, 7));
}

static void test_set_refused(void **state)
{
    static const int errors[] = {EPERM, ENODEV, EEXIST, ENOENT, ENOBUFS, EINVAL, EOPNOTSUPP};
    static union packet packet;
    const struct arpq_neigh neigh = {.ip = v4, .ifindex = 3, .state = ARPQ_STATE_FAILED};

    for (uint32_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        answer(i + 1, -errors[i], "why");
        assert_int_equal(aq_rtnl_neigh_set(&rtnl, &neigh, 0), -errors[i]);
        assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "why");
    }
    /* An entry is not an answer to a request with an acknowledgement. */
    start(&packet, RTM_NEWNEIGH, 0, rtnl.sequence + 1, "", 0);
    add_packet(&packet);
    assert_int_equal(aq_rtnl_neigh_set(&rtnl, &neigh, 0), -EBADMSG);
    assert_int_equal(aq_rtnl_neigh_set(&rtnl, &neigh, 0), -ETIMEDOUT);
    send_errors[sent % 8] = ENOBUFS;
    assert_int_equal(aq_rtnl_neigh_set(&rtnl, &neigh, 0), -ENOBUFS);
}

/* ---- Proxies ---- */

static void test_find_proxy(void **state)
{
    static union packet packet;
    const uint8_t proxy[] = {NDMSG(AF_INET, 3, 0, NTF_PROXY), DST4(192, 0, 2, 7)};

    start(&packet, RTM_NEWNEIGH, 0, 1, proxy, sizeof proxy);
    add_packet(&packet);
    assert_int_equal(aq_rtnl_neigh_find_proxy(&rtnl, &v4, 3), AQ_RTNL_PROXY_OWN);
    EXPECT_SENT(HEADER(36, RTM_GETNEIGH, REQUEST, 1), NDMSG(AF_INET, 3, 0, 0x08),
                DST4(192, 0, 2, 7));
    answer(2, -ENOENT, NULL);
    assert_int_equal(aq_rtnl_neigh_find_proxy(&rtnl, &v4, 3), AQ_RTNL_PROXY_NONE);
    answer(3, -ENODEV, NULL);
    assert_int_equal(aq_rtnl_neigh_find_proxy(&rtnl, &v4, 3), -ENODEV);
    answer(4, 0, NULL); /* an acknowledgement is not an answer */
    assert_int_equal(aq_rtnl_neigh_find_proxy(&rtnl, &v4, 3), -EBADMSG);
}

/* ---- Delete ---- */

static struct aq_neigh_key keys[AQ_RTNL_BATCH];
static int codes[AQ_RTNL_BATCH];

static void test_delete(void **state)
{
    keys[0] = (struct aq_neigh_key){v4, 3};
    keys[1] = (struct aq_neigh_key){v6, 9};
    answer(2, -ENOENT, NULL);
    aq_rtnl_neigh_delete(&rtnl, keys, 2, false, codes);
    EXPECT_SENT(HEADER(36, RTM_DELNEIGH, REQUEST, 1), NDMSG(AF_INET, 3, 0, 0), DST4(192, 0, 2, 7),
                HEADER(48, RTM_DELNEIGH, REQUEST | ACK, 2), NDMSG(AF_INET6, 9, 0, 0), U16(20),
                U16(1), 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7);
    assert_int_equal(codes[0], 0);
    assert_int_equal(codes[1], -ENOENT);
    answer(3, -EPERM, NULL);
    aq_rtnl_neigh_delete(&rtnl, keys, 1, true, codes);
    EXPECT_SENT(HEADER(36, RTM_DELNEIGH, REQUEST | ACK, 3), NDMSG(AF_INET, 3, 0, 0x08),
                DST4(192, 0, 2, 7));
    assert_int_equal(codes[0], -EPERM);
}

/* The kernel answers only failed requests and the last request. A late answer belongs to an earlier
 * batch. */
static void test_delete_many(void **state)
{
    for (unsigned n = 0; n < AQ_RTNL_BATCH; n++)
        keys[n] = (struct aq_neigh_key){v6, n + 1};
    rtnl.sequence = 4;
    answer(2, -EINVAL, NULL);
    answer(5 + 7, -EPERM, "why");
    answer(5 + AQ_RTNL_BATCH - 1, 0, NULL);
    aq_rtnl_neigh_delete(&rtnl, keys, AQ_RTNL_BATCH, false, codes);
    for (unsigned n = 0; n < AQ_RTNL_BATCH; n++)
        assert_int_equal(codes[n], n == 7 ? -EPERM : 0);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "why");
    assert_int_equal(sent, 1);
    assert_int_equal(received, 3);
}

/* Without the last answer the result of unanswered requests is unknown. */
static void test_delete_unanswered(void **state)
{
    static union packet packet;

    answer(1, -EPERM, NULL);
    add_error(ENOMEM);
    aq_rtnl_neigh_delete(&rtnl, keys, 2, false, codes);
    assert_int_equal(codes[0], -EPERM);
    assert_int_equal(codes[1], -ENOMEM);
    aq_rtnl_neigh_delete(&rtnl, keys, 2, false, codes);
    assert_int_equal(codes[0], -ETIMEDOUT);
    assert_int_equal(codes[1], -ETIMEDOUT);
    send_errors[sent % 8] = EPERM;
    aq_rtnl_neigh_delete(&rtnl, keys, 2, false, codes);
    assert_int_equal(codes[0], -EPERM);
    assert_int_equal(codes[1], -EPERM);
    /* The library skips a limited number of answers that do not fit the request. */
    for (unsigned n = 0; n < 5; n++)
        answer(rtnl.sequence + 1, -ENOENT, NULL);
    aq_rtnl_neigh_delete(&rtnl, keys, 2, false, codes);
    assert_int_equal(codes[0], -ENOENT);
    assert_int_equal(codes[1], -EBADMSG);
    step_at = step_count;
    start(&packet, RTM_NEWNEIGH, 0, rtnl.sequence + 1, "", 0);
    add_packet(&packet);
    aq_rtnl_neigh_delete(&rtnl, keys, 1, false, codes);
    assert_int_equal(codes[0], -EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_set_everything),
        TEST_SET_UP(test_set_least),
        TEST_SET_UP(test_set_refused),
        TEST_SET_UP(test_find_proxy),
        TEST_SET_UP(test_delete),
        TEST_SET_UP(test_delete_many),
        TEST_SET_UP(test_delete_unanswered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

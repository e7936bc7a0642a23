/* SPDX-License-Identifier: MIT */
/* The rtnetlink transport: opening, one request, and many requests at once. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "kernel/rtnl.h"
#include "kernel/rtnl_event.h"
#include "kernel/rtnl_neigh.h"
#include "unit/mock_rtnl.h"

static union aq_rtnl_answer answer;

/* ---- Opening ---- */

static void test_open_failures(void **state)
{
    struct aq_rtnl other;

    aq_rtnl_init(&other, NULL);
    assert_int_equal(other.fd, -1);
    socket_error = EMFILE;
    assert_int_equal(aq_rtnl_open(&other, 0), -EMFILE);
    assert_int_equal(other.fd, -1);
    socket_error = 0;
    bind_error = EPERM;
    assert_int_equal(aq_rtnl_open(&other, 5), -EPERM);
    assert_int_equal(other.fd, -1);
    bind_error = 0;
    setsockopt_error = ENOPROTOOPT;
    assert_int_equal(aq_rtnl_open(&other, 5), 0);
    assert_int_equal(bound_groups, 5);
    aq_rtnl_close(&other);
    assert_int_equal(other.fd, -1);
    aq_rtnl_close(&other);
    assert_int_equal(socket_calls, 4);
    assert_int_equal(bind_calls, 3);
}

static int ask(void)
{
    int code = aq_rtnl_exchange(&rtnl, &request, &answer);

    assert_true(sent > 0);
    return code;
}

/* ---- One request ---- */

static void test_answer(void **state)
{
    static union packet packet;

    start(&packet, RTM_NEWLINK, 0, 1, "abcd", 4);
    add_packet(&packet);
    assert_int_equal(ask(), 0);
    assert_memory_equal(&answer, &packet, packet.header.nlmsg_len);
    assert_int_equal(last_sent.nlmsg_seq, 1);
    assert_true(last_sent.nlmsg_flags & NLM_F_REQUEST);
    assert_int_equal(received, 1);
}

/* Only the event socket receives messages of other processes: the request sockets are connected to
 * the kernel. */
static void test_forged(void **state)
{
    static union packet forged, real;

    assert_int_equal(aq_rtnl_open(&rtnl, 1), 0);
    start(&forged, RTM_DELLINK, 0, 0, NULL, 0);
    start(&real, RTM_NEWLINK, 0, 0, NULL, 0);
    add(&forged, forged.header.nlmsg_len)->sender = 4711;
    add(&forged, forged.header.nlmsg_len)->short_name = 1;
    add_packet(&real);
    handled = 0;
    handler_code = 0;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), 0);
    assert_int_equal(handled, 1);
    assert_int_equal(atomic_load(&rtnl.forged), 2);
}

static void test_forged_without_end(void **state)
{
    static union packet forged;

    assert_int_equal(aq_rtnl_open(&rtnl, 1), 0);
    start(&forged, RTM_NEWLINK, 0, 1, NULL, 0);
    for (size_t i = 0; i < STEPS_MAX; i++)
        add(&forged, forged.header.nlmsg_len)->sender = 1;
    handled = 0;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EBUSY);
    assert_int_equal(handled, 0);
    assert_true(received < STEPS_MAX);
}

static void test_wrong_sequence(void **state)
{
    static union packet old, real;

    error_packet(&old, NLMSG_ERROR, 4, -ENOENT, "old", 3);
    start(&real, RTM_NEWLINK, 0, 5, NULL, 0);
    rtnl.sequence = 4;
    add_packet(&old);
    add_packet(&real);
    assert_int_equal(ask(), 0);
    assert_int_equal(answer.header.nlmsg_seq, 5);
    assert_int_equal(received, 2);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "");
}

static void test_interrupted_calls(void **state)
{
    static union packet real;

    start(&real, RTM_NEWLINK, 0, 1, NULL, 0);
    send_errors[0] = send_errors[1] = EINTR;
    for (int i = 0; i < 32; i++)
        add_error(EINTR);
    add_packet(&real);
    assert_int_equal(ask(), 0);
    assert_int_equal(sent, 3);
    assert_int_equal(received, 33);
}

static void test_timeout_and_failures(void **state)
{
    assert_int_equal(ask(), -ETIMEDOUT);
    add_error(ENOBUFS);
    assert_int_equal(ask(), -ENOBUFS);
    send_errors[2] = ENOMEM;
    assert_int_equal(ask(), -ENOMEM);
    assert_int_equal(sent, 3);
    assert_int_equal(received, 2);
}

static void test_error_text(void **state)
{
    static union packet packet;
    static const struct aq_rtnl_detail stranger = {.serial = 78};
    char text[300];

    memset(text, 'x', sizeof text);
    error_packet(&packet, NLMSG_ERROR, 1, -EINVAL, "Invalid", 8);
    add_packet(&packet);
    assert_int_equal(ask(), -EINVAL);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "Invalid");
    assert_string_equal(aq_rtnl_detail_of_thread(&stranger), "");

    error_packet(&packet, NLMSG_ERROR, 2, -EPERM, "No NUL", 6);
    add_packet(&packet);
    assert_int_equal(ask(), -EPERM);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "No NUL");

    error_packet(&packet, NLMSG_ERROR, 3, -EPERM, text, sizeof text);
    add_packet(&packet);
    assert_int_equal(ask(), -EPERM);
    assert_int_equal(strlen(aq_rtnl_detail_of_thread(OWNER)), 159);
    assert_int_equal(strspn(aq_rtnl_detail_of_thread(OWNER), "x"), 159);

    error_packet(&packet, NLMSG_ERROR, 4, -EPERM, "", 0);
    add_packet(&packet);
    assert_int_equal(ask(), -EPERM);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "");

    error_packet(&packet, NLMSG_ERROR, 5, -ENOENT, NULL, 0);
    add_packet(&packet);
    assert_int_equal(ask(), -ENOENT);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "");
    assert_int_equal(received, 5);
}

static void test_malformed_answers(void **state)
{
    static union packet packet;

    error_packet(&packet, NLMSG_ERROR, 1, 5, NULL, 0); /* a positive code */
    add_packet(&packet);
    assert_int_equal(ask(), -EBADMSG);
    error_packet(&packet, NLMSG_ERROR, 2, 0, NULL, 0); /* an acknowledgement is not an answer */
    add_packet(&packet);
    assert_int_equal(ask(), -EBADMSG);
    start(&packet, NLMSG_ERROR, 0, 3, "ab", 2); /* a truncated code */
    add_packet(&packet);
    assert_int_equal(ask(), -EBADMSG);
    start(&packet, NLMSG_ERROR, NLM_F_ACK_TLVS, 4, "\xff\xff\xff\xff", 4); /* a truncated request */
    add_packet(&packet);
    assert_int_equal(ask(), -EPERM);
    start(&packet, RTM_NEWLINK, 0, 5, NULL, 0);
    add(&packet, 8); /* shorter than a header */
    assert_int_equal(ask(), -EBADMSG);
    add(&packet, 0);
    assert_int_equal(ask(), -EBADMSG);
    packet.header.nlmsg_seq = 7;
    packet.header.nlmsg_len = 400; /* a length beyond the datagram */
    add(&packet, 32);
    assert_int_equal(ask(), -EBADMSG);
    assert_int_equal(received, 7);
}

/* A message that does not fit into the buffer of an answer. */
static union {
    struct nlmsghdr header;
    char bytes[AQ_RTNL_ANSWER_SIZE + 4];
} large;

static void add_large(uint32_t sequence)
{
    large.header = (struct nlmsghdr){
        .nlmsg_len = sizeof large, .nlmsg_type = RTM_NEWLINK, .nlmsg_seq = sequence};
    add(&large, sizeof large);
}

static void test_cut_answer(void **state)
{
    add_large(1);
    assert_int_equal(ask(), -EMSGSIZE);
    assert_int_equal(received, 1);
}

/* The rest of a dump that ended early is not an answer, however long its messages are. */
static void test_long_stale(void **state)
{
    static union packet real;

    start(&real, RTM_NEWLINK, 0, 5, NULL, 0);
    rtnl.sequence = 4;
    add_large(4);
    add_packet(&real);
    assert_int_equal(ask(), 0);
    assert_int_equal(answer.header.nlmsg_seq, 5);
    assert_int_equal(received, 2);
}

/* ---- Many requests ---- */

static struct aq_neigh_key keys[AQ_RTNL_BATCH];
static struct arpq_neigh neighs[AQ_RTNL_BATCH];
static int codes[AQ_RTNL_BATCH];
static union packet answers[AQ_RTNL_BATCH];

static void neigh_packet(union packet *packet, uint32_t sequence, uint8_t n)
{
    const uint8_t ip[4] = {192, 0, 2, n}, mac[6] = {2, 0, 0, 0, 0, n};
    const struct ndmsg header = {.ndm_family = AF_INET, .ndm_ifindex = 3, .ndm_state = 2};

    start(packet, RTM_NEWNEIGH, 0, sequence, &header, sizeof header);
    mnl_attr_put(&packet->header, NDA_DST, sizeof ip, ip);
    mnl_attr_put(&packet->header, NDA_LLADDR, sizeof mac, mac);
}

static void get_many(unsigned count)
{
    for (unsigned n = 0; n < count; n++) {
        keys[n].ip = (struct arpq_ip){.family = AF_INET, .bytes = {192, 0, 2, (uint8_t)n}};
        keys[n].ifindex = 3;
    }
    memset(neighs, 0xaa, sizeof neighs);
    memset(codes, 0xaa, sizeof codes);
    aq_rtnl_neigh_get_many(&rtnl, keys, count, neighs, codes);
    assert_true(sent > 0);
}

static void assert_answered(unsigned n)
{
    assert_int_equal(codes[n], 0);
    assert_int_equal(neighs[n].ip.bytes[3], n);
    assert_int_equal(neighs[n].mac.bytes[5], n);
}

static void assert_refused(unsigned n, int code)
{
    static const struct arpq_neigh zero;

    assert_int_equal(codes[n], code);
    assert_memory_equal(&neighs[n], &zero, sizeof zero);
}

static void test_many_questions(void **state)
{
    const struct nlmsghdr *message = &sent_bytes.header;
    int left;

    keys[0].ip = (struct arpq_ip){.family = AF_INET6, .bytes = {0x20, 1}, .scope = 9};
    keys[0].ifindex = 7;
    aq_rtnl_neigh_get_many(&rtnl, keys, 1, neighs, codes);
    assert_int_equal(sent_size, 16 + 12 + 20);
    get_many(AQ_RTNL_BATCH);
    assert_int_equal(sent, 2);
    left = (int)sent_size;
    for (unsigned n = 0; n < AQ_RTNL_BATCH; n++) {
        const struct ndmsg *header = mnl_nlmsg_get_payload(message);
        const struct nlattr *dst = mnl_nlmsg_get_payload_offset(message, sizeof *header);

        assert_true(mnl_nlmsg_ok(message, left));
        assert_int_equal(message->nlmsg_type, RTM_GETNEIGH);
        assert_int_equal(message->nlmsg_flags, NLM_F_REQUEST);
        assert_int_equal(message->nlmsg_seq, 2 + n);
        assert_int_equal(header->ndm_family, AF_INET);
        assert_int_equal(header->ndm_ifindex, 3);
        assert_int_equal(mnl_attr_get_type(dst), NDA_DST);
        assert_memory_equal(mnl_attr_get_payload(dst), keys[n].ip.bytes, 4);
        message = mnl_nlmsg_next(message, &left);
    }
    assert_int_equal(left, 0);
}

/* The answers arrive in reverse order. One is an error, one is malformed, and one is an
 * acknowledgement. */
static void test_many_answers(void **state)
{
    for (unsigned n = 0; n < AQ_RTNL_BATCH; n++)
        neigh_packet(&answers[n], n + 1, (uint8_t)n);
    error_packet(&answers[5], NLMSG_ERROR, 6, -ENOENT, "none", 5);
    start(&answers[6], RTM_NEWNEIGH, 0, 7, "ab", 2);
    error_packet(&answers[7], NLMSG_ERROR, 8, 0, NULL, 0); /* an acknowledgement is not an answer */
    for (unsigned n = AQ_RTNL_BATCH; n-- > 0;)
        add_packet(&answers[n]);
    get_many(AQ_RTNL_BATCH);
    for (unsigned n = 0; n < AQ_RTNL_BATCH; n++)
        if (n < 5 || n > 7)
            assert_answered(n);
    assert_refused(5, -ENOENT);
    assert_refused(6, -EBADMSG);
    assert_refused(7, -EBADMSG);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "none");
}

/* Only the first and third answers arrive, followed by nothing, an error, or a datagram that is
 * too long or too short. */
static void check_missing(int error, int expected)
{
    set_up(NULL);
    neigh_packet(&answers[0], 1, 0);
    neigh_packet(&answers[2], 3, 2);
    add_packet(&answers[2]);
    add_packet(&answers[0]);
    if (error == EMSGSIZE)
        add_large(2);
    else if (error == EBADMSG)
        add(&answers[0], 12);
    else if (error)
        add_error(error);
    neigh_packet(&answers[1], 2, 1); /* arrives too late */
    if (error)
        add_packet(&answers[1]);
    get_many(4);
    assert_answered(0);
    assert_answered(2);
    assert_refused(1, expected);
    assert_refused(3, expected);
}

static void test_many_missing(void **state)
{
    check_missing(0, -ETIMEDOUT);
    check_missing(EAGAIN, -ETIMEDOUT);
    check_missing(ENOBUFS, -ENOBUFS);
    check_missing(ENOMEM, -ENOMEM);
    check_missing(EMSGSIZE, -EMSGSIZE);
    check_missing(EBADMSG, -EBADMSG);
}

/* The library ignores answers to an earlier request and answers that were not requested. */
static void test_many_stale(void **state)
{
    static union packet later;

    rtnl.sequence = 10;
    neigh_packet(&answers[0], 11, 0);
    neigh_packet(&answers[1], 12, 1);
    neigh_packet(&answers[2], 10, 77);
    neigh_packet(&later, 13, 78); /* an answer that was not requested */
    add_packet(&answers[2]);
    add_packet(&later);
    add_packet(&answers[0]);
    add_packet(&answers[2]);
    add_packet(&answers[1]);
    get_many(2);
    assert_answered(0);
    assert_answered(1);
    assert_int_equal(received, 5);
}

/* If one answer arrives twice, another request does not get its answer. */
static void test_many_twice(void **state)
{
    neigh_packet(&answers[0], 1, 0);
    add_packet(&answers[0]);
    add_packet(&answers[0]);
    get_many(2);
    assert_answered(0);
    assert_refused(1, -EBADMSG);
}

static void test_many_wrapping(void **state)
{
    rtnl.sequence = UINT32_MAX - 1;
    for (unsigned n = 0; n < 4; n++) {
        neigh_packet(&answers[n], UINT32_MAX + n, (uint8_t)n);
        add_packet(&answers[n]);
    }
    get_many(4);
    for (unsigned n = 0; n < 4; n++)
        assert_answered(n);
}

static void test_many_unsent(void **state)
{
    send_errors[0] = ENOBUFS;
    get_many(3);
    for (unsigned n = 0; n < 3; n++)
        assert_refused(n, -ENOBUFS);
    assert_int_equal(received, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_open_failures),
        TEST_SET_UP(test_answer),
        TEST_SET_UP(test_forged),
        TEST_SET_UP(test_forged_without_end),
        TEST_SET_UP(test_wrong_sequence),
        TEST_SET_UP(test_interrupted_calls),
        TEST_SET_UP(test_timeout_and_failures),
        TEST_SET_UP(test_error_text),
        TEST_SET_UP(test_malformed_answers),
        TEST_SET_UP(test_cut_answer),
        TEST_SET_UP(test_long_stale),
        TEST_SET_UP(test_many_questions),
        TEST_SET_UP(test_many_answers),
        TEST_SET_UP(test_many_missing),
        TEST_SET_UP(test_many_stale),
        TEST_SET_UP(test_many_twice),
        TEST_SET_UP(test_many_wrapping),
        TEST_SET_UP(test_many_unsent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* The rtnetlink transport: dumps. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "kernel/rtnl.h"
#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_dump.h"
#include "kernel/rtnl_neigh.h"
#include "unit/mock_rtnl.h"

static void test_dump(void **state)
{
    static union packet one, two, done;

    handler_code = 0;
    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, "abcd", 4);
    start(&two, RTM_NEWLINK, NLM_F_MULTI, 7, NULL, 0); /* the answer to another request */
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    add_packet(&one);
    add_packet(&two);
    add_packet(&one);
    add_packet(&done);
    assert_int_equal(dump(), 0);
    assert_int_equal(handled, 2);
    assert_int_equal(step_at, 4);
    assert_int_equal(rtnl.fd, MOCK_FD);
}

static void test_dump_interrupted(void **state)
{
    static union packet one, done;

    handler_code = 0;
    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, NULL, 0);
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    done.header.nlmsg_flags |= NLM_F_DUMP_INTR;
    add_packet(&one);
    add_packet(&done);
    assert_int_equal(dump(), 1);
    assert_int_equal(handled, 1);
    assert_int_equal(rtnl.fd, MOCK_FD);
}

static void test_dump_errors(void **state)
{
    static union packet done;

    error_packet(&done, NLMSG_DONE, 1, -EOPNOTSUPP, "not here", 8);
    add_packet(&done);
    assert_int_equal(dump(), -EOPNOTSUPP);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "not here");
    error_packet(&done, NLMSG_ERROR, 2, -EPERM, "no", 2);
    add_packet(&done);
    assert_int_equal(dump(), -EPERM);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "no");
    error_packet(&done, NLMSG_DONE, 3, 3, NULL, 0);
    add_packet(&done);
    assert_int_equal(dump(), -EBADMSG);
    start(&done, NLMSG_DONE, 0, 4, NULL, 0); /* old kernels send no code */
    add_packet(&done);
    assert_int_equal(dump(), 0);
    assert_int_equal(rtnl.fd, MOCK_FD);
    assert_int_equal(step_at, 4);
}

static void test_dump_handler_failure(void **state)
{
    static union packet one, done;

    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, NULL, 0);
    error_packet(&done, NLMSG_DONE, 1, -EIO, NULL, 0);
    for (int i = 0; i < 3; i++)
        add_packet(&one);
    add_packet(&done);
    handler_code = -ENOMEM;
    assert_int_equal(dump(), -ENOMEM);
    handler_code = 0;
    assert_int_equal(handled, 1);
    assert_int_equal(step_at, 4); /* the rest of the dump was read */
    assert_int_equal(rtnl.fd, MOCK_FD);
}

/* The library discards the rest of a dump that is no longer needed, unless it closes the socket
 * afterwards. */
static void test_dump_enough(void **state)
{
    static union packet one, done;

    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, NULL, 0);
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    for (int disposable = 0; disposable < 2; disposable++) {
        unsigned chunks = 0;

        set_up(NULL);
        rtnl.disposable = disposable;
        for (int i = 0; i < 3; i++)
            add_packet(&one);
        add_packet(&done);
        handled = 0;
        handler_code = AQ_RTNL_ENOUGH;
        assert_int_equal(aq_rtnl_dump(&rtnl, &request, handler, &handled, &chunks), 0);
        handler_code = 0;
        assert_int_equal(handled, 1);
        assert_int_equal(chunks, disposable ? 1 : 4);
        assert_int_equal(step_at, chunks);
        assert_int_equal(rtnl.fd, MOCK_FD);
    }
}

static void test_dump_large_chunk(void **state)
{
    const size_t size = 100000;
    char *chunk = calloc(1, size);
    struct nlmsghdr *header = (void *)chunk;
    static union packet done;

    assert_non_null(chunk);
    handler_code = 0;
    header->nlmsg_len = (uint32_t)size;
    header->nlmsg_type = RTM_NEWLINK;
    header->nlmsg_seq = 1;
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    add(chunk, size);
    add_packet(&done);
    assert_int_equal(dump(), 1); /* 1: the dump was truncated */
    assert_int_equal(handled, 0);
    header->nlmsg_seq = 2;
    done.header.nlmsg_seq = 2;
    add(chunk, size);
    add_packet(&done);
    assert_int_equal(dump(), 0);
    assert_int_equal(handled, 1);
    assert_int_equal(received, 4);
    free(chunk);
}

/* The end of the dump is in the truncated part. The socket stays usable. */
static void test_dump_cut_end(void **state)
{
    const size_t size = 100000;
    char *chunk = calloc(1, size);
    struct nlmsghdr *header = (void *)chunk;

    assert_non_null(chunk);
    header->nlmsg_len = (uint32_t)size;
    header->nlmsg_type = RTM_NEWLINK;
    header->nlmsg_seq = 1;
    add(chunk, size);
    assert_int_equal(dump(), 1);
    assert_int_equal(rtnl.fd, MOCK_FD);
    free(chunk);
}

/* Messages that follow a malformed one in a chunk are lost, so the dump is incomplete. */
static void test_dump_malformed(void **state)
{
    static union packet one, done;

    handler_code = 0;
    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, "abcd", 4);
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    add(&one, one.header.nlmsg_len + 8);
    add_packet(&done);
    assert_int_equal(dump(), 1);
    assert_int_equal(handled, 1);
}

static void test_dump_unfinished(void **state)
{
    static union packet one;

    handler_code = 0;
    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, NULL, 0);
    add_packet(&one);
    assert_int_equal(dump(), -ETIMEDOUT);
    assert_int_equal(handled, 1);
    assert_true(rtnl.unfinished);
    assert_int_equal(rtnl.fd, MOCK_FD);
}

static void test_dump_send_failure(void **state)
{
    send_errors[0] = ENOBUFS;
    assert_int_equal(dump(), -ENOBUFS);
    assert_int_equal(rtnl.fd, MOCK_FD);
    assert_false(rtnl.unfinished);
    assert_int_equal(received, 0);
}

/* ---- Dumps of neighbours ---- */

static const struct nlattr *sent_attribute(uint16_t type)
{
    const struct nlattr *attribute;

    AQ_ATTR_EACH(attribute, &sent_bytes.header, sizeof(struct ndmsg))
    if (mnl_attr_get_type(attribute) == type)
        return attribute;
    return NULL;
}

static const struct ndmsg *dump_neighbours(struct aq_neigh_dump which)
{
    static union packet done;
    unsigned chunks = 99;

    error_packet(&done, NLMSG_DONE, rtnl.sequence + 1, 0, NULL, 0);
    add_packet(&done);
    assert_int_equal(aq_rtnl_neigh_dump(&rtnl, &which, handler, &handled, &chunks), 0);
    assert_int_equal(chunks, 1);
    assert_int_equal(sent_bytes.header.nlmsg_type, RTM_GETNEIGH);
    assert_int_equal(sent_bytes.header.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
    assert_int_equal(sent_bytes.header.nlmsg_len, sent_size);
    return mnl_nlmsg_get_payload(&sent_bytes.header);
}

static void test_neigh_dump_request(void **state)
{
    const struct ndmsg *header;

    header = dump_neighbours((struct aq_neigh_dump){0});
    assert_int_equal(sent_size, sizeof(struct nlmsghdr) + sizeof *header);
    assert_int_equal(header->ndm_family, AF_UNSPEC);
    assert_int_equal(header->ndm_flags, 0);
    assert_int_equal(header->ndm_ifindex, 0);
    header = dump_neighbours((struct aq_neigh_dump){.family = AF_INET6, .proxy = true});
    assert_int_equal(header->ndm_family, AF_INET6);
    assert_int_equal(header->ndm_flags, NTF_PROXY);
    assert_null(sent_attribute(NDA_IFINDEX));
    header = dump_neighbours((struct aq_neigh_dump){.ifindex = 0x01020304});
    assert_int_equal(header->ndm_ifindex, 0); /* strict checking refuses an index here */
    assert_int_equal(mnl_attr_get_u32(sent_attribute(NDA_IFINDEX)), 0x01020304);
    assert_null(sent_attribute(NDA_MASTER));
    dump_neighbours((struct aq_neigh_dump){.ifindex = 4, .master = 5});
    assert_int_equal(mnl_attr_get_u32(sent_attribute(NDA_IFINDEX)), 4);
    assert_int_equal(mnl_attr_get_u32(sent_attribute(NDA_MASTER)), 5);
}

static void test_dump_chunks(void **state)
{
    static union packet one, done;
    unsigned chunks = 0;

    handler_code = 0;
    start(&one, RTM_NEWLINK, NLM_F_MULTI, 1, NULL, 0);
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    for (int i = 0; i < 5; i++)
        add_packet(&one);
    add_packet(&done);
    assert_int_equal(aq_rtnl_dump(&rtnl, &request, handler, &handled, &chunks), 0);
    assert_int_equal(chunks, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_dump),
        TEST_SET_UP(test_dump_interrupted),
        TEST_SET_UP(test_dump_errors),
        TEST_SET_UP(test_dump_handler_failure),
        TEST_SET_UP(test_dump_enough),
        TEST_SET_UP(test_dump_large_chunk),
        TEST_SET_UP(test_dump_cut_end),
        TEST_SET_UP(test_dump_malformed),
        TEST_SET_UP(test_dump_unfinished),
        TEST_SET_UP(test_dump_send_failure),
        TEST_SET_UP(test_neigh_dump_request),
        TEST_SET_UP(test_dump_chunks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* The rtnetlink transport: events, one by one and in batches. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdatomic.h>

#include "kernel/rtnl.h"
#include "kernel/rtnl_event.h"
#include "unit/mock_rtnl.h"

#define TEST_BATCH(name) cmocka_unit_test_setup_teardown(name, reset_batch, free_batch)

/* ---- Events ---- */

static void test_event(void **state)
{
    static union packet one;
    static char large[8192 + 4];

    start(&one, RTM_NEWLINK, 0, 0, "abcd", 4);
    handled = 0;
    handler_code = 0;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EAGAIN);
    add_error(ENOBUFS);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -ENOBUFS);
    add(large, sizeof large);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EMSGSIZE);
    assert_int_equal(handled, 0);
    add_packet(&one);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), 0);
    assert_int_equal(handled, 1);
    add(&one, one.header.nlmsg_len)->sender = 12;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EAGAIN);
    assert_int_equal(handled, 1);
    handler_code = -ENOMEM;
    add_packet(&one);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -ENOMEM);
    handler_code = 0;
    add(&one, 10);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), 0);
    assert_int_equal(handled, 2);
    assert_int_equal(polled, 8); /* including one when the socket was opened */
    /* The first call does not read. The call with a message from another sender reads twice. */
    assert_int_equal(received, 7);
}

/* A failure of poll is ignored, because the read returns the error. */
static void test_event_poll_failure(void **state)
{
    static union packet one;

    start(&one, RTM_NEWLINK, 0, 0, NULL, 0);
    handled = 0;
    handler_code = 0;
    poll_error = EINTR;
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), -EAGAIN);
    assert_int_equal(received, 1);
    add_packet(&one);
    assert_int_equal(aq_rtnl_event(&rtnl, handler, &handled), 0);
    assert_int_equal(handled, 1);
}

/* ---- Events in batches ---- */

#define EVENT_SIZE 8192

static struct aq_rtnl_buffers *buffers;

static int reset_batch(void **state)
{
    buffers = aq_rtnl_buffers_make(EVENT_SIZE);
    handled = 0;
    handler_code = 0;
    return buffers ? set_up(state) : -1;
}

static int free_batch(void **state)
{
    aq_rtnl_buffers_free(buffers);
    return 0;
}

static int take_events(void)
{
    return aq_rtnl_events(&rtnl, buffers, handler, &handled);
}

static void test_events(void **state)
{
    static union packet one;

    start(&one, RTM_NEWLINK, 0, 0, "abcd", 4);
    assert_int_equal(take_events(), -EAGAIN);
    for (int i = 0; i < 100; i++)
        add_packet(&one);
    assert_int_equal(take_events(), 64);
    assert_int_equal(take_events(), 36);
    assert_int_equal(take_events(), -EAGAIN);
    assert_int_equal(handled, 100);
    assert_int_equal(atomic_load(&rtnl.forged), 0);
}

static void test_events_forged(void **state)
{
    static union packet one;

    start(&one, RTM_NEWLINK, 0, 0, "abcd", 4);
    for (int i = 0; i < 30; i++) {
        struct step *step = add(&one, one.header.nlmsg_len);

        step->sender = i % 3 == 1 ? 4711 : 0;
        step->short_name = i % 3 == 2;
    }
    assert_int_equal(take_events(), 30);
    assert_int_equal(handled, 10);
    assert_int_equal(atomic_load(&rtnl.forged), 20);
    for (int i = 0; i < 30; i++) /* a short sender name does not shorten later ones */
        add_packet(&one);
    assert_int_equal(take_events(), 30);
    assert_int_equal(handled, 40);
    assert_int_equal(atomic_load(&rtnl.forged), 20);
}

static void test_events_cut(void **state)
{
    static union packet one;
    static char large[EVENT_SIZE + 4];

    start(&one, RTM_NEWLINK, 0, 0, "abcd", 4);
    add_packet(&one);
    add(large, sizeof large);
    add_packet(&one);
    add(large, sizeof large)->sender = 9; /* not from the kernel: nothing is lost */
    add_packet(&one);
    assert_int_equal(take_events(), -EMSGSIZE);
    assert_int_equal(handled, 3);
    add(large, sizeof large)->sender = 9;
    assert_int_equal(take_events(), 1);
    assert_int_equal(atomic_load(&rtnl.forged), 2);
}

static void test_events_interrupted(void **state)
{
    static union packet one;

    start(&one, RTM_NEWLINK, 0, 0, NULL, 0);
    for (int i = 0; i < 20; i++)
        add_error(EINTR);
    add_packet(&one);
    add_error(ENOBUFS);
    add_packet(&one);
    assert_int_equal(take_events(), 1);
    assert_int_equal(take_events(), -ENOBUFS);
    assert_int_equal(take_events(), 1);
    assert_int_equal(handled, 2);
}

static void test_events_many_messages(void **state)
{
    static char bytes[EVENT_SIZE];
    struct nlmsghdr *message;
    const size_t each = 32;

    for (size_t at = 0; at + each <= sizeof bytes; at += each) {
        message = mnl_nlmsg_put_header(bytes + at);
        message->nlmsg_len = (uint32_t)each;
    }
    add(bytes, sizeof bytes); /* as many messages as fit */
    assert_int_equal(take_events(), 1);
    assert_int_equal(handled, sizeof bytes / each);
    handled = 0;
    add(bytes, 3 * each - 1); /* half a message at the end */
    add(bytes, 2 * each + 7);
    assert_int_equal(take_events(), 2);
    assert_int_equal(handled, 4);
}

/* The batch removed the datagrams from the socket, so the handler gets all of them, except the rest
 * of the datagram in which it failed. */
static void test_events_handler_failure(void **state)
{
    static char bytes[64];
    static char large[EVENT_SIZE + 4];

    for (size_t at = 0; at < sizeof bytes; at += 32)
        ((struct nlmsghdr *)mnl_nlmsg_put_header(bytes + at))->nlmsg_len = 32;
    handler_code = -ENOMEM;
    add(bytes, sizeof bytes);
    add(large, sizeof large);
    add(bytes, sizeof bytes);
    assert_int_equal(take_events(), -ENOMEM);
    assert_int_equal(handled, 2);
    add(large, sizeof large);
    add(bytes, sizeof bytes);
    assert_int_equal(take_events(), -ENOMEM); /* several datagrams were truncated */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_event),
        TEST_SET_UP(test_event_poll_failure),
        TEST_BATCH(test_events),
        TEST_BATCH(test_events_forged),
        TEST_BATCH(test_events_cut),
        TEST_BATCH(test_events_interrupted),
        TEST_BATCH(test_events_many_messages),
        TEST_BATCH(test_events_handler_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

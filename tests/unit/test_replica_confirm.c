/* SPDX-License-Identifier: MIT */
/* Events that arrive in another order than the changes that they report. */
#include "test.h"

#include <linux/rtnetlink.h>

#include "unit/mock_replica.h"

#define WAIT_MS 50 /* the replica looks up an entry after this time */

/* Check that the alarm is set, and that the replica equals the table after the alarm. */
static void expect_confirmed(void)
{
    assert_between(alarm_ms(), 1, WAIT_MS);
    time_ms += WAIT_MS;
    assert_int_equal(sync_follow(), 0);
    assert_in_step();
    assert_int_equal(dumps, 0);
    assert_int_equal(alarm_ms(), 0);
}

/* The kernel's entry has MAC 3, but the last event to arrive reports MAC 2. */
static void test_two_writes(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    time_ms += 1000;
    change(1, ARPQ_STATE_REACHABLE, 3);
    add_event(RTM_NEWNEIGH, 1, ARPQ_STATE_REACHABLE, 2);
    assert_int_equal(sync_follow(), 2);
    assert_int_equal(confirmations, 0);
    expect_confirmed();
    assert_int_equal(confirmations, 1);
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_MOVED), 3);
    assert_int_equal(count_reports(ARPQ_EVENT_CONFLICT), 0);
    assert_report(report_count - 1, ARPQ_EVENT_NEIGH_MOVED, 0, 1);
}

/* The event of a removal arrives before the event of an earlier write. */
static void test_removed(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    time_ms += 1000;
    delete_silently(1);
    add_event(RTM_DELNEIGH, 1, ARPQ_STATE_FAILED, NONE);
    add_event(RTM_NEWNEIGH, 1, ARPQ_STATE_REACHABLE, 2);
    assert_int_equal(sync_follow(), 2);
    assert_int_equal(count_held(), 1);
    expect_confirmed();
    assert_int_equal(count_held(), 0);
}

/* The event of a new entry arrives before the event of the removal of the old entry. */
static void test_added(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    time_ms += 1000;
    change(1, ARPQ_STATE_REACHABLE, 2);
    add_event(RTM_DELNEIGH, 1, ARPQ_STATE_FAILED, NONE);
    assert_int_equal(sync_follow(), 2);
    assert_int_equal(count_held(), 0);
    expect_confirmed();
    assert_int_equal(count_held(), 1);
}

/* A single write needs no lookup. The replica waits for the end of a series of writes before it
 * looks up the entry. */
static void test_cost(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    time_ms += 1000;
    change(1, ARPQ_STATE_REACHABLE, 2);
    assert_int_equal(sync_follow(), 1);
    time_ms += 1000;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(confirmations, 0);
    for (unsigned i = 0; i < 500; i++) {
        change(1, ARPQ_STATE_REACHABLE, (uint8_t)(3 + i % 2));
        assert_int_equal(sync_follow(), 1);
        time_ms += 10;
    }
    assert_int_equal(confirmations, 0);
    expect_confirmed();
    assert_int_equal(confirmations, 1);
}

/* If more entries change than the queue holds, the replica looks up the oldest ones immediately. */
static void test_crowd(void **state)
{
    begin();
    time_ms += 1000;
    for (unsigned rounds = 0; rounds < 8; rounds++) {
        step_at = step_count = 0;
        for (uint16_t n = 0; n < 1000; n++)
            add_event(RTM_NEWNEIGH, (uint16_t)(rounds * 1000 + n), ARPQ_STATE_REACHABLE, 1);
        assert_int_equal(sync_follow(), 1000);
        report_count = 0;
    }
    assert_between(confirmations, 8000 - 4096, 8000);
    time_ms += WAIT_MS;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(confirmations, 8000);
    assert_int_equal(count_held(), 0);
}

/* If the lookups fail, the replica dumps the table. */
static void test_lookup_fails(void **state)
{
    static const int errors[] = {-ETIMEDOUT, -ENOMEM};

    for (size_t i = 0; i < 2; i++) {
        if (i > 0) {
            assert_int_equal(tear_down(state), 0);
            assert_int_equal(set_up(state), 0);
        }
        change_silently(1, ARPQ_STATE_REACHABLE, 1);
        begin();
        time_ms += 1000;
        change(1, ARPQ_STATE_REACHABLE, 3);
        add_event(RTM_NEWNEIGH, 1, ARPQ_STATE_REACHABLE, 2);
        assert_int_equal(sync_follow(), 2);
        get_code = errors[i];
        time_ms += WAIT_MS;
        assert_int_equal(sync_follow(), 0);
        assert_true(replica.stale);
        get_code = 0;
        time_ms += 1000;
        assert_int_equal(sync_follow(), 0);
        assert_false(replica.stale);
        assert_in_step();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_writes), TEST(test_removed), TEST(test_added),
        TEST(test_cost),       TEST(test_crowd),   TEST(test_lookup_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

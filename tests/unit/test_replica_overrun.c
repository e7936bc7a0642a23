/* SPDX-License-Identifier: MIT */
/* The replica dumps the table again after an overrun, and confirms the entries that the dump
 * omits. */
#include "test.h"

#include <linux/rtnetlink.h>

#include "unit/mock_replica.h"

/* ---- Overruns ---- */

static void test_overrun(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    change_silently(2, ARPQ_STATE_REACHABLE, 2);
    begin();
    time_ms += 1000;
    change(1, ARPQ_STATE_STALE, 1);
    add_error(-ENOBUFS);
    change(4, ARPQ_STATE_REACHABLE, 4);
    add_error(-ENOBUFS);
    add_error(-EMSGSIZE);
    change_silently(3, ARPQ_STATE_REACHABLE, 3); /* the event is lost */
    change_silently(2, ARPQ_STATE_DELAY, 2);     /* the event is lost */
    assert_int_equal(sync_follow(), 2);
    assert_in_step();
    assert_int_equal(dumps, 1); /* undrained is 0, so the events were read before the dump */
    assert_int_equal(report_count, 6);
    assert_report(0, ARPQ_EVENT_NEIGH_CHANGED, 0, 1);
    assert_report(1, ARPQ_EVENT_OVERRUN, 0, 0);
    assert_report(2, ARPQ_EVENT_NEIGH_ADDED, 0, 4);
    assert_int_equal(count_reports(ARPQ_EVENT_OVERRUN), 1);
    assert_int_equal(reports[3].flags, ARPQ_EVENT_RESYNC);
    assert_int_equal(reports[4].flags, ARPQ_EVENT_RESYNC);
    assert_report(5, ARPQ_EVENT_SYNCED, 0, 0);
    assert_int_equal(replica.stats.overruns, 2);
    assert_int_equal(alarms, 0); /* nothing is outstanding */
    add_error(-ENOBUFS);         /* the next loss is reported again */
    time_ms += 1000;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(count_reports(ARPQ_EVENT_OVERRUN), 2);
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 2);
}

/* Events that arrive during a dump are newer than the dump and count as part of it. */
static void test_events_during_dump(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    change_silently(2, ARPQ_STATE_REACHABLE, 2);
    begin();
    time_ms += 1000;
    add_error(-ENOBUFS);
    build(&during[0].message, RTM_DELNEIGH, 2, 0, NONE);
    build(&during[1].message, RTM_NEWNEIGH, 3, ARPQ_STATE_REACHABLE, 3);
    during_count = 2;
    assert_int_equal(sync_follow(), 2);
    assert_report(1, ARPQ_EVENT_NEIGH_REMOVED, ARPQ_EVENT_RESYNC, 2);
    assert_report(2, ARPQ_EVENT_NEIGH_ADDED, ARPQ_EVENT_RESYNC, 3);
    assert_report(3, ARPQ_EVENT_SYNCED, 0, 0);
    assert_int_equal(confirmations, 0); /* new and removed entries need no confirmation */
}

/* A loss of events during a dump invalidates the dump. */
static void test_overrun_during_dump(void **state)
{
    begin();
    time_ms += 1000;
    add_error(-ENOBUFS);
    during[0].error = -ENOBUFS;
    during_count = 1;
    assert_int_equal(sync_follow(), 0);
    assert_true(replica.stale);
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 0);
    assert_int_equal(alarm_ms(), 100);
    time_ms += 100;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(count_reports(ARPQ_EVENT_OVERRUN), 1);
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 1);
    assert_int_equal(alarm_ms(), 0);
}

static void test_rate_limit(void **state)
{
    begin();
    for (unsigned i = 1; i < 100; i++) { /* a flood: one event each millisecond */
        time_ms++;
        add_error(-ENOBUFS);
        assert_int_equal(sync_follow(), 0);
        step_count = step_at = 0;
        assert_int_equal(alarm_ms(), 100 - i);
        assert_int_equal(dumps, 0);
    }
    assert_int_equal(report_count, 1);
    time_ms++;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(dumps, 1);
    assert_int_equal(report_count, 2);
    assert_report(0, ARPQ_EVENT_OVERRUN, 0, 0);
    assert_report(1, ARPQ_EVENT_SYNCED, 0, 0);
}

/* Dumps take at most a fifth of the time. */
static void test_rest_after_long_dump(void **state)
{
    begin();
    time_ms += 1000;
    dump_takes_ms = 500;
    add_error(-ENOBUFS);
    assert_int_equal(sync_follow(), 0);
    add_error(-ENOBUFS);
    time_ms += 1999;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(dumps, 1);
    assert_int_equal(alarm_ms(), 1);
    time_ms++;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(dumps, 2);
    assert_int_equal(replica.stats.last_dump_us, 500000);
}

static void test_never_still(void **state)
{
    begin();
    time_ms += 1000;
    dump_code = AQ_DUMP_MOVED;
    add_error(-ENOBUFS);
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    assert_int_equal(sync_follow(), 0);
    assert_in_step(); /* the replica applies the events that it received */
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 0);
    assert_int_equal(alarm_ms(), 100);
    dump_code = 0;
    time_ms += 100;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 1);
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_ADDED), 1);
}

/* If the replica cannot learn whether the table was stable during a dump, it stops dumping after a
 * while. */
static void test_no_knowing(void **state)
{
    begin();
    time_ms += 1000;
    dump_code = AQ_DUMP_UNKNOWN;
    add_error(-ENOBUFS);
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    assert_int_equal(sync_follow(), 0);
    assert_in_step();
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 1);
    assert_false(replica.stale);
    assert_int_equal(alarm_ms(), 0);
    dump_code = 0;
}

static void test_dump_fails(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    time_ms += 1000;
    dump_code = -ENOMEM;
    add_error(-ENOBUFS);
    assert_int_equal(sync_follow(), -ENOMEM);
    assert_in_step(); /* no entry is lost */
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 0);
    assert_int_equal(alarm_ms(), 100);
    dump_code = 0;
    time_ms += 100;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(report_count, 2);
    assert_report(1, ARPQ_EVENT_SYNCED, 0, 0);
}

/* If one sync cannot read all events, it does not dump: older events would overwrite the result,
 * and a loss would go unnoticed. */
static void test_no_dump_before_the_end(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    time_ms += 1000;
    add_error(-ENOBUFS);
    for (unsigned i = 1; i < 1500; i++)
        add_event(RTM_NEWNEIGH, 1, ARPQ_STATE_REACHABLE, 1);
    change_silently(2, ARPQ_STATE_REACHABLE, 2); /* the event is lost */
    batch_takes_us = 5;
    assert_between(sync_follow(), 900, 1000); /* the events of 5 ms */
    assert_true(step_at < step_count);
    assert_int_equal(dumps, 0);
    assert_true(replica.stale);
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 0);
    assert_between(sync_follow(), 1, 599);
    assert_int_equal(dumps, 1);
    assert_false(replica.stale);
    assert_in_step();
    assert_int_equal(report_count, 3);
    assert_report(0, ARPQ_EVENT_OVERRUN, 0, 0);
    assert_report(1, ARPQ_EVENT_NEIGH_ADDED, ARPQ_EVENT_RESYNC, 2);
    assert_report(2, ARPQ_EVENT_SYNCED, 0, 0);
}

/* A child process allows reads after one sync, however many events arrive. */
static void test_child_in_flood(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    time_ms += 1000;
    change_silently(2, ARPQ_STATE_REACHABLE, 2);
    for (unsigned i = 1; i < 1500; i++)
        add_event(RTM_NEWNEIGH, 1, ARPQ_STATE_REACHABLE, 1);
    batch_takes_us = 5;
    atomic_store(&replica.live->alive, false);
    assert_between(sync_follow(), 900, 1499);
    assert_true(aq_replica_is_alive(&replica));
    assert_int_equal(dumps, 1);
    assert_int_equal(count_held(), 2);
    undrained = 0; /* the child's socket is a new one */
}

/* The dump is newer than the events that are read after it, so an entry that moved and returned is
 * not a conflict. */
static void test_moves_during_dump(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    time_ms += 1000;
    add_error(-ENOBUFS);
    change_silently(1, ARPQ_STATE_REACHABLE, 3);
    build(&during[0].message, RTM_NEWNEIGH, 1, ARPQ_STATE_REACHABLE, 2);
    build(&during[1].message, RTM_NEWNEIGH, 1, ARPQ_STATE_REACHABLE, 3);
    during_count = 2;
    assert_int_equal(sync_follow(), 2);
    assert_in_step();
    assert_int_equal(report_count, 5);
    for (unsigned i = 1; i < 4; i++)
        assert_report(i, ARPQ_EVENT_NEIGH_MOVED, ARPQ_EVENT_RESYNC, 1);
    assert_report(4, ARPQ_EVENT_SYNCED, 0, 0);
    assert_int_equal(replica.stats.moved, 3);
    assert_int_equal(replica.stats.conflicts, 0);
}

/* ---- Entries that a dump lacks ---- */

static void lose_events(void)
{
    time_ms += 1000;
    add_error(-ENOBUFS);
}

static void test_unseen(void **state)
{
    for (uint16_t n = 0; n < 300; n++)
        change_silently(n, ARPQ_STATE_REACHABLE, 1);
    begin();
    lose_events();
    for (uint16_t n = 0; n < 300; n++)
        row_of(n)->hidden = n % 3 != 0; /* 200 entries are omitted */
    row_of(1)->state = ARPQ_STATE_STALE;
    for (uint16_t n = 2; n < 300; n += 6)
        delete_silently(n); /* 50 entries are removed */
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(confirmations, 200);
    assert_int_equal(replica.stats.confirmations, 200);
    assert_in_step();
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_REMOVED), 50);
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_CHANGED), 1);
    assert_int_equal(report_count, 53);
    for (unsigned i = 1; i < 52; i++)
        assert_int_equal(reports[i].flags, ARPQ_EVENT_RESYNC);
}

/* A missing answer does not prove that the entry is gone. */
static void test_unseen_unanswered(void **state)
{
    static const int errors[] = {-ETIMEDOUT, -ENOBUFS, -ENOMEM, -EPERM, -EBADMSG};

    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    row_of(1)->hidden = true;
    for (size_t i = 0; i < 5; i++) {
        lose_events();
        get_code = errors[i];
        assert_int_equal(sync_follow(), errors[i] == -EPERM ? -EOPNOTSUPP : errors[i]);
        assert_true(replica.stale);
        assert_in_step();
    }
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_REMOVED), 0);
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 0);
    assert_int_equal(count_reports(ARPQ_EVENT_OVERRUN), 1);
    get_code = -ENODEV; /* the interface and its entries were removed */
    time_ms += 1000;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(count_held(), 0);
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_REMOVED), 1);
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_overrun),
        TEST(test_events_during_dump),
        TEST(test_overrun_during_dump),
        TEST(test_rate_limit),
        TEST(test_rest_after_long_dump),
        TEST(test_never_still),
        TEST(test_no_knowing),
        TEST(test_dump_fails),
        TEST(test_no_dump_before_the_end),
        TEST(test_child_in_flood),
        TEST(test_moves_during_dump),
        TEST(test_unseen),
        TEST(test_unseen_unanswered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

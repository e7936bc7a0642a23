/* SPDX-License-Identifier: MIT */
/* The replica: start, events, moves, conflicts, and a full queue. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "unit/mock_replica.h"

/* ---- Start and events ---- */

static void test_start(void **state)
{
    struct arpq_sync_stats stats;

    for (uint16_t n = 0; n < 10; n++)
        change_silently(n, ARPQ_STATE_REACHABLE, (uint8_t)(n + 1));
    assert_int_equal(aq_replica_start(&replica, &h, &options), 0);
    assert_in_step();
    assert_int_equal(report_count, 11);
    for (uint16_t n = 0; n < 10; n++)
        assert_report(n, ARPQ_EVENT_NEIGH_ADDED, ARPQ_EVENT_RESYNC, n);
    assert_report(10, ARPQ_EVENT_SYNCED, 0, 0);
    assert_int_equal(confirmations, 0);
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(report_count, 11);
    aq_replica_stats(&replica, &stats);
    assert_int_equal(stats.dumps, 1);
    assert_int_equal(stats.entries, 10);
    assert_int_equal(stats.stale, 0);
    assert_int_equal(alarm_ms(), 0); /* nothing is outstanding */
}

/* A loss of events during the first dump is repaired without further events. */
static void test_start_stale(void **state)
{
    during[0].error = -ENOBUFS;
    during_count = 1;
    assert_int_equal(aq_replica_start(&replica, &h, &options), 0);
    assert_true(replica.stale);
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 0);
    assert_int_equal(alarm_ms(), 100);
}

static void test_start_fails(void **state)
{
    struct aq_replica other = {0};

    dump_code = -EOPNOTSUPP;
    assert_int_equal(aq_replica_start(&other, &h, &options), -EOPNOTSUPP);
    dump_code = 0;
    refresh_code = -ENOMEM;
    memset(&other, 0, sizeof other);
    assert_int_equal(aq_replica_start(&other, &h, &options), -ENOMEM);
    refresh_code = 0;
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 0);
    begin();
}

static void test_events(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    change(1, ARPQ_STATE_STALE, 1);
    change(1, ARPQ_STATE_STALE, 1); /* unchanged */
    change(2, ARPQ_STATE_REACHABLE, 2);
    change(1, ARPQ_STATE_FAILED, NONE);
    add_event(RTM_DELNEIGH, 2, ARPQ_STATE_FAILED, NONE);
    delete_silently(2);
    add_event(RTM_DELNEIGH, 3, 0, NONE); /* an unknown entry */
    assert_int_equal(sync_follow(), 6);
    assert_in_step();
    assert_int_equal(report_count, 4);
    assert_report(0, ARPQ_EVENT_NEIGH_CHANGED, 0, 1);
    assert_int_equal(reports[0].old_state, ARPQ_STATE_REACHABLE);
    assert_report(1, ARPQ_EVENT_NEIGH_ADDED, 0, 2);
    assert_report(2, ARPQ_EVENT_NEIGH_CHANGED, 0, 1);
    assert_int_equal(reports[2].mac, NONE);
    assert_int_equal(reports[2].old_mac, 1);
    assert_report(3, ARPQ_EVENT_NEIGH_REMOVED, 0, 2);
    assert_int_equal(reports[3].mac, 2); /* the last state before removal, not the final one */
    assert_int_equal(dumps, 0);
}

static void test_ignored_messages(void **state)
{
    struct ndmsg *header;

    begin();
    add_event(RTM_NEWNEIGH, 1, 0, NONE); /* a proxy entry */
    header = mnl_nlmsg_get_payload(&steps[0].message.header);
    header->ndm_flags = NTF_PROXY;
    add_event(RTM_NEWNEIGH, 2, ARPQ_STATE_REACHABLE, 1); /* a bridge FDB entry (AF_BRIDGE) */
    header = mnl_nlmsg_get_payload(&steps[1].message.header);
    header->ndm_family = AF_BRIDGE;
    add_event(RTM_GETNEIGH, 3, 0, NONE); /* a request to a user-space daemon */
    add_event(RTM_NEWNEIGH, 4, ARPQ_STATE_REACHABLE, 1);
    steps[3].message.header.nlmsg_len -= 2; /* malformed: the address is truncated */
    steps[3].message.header.nlmsg_len = 28;
    assert_int_equal(sync_follow(), 0);
    assert_int_equal(report_count, 0);
    assert_int_equal(count_held(), 0);
    assert_int_equal(replica.stats.malformed, 1);
    assert_int_equal(replica.stats.events, 0);
}

/* ---- A full queue ---- */

static void test_full_queue(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    change_silently(2, ARPQ_STATE_REACHABLE, 2);
    begin();
    time_ms += 1000;
    change(1, ARPQ_STATE_STALE, 7);
    add_event(RTM_DELNEIGH, 2, 0, NONE);
    delete_silently(2);
    reservations = 0;
    assert_int_equal(sync_follow(), -ENOMEM);
    assert_int_equal(report_count, 0);
    assert_int_equal(count_held(), 2); /* unchanged */
    for (unsigned room = 1; room < 5 && replica.stale; room++) {
        time_ms += 1000;
        reservations = room;
        (void)sync_follow();
    }
    reservations = 100;
    time_ms += 1000;
    assert_int_equal(sync_follow(), 0);
    assert_in_step();
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_MOVED), 1);
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_REMOVED), 1);
    assert_int_equal(count_reports(ARPQ_EVENT_SYNCED), 1);
    assert_true(count_reports(ARPQ_EVENT_OVERRUN) <= 1);
}

/* ---- Moves ---- */

static void test_moves(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    change(1, ARPQ_STATE_REACHABLE, 2); /* a move */
    change(1, ARPQ_STATE_FAILED, NONE);
    change(1, ARPQ_STATE_REACHABLE, 2); /* not a move: the last known MAC was the same */
    change(1, ARPQ_STATE_FAILED, NONE);
    change(1, ARPQ_STATE_REACHABLE, 3); /* a second move shortly afterwards */
    assert_int_equal(sync_follow(), 5);
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_MOVED), 2);
    assert_int_equal(count_reports(ARPQ_EVENT_CONFLICT), 0);
    assert_report(0, ARPQ_EVENT_NEIGH_MOVED, 0, 1);
    assert_int_equal(reports[0].old_mac, 1);
    assert_report(4, ARPQ_EVENT_NEIGH_MOVED, ARPQ_EVENT_DAMPED, 1);
    assert_int_equal(reports[4].old_mac, 2);
    time_ms += 10000; /* the damping time has passed */
    change(1, ARPQ_STATE_REACHABLE, 2);
    assert_int_equal(sync_follow(), 1);
    assert_report(5, ARPQ_EVENT_NEIGH_MOVED, 0, 1);
    assert_int_equal(report_count, 6);
    assert_int_equal(replica.stats.moved, 3);
}

static void move_to(uint16_t n, uint8_t mac)
{
    step_count = step_at = 0;
    change(n, ARPQ_STATE_REACHABLE, mac);
    assert_int_equal(sync_follow(), 1);
}

static void test_conflict(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    move_to(1, 2);
    move_to(1, 1); /* back to the first */
    assert_int_equal(report_count, 3);
    assert_report(1, ARPQ_EVENT_NEIGH_MOVED, ARPQ_EVENT_DAMPED, 1);
    assert_int_equal(reports[2].type, ARPQ_EVENT_CONFLICT);
    assert_int_equal(reports[2].n, 1);
    assert_int_equal(reports[2].mac, 1);
    assert_int_equal(reports[2].old_mac, 2);
    for (uint64_t ends = time_ms + 9000; time_ms < ends; time_ms += 1000)
        move_to(1, time_ms / 1000 % 2 ? 1 : 2);
    assert_int_equal(count_reports(ARPQ_EVENT_CONFLICT), 1); /* reported once */
    for (uint64_t ends = time_ms + 4000; time_ms < ends; time_ms += 1000)
        move_to(1, time_ms / 1000 % 2 ? 1 : 2);
    /* The conflict continues, so it is reported once more. */
    assert_int_equal(count_reports(ARPQ_EVENT_CONFLICT), 2);
    assert_int_equal(replica.stats.conflicts, 2);
}

/* An address moves among several MACs. A return to one of the last four is a conflict as well. */
static void test_conflict_of_many(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    begin();
    for (uint8_t mac = 2; mac <= 4; mac++)
        move_to(1, mac);
    assert_int_equal(count_reports(ARPQ_EVENT_CONFLICT), 0);
    move_to(1, 1);
    assert_int_equal(count_reports(ARPQ_EVENT_CONFLICT), 1);
}

/* The replica reports no conflict for own IP addresses and own MACs. */
static void test_own_is_no_conflict(void **state)
{
    change_silently(1, ARPQ_STATE_REACHABLE, 1);
    change_silently(250, ARPQ_STATE_REACHABLE, 1);
    begin();
    move_to(1, 200);
    move_to(1, 1);
    move_to(250, 2);
    move_to(250, 1);
    assert_int_equal(count_reports(ARPQ_EVENT_NEIGH_MOVED), 4);
    assert_int_equal(count_reports(ARPQ_EVENT_CONFLICT), 0);
    assert_int_equal(replica.stats.conflicts, 0);
}

/* Many conflicts at once share slots in the damper. A newer conflict replaces an older one, and no
 * conflict is attributed to another address. */
static void test_damper_crowd(void **state)
{
    struct arpq_neigh neigh = {.ifindex = 1, .ip = {.family = AF_INET, .bytes = {10}}};
    const struct arpq_mac old = {.length = 6, .bytes = {1}};
    struct aq_damper *damper = aq_damper_make(1);

    neigh.mac = (struct arpq_mac){.length = 6, .bytes = {2}};
    for (unsigned n = 0; n < 5000; n++) {
        struct aq_history_verdict damped;

        neigh.ip.bytes[2] = (uint8_t)(n >> 8);
        neigh.ip.bytes[3] = (uint8_t)n;
        damped = aq_damper_note(damper, &neigh, &old, 1000 + n, 100000);
        assert_false(damped.again);
        assert_false(damped.conflict);
        damped = aq_damper_note(damper, &neigh, &old, 1000 + n, 100000);
        assert_true(damped.again);
    }
    aq_damper_free(damper);
    aq_damper_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_start),
        TEST(test_start_stale),
        TEST(test_start_fails),
        TEST(test_events),
        TEST(test_ignored_messages),
        TEST(test_full_queue),
        TEST(test_moves),
        TEST(test_conflict),
        TEST(test_conflict_of_many),
        TEST(test_own_is_no_conflict),
        cmocka_unit_test(test_damper_crowd),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

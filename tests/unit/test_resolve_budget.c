/* SPDX-License-Identifier: MIT */
/* Checks against a simulated table how many entries a resolver may create. Also checks how the
 * resolver stores pending addresses. */
#include "test.h"

#include "resolve/budget.h"
#include "resolve/judge.h"
#include "resolve/pending.h"
#include <time.h>

/* ---- The table ---- */

static struct arpq_table_stats table;
static int table_code;
static unsigned reads;
static uint64_t now;

int __wrap_arpq_table_stats(struct arpq_handle *h, uint16_t family, struct arpq_table_stats *stats);
int __wrap_arpq_table_stats(struct arpq_handle *h, uint16_t family, struct arpq_table_stats *stats)
{
    assert_int_equal(family, AF_INET);
    reads++;
    *stats = table;
    return table_code;
}

uint64_t __wrap_aq_sys_now_ms(void);
uint64_t __wrap_aq_sys_now_ms(void)
{
    return now;
}

static void set_table(uint32_t entries, uint32_t thresh2, uint32_t thresh3)
{
    memset(&table, 0, sizeof table);
    table.entries = entries;
    table.gc_thresh2 = thresh2;
    table.gc_thresh3 = thresh3;
    table_code = 0;
    reads = 0;
    now = 1000000;
}

/* Take from the budget until it is exhausted, and wait a few times for more. Returns how many
 * entries were granted. */
static uint32_t fill(struct aq_budget *room, bool start, unsigned wait_us)
{
    uint32_t made = 0;

    for (unsigned waits = 0; waits <= wait_us; waits++, now += 200)
        while (aq_budget_take(room, NULL, start && made == 0)) {
            table.entries++;
            made++;
            assert_true(!table.gc_thresh3 || table.entries <= table.gc_thresh3);
        }
    return made;
}

static void test_ceiling(void **state)
{
    /* Entries at the start, thresholds, and how many entries the table may have at the end. */
    static const uint32_t rows[][4] = {
        {0, 512, 1024, 512},   {0, 900, 1024, 900},     {100, 512, 1024, 512},
        {383, 512, 1024, 512}, {384, 512, 1024, 704},   {500, 512, 1024, 762},
        {900, 512, 1024, 962}, {1022, 512, 1024, 1023}, {1023, 512, 1024, 1023},
        {0, 8, 16, 8},         {10, 1000, 16, 13},      {0, 16, 16, 8},
        {3, 4, 4, 3},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct aq_budget room = {.family = AF_INET};
        uint32_t before = rows[i][0], first;

        set_table(before, rows[i][1], rows[i][2]);
        first = fill(&room, true, 0);
        /* The budget grants at most half of the remaining entries at a time. */
        assert_true(first <= (rows[i][2] - before) / 2);
        (void)fill(&room, false, 40);
        /* The table never exceeds the ceiling, however many addresses are pending. */
        assert_true(table.entries <= rows[i][3]);
        assert_true(table.entries + 2 >= rows[i][3] || rows[i][3] == rows[i][2]);
    }
}

/* Other processes fill the table at the same time, which reduces the budget. */
static void test_others(void **state)
{
    struct aq_budget room = {.family = AF_INET};

    set_table(0, 512, 1024);
    assert_true(aq_budget_take(&room, NULL, true));
    table.entries = 600;
    now += 2000;
    assert_false(aq_budget_take(&room, NULL, false));
    table.entries = 100;
    now += 50;
    /* The budget does not read the table again yet. */
    assert_false(aq_budget_take(&room, NULL, false));
    now += 60;
    assert_true(aq_budget_take(&room, NULL, false));
    assert_int_equal(reads, 3);
}

static void test_asked_seldom(void **state)
{
    struct aq_budget room = {.family = AF_INET};

    set_table(0, 512, 1024);
    for (int i = 0; i < 512; i++)
        assert_true(aq_budget_take(&room, NULL, i == 0));
    assert_int_equal(reads, 1);
    table.entries = 512;
    for (int i = 0; i < 99; i++, now++)
        assert_false(aq_budget_take(&room, NULL, false));
    assert_int_equal(reads, 1);
    assert_true(aq_budget_retry_ms(&room) >= now + 1);
    now = aq_budget_retry_ms(&room);
    assert_false(aq_budget_take(&room, NULL, false));
    assert_int_equal(reads, 2);
    aq_budget_give(&room, 2);
    assert_true(aq_budget_take(&room, NULL, false));
    assert_true(aq_budget_take(&room, NULL, false));
    assert_false(aq_budget_take(&room, NULL, false));
}

static void test_full(void **state)
{
    struct aq_budget room = {.family = AF_INET};

    set_table(1024, 512, 1024);
    assert_true(aq_budget_is_full(&room, NULL));
    aq_budget_exhaust(&room);
    assert_false(aq_budget_take(&room, NULL, true));
    assert_int_equal(reads, 1);
    table.entries = 0;
    now += 100;
    assert_false(aq_budget_is_full(&room, NULL));
    assert_true(aq_budget_take(&room, NULL, true));
    aq_budget_exhaust(&room);
    assert_true(aq_budget_is_full(&room, NULL));
    assert_false(aq_budget_take(&room, NULL, true));
}

static uint32_t take_all(struct aq_budget *room)
{
    uint32_t taken = 0;

    while (taken < 100000 && aq_budget_take(room, NULL, false))
        taken++;
    return taken;
}

/* If the table has more entries than the limit, some entries do not count towards the limit. The
 * budget starts small and grows while requests succeed. */
static void test_useless_counters(void **state)
{
    struct aq_budget room = {.family = AF_INET};

    set_table(12000, 512, 1024);
    for (int round = 0; round < 2; round++) {
        for (uint32_t some = 8; some <= 1024; some *= 2, now += 100) {
            assert_int_equal(take_all(&room), some);
            assert_int_equal(take_all(&room), 0);
        }
        assert_int_equal(take_all(&room), 1024);
        aq_budget_exhaust(&room);
        assert_int_equal(take_all(&room), 0);
        now += 100;
    }
    set_table(0, 0, 0);
    assert_int_equal(take_all(&(struct aq_budget){.family = AF_INET}), 8);
    table_code = -EOPNOTSUPP;
    assert_int_equal(take_all(&(struct aq_budget){.family = AF_INET}), 8);
    table_code = -ENOMEM;
    memset(&room, 0, sizeof room);
    room.family = AF_INET;
    assert_int_equal(take_all(&room), 0);
    set_table(0, 512, 1024);
    now += 200;
    assert_int_equal(take_all(&room), 512);
}

/* ---- Pending addresses ---- */

#define WAITS 500

static void test_pending(void **state)
{
    struct aq_wait *waits[WAITS];
    struct aq_pending pending;
    struct arpq_ip ip = {.family = AF_INET};
    const struct aq_wait *found;

    assert_int_equal(aq_pending_init(&pending), 0);
    for (unsigned i = 0; i < WAITS; i++) {
        waits[i] = aq_pending_add(&pending);
        assert_non_null(waits[i]);
        waits[i]->target.ip = ip;
        waits[i]->target.ip.bytes[3] = (uint8_t)i;
        waits[i]->target.ifindex = 1 + i / 256;
        aq_pending_key(&pending, waits[i]);
    }
    assert_int_equal(pending.count, WAITS);
    assert_true(pending.bucket_count >= WAITS / 2);
    for (unsigned i = 0; i < WAITS; i++) {
        ip.bytes[3] = (uint8_t)i;
        found = aq_pending_find(&pending, &ip, 1 + i / 256);
        assert_ptr_equal(found, waits[i]);
        assert_null(aq_pending_find_next(found));
        assert_null(aq_pending_find(&pending, &ip, 3));
    }
    /* Give three waits the same key. */
    for (unsigned i = 1; i < 3; i++) {
        aq_pending_unkey(&pending, waits[i]);
        waits[i]->target = waits[0]->target;
        aq_pending_key(&pending, waits[i]);
    }
    ip.bytes[3] = 0;
    found = aq_pending_find(&pending, &ip, 1);
    for (unsigned i = 0; i < 3; i++) {
        assert_non_null(found);
        found = aq_pending_find_next(found);
    }
    assert_null(found);
    for (unsigned i = 0; i < WAITS; i += 2)
        aq_pending_drop(&pending, waits[i]);
    assert_int_equal(pending.count, WAITS / 2);
    assert_int_equal(pending.keyed, WAITS / 2);
    aq_pending_free(&pending);
}

static void assert_order(const struct aq_list *list, const char *text)
{
    const struct aq_wait *last = NULL;

    assert_int_equal(list->count, strlen(text));
    for (const struct aq_wait *wait = list->first; wait; last = wait, wait = wait->next) {
        assert_int_equal(wait->token, *text++);
        assert_ptr_equal(wait->previous, last);
    }
    assert_ptr_equal(list->last, last);
    assert_int_equal(*text, '\0');
}

static void test_stages(void **state)
{
    struct aq_wait *waits[5];
    struct aq_pending pending;

    assert_int_equal(aq_pending_init(&pending), 0);
    for (unsigned i = 0; i < 5; i++) {
        waits[i] = aq_pending_add(&pending);
        waits[i]->token = 'a' + i;
        waits[i]->until_us = i;
    }
    assert_order(&pending.stages[AQ_STAGE_NEW], "abcde");
    aq_pending_move(&pending, waits[2], AQ_STAGE_ASKED);
    aq_pending_move_in_time(&pending, waits[4], AQ_STAGE_ASKED);
    aq_pending_move_in_time(&pending, waits[0], AQ_STAGE_ASKED);
    aq_pending_move_in_time(&pending, waits[3], AQ_STAGE_ASKED);
    assert_order(&pending.stages[AQ_STAGE_NEW], "b");
    assert_order(&pending.stages[AQ_STAGE_ASKED], "acde");
    aq_pending_move_first(&pending, waits[3], AQ_STAGE_NEW);
    aq_pending_move(&pending, waits[0], AQ_STAGE_NEW);
    assert_order(&pending.stages[AQ_STAGE_NEW], "dba");
    assert_order(&pending.stages[AQ_STAGE_ASKED], "ce");
    for (int i = 4; i >= 0; i--) {
        aq_pending_queue_lookup(&pending, waits[i]);
        aq_pending_queue_lookup(&pending, waits[4]);
    }
    for (int i = 4; i >= 0; i--)
        assert_ptr_equal(aq_pending_next_lookup(&pending), waits[i]);
    assert_null(aq_pending_next_lookup(&pending));
    aq_pending_queue_lookup(&pending, waits[1]);
    assert_ptr_equal(aq_pending_next_lookup(&pending), waits[1]);
    aq_pending_free(&pending);
}

/* Dropping an address also removes it from the queue of lookups, at any position. */
static void test_drop_queued(void **state)
{
    for (unsigned dropped = 0; dropped < 3; dropped++) {
        struct aq_wait *waits[3];
        struct aq_pending pending;

        assert_int_equal(aq_pending_init(&pending), 0);
        for (unsigned i = 0; i < 3; i++) {
            waits[i] = aq_pending_add(&pending);
            aq_pending_queue_lookup(&pending, waits[i]);
        }
        aq_pending_drop(&pending, waits[dropped]);
        for (unsigned i = 0; i < 3; i++)
            if (i != dropped)
                assert_ptr_equal(aq_pending_next_lookup(&pending), waits[i]);
        assert_null(aq_pending_next_lookup(&pending));
        aq_pending_free(&pending);
    }
}

/* Many addresses behind one gateway share a target. The time to remove one does not depend on their
 * number; a search would take minutes. */
static void test_many_of_one_target(void **state)
{
    const uint32_t count = 300000;
    struct aq_pending pending;
    clock_t before;

    assert_int_equal(aq_pending_init(&pending), 0);
    for (uint32_t i = 0; i < count; i++) {
        struct aq_wait *wait = aq_pending_add(&pending);

        assert_non_null(wait);
        wait->target.ifindex = 1;
        aq_pending_key(&pending, wait);
    }
    before = clock();
    while (pending.stages[AQ_STAGE_NEW].first)
        aq_pending_drop(&pending, pending.stages[AQ_STAGE_NEW].first);
    assert_true(clock() - before < 10 * CLOCKS_PER_SEC);
    assert_int_equal(pending.keyed, 0);
    aq_pending_free(&pending);
}

/* ---- Codes ---- */

static void test_codes_of_solicits(void **state)
{
    const struct aq_query chosen = {.flags = 0}, named = {.route.ifindex = 1};
    static const int rows[][3] = {
        {-EPERM, -EPERM, -EPERM},
        {-EACCES, -EPERM, -EPERM},
        {-EHOSTUNREACH, -ENETUNREACH, -ENETUNREACH},
        {-ENETUNREACH, -ENETUNREACH, -ENETUNREACH},
        {-EINVAL, -ENETUNREACH, -ENETUNREACH},
        {-ENETDOWN, -ENETUNREACH, -ENETDOWN},
        {-ENODEV, -ENETUNREACH, -ENODEV},
        {-ENOMEM, -ENOMEM, -ENOMEM},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(aq_judge_solicit(&chosen, rows[i][0]), rows[i][1]);
        assert_int_equal(aq_judge_solicit(&named, rows[i][0]), rows[i][2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_asked_seldom),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_useless_counters),
        cmocka_unit_test(test_pending),
        cmocka_unit_test(test_stages),
        cmocka_unit_test(test_drop_queued),
        cmocka_unit_test(test_many_of_one_target),
        cmocka_unit_test(test_codes_of_solicits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

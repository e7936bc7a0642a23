/* SPDX-License-Identifier: MIT */
/* Which entries a resolver removes, with a simulated kernel. The clock can go on during each
 * request, as on a slow machine. */
#include "test.h"

#include "handle/sockets.h"
#include "kernel/rtnl_neigh_edit.h"
#include "resolve/stage.h"
#include "resolve/work.h"

#define COUNT AQ_RTNL_BATCH
#define TIMEOUT_US 500000u
#define TICK_US 10000u /* the resolution of ages in the kernel's messages */

static struct entry {
    bool exists;
    uint32_t state, flags;
    uint8_t protocol;
    uint64_t used_us, updated_us;
} entries[COUNT];

static uint64_t now_us, request_us; /* the time, and how long a request takes */
static uint64_t missed_us;          /* what the kernel's clock is behind */

static int lock_code; /* of the next request for a socket */

/* Another program that runs when the kernel has handled a datagram of solicitations. */
static void (*other_program)(void);

uint64_t __wrap_aq_sys_now_us(void);
uint64_t __wrap_aq_sys_now_us(void)
{
    return now_us;
}

uint64_t __wrap_aq_sys_now_ms(void);
uint64_t __wrap_aq_sys_now_ms(void)
{
    return now_us / 1000;
}

int __wrap_aq_sockets_lock(struct arpq_handle *h, struct aq_rtnl **rtnl);
int __wrap_aq_sockets_lock(struct arpq_handle *h, struct aq_rtnl **rtnl)
{
    int code = lock_code;

    lock_code = 0;
    *rtnl = NULL;
    return code;
}

void __wrap_aq_sockets_unlock(struct arpq_handle *h, struct aq_rtnl *rtnl);
void __wrap_aq_sockets_unlock(struct arpq_handle *h, struct aq_rtnl *rtnl)
{
}

int __wrap_arpq_table_stats(struct arpq_handle *h, uint16_t family, struct arpq_table_stats *stats);
int __wrap_arpq_table_stats(struct arpq_handle *h, uint16_t family, struct arpq_table_stats *stats)
{
    *stats = (struct arpq_table_stats){.gc_thresh2 = 512, .gc_thresh3 = 1024};
    return 0;
}

int __wrap_aq_rtnl_events(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers,
                          aq_rtnl_handler handler, void *context);
int __wrap_aq_rtnl_events(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers,
                          aq_rtnl_handler handler, void *context)
{
    return -EAGAIN;
}

int __wrap_aq_interfaces_catch_up(struct arpq_handle *h);
int __wrap_aq_interfaces_catch_up(struct arpq_handle *h)
{
    return 0;
}

int __wrap_aq_judge_link(struct arpq_handle *h, const struct aq_query *query,
                         const struct aq_target *target);
int __wrap_aq_judge_link(struct arpq_handle *h, const struct aq_query *query,
                         const struct aq_target *target)
{
    return 0;
}

static struct entry *entry_of(const struct arpq_ip *ip)
{
    now_us += request_us / 2;
    return &entries[ip->bytes[3]];
}

static void ask(struct entry *entry)
{
    *entry = (struct entry){
        .exists = true, .state = ARPQ_STATE_INCOMPLETE, .used_us = now_us, .updated_us = now_us};
}

/* Another program adds the entry while the resolver finds that there is no route any more. */
int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *target);
int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *target)
{
    ask(entry_of(&target->ip));
    return -EHOSTUNREACH;
}

void __wrap_aq_solicit_many(struct aq_rtnl *rtnl, const struct aq_solicit *solicits, unsigned count,
                            int *codes);
void __wrap_aq_solicit_many(struct aq_rtnl *rtnl, const struct aq_solicit *solicits, unsigned count,
                            int *codes)
{
    for (unsigned n = 0; n < count; n++) {
        struct entry *entry = entry_of(&solicits[n].ip);

        codes[n] = entry->exists && solicits[n].how == AQ_SOLICIT_NEW ? -EEXIST : 0;
        if (codes[n] == 0)
            ask(entry);
        now_us += request_us / 2;
    }
    if (other_program)
        other_program();
}

static uint64_t age_ms(uint64_t since_us)
{
    uint64_t age_us = now_us - since_us;

    return (age_us < missed_us ? 0 : age_us - missed_us) / TICK_US * TICK_US / 1000;
}

void __wrap_aq_rtnl_neigh_get_many(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                   unsigned count, struct arpq_neigh *neighs, int *codes);
void __wrap_aq_rtnl_neigh_get_many(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                   unsigned count, struct arpq_neigh *neighs, int *codes)
{
    memset(neighs, 0, count * sizeof *neighs);
    for (unsigned n = 0; n < count; n++) {
        const struct entry *entry = entry_of(&keys[n].ip);

        codes[n] = entry->exists ? 0 : -ENOENT;
        neighs[n].state = entry->state;
        neighs[n].flags = entry->flags;
        neighs[n].protocol = entry->protocol;
        neighs[n].used_ms = age_ms(entry->used_us);
        neighs[n].updated_ms = age_ms(entry->updated_us);
        now_us += request_us / 2;
    }
}

void __wrap_aq_rtnl_neigh_delete(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                 unsigned count, bool proxy, int *codes);
void __wrap_aq_rtnl_neigh_delete(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                 unsigned count, bool proxy, int *codes)
{
    assert_false(proxy);
    for (unsigned n = 0; n < count; n++) {
        struct entry *entry = entry_of(&keys[n].ip);

        codes[n] = entry->exists ? 0 : -ENOENT;
        entry->exists = false;
        now_us += request_us / 2;
    }
}

/* ---- The resolver ---- */

static struct arpq_resolver *r;

static int set_up(void **state)
{
    memset(entries, 0, sizeof entries);
    now_us = 1000000000;
    request_us = missed_us = 0;
    lock_code = 0;
    other_program = NULL;
    r = calloc(1, sizeof *r);
    if (!r)
        return -1;
    r->timeout_us = TIMEOUT_US;
    r->window = COUNT;
    r->budgets[0].family = AF_INET;
    return aq_pending_init(&r->pending);
}

static int tear_down(void **state)
{
    aq_pending_free(&r->pending);
    free(r);
    return 0;
}

static struct aq_wait *add(unsigned n)
{
    struct aq_wait *wait = aq_pending_add(&r->pending);

    assert_non_null(wait);
    wait->added_us = now_us;
    wait->target.ip = (struct arpq_ip){.family = AF_INET, .bytes = {10, 1, 0, (uint8_t)n}};
    wait->target.ifindex = 1;
    aq_pending_key(&r->pending, wait);
    aq_pending_move(&r->pending, wait, AQ_STAGE_LOOKUP);
    aq_pending_queue_lookup(&r->pending, wait);
    return wait;
}

/* Do all work that is possible now. */
static void work(void)
{
    unsigned calls = 0;

    do {
        assert_int_equal(aq_work(r), 0);
        assert_true(++calls < 1000);
    } while (r->unfinished);
}

static void ask_for(unsigned count)
{
    for (unsigned n = 0; n < count; n++)
        (void)add(n);
    work();
    assert_int_equal(r->pending.stages[AQ_STAGE_ASKED].count, count);
}

static unsigned existing(void)
{
    unsigned count = 0;

    for (unsigned n = 0; n < COUNT; n++)
        count += entries[n].exists;
    return count;
}

static void time_out(void)
{
    now_us += TIMEOUT_US;
    work();
    assert_int_equal(r->pending.stages[AQ_STAGE_ASKED].count, 0);
}

/* ---- Tests ---- */

/* All entries are removed, however long the kernel takes to tell them. */
static void test_slow_timeout(void **state)
{
    ask_for(COUNT);
    request_us = 1000;
    for (unsigned n = 0; n < COUNT; n += 2)
        entries[n].state = ARPQ_STATE_FAILED;
    time_out();
    assert_int_equal(existing(), 0);
}

static void test_slow_close(void **state)
{
    ask_for(COUNT);
    request_us = 1000;
    aq_work_abandon(r);
    assert_int_equal(existing(), 0);
}

/* Entries are removed although the kernel's clock is behind. */
static void test_missed_ticks(void **state)
{
    for (int closed = 0; closed < 2; closed++) {
        ask_for(COUNT);
        now_us += 100000;
        missed_us = 80000;
        if (closed)
            aq_work_abandon(r);
        else
            time_out();
        assert_int_equal(existing(), 0);
        tear_down(NULL);
        set_up(NULL);
    }
}

/* Another program made the kernel ask again after it had given up. */
static void test_other_try(void **state)
{
    ask_for(1);
    now_us += 300000;
    ask(&entries[0]);
    now_us += 50000;
    aq_work_abandon(r);
    assert_int_equal(existing(), 1);
}

/* Of four entries, the last one alone is removed. Begins anew afterwards. */
static void end_with_three(bool closed)
{
    if (closed)
        aq_work_abandon(r);
    else
        time_out();
    for (unsigned n = 0; n < 4; n++)
        assert_int_equal(entries[n].exists, n < 3);
    tear_down(NULL);
    set_up(NULL);
}

/* Other programs used an entry, or set it. */
static void test_others(void **state)
{
    for (int closed = 0; closed < 2; closed++) {
        ask_for(4);
        now_us += 40000;
        entries[0].used_us = now_us;
        now_us += 100000;
        entries[1].used_us = now_us;
        entries[1].state = ARPQ_STATE_FAILED;
        entries[2].state = ARPQ_STATE_PERMANENT;
        now_us += 100000;
        end_with_three(closed);
    }
}

static void use_first(void)
{
    entries[0].used_us = now_us;
}

/* Another program uses an entry while the datagram of its request is still handled. */
static void test_used_meanwhile(void **state)
{
    request_us = 1000;
    other_program = use_first;
    ask_for(COUNT);
    aq_work_abandon(r);
    assert_int_equal(existing(), 1);
    assert_true(entries[0].exists);
}

/* Another program removes the entry of a resolver, and then adds its own before the resolver adds
 * another one. */
static void test_added_by_other(void **state)
{
    struct aq_wait *wait = add(0);

    work();
    assert_true(wait->created);
    now_us += 100000;
    aq_stage_want(r, wait, AQ_SOLICIT_NEW);
    ask(&entries[0]);
    work();
    assert_false(wait->created);
    time_out();
    assert_true(entries[0].exists);
}

/* The entry of a resolver is gone, and another program adds its own before the resolver ends. */
static void test_added_at_end(void **state)
{
    struct aq_wait *wait = add(0);

    work();
    entries[0].exists = false;
    aq_pending_queue_lookup(&r->pending, wait);
    work();
    assert_int_equal(wait->stage, AQ_STAGE_DONE);
    assert_true(entries[0].exists);
}

/* A program sets an entry to FAILED during the resolution, to keep traffic from an address. */
static void test_set_by_other(void **state)
{
    for (int closed = 0; closed < 2; closed++) {
        ask_for(4);
        for (unsigned n = 0; n < 4; n++)
            entries[n].state = ARPQ_STATE_FAILED;
        entries[0].protocol = 11;
        entries[1].flags = ARPQ_NEIGH_EXT_LEARNED;
        entries[2].flags = ARPQ_NEIGH_MANAGED;
        end_with_three(closed);
    }
}

/* An address whose resolution ends with any other error leaves no entry. */
static void test_error(void **state)
{
    struct aq_wait *wait = add(0);

    work();
    aq_pending_queue_lookup(&r->pending, wait);
    lock_code = -EMFILE;
    work();
    assert_int_equal(wait->code, -EMFILE);
    assert_false(entries[0].exists);
}

/* An address whose entry the resolver has to make the kernel ask for again leaves no entry. */
static void test_closed_before_asking_again(void **state)
{
    struct aq_wait *wait = add(0);

    work();
    aq_stage_want(r, wait, AQ_SOLICIT_AGAIN);
    assert_int_equal(wait->stage, AQ_STAGE_READY);
    aq_work_abandon(r);
    assert_false(entries[0].exists);
}

/* The same address twice, with a place for one in the window: the second one waits for budget. */
static void ask_for_one_of_two(void)
{
    r->window = 1;
    (void)add(0);
    (void)add(0);
    work();
    assert_int_equal(r->pending.stages[AQ_STAGE_ASKED].count, 1);
    assert_int_equal(r->pending.stages[AQ_STAGE_BUDGET4].count, 1);
}

static void test_expired_before_second(void **state)
{
    ask_for_one_of_two();
    now_us += TIMEOUT_US;
    work();
    assert_false(entries[0].exists);
    work(); /* the second one asks */
    assert_true(entries[0].exists);
    time_out();
    assert_false(entries[0].exists);
}

static void test_closed_before_second(void **state)
{
    ask_for_one_of_two();
    aq_work_abandon(r);
    assert_false(entries[0].exists);
}

/* The last of several addresses with one entry removes it, though it has asked again meanwhile. */
static void test_asked_again(void **state)
{
    struct aq_wait *first = add(0), *second = add(0);

    work();
    assert_true(first->created && !second->created);
    now_us += 100000;
    aq_stage_want(r, second, AQ_SOLICIT_AGAIN);
    work();
    aq_stage_finish(r, first, -EHOSTUNREACH);
    work();
    assert_true(entries[0].exists && second->created);
    time_out();
    assert_false(entries[0].exists);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_slow_timeout),
        TEST(test_slow_close),
        TEST(test_missed_ticks),
        TEST(test_other_try),
        TEST(test_others),
        TEST(test_used_meanwhile),
        TEST(test_added_by_other),
        TEST(test_added_at_end),
        TEST(test_set_by_other),
        TEST(test_error),
        TEST(test_closed_before_asking_again),
        TEST(test_expired_before_second),
        TEST(test_closed_before_second),
        TEST(test_asked_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

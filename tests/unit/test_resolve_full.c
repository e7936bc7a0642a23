/* SPDX-License-Identifier: MIT */
/* Addresses that wait for a budget while the table is full and stays full. */
#include "test.h"

#include "handle/sockets.h"
#include "kernel/rtnl_event.h"
#include "resolve/limit.h"
#include "resolve/work.h"

static uint64_t now_us;
static unsigned tries;

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

int __wrap_arpq_table_stats(struct arpq_handle *h, uint16_t family, struct arpq_table_stats *stats);
int __wrap_arpq_table_stats(struct arpq_handle *h, uint16_t family, struct arpq_table_stats *stats)
{
    *stats = (struct arpq_table_stats){.entries = 1024, .gc_thresh2 = 512, .gc_thresh3 = 1024};
    return 0;
}

int __wrap_aq_rtnl_events(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers,
                          aq_rtnl_handler handler, void *context);
int __wrap_aq_rtnl_events(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers,
                          aq_rtnl_handler handler, void *context)
{
    return -EAGAIN;
}

int __wrap_aq_sockets_lock(struct arpq_handle *h, struct aq_rtnl **rtnl);
int __wrap_aq_sockets_lock(struct arpq_handle *h, struct aq_rtnl **rtnl)
{
    *rtnl = NULL;
    return 0;
}

void __wrap_aq_sockets_unlock(struct arpq_handle *h, struct aq_rtnl *rtnl);
void __wrap_aq_sockets_unlock(struct arpq_handle *h, struct aq_rtnl *rtnl)
{
}

/* The simulated kernel refuses requests, and drops a datagram without an error. */
void __wrap_aq_solicit_many(struct aq_rtnl *rtnl, const struct aq_solicit *solicits, unsigned count,
                            int *codes);
void __wrap_aq_solicit_many(struct aq_rtnl *rtnl, const struct aq_solicit *solicits, unsigned count,
                            int *codes)
{
    for (unsigned n = 0; n < count; n++)
        codes[n] = -ENOBUFS;
    tries++;
}

int __wrap_aq_sockets_solicit(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex);
int __wrap_aq_sockets_solicit(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex)
{
    tries++;
    return 0;
}

void __wrap_aq_rtnl_neigh_get_many(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                   unsigned count, struct arpq_neigh *neighs, int *codes);
void __wrap_aq_rtnl_neigh_get_many(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                   unsigned count, struct arpq_neigh *neighs, int *codes)
{
    for (unsigned n = 0; n < count; n++)
        codes[n] = -ENOENT;
    memset(neighs, 0, count * sizeof *neighs);
}

int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *target);
int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *target)
{
    *target = (struct aq_target){.ip.family = AF_INET, .ifindex = 1};
    return 0;
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

/* Resolve one address that waits for the budget. Returns the time in microseconds until the address
 * gets -ENOBUFS. */
static uint64_t wait_for_budget(uint64_t timeout_us, bool refused)
{
    struct arpq_resolver *r = calloc(1, sizeof *r);
    struct aq_wait *wait;

    assert_non_null(r);
    r->timeout_us = timeout_us;
    r->refused = refused;
    r->window = 8;
    r->budgets[0].family = AF_INET;
    assert_int_equal(aq_pending_init(&r->pending), 0);
    now_us = 1000000000;
    tries = 0;
    wait = aq_pending_add(&r->pending);
    assert_non_null(wait);
    wait->added_us = now_us;
    wait->target.ip.family = AF_INET;
    aq_pending_move(&r->pending, wait, AQ_STAGE_BUDGET4);
    for (unsigned steps = 0; steps < 200; steps++) {
        assert_int_equal(aq_work(r), 0);
        if (wait->stage == AQ_STAGE_DONE)
            break;
        assert_true(aq_limit_next(r) > now_us);
        now_us = aq_limit_next(r);
    }
    assert_int_equal(wait->stage, AQ_STAGE_DONE);
    assert_int_equal(wait->code, -ENOBUFS);
    assert_true(tries > 0);
    aq_pending_free(&r->pending);
    free(r);
    return now_us - 1000000000;
}

static void test_full(void **state)
{
    for (int refused = 0; refused < 2; refused++) {
        assert_int_equal(wait_for_budget(250000, refused), 250000);
        assert_int_equal(wait_for_budget(AQ_NEVER, refused), 3500000);
    }
}

/* An address without a place in the window does not wait for the budget. */
static void test_no_place(void **state)
{
    struct arpq_resolver r = {.timeout_us = 250000, .window = 1};
    struct aq_wait *waits[2];

    assert_int_equal(aq_pending_init(&r.pending), 0);
    for (unsigned i = 0; i < 2; i++) {
        waits[i] = aq_pending_add(&r.pending);
        assert_non_null(waits[i]);
        waits[i]->added_us = 1000000000;
        aq_pending_move(&r.pending, waits[i], AQ_STAGE_BUDGET4);
    }
    assert_int_equal(aq_limit_of(&r, waits[1]), 1000250000);
    waits[0]->until_us = 1000900000;
    aq_pending_move(&r.pending, waits[0], AQ_STAGE_ASKED);
    assert_int_equal(aq_limit_of(&r, waits[1]), AQ_NEVER);
    assert_int_equal(aq_limit_next(&r), 1000900000);
    aq_pending_free(&r.pending);
}

/* A caller that never fetches results cannot fill the memory. */
static void test_pending_max(void **state)
{
    struct arpq_resolver r = {.window = 1};
    const struct arpq_ip ip = {.family = AF_INET};

    r.pending.count = 1048576;
    assert_int_equal(arpq_resolver_add(&r, &ip, 0, 0), -ENOBUFS);
    assert_int_equal(r.pending.count, 1048576);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_full), cmocka_unit_test(test_no_place),
                                       cmocka_unit_test(test_pending_max)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

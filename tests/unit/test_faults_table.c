/* SPDX-License-Identifier: MIT */
/* Make every call fail in turn in functions about the whole table: lists, batches of lookups,
 * mirrors, watches. */
#include "test.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include "unit/faults.h"

/* ---- Operations: each checks its outputs and returns its code ---- */

static int op_table_get(void)
{
    struct arpq_table *table = (void *)&netns_fd;
    int code = arpq_table_get(handle, NULL, &table);

    assert_int_equal(!table, code != 0);
    if (code == 0 && own_netns)
        assert_between(arpq_table_count(table), ENTRIES, 2 * ENTRIES);
    arpq_table_free(table);
    return code;
}

static int count_entry(const struct arpq_neigh *neigh, void *context)
{
    assert_int_not_equal(neigh->ifindex, 0);
    ++*(unsigned *)context;
    return 0;
}

static int op_table_each(void)
{
    unsigned count = 0;
    uint32_t flags = 0xaa;
    int code = arpq_table_each(handle, NULL, count_entry, &count, &flags);

    assert_true(flags == 0 || (code == 0 && flags == ARPQ_TABLE_INCONSISTENT));
    if (code == 0 && flags == 0 && own_netns)
        assert_between(count, ENTRIES, 2 * ENTRIES);
    return code;
}

static int op_table_stats(void)
{
    struct arpq_table_stats stats;
    int code;

    memset(&stats, 0xaa, sizeof stats);
    code = arpq_table_stats(handle, AF_INET, &stats);
    assert_zeroed(code, &stats, sizeof stats);
    return code;
}

static int op_many(void)
{
    const struct arpq_ip ips[4] = {entry_ip(1), entry_ip(222), entry_ip(2), {.family = AF_UNIX}};
    struct arpq_neigh neighs[4];
    int32_t codes[4];
    int found = 0, code;

    memset(neighs, 0xaa, sizeof neighs);
    memset(codes, 0x7f, sizeof codes);
    code = arpq_neigh_get_many(handle, ips, 4, 1, 0, neighs, codes);
    for (int i = 0; i < 4; i++) {
        assert_true(documented(codes[i]) || (consumed && codes[i] == -fail_with));
        assert_zeroed(codes[i], &neighs[i], sizeof neighs[i]);
        found += codes[i] == 0;
    }
    assert_int_not_equal(codes[1], 0);
    assert_int_not_equal(codes[3], 0);
    if (code >= 0)
        assert_int_equal(code, found);
    return code < 0 ? code : codes[0];
}

/* ---- A mirror ---- */

static uint8_t mirrored_mac(const struct arpq_mirror *mirror, uint8_t n)
{
    const struct arpq_ip ip = entry_ip(n);
    struct arpq_mac mac;

    assert_int_equal(arpq_mirror_lookup(mirror, &ip, 1, &mac), 0);
    assert_int_equal(mac.bytes[4], n);
    return mac.bytes[5];
}

/* Check that the mirror still has its initial entries, whatever failed afterwards. */
static void assert_answers(const struct arpq_mirror *mirror)
{
    for (uint8_t n = 1; own_netns && n <= ENTRIES; n++)
        (void)mirrored_mac(mirror, n);
}

/* Sync until nothing is outstanding. Returns the first error, or 0. */
static int catch_up(struct arpq_mirror *mirror)
{
    struct arpq_sync_stats stats = {.stale = 1};
    int code = 0, failure = 0;

    for (int tries = 0; tries < 5 && (code < 0 || stats.stale); tries++) {
        code = arpq_mirror_sync(mirror);
        if (failure == 0 && code < 0)
            failure = code;
        assert_answers(mirror);
        assert_int_equal(arpq_mirror_stats(mirror, &stats), 0);
        skew_s++;
    }
    assert_true(code >= 0);
    assert_int_equal(stats.stale, 0);
    if (own_netns)
        assert_int_equal(mirrored_mac(mirror, 1), changed_mac);
    return failure;
}

static int use_mirror(uint32_t flags)
{
    const struct arpq_mirror_options options = {.size = sizeof options, .flags = flags};
    struct arpq_mirror *mirror = (void *)&netns_fd;
    int code = arpq_mirror_open(handle, &mirror, &options), later;

    assert_int_equal(!mirror, code != 0);
    if (code < 0)
        return code;
    assert_answers(mirror);
    change_neighbours();
    if (!flags) {
        code = catch_up(mirror);
        change_neighbours();
        overruns = 1;
        later = catch_up(mirror);
        code = code < 0 ? code : later;
    }
    arpq_mirror_close(mirror);
    overruns = 0;
    return code;
}

static int op_mirror(void)
{
    return use_mirror(0);
}
static int op_mirror_thread(void)
{
    return use_mirror(ARPQ_MIRROR_THREAD);
}

/* ---- A watch ---- */

struct answers {
    uint8_t mac; /* the MAC of the first entry in the last event */
    unsigned added, overrun, synced;
};

static void count_event(struct answers *answers, const struct arpq_event *event)
{
    const struct arpq_ip ip = entry_ip(1);

    answers->added += event->type == ARPQ_EVENT_NEIGH_ADDED;
    answers->overrun += event->type == ARPQ_EVENT_OVERRUN;
    answers->synced += event->type == ARPQ_EVENT_SYNCED;
    if (event->type == ARPQ_EVENT_NEIGH_ADDED || event->type == ARPQ_EVENT_NEIGH_MOVED)
        if (arpq_ip_compare(&event->neigh.ip, &ip) == 0)
            answers->mac = event->neigh.mac.bytes[5];
}

/* Read all events. Returns the first error, or 0. */
static int read_all(struct arpq_watch *watch, struct answers *answers)
{
    struct arpq_sync_stats stats = {.stale = 1};
    struct arpq_event event;
    int code = 0, failure = 0;

    for (int tries = 0; tries < 5 && (code < 0 || stats.stale); tries++) {
        while ((code = arpq_watch_next(watch, &event, 0)) == 1)
            count_event(answers, &event);
        assert_zeroed(-1, &event, sizeof event);
        if (failure == 0)
            failure = code;
        assert_int_equal(arpq_watch_stats(watch, &stats), 0);
        skew_s++;
    }
    assert_int_equal(code, 0);
    assert_int_equal(stats.stale, 0);
    if (own_netns)
        assert_int_equal(answers->mac, changed_mac);
    return failure;
}

static int op_watch(void)
{
    const struct arpq_watch_options options = {
        .size = sizeof options,
        .flags = ARPQ_WATCH_EXISTING | ARPQ_WATCH_INTERFACES | ARPQ_WATCH_ADDRESSES,
    };
    struct arpq_watch *watch = (void *)&netns_fd;
    struct answers answers = {0};
    int code = arpq_watch_open(handle, &watch, &options), later;

    assert_int_equal(!watch, code != 0);
    if (code < 0)
        return code;
    change_neighbours();
    code = read_all(watch, &answers);
    assert_true(!own_netns || answers.added >= ENTRIES);
    change_neighbours();
    overruns = 1;
    later = read_all(watch, &answers);
    assert_between(answers.overrun, 1, 3);
    assert_between(answers.synced, 2, 4);
    arpq_watch_close(watch);
    return code < 0 ? code : later;
}

/* ---- Every fault in each operation ---- */

SHORT_TEST_OF(op_table_get, 2)
SHORT_TEST_OF(op_table_each, 2)
TEST_OF(op_table_stats)
TEST_OF(op_many)
SHORT_TEST_OF(op_mirror, 2)
SHORT_TEST_OF(op_mirror_thread, 1)
SHORT_TEST_OF(op_watch, 2)

/* The mirror keeps its entries if an allocation fails during a new dump. */
static void test_mirror_keeps(void **state)
{
    static const enum call calls[] = {MALLOC, CALLOC, ALIGNED_ALLOC};
    struct arpq_sync_stats stats;
    struct arpq_mirror *mirror;
    unsigned met = 0;

    assert_int_equal(arpq_open(&handle, NULL), 0);
    assert_int_equal(arpq_mirror_open(handle, &mirror, NULL), 0);
    for (size_t i = 0; i < LENGTH(calls); i++)
        for (unsigned n = 1;; n++) {
            int code;

            /* Advance the clock by more than the pause after the last dump, however long that dump
             * took. */
            skew_s += 60;
            change_neighbours();
            overruns = 1;
            arm(calls[i], n, 1, ENOMEM);
            code = arpq_mirror_sync(mirror);
            armed = CALLS;
            assert_int_equal(arpq_mirror_stats(mirror, &stats), 0);
            /* A later dump may have supplied an entry for which there was no memory when its event
             * arrived. On a slow machine, entries may be looked up once more before the sync ends;
             * without memory for that the mirror is stale. */
            if (code >= 0)
                assert_true(!stats.stale || consumed);
            else
                assert_int_equal(code, consumed ? -ENOMEM : 0);
            assert_answers(mirror);
            if (code >= 0 && !stats.stale && own_netns)
                assert_int_equal(mirrored_mac(mirror, 1), changed_mac);
            assert_int_equal(catch_up(mirror), 0);
            if (!consumed)
                break;
            met++;
        }
    assert_true(met > 0);
    arpq_mirror_close(mirror);
    arpq_close(handle);
    handle = NULL;
}

/* Every dump reports that the table changed meanwhile. */
static ssize_t interrupt_dump(void *data, ssize_t length)
{
    struct nlmsghdr *header = data;

    if (length >= (ssize_t)sizeof *header)
        header->nlmsg_flags |= NLM_F_DUMP_INTR;
    return length;
}

static int end_with(const struct arpq_neigh *neigh, void *context)
{
    return *(int *)context;
}

/* Without a descriptor for a dump of its own, the function lists the entries first. */
static void test_each_of_list(void **state)
{
    static int results[] = {0, 7};
    uint32_t flags;

    if (!own_netns)
        skip();
    assert_int_equal(arpq_open(&handle, NULL), 0);
    for (size_t i = 0; i < LENGTH(results); i++) {
        flags = 0xaa;
        change_datagram = interrupt_dump;
        arm(SOCKET, 1, 2, EMFILE);
        assert_int_equal(arpq_table_each(handle, NULL, end_with, &results[i], &flags), results[i]);
        armed = CALLS;
        change_datagram = NULL;
        assert_int_equal(consumed, 2);
        assert_int_equal(flags, results[i] ? 0 : ARPQ_TABLE_INCONSISTENT);
    }
    arpq_close(handle);
    handle = NULL;
}

static void test_each_was_met(void **state)
{
    assert_each_was_met(LOOKUPS_ONLY | WIRE_ONLY | BIT(TIMERFD_SETTIME));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_op_table_get),   cmocka_unit_test(test_op_table_each),
        cmocka_unit_test(test_op_table_stats), cmocka_unit_test(test_op_many),
        cmocka_unit_test(test_op_mirror),      cmocka_unit_test(test_op_mirror_thread),
        cmocka_unit_test(test_op_watch),       cmocka_unit_test(test_mirror_keeps),
        cmocka_unit_test(test_each_of_list),   cmocka_unit_test(test_each_was_met),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

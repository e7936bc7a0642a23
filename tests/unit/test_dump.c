/* SPDX-License-Identifier: MIT */
/* How often the library dumps the table. Dumps and counters come from a script. */
#include "test.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include "handle/sockets.h"
#include "kernel/rtnl_neightbl.h"
#include "table/dump.h"

#define DUMPS_MAX 8

/* One dump, and the changes before it ends. */
struct step {
    int code;
    unsigned chunks;
    unsigned changes; /* entries that were added during the dump */
    unsigned grows;
};

static struct arpq_handle h;
static struct aq_rtnl *own_socket; /* the socket of aq_dump_once */
static struct aq_rtnl socket_;
static struct step steps[16];
static struct arpq_table_stats tables[2]; /* IPv4, IPv6 */
static int begin_code, counters_code[2], again_code;
static unsigned dumps, counted, began, ended, again, handled;

int __wrap_aq_sockets_lock(struct arpq_handle *handle, struct aq_rtnl **rtnl);
void __wrap_aq_sockets_unlock(struct arpq_handle *handle, struct aq_rtnl *rtnl);
int __wrap_aq_rtnl_neightbl_get(struct aq_rtnl *rtnl, uint16_t family,
                                struct arpq_table_stats *stats);
int __wrap_aq_rtnl_neigh_dump(struct aq_rtnl *rtnl, const struct aq_neigh_dump *which,
                              aq_rtnl_handler handler, void *context, unsigned *chunks);

int __wrap_aq_sockets_open(struct arpq_handle *handle, struct aq_rtnl *rtnl);
int __wrap_aq_sockets_open(struct arpq_handle *handle, struct aq_rtnl *rtnl)
{
    assert_ptr_equal(handle, &h);
    own_socket = rtnl;
    aq_rtnl_init(rtnl, NULL);
    return 0;
}

int __wrap_aq_sockets_lock(struct arpq_handle *handle, struct aq_rtnl **rtnl)
{
    assert_ptr_equal(handle, &h);
    began += begin_code == 0;
    *rtnl = &socket_;
    return begin_code;
}

void __wrap_aq_sockets_unlock(struct arpq_handle *handle, struct aq_rtnl *rtnl)
{
    assert_ptr_equal(handle, &h);
    assert_ptr_equal(rtnl, &socket_);
    ended++;
}

int __wrap_aq_rtnl_neightbl_get(struct aq_rtnl *rtnl, uint16_t family,
                                struct arpq_table_stats *stats)
{
    int table = family == AF_INET6;

    assert_true(rtnl == &socket_ || rtnl == own_socket);
    counted++;
    memset(stats, 0, sizeof *stats);
    if (counters_code[table] == 0)
        *stats = tables[table];
    return counters_code[table];
}

int __wrap_aq_rtnl_neigh_dump(struct aq_rtnl *rtnl, const struct aq_neigh_dump *which,
                              aq_rtnl_handler handler, void *context, unsigned *chunks)
{
    static const struct nlmsghdr message = {.nlmsg_len = sizeof message};
    const struct step *step = &steps[dumps++];
    int code;

    assert_true(rtnl == &socket_ || rtnl == own_socket);
    assert_true(which->family == AF_INET6 || which->family == 0);
    *chunks = step->chunks;
    code = handler(&message, context);
    tables[1].allocs += step->changes;
    tables[0].destroys += which->family ? 5 : 0; /* changes in the family that was not requested */
    tables[1].hash_size <<= step->grows;
    return code < 0 ? code : step->code;
}

static int handler(const struct nlmsghdr *message, void *context)
{
    assert_non_null(message);
    assert_ptr_equal(context, &handled);
    handled++;
    return 0;
}

static int begin_again(void *context)
{
    assert_ptr_equal(context, &handled);
    again++;
    return again_code;
}

static int set_up(void **state)
{
    memset(steps, 0, sizeof steps);
    memset(tables, 0, sizeof tables);
    tables[0] = tables[1] = (struct arpq_table_stats){.hash_size = 8, .allocs = 100};
    begin_code = counters_code[0] = counters_code[1] = again_code = 0;
    dumps = counted = began = ended = again = handled = 0;
    return 0;
}

static struct aq_dump dump = {
    .which = {.family = AF_INET6}, .handler = handler, .again = begin_again, .context = &handled};

static int take(void)
{
    int code = aq_dump(&h, &dump);

    assert_int_equal(began, ended);
    assert_int_equal(handled, dumps);
    assert_int_equal(again, dumps ? dumps - (again_code == 0) : 0);
    return code;
}

static void fill_steps(struct step step)
{
    for (int i = 0; i < 16; i++)
        steps[i] = step;
}

/* ---- Tests ---- */

static void test_one_chunk(void **state)
{
    /* A dump of one chunk is atomic, so the counted change cannot have happened during it. */
    fill_steps((struct step){.chunks = 1, .changes = 3});
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 1);
    /* The table grows during the dump. Even a dump of one chunk may then omit entries. */
    steps[dumps].grows = 1;
    assert_int_equal(aq_dump(&h, &dump), 0);
    assert_int_equal(dumps, 3);
}

static void test_quiet(void **state)
{
    fill_steps((struct step){.chunks = 9});
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 1);
    assert_int_equal(counted, 2);
}

static void test_both_families(void **state)
{
    dump.which.family = 0;
    fill_steps((struct step){.chunks = 9});
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 1);
    assert_int_equal(counted, 4);
    counters_code[1] = -EAFNOSUPPORT; /* a kernel without IPv6 */
    assert_int_equal(aq_dump(&h, &dump), 0);
    dump.which.family = AF_INET6;
    assert_int_equal(dumps, 2);
}

static void test_churn(void **state)
{
    fill_steps((struct step){.chunks = 9, .changes = 3});
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 2);
}

static void test_churn_then_quiet(void **state)
{
    fill_steps((struct step){.chunks = 9});
    steps[0].changes = 1;
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 2);
}

static void test_growth(void **state)
{
    fill_steps((struct step){.chunks = 9});
    steps[0].grows = 1;
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 2);
}

/* A dump during which entries moved is not counted as one of the two equal dumps. */
static void test_growth_then_churn(void **state)
{
    fill_steps((struct step){.chunks = 9, .changes = 1});
    steps[0].grows = 1;
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 3);
}

static void test_churn_growth_churn(void **state)
{
    fill_steps((struct step){.chunks = 9, .changes = 1});
    steps[1].grows = 1;
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 3);
}

/* The counters of newer kernels are those before the growth until it has ended. */
static void test_growth_not_shown(void **state)
{
    fill_steps((struct step){.chunks = 1});
    tables[1].entries = tables[1].hash_size + 1;
    steps[1].grows = 1; /* ends during the second dump */
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 3);
    set_up(NULL);
    tables[1].entries = tables[1].hash_size + 1;
    assert_int_equal(take(), AQ_DUMP_MOVED);
    assert_int_equal(dumps, DUMPS_MAX);
    assert_int_equal(aq_dump_once(&h, &dump), 1);
}

/* The kernel has tried to replace the hash table, and has none that is larger. */
static void test_growth_refused(void **state)
{
    fill_steps((struct step){.chunks = 9});
    tables[1].hash_size = 1u << 19;
    tables[1].entries = 1u << 20;
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 1);
}

static void test_never_still(void **state)
{
    fill_steps((struct step){.chunks = 9, .grows = 1});
    assert_int_equal(take(), AQ_DUMP_MOVED);
    assert_int_equal(dumps, DUMPS_MAX);
}

/* The kernel sets NLM_F_DUMP_INTR, or a chunk is truncated. */
static void test_inconsistent(void **state)
{
    fill_steps((struct step){.chunks = 1});
    steps[0].code = 1;
    assert_int_equal(take(), 0);
    assert_int_equal(dumps, 2);
    set_up(NULL);
    fill_steps((struct step){.code = 1, .chunks = 1});
    assert_int_equal(take(), AQ_DUMP_MOVED);
    assert_int_equal(dumps, DUMPS_MAX);
}

/* Without counters the library dumps twice and does not guarantee that the list is complete. */
static void test_no_counters(void **state)
{
    static const int refusals[] = {-EPERM, -EACCES, -EOPNOTSUPP, -EINVAL};

    for (size_t i = 0; i < 4; i++) {
        set_up(NULL);
        counters_code[1] = refusals[i];
        fill_steps((struct step){.chunks = 9});
        assert_int_equal(take(), AQ_DUMP_UNKNOWN);
        assert_int_equal(dumps, 2);
    }
}

static void test_refusals(void **state)
{
    fill_steps((struct step){.code = -EPERM});
    assert_int_equal(take(), -EOPNOTSUPP);
    assert_int_equal(dumps, 1);
    set_up(NULL);
    fill_steps((struct step){.code = -EACCES});
    assert_int_equal(aq_dump_once(&h, &dump), -EOPNOTSUPP);
    begin_code = -EOPNOTSUPP;
    assert_int_equal(aq_dump(&h, &dump), -EOPNOTSUPP);
    assert_int_equal(aq_dump_once(&h, &dump), -EOPNOTSUPP);
    assert_int_equal(began, ended);
}

static void test_errors(void **state)
{
    static const int errors[] = {-ENOMEM, -ETIMEDOUT, -ENOBUFS, -EMFILE, -EBADMSG};

    for (size_t i = 0; i < 5; i++) {
        set_up(NULL);
        fill_steps((struct step){.code = errors[i]});
        assert_int_equal(take(), errors[i]);
        assert_int_equal(dumps, 1);
        set_up(NULL);
        counters_code[1] = errors[i];
        assert_int_equal(take(), errors[i]);
        assert_int_equal(dumps, 0);
        begin_code = errors[i];
        assert_int_equal(take(), errors[i]);
    }
}

/* The library returns an error of the second dump although the first dump succeeded. */
static void test_late_error(void **state)
{
    fill_steps((struct step){.chunks = 9, .changes = 1});
    steps[1].code = -ENOBUFS;
    assert_int_equal(take(), -ENOBUFS);
    assert_int_equal(dumps, 2);
}

static void test_no_memory_again(void **state)
{
    fill_steps((struct step){.chunks = 9, .changes = 1});
    again_code = -ENOMEM;
    assert_int_equal(take(), -ENOMEM);
    assert_int_equal(dumps, 1);
    assert_int_equal(again, 1);
}

static void test_once(void **state)
{
    fill_steps((struct step){.chunks = 9, .changes = 1});
    assert_int_equal(aq_dump_once(&h, &dump), 0);
    fill_steps((struct step){.chunks = 9, .grows = 1});
    assert_int_equal(aq_dump_once(&h, &dump), 1);
    fill_steps((struct step){.code = 1, .chunks = 1});
    assert_int_equal(aq_dump_once(&h, &dump), 1);
    fill_steps((struct step){.code = -ECANCELED});
    assert_int_equal(aq_dump_once(&h, &dump), -ECANCELED);
    assert_int_equal(dumps, 4);
    assert_int_equal(again, 0);
    assert_int_equal(ended, 0); /* the shared socket was not used */
    /* The dump is one chunk, but entries moved. */
    steps[dumps] = (struct step){.chunks = 1, .changes = 1, .grows = 1};
    assert_int_equal(aq_dump_once(&h, &dump), 1);
    steps[dumps] = (struct step){.chunks = 1, .changes = 1};
    assert_int_equal(aq_dump_once(&h, &dump), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_one_chunk),
        TEST_SET_UP(test_quiet),
        TEST_SET_UP(test_both_families),
        TEST_SET_UP(test_churn),
        TEST_SET_UP(test_churn_then_quiet),
        TEST_SET_UP(test_growth),
        TEST_SET_UP(test_growth_then_churn),
        TEST_SET_UP(test_churn_growth_churn),
        TEST_SET_UP(test_growth_not_shown),
        TEST_SET_UP(test_growth_refused),
        TEST_SET_UP(test_never_still),
        TEST_SET_UP(test_inconsistent),
        TEST_SET_UP(test_no_counters),
        TEST_SET_UP(test_refusals),
        TEST_SET_UP(test_errors),
        TEST_SET_UP(test_late_error),
        TEST_SET_UP(test_no_memory_again),
        TEST_SET_UP(test_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Resolve addresses while each system call and allocation fails in turn, with and without
 * CAP_NET_ADMIN. */
#include "test.h"

#include <net/if.h>
#include <unistd.h>

#include "kernel/rtnl_neigh_edit.h"
#include "namespace.h"
#include "process.h"
#include "unit/faults.h"

#define TIMEOUT_MS 5 /* a busy machine needs some of it to read an answer */

static pid_t far; /* the process that holds the other namespace */
static struct aq_rtnl changes = {.fd = -1};
static uint32_t v0;
static bool is_nobody;

/* Remove the entries, with no fault active. */
static void forget(const char *const *texts, unsigned count)
{
    enum call call = armed;
    struct aq_neigh_key keys[8];
    int codes[8];

    armed = CALLS;
    set_capable(true);
    for (unsigned i = 0; i < count; i++)
        keys[i] = (struct aq_neigh_key){ip_of(texts[i]), v0};
    aq_rtnl_neigh_delete(&changes, keys, count, false, codes);
    set_capable(!is_nobody);
    armed = call;
}

static int resolve(const char *text, int32_t timeout_ms)
{
    const struct arpq_ip ip = ip_of(text);
    struct arpq_neigh neigh;
    int code;

    forget(&text, 1);
    memset(&neigh, 0xaa, sizeof neigh);
    code = arpq_resolve(handle, &ip, v0, 0, timeout_ms, &neigh);
    assert_zeroed(code, &neigh, sizeof neigh);
    assert_true(code < 0 || neigh.mac.length == 6);
    return code;
}

static void set_nobody(bool nobody)
{
    is_nobody = nobody;
    set_capable(!nobody);
}

static int as_nobody(int (*operation)(void))
{
    int code;

    set_nobody(true);
    code = operation();
    set_nobody(false);
    return code;
}

static int op_live(void)
{
    return resolve("10.1.0.2", -1);
}
static int op_live_nobody(void)
{
    return as_nobody(op_live);
}
static int op_live6(void)
{
    return resolve("fd01::2", -1);
}
static int op_live6_nobody(void)
{
    return as_nobody(op_live6);
}
static int op_dead(void)
{
    return resolve("10.1.0.200", TIMEOUT_MS);
}
static int op_dead_nobody(void)
{
    return as_nobody(op_dead);
}

static const char *const many[] = {"10.1.0.2", "10.1.0.200", "10.1.0.1", "fd01::2", "10.1.0.3"};
static const int wanted[] = {0, -EHOSTUNREACH, 0, 0, 0};

static int check(int code, int expected, const struct arpq_neigh *neigh)
{
    assert_zeroed(code, neigh, sizeof *neigh);
    if (code == expected)
        return 0;
    assert_true(documented(code) || code == -fail_with);
    return code == 0 ? -EHOSTUNREACH : code;
}

static int op_many(void)
{
    const struct arpq_resolve_options options = {.size = sizeof options,
                                                 .answer_ms = TIMEOUT_MS,
                                                 .flags = ARPQ_RESOLVE_REVALIDATE,
                                                 .max_age_ms = 100000};
    struct arpq_neigh neighs[LENGTH(many)];
    int32_t codes[LENGTH(many)];
    struct arpq_ip ips[LENGTH(many)];
    int code, found = 0, failure = 0;

    forget(many, LENGTH(many));
    for (size_t i = 0; i < LENGTH(many); i++)
        ips[i] = ip_of(many[i]);
    memset(neighs, 0xaa, sizeof neighs);
    code = arpq_resolve_many(handle, ips, LENGTH(many), v0, &options, neighs, codes);
    for (size_t i = 0; i < LENGTH(many); i++) {
        int wrong = check(codes[i], wanted[i], &neighs[i]);

        failure = failure ? failure : wrong;
        found += codes[i] == 0;
    }
    assert_int_equal(code < 0 ? 0 : code, code < 0 ? 0 : found);
    return code < 0 ? code : failure;
}
static int op_many_nobody(void)
{
    return as_nobody(op_many);
}

/* Whatever fails, each address gets one result, and the resolver stays usable. */
static int drive(struct arpq_resolver *resolver, unsigned count)
{
    struct arpq_resolved resolved;
    int failure = 0, code = 1;

    for (unsigned errors = 0; code != -ENODATA && errors < 5; errors += code < 0) {
        code = arpq_resolver_next(resolver, &resolved, -1);
        assert_zeroed(code <= 0 ? -1 : 0, &resolved, sizeof resolved);
        if (code == 1) {
            int wrong = check(resolved.code, wanted[resolved.token], &resolved.neigh);

            failure = failure ? failure : wrong;
            count--;
        } else if (code != -ENODATA) {
            failure = code;
        }
    }
    assert_int_equal(code, -ENODATA);
    assert_int_equal(count, 0);
    assert_int_equal(arpq_resolver_pending(resolver), 0);
    return failure;
}

static int op_resolver(void)
{
    const struct arpq_resolve_options options = {.size = sizeof options, .answer_ms = TIMEOUT_MS};
    struct arpq_resolver *resolver = (void *)&far;
    unsigned added = 0;
    int failure = 0, later, code = arpq_resolver_open(handle, &resolver, &options);

    assert_int_equal(!resolver, code != 0);
    if (code < 0)
        return code;
    forget(many, LENGTH(many));
    overruns = 1;
    for (size_t i = 0; i < LENGTH(many); i++) {
        const struct arpq_ip ip = ip_of(many[i]);

        code = arpq_resolver_add(resolver, &ip, v0, i);
        failure = failure ? failure : code;
        added += code == 0;
    }
    later = drive(resolver, added);
    overruns = 0;
    arpq_resolver_close(resolver);
    return failure ? failure : later;
}
static int op_resolver_nobody(void)
{
    return as_nobody(op_resolver);
}

/* Make more datagrams wait than one socket can hold. Returns the first unexpected code. */
static int crowd_as_nobody(void)
{
    int failure = 0;

    set_nobody(true);
    for (unsigned i = 0; i < 300; i++) {
        const struct arpq_ip ip = {
            .family = AF_INET6,
            .bytes = {0xfd, 1, [13] = 1, [14] = (uint8_t)(i >> 8), [15] = (uint8_t)i}};
        struct arpq_neigh neigh;
        int code = arpq_resolve(handle, &ip, v0, 0, 0, &neigh);

        assert_zeroed(code, &neigh, sizeof neigh);
        if (code != -EAGAIN && failure == 0)
            failure = code;
    }
    set_nobody(false);
    return failure;
}

TEST_OF(op_live)
TEST_OF(op_live_nobody)
TEST_OF(op_live6)
TEST_OF(op_live6_nobody)
SHORT_TEST_OF(op_dead, 2)
SHORT_TEST_OF(op_dead_nobody, 2)
SHORT_TEST_OF(op_many, 2)
SHORT_TEST_OF(op_many_nobody, 2)
SHORT_TEST_OF(op_resolver, 2)
SHORT_TEST_OF(op_resolver_nobody, 2)

/* When the socket is full and its replacement fails, only the address concerned gets the error. */
static void test_crowd(void **state)
{
    static const struct {
        enum call call;
        unsigned at;
        int error, code;
    } rows[] = {
        {CALLS, 1, 0, 0},    {SOCKET, 2, EMFILE, -EMFILE},  {DUP3, 1, EMFILE, -EMFILE},
        {DUP3, 1, EINTR, 0}, {SENDMSG, 280, EPERM, -EPERM}, {SENDMSG, 280, EAGAIN, 0},
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_int_equal(arpq_open(&handle, NULL), 0);
        arm(rows[i].call, rows[i].at, 1, rows[i].error);
        assert_int_equal(crowd_as_nobody(), rows[i].code);
        armed = CALLS;
        assert_true(rows[i].call == CALLS || consumed);
        arpq_close(handle);
        assert_int_equal(system("ip -6 neigh flush dev v0 nud all"), 0);
    }
    handle = NULL;
}

static void test_each_was_met(void **state)
{
    assert_each_was_met(LOOKUPS_ONLY | (WIRE_ONLY & ~RESOLVES_ONLY) | BIT(GETRANDOM) |
                        BIT(REALLOC) | BIT(PTHREAD_CREATE) | BIT(MMAP) | BIT(MADVISE));
}

static int set_up_link(void **state)
{
    char command[1024];

    if (set_up_netns(state) != 0)
        return -1;
    far = namespace_hold();
    snprintf(command, sizeof command,
             "set -e; ip link add v0 type veth peer name v1; ip link set v1 netns %d;"
             "ip addr add 10.1.0.1/24 dev v0; ip addr add fd01::1/64 dev v0 nodad;"
             "ip link set v0 up; nsenter -t %d -n sh -c '"
             "ip addr add 10.1.0.2/24 dev v1; ip addr add 10.1.0.3/24 dev v1;"
             "ip addr add fd01::2/64 dev v1 nodad; ip link set v1 up'",
             (int)far, (int)far);
    if (system(command) != 0)
        return -1;
    namespace_await_ready();
    v0 = if_nametoindex("v0");
    aq_rtnl_init(&changes, NULL);
    if (aq_rtnl_open(&changes, 0) != 0 || arpq_open(&handle, NULL) != 0)
        return -1;
    for (int tries = 0; tries < 500 && (op_live6() != 0 || op_live() != 0); tries++)
        usleep(10000);
    assert_int_equal(op_live6(), 0);
    assert_int_equal(op_live(), 0);
    arpq_close(handle);
    return 0;
}

static int tear_down_link(void **state)
{
    aq_rtnl_close(&changes);
    child_end(&far);
    return tear_down(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_op_live),     cmocka_unit_test(test_op_live_nobody),
        cmocka_unit_test(test_op_live6),    cmocka_unit_test(test_op_live6_nobody),
        cmocka_unit_test(test_op_dead),     cmocka_unit_test(test_op_dead_nobody),
        cmocka_unit_test(test_op_many),     cmocka_unit_test(test_op_many_nobody),
        cmocka_unit_test(test_op_resolver), cmocka_unit_test(test_op_resolver_nobody),
        cmocka_unit_test(test_crowd),       cmocka_unit_test(test_each_was_met),
    };

    return cmocka_run_group_tests(tests, set_up_link, tear_down_link);
}

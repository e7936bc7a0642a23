/* SPDX-License-Identifier: MIT */
/* Run lookups and interface functions while each system call and allocation fails in turn. */
#include "test.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "unit/faults.h"

/* ---- Operations: each checks its outputs and returns its code ---- */

static int open_with(const struct arpq_options *options)
{
    struct arpq_handle *made = (void *)&netns_fd;
    int code = arpq_open(&made, options);

    assert_int_equal(!made, code != 0);
    arpq_close(made);
    return code;
}

static int op_open(void)
{
    return open_with(NULL);
}

static int op_open_refused(void)
{
    int code;

    netlink_refused = true;
    code = open_with(NULL);
    netlink_refused = false;
    return code;
}

static int op_open_netns(void)
{
    const struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = netns_fd};

    return open_with(&options);
}

static int op_hit4(void)
{
    return look_up("127.0.0.1", 0);
}
static int op_hit6(void)
{
    return look_up("::1", 1);
}
static int op_miss4(void)
{
    return look_up("198.51.100.77", 1);
}
static int op_miss6(void)
{
    return look_up("2001:db8::77", 1);
}
static int op_routed(void)
{
    return look_up("224.0.0.1", 0);
}

/* A lookup that finds nothing reads events, even shortly after the last read. */
static int op_events(void)
{
    change_interfaces();
    return op_miss4();
}

static int op_neigh(void)
{
    struct arpq_ip ip = {.family = AF_INET, .bytes = {198, 51, 100, 78}};
    struct arpq_neigh neigh;
    int code;

    memset(&neigh, 0xaa, sizeof neigh);
    code = arpq_neigh_get(handle, &ip, 1, 0, &neigh);
    assert_zeroed(code, &neigh, sizeof neigh);
    return code;
}

static int op_interfaces(void)
{
    struct arpq_interfaces *list = (void *)&netns_fd;
    int code = arpq_interfaces_get(handle, 0, &list);

    assert_true(code == 0 ? arpq_interfaces_count(list) > 0 : !list);
    arpq_interfaces_free(list);
    return code;
}

static int op_interfaces_read(void)
{
    struct arpq_interfaces *list = (void *)&netns_fd;
    int code = arpq_interfaces_get(handle, ARPQ_INTERFACES_READ, &list);

    assert_true(code == 0 ? arpq_interfaces_count(list) > 0 : !list);
    if (arpq_interfaces_flags(list) & ARPQ_INTERFACES_READ)
        assert_non_null(arpq_interfaces_stats_at(list, 0));
    arpq_interfaces_free(list);
    return code;
}

static int op_long_name(void)
{
    uint32_t ifindex = 99;
    int code = arpq_interface_index(handle, "no-such-alternative-name", &ifindex);

    assert_int_equal(ifindex, 0);
    return code;
}

static struct arpq_address own_address(uint8_t last)
{
    return (struct arpq_address){
        .ip = {.family = AF_INET6, .bytes = {0x20, 1, 0xd, 0xb8, 1, [15] = last}},
        .ifindex = 1,
        .flags = ARPQ_ADDRESS_NO_DAD,
    };
}

/* Undo the operation, whether it succeeded or not. */
static void clean_up(const struct arpq_address *address)
{
    enum call call = armed;

    armed = CALLS;
    (void)arpq_address_remove(handle, address, 0);
    armed = call;
}

static int op_address(void)
{
    struct arpq_address v6 = own_address(1);
    struct arpq_address v4 = {.ip = {.family = AF_INET, .bytes = {198, 51, 100, 9}}, .ifindex = 1};
    int code;

    if (!own_netns)
        return 0;
    code = arpq_address_add(handle, &v6, 0);
    if (code == 0)
        code = arpq_address_modify(handle, &v6, 0);
    if (code == 0)
        code = arpq_address_modify(handle, &v4, ARPQ_ADDRESS_EDIT_CREATE);
    if (code == 0)
        code = arpq_address_remove(handle, &v4, 0);
    clean_up(&v4);
    clean_up(&v6);
    return code;
}

static int op_name(void)
{
    uint32_t ifindex = 99;
    int code = arpq_interface_index(handle, "no-such-name", &ifindex);

    assert_int_equal(ifindex, 0);
    return code;
}

static int op_peer(void)
{
    struct arpq_mac mac;
    int code;

    memset(&mac, 0xaa, sizeof mac);
    code = arpq_peer(handle, peer_fd, 0, &mac);
    assert_zeroed(code, &mac, sizeof mac);
    return code;
}

/* ---- Every fault in each operation ---- */

TEST_OF(op_open)
TEST_OF(op_open_refused)
TEST_OF(op_hit4)
TEST_OF(op_hit6)
TEST_OF(op_miss4)
TEST_OF(op_miss6)
TEST_OF(op_routed)
TEST_OF(op_events)
TEST_OF(op_neigh)
TEST_OF(op_interfaces)
TEST_OF(op_interfaces_read)
TEST_OF(op_long_name)
TEST_OF(op_address)
TEST_OF(op_name)
TEST_OF(op_peer)

static void test_op_open_netns(void **state)
{
    /* Without CAP_SYS_ADMIN the code is always -EPERM, which is a valid result. */
    run_all(op_open_netns);
}

/* Without an AF_INET socket the library cannot read the name of a link. While the events cannot be
 * read, the view may be old, but the links in it are not gone. */
static void test_no_inet(void **state)
{
    if (!own_netns)
        skip();
    inet_refused = true;
    assert_int_equal(arpq_open(&handle, NULL), 0);
    for (uint32_t ifindex = 0; ifindex < 2; ifindex++) {
        assert_int_equal(look_up("127.0.0.1", ifindex), 0);
        change_interfaces();
        arm(RECVFROM, 1, 1000, EIO);
        assert_int_equal(look_up("198.51.100.77", 1), -EIO); /* a failed lookup reads events */
        assert_true(consumed > 0);
        assert_int_equal(look_up("127.0.0.1", ifindex), 0);
        assert_int_equal(look_up("::1", ifindex), 0);
        armed = CALLS;
    }
    inet_refused = false;
    arpq_close(handle);
    handle = NULL;
}

static void test_many_interruptions(void **state)
{
    static const enum call calls[] = {SEND, RECV};

    for (size_t i = 0; i < LENGTH(calls); i++) {
        arm(calls[i], 1, 32, EINTR);
        assert_int_equal(op_open(), 0);
        assert_int_equal(consumed, 32);
        armed = CALLS;
    }
}

/* Returns 0 if no call met the fault, or 1 if a call did. Any other value is an error of the
 * test. */
static int in_child(enum call call, unsigned n, int error)
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        int code;

        arm(call, n, 1, error);
        code = look_up("127.0.0.1", 0);
        armed = CALLS;
        if (!documented(code) && code != -error)
            _exit(2);
        if (look_up("127.0.0.1", 0) != 0)
            _exit(3);
        arpq_close(handle);
        _exit(consumed > 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_revive(void **state)
{
    unsigned met = 0;

    assert_int_equal(arpq_open(&handle, NULL), 0);
    for (size_t i = 0; i < LENGTH(faults); i++)
        for (size_t e = 0; e < LENGTH(faults[i].errors) && faults[i].errors[e]; e++)
            for (unsigned n = 1;; n++) {
                int status = in_child(faults[i].call, n, faults[i].errors[e]);

                if (status > 1)
                    fail_msg("fault %zu, errno %d, n %u: status %d", i, faults[i].errors[e], n,
                             status);
                if (status == 0)
                    break;
                met++;
            }
    assert_true(met >= 20);
    arpq_close(handle);
    handle = NULL;
}

#define REVIVERS 4

static void *look_up_together(void *context)
{
    pthread_barrier_wait(context);
    return (void *)(intptr_t)look_up("127.0.0.1", 0);
}

/* The threads of a child use the handle for the first time, all at once. */
static int revive_by_threads(void)
{
    pthread_t threads[REVIVERS];
    pthread_barrier_t barrier;
    void *code = NULL;
    int failures = 0;

    pthread_barrier_init(&barrier, NULL, REVIVERS);
    for (size_t i = 0; i < REVIVERS; i++)
        if (pthread_create(&threads[i], NULL, look_up_together, &barrier) != 0)
            return REVIVERS;
    for (size_t i = 0; i < REVIVERS; i++) {
        pthread_join(threads[i], &code);
        failures += code != NULL;
    }
    return failures;
}

/* The kernel does not fill the live state with zeros in a child. */
static void test_revive_by_threads(void **state)
{
    arm(MADVISE, 1, 1, EINVAL);
    assert_int_equal(arpq_open(&handle, NULL), 0);
    assert_int_equal(consumed, 1);
    armed = CALLS;
    for (int i = 0; i < 200; i++) {
        int status;
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0) {
            deadline(20);
            _exit(revive_by_threads());
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    arpq_close(handle);
    handle = NULL;
}

static void test_each_was_met(void **state)
{
    assert_each_was_met(TABLES_ONLY | WIRE_ONLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_op_open),
        cmocka_unit_test(test_op_open_refused),
        cmocka_unit_test(test_op_open_netns),
        cmocka_unit_test(test_op_hit4),
        cmocka_unit_test(test_op_hit6),
        cmocka_unit_test(test_op_miss4),
        cmocka_unit_test(test_op_miss6),
        cmocka_unit_test(test_op_routed),
        cmocka_unit_test(test_op_events),
        cmocka_unit_test(test_op_neigh),
        cmocka_unit_test(test_op_interfaces),
        cmocka_unit_test(test_op_name),
        cmocka_unit_test(test_op_interfaces_read),
        cmocka_unit_test(test_op_long_name),
        cmocka_unit_test(test_op_address),
        cmocka_unit_test(test_op_peer),
        cmocka_unit_test(test_no_inet),
        cmocka_unit_test(test_many_interruptions),
        cmocka_unit_test(test_revive),
        cmocka_unit_test(test_revive_by_threads),
        cmocka_unit_test(test_each_was_met),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

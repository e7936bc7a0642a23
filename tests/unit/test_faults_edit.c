/* SPDX-License-Identifier: MIT */
/* Make every call fail in turn in functions that change the table. */
#include "test.h"

#include <sys/socket.h>

#include "unit/faults.h"

static struct arpq_neigh entry_of(const struct arpq_ip *ip)
{
    return (struct arpq_neigh){.ip = *ip,
                               .ifindex = 1,
                               .mac = {.bytes = {2, 0, 0, 0, 0, 9}, .length = 6},
                               .state = ARPQ_STATE_STALE};
}

/* Check that an edit that returned 0 took effect. Requires a namespace. */
static void assert_present(const struct arpq_ip *ip, bool present)
{
    enum call call = armed;
    struct arpq_neigh neigh;

    armed = CALLS;
    assert_int_equal(arpq_neigh_get(handle, ip, 1, 0, &neigh), present ? 0 : -ENOENT);
    armed = call;
}

/* Create an entry by both methods and delete it again. An earlier run may have left the entry. */
static int op_set_and_delete(void)
{
    const struct arpq_ip ip = entry_ip(200);
    struct arpq_neigh entry = entry_of(&ip);
    int code, later;

    if (!own_netns)
        return 0;
    code = arpq_neigh_set(handle, &entry, 0);
    if (code == 0)
        assert_present(&ip, true);
    entry.flags = ARPQ_NEIGH_MANAGED;
    later = arpq_neigh_set(handle, &entry, code == 0 ? ARPQ_NEIGH_SET_REPLACE : 0);
    code = code < 0 ? code : later;
    later = arpq_neigh_delete(handle, &ip, 1, 0);
    if (later == 0)
        assert_present(&ip, false);
    if (later == -ENOENT && code < 0)
        later = 0;
    return code < 0 ? code : later;
}

static int op_proxy(void)
{
    const struct arpq_ip ip = {.family = AF_INET, .bytes = {192, 0, 2, 200}};
    const struct arpq_neigh entry = {.ip = ip, .ifindex = 1, .flags = ARPQ_NEIGH_PROXY};
    int code, later;

    if (!own_netns)
        return 0;
    code = arpq_neigh_set(handle, &entry, 0);
    later = arpq_neigh_set(handle, &entry, ARPQ_NEIGH_SET_CREATE);
    if (code == 0)
        assert_int_not_equal(later, 0);
    if (code == 0 && later != -EEXIST)
        code = later;
    later = arpq_neigh_delete(handle, &ip, 1, ARPQ_NEIGH_DELETE_PROXY);
    return code < 0 ? code : later;
}

static int op_netmask(void)
{
    const struct arpq_ip all = {.family = AF_INET};
    const struct arpq_neigh proxy = {.ip = all, .ifindex = 1, .flags = ARPQ_NEIGH_PROXY};
    int code, later;

    if (!own_netns)
        return 0;
    code = arpq_neigh_set(handle, &proxy, ARPQ_NEIGH_SET_NETMASK);
    later = arpq_neigh_delete(handle, &all, 1, ARPQ_NEIGH_DELETE_PROXY | ARPQ_NEIGH_DELETE_NETMASK);
    return code < 0 ? code : later;
}

static int op_refused(void)
{
    const struct arpq_ip ip = {.family = AF_INET, .bytes = {192, 0, 2, 201}};
    const struct arpq_neigh proxy = {.ip = ip, .ifindex = 1, .flags = ARPQ_NEIGH_PROXY};
    struct arpq_handle *other;
    int code = 0, later = 0;

    if (!own_netns)
        return 0;
    netlink_refused = true;
    code = arpq_open(&other, NULL);
    if (code == 0) {
        code = arpq_neigh_set(other, &proxy, 0);
        later = arpq_neigh_delete(other, &ip, 1, ARPQ_NEIGH_DELETE_PROXY);
        arpq_close(other);
    }
    netlink_refused = false;
    return code < 0 ? code : later;
}

static int op_flush(void)
{
    const struct arpq_filter filter = {.size = sizeof filter, .protocol = 77};
    const struct arpq_ip ips[] = {entry_ip(201), entry_ip(202), entry_ip(203)};
    uint32_t removed = 99;
    enum call call = armed;
    int code;

    if (!own_netns)
        return 0;
    armed = CALLS;
    for (size_t i = 0; i < LENGTH(ips); i++) {
        struct arpq_neigh entry = entry_of(&ips[i]);

        entry.protocol = 77;
        assert_int_equal(arpq_neigh_set(handle, &entry, 0), 0);
    }
    armed = call;
    code = arpq_neigh_flush(handle, &filter, &removed);
    assert_between(removed, 0, LENGTH(ips));
    if (code == 0)
        assert_int_equal(removed, LENGTH(ips));
    for (size_t i = 0; code == 0 && i < LENGTH(ips); i++)
        assert_present(&ips[i], false);
    assert_present(&(struct arpq_ip){.family = AF_INET6, .bytes = {0x20, 1, 0x0d, 0xb8, [15] = 1}},
                   true);
    return code;
}

TEST_OF(op_set_and_delete)
TEST_OF(op_proxy)
TEST_OF(op_netmask)
TEST_OF(op_refused)
SHORT_TEST_OF(op_flush, 2)

static void test_each_was_met(void **state)
{
    assert_each_was_met(own_netns ? ~(BIT(SEND) | BIT(RECV) | BIT(IOCTL) | BIT(CALLOC) |
                                      BIT(REALLOC) | BIT(GETIFADDRS))
                                  : UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_op_set_and_delete), cmocka_unit_test(test_op_proxy),
        cmocka_unit_test(test_op_netmask),        cmocka_unit_test(test_op_refused),
        cmocka_unit_test(test_op_flush),          cmocka_unit_test(test_each_was_met),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

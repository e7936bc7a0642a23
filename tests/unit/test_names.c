/* SPDX-License-Identifier: MIT */
/* The search for a name must not make the kernel load a module, as SIOCGIFINDEX does. */
#include "test.h"

#include <net/if.h>
#include <sys/ioctl.h>

static unsigned loads;
static bool netlink_refused;

unsigned __wrap_if_nametoindex(const char *name);
unsigned __real_if_nametoindex(const char *name);
unsigned __wrap_if_nametoindex(const char *name)
{
    loads++;
    return __real_if_nametoindex(name);
}

int __wrap_ioctl(int fd, unsigned long request, void *argument);
int __real_ioctl(int fd, unsigned long request, void *argument);
int __wrap_ioctl(int fd, unsigned long request, void *argument)
{
    loads += request == SIOCGIFINDEX;
    return __real_ioctl(fd, request, argument);
}

int __wrap_socket(int domain, int type, int protocol);
int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol)
{
    if (domain == AF_NETLINK && netlink_refused) {
        errno = EPERM;
        return -1;
    }
    return __real_socket(domain, type, protocol);
}

static int reset(void **state)
{
    loads = 0;
    netlink_refused = false;
    return 0;
}

static void test_scope(void **state)
{
    struct arpq_ip ip;

    assert_int_equal(arpq_ip_parse("fe80::1%no-such-link", &ip, 0), -ENODEV);
    assert_int_equal(arpq_ip_parse("fe80::1%lo", &ip, 0), 0);
    assert_int_equal(ip.scope, 1);
    assert_int_equal(loads, 0);
}

static void test_name(void **state)
{
    struct arpq_handle *h;
    uint32_t ifindex;

    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_interface_index(h, "no-such-link", &ifindex), -ENODEV);
    assert_int_equal(arpq_interface_index(h, "no-such-link-with-a-long-name", &ifindex), -ENODEV);
    assert_int_equal(arpq_interface_index(h, "lo", &ifindex), 0);
    assert_int_equal(ifindex, 1);
    assert_int_equal(loads, 0);
    arpq_close(h);
}

/* In a sandbox that refuses netlink sockets, only the ioctl works. */
static void test_refused(void **state)
{
    struct arpq_ip ip;

    netlink_refused = true;
    assert_int_equal(arpq_ip_parse("fe80::1%lo", &ip, 0), 0);
    assert_int_equal(ip.scope, 1);
    assert_int_equal(arpq_ip_parse("fe80::1%no-such-link", &ip, 0), -ENODEV);
    assert_int_equal(loads, 2);
}

/* The kernel's error text belongs to the last call on a handle. Parsing an address is not a call on
 * a handle. */
static void test_detail(void **state)
{
    const struct arpq_neigh neigh = {.ip = {.family = AF_INET, .bytes = {192, 0, 2, 1}},
                                     .ifindex = 1,
                                     .state = ARPQ_STATE_FAILED,
                                     .flags = ARPQ_NEIGH_PROXY};
    struct arpq_ip ip;
    struct arpq_handle *h;
    char text[256];

    assert_int_equal(arpq_open(&h, NULL), 0);
    (void)arpq_neigh_delete(h, &neigh.ip, 1, ARPQ_NEIGH_DELETE_PROXY);
    strncpy(text, arpq_detail(h), sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(arpq_ip_parse("fe80::1%no-such-link", &ip, 0), -ENODEV);
    assert_string_equal(arpq_detail(h), text);
    arpq_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_scope, reset),
        cmocka_unit_test_setup(test_name, reset),
        cmocka_unit_test_setup(test_refused, reset),
        cmocka_unit_test_setup(test_detail, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

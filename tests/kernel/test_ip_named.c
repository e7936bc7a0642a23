/* SPDX-License-Identifier: MIT */
/* Addresses as text, with the name of the interface as the scope. */
#include "test.h"

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "process.h"

static int set_up(void **state)
{
    netns_enter();
    sh("ip link add d0 type veth peer name 42; ip link add quite-long-name type veth peer name d9");
    assert_int_equal(arpq_open(&h, NULL), 0);
    return 0;
}

static struct arpq_ip scoped(const char *text, uint32_t scope)
{
    struct arpq_ip ip = ip_of(text);

    ip.scope = scope;
    return ip;
}

static void check(const char *address, uint32_t scope, const char *expected)
{
    const struct arpq_ip ip = scoped(address, scope);
    char text[ARPQ_IP_STRLEN];
    struct arpq_ip again;

    assert_ptr_equal(arpq_ip_format_named(h, &ip, text, sizeof text), text);
    assert_string_equal(text, expected);
    assert_int_equal(arpq_ip_parse(text, &again, 0), 0);
    if (ip.family == AF_INET6)
        assert_memory_equal(&again, &ip, sizeof again);
}

static void test_names(void **state)
{
    char text[64];

    check("fe80::1", 1, "fe80::1%lo");
    check("fe80::1", ifindex_of("d0"), "fe80::1%d0");
    check("2001:db8::1", ifindex_of("d0"), "2001:db8::1%d0");
    check("fe80:1111:2222:3333:4444:5555:6666:7777", ifindex_of("quite-long-name"),
          "fe80:1111:2222:3333:4444:5555:6666:7777%quite-long-name");
    snprintf(text, sizeof text, "fe80::1%%%u", ifindex_of("42")); /* the name is no ifindex */
    check("fe80::1", ifindex_of("42"), text);
}

static void test_numbers(void **state)
{
    check("fe80::1", 0, "fe80::1");
    check("fe80::1", 4096, "fe80::1%4096");
    check("192.0.2.1", 0, "192.0.2.1");
    check("192.0.2.1", 1, "192.0.2.1");
}

static void test_renamed(void **state)
{
    const uint32_t d0 = ifindex_of("d0");

    check("fe80::1", d0, "fe80::1%d0");
    sh("ip link set d0 name renamed");
    settle();
    check("fe80::1", d0, "fe80::1%renamed");
    sh("ip link del renamed");
    settle();
    const struct arpq_ip gone = scoped("fe80::1", d0);
    char text[ARPQ_IP_STRLEN], expected[ARPQ_IP_STRLEN];

    snprintf(expected, sizeof expected, "fe80::1%%%u", d0);
    assert_string_equal(arpq_ip_format_named(h, &gone, text, sizeof text), expected);
}

static void test_refused(void **state)
{
    const struct arpq_ip ip = scoped("fe80::1", 1), none = {0};
    char text[ARPQ_IP_STRLEN];

    for (size_t size = 0; size < sizeof "fe80::1%lo"; size++) {
        memset(text, 'x', sizeof text);
        assert_string_equal(arpq_ip_format_named(h, &ip, text, size), "");
        assert_int_equal(text[0], size > 0 ? '\0' : 'x');
    }
    assert_string_equal(arpq_ip_format_named(h, &ip, text, sizeof "fe80::1%lo"), "fe80::1%lo");
    assert_string_equal(arpq_ip_format_named(NULL, &ip, text, sizeof text), "");
    assert_string_equal(arpq_ip_format_named(h, NULL, text, sizeof text), "");
    assert_string_equal(arpq_ip_format_named(h, &none, text, sizeof text), "");
    assert_string_equal(text, "");
    assert_string_equal(arpq_ip_format_named(h, &ip, NULL, sizeof text), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST_FIXTURE(test_names), TEST_FIXTURE(test_numbers),
                                       TEST_FIXTURE(test_renamed), TEST_FIXTURE(test_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

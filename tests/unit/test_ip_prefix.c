/* SPDX-License-Identifier: MIT */
#include "test.h"

static const uint8_t zeros[64];

static void check_parsed(const char *text, uint32_t flags, const char *address, uint32_t length)
{
    struct arpq_ip prefix, expected;
    char formatted[ARPQ_PREFIX_STRLEN], whole[ARPQ_PREFIX_STRLEN];
    uint32_t got = 999;

    assert_int_equal(arpq_ip_parse(address, &expected, 0), 0);
    assert_int_equal(arpq_prefix_parse(text, &prefix, &got, flags), 0);
    assert_memory_equal(&prefix, &expected, sizeof prefix);
    assert_int_equal(got, length);
    snprintf(whole, sizeof whole, "%s/%u", address, length);
    assert_ptr_equal(arpq_prefix_format(&prefix, got, formatted, sizeof formatted), formatted);
    assert_string_equal(formatted, whole);
}

static void test_parsed(void **state)
{
    check_parsed("10.0.0.0/8", 0, "10.0.0.0", 8);
    check_parsed("10.1.2.3/8", 0, "10.1.2.3", 8); /* host bits stay */
    check_parsed("10.0.0.0/255.0.0.0", 0, "10.0.0.0", 8);
    check_parsed("10.0.0.1/255.255.255.255", 0, "10.0.0.1", 32);
    check_parsed("0.0.0.0/0.0.0.0", 0, "0.0.0.0", 0);
    check_parsed("0.0.0.0/0", 0, "0.0.0.0", 0);
    check_parsed("192.0.2.1", 0, "192.0.2.1", 32);
    check_parsed("2001:db8::/32", 0, "2001:db8::", 32);
    check_parsed("::/0", 0, "::", 0);
    check_parsed("2001:db8::1", 0, "2001:db8::1", 128);
    check_parsed("fe80::%7/64", 0, "fe80::%7", 64);
    check_parsed("fe80::%lo/64", 0, "fe80::%1", 64);
    check_parsed("::ffff:10.0.0.0/104", 0, "::ffff:10.0.0.0", 104);
    check_parsed("10/8", ARPQ_IP_CLASSIC, "0.0.0.10", 8);
    check_parsed("0x0a000000/255.0.0.0", ARPQ_IP_CLASSIC, "10.0.0.0", 8);
}

static void check_refused(const char *text, uint32_t flags, int code)
{
    struct arpq_ip prefix;
    uint32_t length = 999;

    memset(&prefix, 0xaa, sizeof prefix);
    assert_int_equal(arpq_prefix_parse(text, &prefix, &length, flags), code);
    assert_memory_equal(&prefix, zeros, sizeof prefix);
    assert_int_equal(length, 0);
}

static void test_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/+8",
        "10.0.0.0/-1",
        "10.0.0.0/ 8",
        "10.0.0.0/8 ",
        " 10.0.0.0/8",
        "10.0.0.0/8/8",
        "10.0.0.0//8",
        "10/8",
        "10.0.0.0/4294967304",
        "10.0.0.0/99999999999999999999999999",
        "10.0.0.0/255.0.255.0",
        "10.0.0.0/0.0.0.255",
        "10.0.0.0/255.0.0",
        "10.0.0.0/255.0.0.0.0",
        "10.0.0.0/ff00::",
        "2001:db8::/129",
        "2001:db8::/255.0.0.0",
        "2001:db8::/ffff::",
        "fe80::/64%lo",
        "fe80::%/64",
        "10.0.0.0%1/8",
        "host/8",
        "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000/"
        "8",
    };

    for (size_t i = 0; i < LENGTH(texts); i++)
        check_refused(texts[i], 0, -EINVAL);
    check_refused("10.0.0.0/0xff000000", ARPQ_IP_CLASSIC, -EINVAL);
    check_refused("10.0.0.0/8", 0x80, -EINVAL);
    check_refused(NULL, 0, -EINVAL);
    check_refused("fe80::%no-such-link/64", 0, -ENODEV);
    check_refused("fe80::%no-such-link/129", 0, -EINVAL);
}

static void test_parse_null(void **state)
{
    struct arpq_ip prefix;
    uint32_t length = 999;

    memset(&prefix, 0xaa, sizeof prefix);
    assert_int_equal(arpq_prefix_parse("10.0.0.0/8", &prefix, NULL, 0), -EINVAL);
    assert_memory_equal(&prefix, zeros, sizeof prefix);
    assert_int_equal(arpq_prefix_parse("10.0.0.0/8", NULL, &length, 0), -EINVAL);
    assert_int_equal(length, 0);
}

static void check_not_formatted(const struct arpq_ip *prefix, uint32_t length, size_t size)
{
    char text[ARPQ_PREFIX_STRLEN] = "dirty";

    assert_string_equal(arpq_prefix_format(prefix, length, text, size), "");
    assert_string_equal(text, size > 0 ? "" : "dirty");
}

static void test_format(void **state)
{
    struct arpq_ip ip = {.family = AF_INET, .bytes = {255, 255, 255, 255}};
    const struct arpq_ip none = {0};
    char text[ARPQ_PREFIX_STRLEN];

    for (size_t size = 0; size < sizeof "255.255.255.255/32"; size++)
        check_not_formatted(&ip, 32, size);
    assert_string_equal(arpq_prefix_format(&ip, 32, text, sizeof "255.255.255.255/32"),
                        "255.255.255.255/32");
    check_not_formatted(&ip, 33, sizeof text);
    check_not_formatted(&none, 0, sizeof text);
    check_not_formatted(NULL, 0, sizeof text);
    assert_string_equal(arpq_prefix_format(&ip, 8, NULL, 64), "");
    ip = (struct arpq_ip){.family = AF_INET6, .scope = UINT32_MAX};
    memset(ip.bytes, 0xff, sizeof ip.bytes);
    assert_int_equal(strlen(arpq_prefix_format(&ip, 128, text, sizeof text)), 39 + 11 + 4);
    check_not_formatted(&ip, 129, sizeof text);
}

static int contains(const char *prefix_text, const char *ip_text)
{
    struct arpq_ip prefix, ip;
    uint32_t length;

    assert_int_equal(arpq_prefix_parse(prefix_text, &prefix, &length, 0), 0);
    assert_int_equal(arpq_ip_parse(ip_text, &ip, 0), 0);
    return arpq_prefix_contains(&prefix, length, &ip);
}

static void test_contains(void **state)
{
    assert_int_equal(contains("10.0.0.0/8", "10.255.0.1"), 1);
    assert_int_equal(contains("10.9.9.9/8", "10.255.0.1"), 1);
    assert_int_equal(contains("10.0.0.0/8", "11.0.0.0"), 0);
    assert_int_equal(contains("192.0.2.64/26", "192.0.2.127"), 1);
    assert_int_equal(contains("192.0.2.64/26", "192.0.2.128"), 0);
    assert_int_equal(contains("192.0.2.64/26", "192.0.2.63"), 0);
    assert_int_equal(contains("0.0.0.0/0", "255.255.255.255"), 1);
    assert_int_equal(contains("192.0.2.1/32", "192.0.2.1"), 1);
    assert_int_equal(contains("192.0.2.1/32", "192.0.2.0"), 0);
    assert_int_equal(contains("::/0", "192.0.2.1"), 0);
    assert_int_equal(contains("::ffff:10.0.0.0/104", "10.0.0.1"), 0);
    assert_int_equal(contains("::ffff:10.0.0.0/104", "::ffff:10.0.0.1"), 1);
    assert_int_equal(contains("2001:db8::/33", "2001:db8:7fff::1"), 1);
    assert_int_equal(contains("2001:db8::/33", "2001:db8:8000::1"), 0);
    assert_int_equal(contains("2001:db8::1", "2001:db8::1"), 1);
    assert_int_equal(contains("2001:db8::1", "2001:db8::"), 0);
    assert_int_equal(contains("fe80::/64", "fe80::1%3"), 1);
    assert_int_equal(contains("fe80::%3/64", "fe80::1%3"), 1);
    assert_int_equal(contains("fe80::%3/64", "fe80::1%4"), 0);
    assert_int_equal(contains("fe80::%3/64", "fe80::1"), 0);
}

static void test_contains_nothing(void **state)
{
    const struct arpq_ip none = {0}, ipv4 = {.family = AF_INET}, ipv6 = {.family = AF_INET6};

    assert_int_equal(arpq_prefix_contains(NULL, 0, &ipv4), 0);
    assert_int_equal(arpq_prefix_contains(&ipv4, 0, NULL), 0);
    assert_int_equal(arpq_prefix_contains(&none, 0, &none), 0);
    assert_int_equal(arpq_prefix_contains(&ipv4, 33, &ipv4), 0);
    assert_int_equal(arpq_prefix_contains(&ipv6, 129, &ipv6), 0);
    assert_int_equal(arpq_prefix_contains(&ipv6, UINT32_MAX, &ipv6), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parsed),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_parse_null), cmocka_unit_test(test_format),
        cmocka_unit_test(test_contains),   cmocka_unit_test(test_contains_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

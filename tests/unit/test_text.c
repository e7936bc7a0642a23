/* SPDX-License-Identifier: MIT */
/* Checks constant texts, and calls every function with NULL. */
#include "test.h"

#include <limits.h>
#include <net/if.h>

#define ZEROED(object) assert_memory_equal(&(object), zeros, sizeof object)
#define DIRTY(object) memset(&(object), 0xaa, sizeof object)

static const uint8_t zeros[512];

static void test_strerror(void **state)
{
    static const int codes[] = {
        0,        ENOENT,       EAGAIN, EHOSTUNREACH,  ENETUNREACH, ENODEV,   EOPNOTSUPP, EINVAL,
        ENOMEM,   EAFNOSUPPORT, ENFILE, ENOBUFS,       EMFILE,      EBADF,    ETIMEDOUT,  EPERM,
        ENOTSOCK, ENOTCONN,     EEXIST, EADDRNOTAVAIL, ETIME,       EMSGSIZE,
    };
    static const int unknown[] = {INT_MIN, INT_MAX, INT_MIN + 1, -99999, 99999};

    for (size_t i = 0; i < LENGTH(codes); i++) {
        const char *text = arpq_strerror(-codes[i]);

        assert_string_not_equal(text, "");
        assert_string_not_equal(text, "unknown error");
        assert_string_equal(arpq_strerror(codes[i]), text);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(arpq_strerror(-codes[j]), text);
    }
    for (size_t i = 0; i < LENGTH(unknown); i++)
        assert_string_equal(arpq_strerror(unknown[i]), "unknown error");
}

static void test_version(void **state)
{
    char text[32];

    snprintf(text, sizeof text, "%d.%d.%d", ARPQ_VERSION_MAJOR, ARPQ_VERSION_MINOR,
             ARPQ_VERSION_PATCH);
    assert_string_equal(arpq_version(), text);
    assert_int_equal(arpq_version_number(), ARPQ_VERSION_NUMBER);
    assert_int_equal(arpq_version_number() >> 16, ARPQ_VERSION_MAJOR);
    assert_int_equal(arpq_version_number() & 0xff, ARPQ_VERSION_PATCH);
    assert_int_equal(arpq_abi(), ARPQ_ABI);
}

static void test_sizeof(void **state)
{
    assert_int_equal(arpq_sizeof("arpq_neigh"), sizeof(struct arpq_neigh));
    assert_int_equal(arpq_sizeof("struct arpq_ip"), sizeof(struct arpq_ip));
    assert_int_equal(arpq_sizeof("struct arpq_interface_stats"),
                     sizeof(struct arpq_interface_stats));
    assert_int_equal(arpq_sizeof("arpq_handle"), 0);
    assert_int_equal(arpq_sizeof("neigh"), 0);
    assert_int_equal(arpq_sizeof("arpq_"), 0);
    assert_int_equal(arpq_sizeof("struct  arpq_ip"), 0);
    assert_int_equal(arpq_sizeof(""), 0);
    assert_int_equal(arpq_sizeof(NULL), 0);
}

static void test_scope(void **state)
{
    struct arpq_ip ip;

    assert_int_equal(arpq_ip_parse("fe80::1%lo", &ip, 0), 0);
    assert_int_equal(ip.scope, if_nametoindex("lo"));
    DIRTY(ip);
    assert_int_equal(arpq_ip_parse("fe80::1%no-such-link", &ip, 0), -ENODEV);
    ZEROED(ip);
}

static void test_null_values(void **state)
{
    struct sockaddr_storage sa;
    struct arpq_ip ip = {.family = AF_INET};
    struct arpq_mac mac = {.length = 6};
    char text[ARPQ_MAC_STRLEN];

    assert_int_equal(arpq_ip_parse("::1", NULL, 0), -EINVAL);
    assert_int_equal(arpq_ip_from_sockaddr((void *)&sa, sizeof sa, NULL), -EINVAL);
    assert_int_equal(arpq_ip_to_sockaddr(&ip, 1, NULL), -EINVAL);
    assert_string_equal(arpq_ip_format(&ip, NULL, 64), "");
    assert_string_equal(arpq_ip_format(NULL, text, sizeof text), "");
    assert_int_equal(arpq_mac_parse("00", NULL), -EINVAL);
    assert_string_equal(arpq_mac_format(&mac, 0, NULL, 96), "");
    assert_string_equal(arpq_mac_format(NULL, 0, text, sizeof text), "");
    assert_int_equal(arpq_mac_to_eui64(&mac, NULL), -EINVAL);
    assert_int_equal(arpq_mac_to_eui64(NULL, &mac), -EINVAL);
    ZEROED(mac);
    DIRTY(ip);
    assert_int_equal(arpq_ip_parse(NULL, &ip, 0), -EINVAL);
    ZEROED(ip);
    DIRTY(ip);
    assert_int_equal(arpq_ip_from_sockaddr(NULL, 16, &ip), -EINVAL);
    ZEROED(ip);
    DIRTY(sa);
    assert_int_equal(arpq_ip_to_sockaddr(NULL, 1, &sa), -EINVAL);
    ZEROED(sa);
    DIRTY(mac);
    assert_int_equal(arpq_mac_parse(NULL, &mac), -EINVAL);
    ZEROED(mac);
    assert_true(arpq_ip_compare(NULL, &ip) < 0 && arpq_ip_compare(&ip, NULL) > 0);
    assert_true(arpq_mac_compare(NULL, &mac) < 0 && arpq_mac_compare(&mac, NULL) > 0);
    assert_int_equal(arpq_mac_is_multicast(NULL) + arpq_mac_is_broadcast(NULL), 0);
    assert_int_equal(arpq_mac_is_local(NULL) + arpq_mac_is_zero(NULL), 0);
}

static void null_in_lookup(struct arpq_handle *h, const struct arpq_ip *ip)
{
    struct arpq_neigh neigh;
    struct arpq_mac mac;

    DIRTY(mac);
    assert_int_equal(arpq_lookup(h, ip, 0, 0, &mac), -EINVAL);
    ZEROED(mac);
    DIRTY(mac);
    assert_int_equal(arpq_lookup_text(h, ip ? "127.0.0.1" : NULL, NULL, 0, &mac), -EINVAL);
    ZEROED(mac);
    DIRTY(mac);
    assert_int_equal(arpq_lookup_many(h, ip, 1, 0, 0, &mac, NULL), -EINVAL);
    ZEROED(mac);
    DIRTY(neigh);
    assert_int_equal(arpq_neigh_get(h, ip, 0, 0, &neigh), -EINVAL);
    ZEROED(neigh);
}

static void test_null_handle(void **state)
{
    struct arpq_ip ip = {.bytes = {127, 0, 0, 1}, .family = AF_INET};
    struct arpq_mac mac;
    struct arpq_handle *h;

    assert_int_equal(arpq_open(NULL, NULL), -EINVAL);
    assert_int_equal(arpq_open(&h, NULL), 0);
    null_in_lookup(NULL, &ip);
    null_in_lookup(h, NULL);
    assert_int_equal(arpq_lookup(h, &ip, 0, 0, NULL), -EINVAL);
    assert_int_equal(arpq_lookup_text(h, "127.0.0.1", NULL, 0, NULL), -EINVAL);
    assert_int_equal(arpq_lookup_many(h, &ip, 1, 0, 0, NULL, NULL), -EINVAL);
    assert_int_equal(arpq_lookup_many(h, NULL, 0, 0, 0, NULL, NULL), 0);
    assert_int_equal(arpq_neigh_get(h, &ip, 0, 0, NULL), -EINVAL);
    assert_int_equal(arpq_peer(h, 0, 0, NULL), -EINVAL);
    DIRTY(mac);
    assert_int_equal(arpq_peer(NULL, 0, 0, &mac), -EINVAL);
    ZEROED(mac);
    assert_string_equal(arpq_detail(NULL), "");
    arpq_close(NULL);
    arpq_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strerror),    cmocka_unit_test(test_version),
        cmocka_unit_test(test_sizeof),      cmocka_unit_test(test_scope),
        cmocka_unit_test(test_null_values), cmocka_unit_test(test_null_handle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

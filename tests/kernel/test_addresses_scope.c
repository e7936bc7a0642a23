/* SPDX-License-Identifier: MIT */
/* Addresses with a scope, although they do not need one. */
#include "test.h"

#include "kernel/netns.h"

static struct arpq_handle *h;
static uint32_t d0;

static int set_up(void **state)
{
    netns_enter();
    sh("ip link add d0 type veth peer name d1; ip link set d0 up");
    d0 = ifindex_of("d0");
    assert_int_equal(arpq_open(&h, NULL), 0);
    return 0;
}

static int tear_down(void **state)
{
    arpq_close(h);
    return 0;
}

/* The same address with or without its scope. */
static struct arpq_address address_of(const char *text, bool scoped)
{
    struct arpq_address address = {.ip = ip_of(text), .ifindex = d0, .prefix_length = 24};

    if (address.ip.family == AF_INET6)
        address.flags = ARPQ_ADDRESS_NO_DAD;
    address.ip.scope = scoped ? d0 : 0;
    return address;
}

static void check(const char *text)
{
    struct arpq_address scoped = address_of(text, true), plain = address_of(text, false);

    /* The calls find the address with and without its scope, however it was added. */
    assert_int_equal(arpq_address_add(h, &scoped, 0), 0);
    assert_int_equal(arpq_address_add(h, &plain, 0), -EEXIST);
    scoped.valid_s = scoped.preferred_s = 1000;
    assert_int_equal(arpq_address_modify(h, &scoped, 0), 0);
    plain.valid_s = plain.preferred_s = 2000;
    assert_int_equal(arpq_address_modify(h, &plain, ARPQ_ADDRESS_EDIT_CREATE), 0);
    assert_int_equal(arpq_address_modify(h, &scoped, ARPQ_ADDRESS_EDIT_CREATE), 0);
    assert_int_equal(arpq_address_remove(h, &scoped, 0), 0);
    assert_int_equal(arpq_address_modify(h, &scoped, 0), -ENOENT);
    assert_int_equal(arpq_address_modify(h, &scoped, ARPQ_ADDRESS_EDIT_CREATE), 0);
    assert_int_equal(arpq_address_remove(h, &plain, 0), 0);
    /* The scope of another interface is refused. */
    scoped.ip.scope = d0 + 1;
    assert_int_equal(arpq_address_modify(h, &scoped, ARPQ_ADDRESS_EDIT_CREATE), -EINVAL);
}

static void test_ipv4(void **state)
{
    check("10.1.0.1");
}

static void test_ipv6(void **state)
{
    check("fd01::1");
    check("fe80::77");
}

/* A peer that equals the address except for the scope counts as no peer. */
static void test_peer(void **state)
{
    struct arpq_address address = address_of("10.1.0.1", true), found = address;
    struct arpq_interfaces *interfaces;
    uint32_t count = 0;

    address.peer = ip_of("10.1.0.1");
    assert_int_equal(arpq_address_add(h, &address, 0), 0);
    assert_int_equal(arpq_interfaces_get(h, ARPQ_INTERFACES_READ, &interfaces), 0);
    for (uint32_t i = 0; i < arpq_interfaces_address_count(interfaces); i++) {
        const struct arpq_address *each = arpq_interfaces_address_at(interfaces, i);

        if (each->ifindex == d0 && each->ip.family == AF_INET) {
            found = *each;
            count++;
        }
    }
    assert_int_equal(count, 1);
    assert_int_equal(found.peer.family, 0);
    assert_int_equal(found.ip.scope, 0);
    arpq_interfaces_free(interfaces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ipv4, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ipv6, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_peer, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

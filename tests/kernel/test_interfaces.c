/* SPDX-License-Identifier: MIT */
/* The list of interfaces against what the kernel's own files and commands say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/netns.h"

static struct arpq_interfaces *list_now(void)
{
    struct arpq_interfaces *list;
    struct arpq *h;

    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_interfaces_get(h, &list), 0);
    arpq_close(h); /* the list outlives it */
    return list;
}

static void test_kinds(void **state)
{
    static const char *const names[] = {"lo", "v0", "br0", "mv0", "vx0", "tun0", "tap0", "ifb7"};
    struct arpq_interfaces *list;

    (void)state;
    netns_enter();
    sh("ip link add v0 mtu 1400 type veth peer name v1; ip link add br0 type bridge;"
       "ip link add mv0 link v0 type macvlan; ip link add vx0 type vxlan id 5 dstport 4789;"
       "ip tuntap add tun0 mode tun; ip tuntap add tap0 mode tap; ip link add ifb7 type ifb");
    list = list_now();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct arpq_interface *link = arpq_interfaces_by_name(list, names[i]);
        char text[128], mac[ARPQ_MAC_STRLEN];

        assert_non_null(link);
        assert_ptr_equal(arpq_interfaces_by_index(list, link->index), link);
        assert_int_equal(link->index, ifindex_of(names[i]));
        assert_int_equal(sh_read(text, sizeof text, "ip -o link show %s | grep -o 'mtu [0-9]*'",
                                 names[i]), 0);
        assert_int_equal(link->mtu, strtoul(text + 4, NULL, 10));
        sh_read(text, sizeof text, "ip -o link show %s | sed -n 's/.*link.[a-z]* \\([0-9a-f:]*\\) .*/\\1/p'",
                names[i]);
        text[strcspn(text, "\n")] = '\0';
        assert_string_equal(arpq_mac_format(&link->mac, ARPQ_MAC_COLON, mac, sizeof mac), text);
    }
    arpq_interfaces_free(list);
}

static void test_thousand(void **state)
{
    struct arpq_interfaces *list;

    (void)state;
    netns_enter();
    sh("{ for i in $(seq 1 500); do echo link add t$i type veth peer name u$i; done;"
       "for i in $(seq 1 1000); do echo addr add 10.9.$((i/250)).$((i%%250))/32 dev lo; done; }"
       "| ip -batch -");
    list = list_now();
    assert_int_equal(arpq_interfaces_count(list), 1001);
    assert_true(arpq_interfaces_by_name(list, "lo")->address_count >= 1000);
    assert_null(arpq_interfaces_at(list, 1001));
    arpq_interfaces_free(list);
}

static void test_null(void **state)
{
    (void)state;
    assert_int_equal(arpq_interfaces_get(NULL, NULL), -EINVAL);
    arpq_interfaces_free(NULL);
    assert_int_equal(arpq_interfaces_count(NULL), 0);
    assert_int_equal(arpq_interfaces_address_count(NULL), 0);
    assert_null(arpq_interfaces_at(NULL, 0));
    assert_null(arpq_interfaces_address_at(NULL, 0));
    assert_null(arpq_interfaces_by_name(NULL, "lo"));
    assert_null(arpq_interfaces_by_index(NULL, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds), cmocka_unit_test(test_thousand), cmocka_unit_test(test_null)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "value/multicast.h"

#include <arpa/inet.h>
#include <net/if_arp.h>

static const struct arpq_mac ethernet_broadcast = {
    .bytes = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, .type = ARPHRD_ETHER, .length = 6};

/* Scope 5 and partition 8001 must appear in the mapped address. */
static const struct arpq_mac infiniband_broadcast = {
    .bytes = {0x00, 0xff, 0xff, 0xff, 0xff, 0x15, 0x40, 0x1b, 0x80, 0x01,
              0,    0,    0,    0,    0,    0,    0xff, 0xff, 0xff, 0xff},
    .type = ARPHRD_INFINIBAND,
    .length = 20};

static void assert_maps(const char *text, uint16_t type, const struct arpq_mac *broadcast,
                        const struct arpq_mac *expected)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_mac mac;

    memset(&mac, 0xaa, sizeof mac);
    aq_multicast_mac(&ip, type, broadcast, &mac);
    assert_memory_equal(&mac, expected, sizeof mac);

    mac = *broadcast; /* the same object is the input and the output */
    aq_multicast_mac(&ip, type, &mac, &mac);
    assert_memory_equal(&mac, expected, sizeof mac);
}

static void test_ethernet(void **state)
{
    static const struct {
        const char *ip;
        uint8_t bytes[6];
    } cases[] = {
        {"224.0.0.1", {0x01, 0x00, 0x5e, 0x00, 0x00, 0x01}},
        {"239.255.255.250", {0x01, 0x00, 0x5e, 0x7f, 0xff, 0xfa}},
        {"224.128.0.1", {0x01, 0x00, 0x5e, 0x00, 0x00, 0x01}}, /* the 24th bit is dropped */
        {"233.129.2.3", {0x01, 0x00, 0x5e, 0x01, 0x02, 0x03}},
        {"ff02::1", {0x33, 0x33, 0x00, 0x00, 0x00, 0x01}},
        {"ff02::1:ff12:3456", {0x33, 0x33, 0xff, 0x12, 0x34, 0x56}},
        {"ff05::1:89ab:cdef", {0x33, 0x33, 0x89, 0xab, 0xcd, 0xef}},
    };
    static const uint16_t types[] = {ARPHRD_ETHER, ARPHRD_IEEE802, ARPHRD_FDDI};

    for (size_t i = 0; i < LENGTH(cases); i++) {
        for (size_t t = 0; t < LENGTH(types); t++) {
            struct arpq_mac expected = {.type = types[t], .length = 6};

            memcpy(expected.bytes, cases[i].bytes, 6);
            assert_maps(cases[i].ip, types[t], &ethernet_broadcast, &expected);
        }
    }
}

static void test_infiniband(void **state)
{
    static const struct {
        const char *ip;
        uint8_t bytes[20];
    } cases[] = {
        {"224.0.0.1", {0x00, 0xff, 0xff, 0xff, 0xff, 0x15, 0x40, 0x1b, 0x80, 0x01,
                       0,    0,    0,    0,    0,    0,    0x00, 0x00, 0x00, 0x01}},
        {"239.255.254.253", /* the low 28 bits */
         {0x00, 0xff, 0xff, 0xff, 0xff, 0x15, 0x40, 0x1b, 0x80, 0x01,
          0,    0,    0,    0,    0,    0,    0x0f, 0xff, 0xfe, 0xfd}},
        {"ff02::1", {0x00, 0xff, 0xff, 0xff, 0xff, 0x15, 0x60, 0x1b, 0x80, 0x01,
                     0,    0,    0,    0,    0,    0,    0,    0,    0,    0x01}},
        {"ff15:1:2:3:4:5:6:7", {0x00, 0xff, 0xff, 0xff, 0xff, 0x15, 0x60, 0x1b, 0x80, 0x01,
                                0x00, 0x03, 0x00, 0x04, 0x00, 0x05, 0x00, 0x06, 0x00, 0x07}},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct arpq_mac expected = {.type = ARPHRD_INFINIBAND, .length = 20};

        memcpy(expected.bytes, cases[i].bytes, 20);
        assert_maps(cases[i].ip, ARPHRD_INFINIBAND, &infiniband_broadcast, &expected);
        assert_int_equal(arpq_mac_is_multicast(&expected), 1);
        assert_int_equal(arpq_mac_is_broadcast(&expected), 0);
    }
}

/* On a link type without its own mapping, every group maps to the broadcast address of the link. */
static void test_other_types(void **state)
{
    static const uint16_t types[] = {ARPHRD_ARCNET, ARPHRD_IEEE1394, ARPHRD_NONE,
                                     ARPHRD_VOID,   ARPHRD_LOOPBACK, 0};
    static const struct arpq_mac none;

    for (size_t t = 0; t < LENGTH(types); t++) {
        struct arpq_mac expected = ethernet_broadcast;

        expected.type = types[t];
        assert_maps("224.0.0.1", types[t], &ethernet_broadcast, &expected);
        assert_maps("ff02::1", types[t], &ethernet_broadcast, &expected);
        expected = none;
        expected.type = types[t];
        assert_maps("224.0.0.1", types[t], &none, &expected);
        assert_maps("ff02::1", types[t], &none, &expected);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ethernet),
        cmocka_unit_test(test_infiniband),
        cmocka_unit_test(test_other_types),
    };

    return cmocka_run_group_tests_name("mac_map", tests, NULL, NULL);
}

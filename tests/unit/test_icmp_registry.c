/* SPDX-License-Identifier: MIT */
/* Checks for each of the 2 x 65536 pairs of type and code whether it is assigned, and checks its
 * name. The ranges come from the cited documents, not from the library's table. */
#include "test.h"

#include <sys/socket.h>

struct range {
    uint8_t type_first, type_last;
    uint8_t code_first, code_last;
};

static const struct range ipv4[] = {
    {0, 0, 0, 0},                        /* RFC 792: echo reply */
    {3, 3, 0, 5},                        /* RFC 792 */
    {3, 3, 6, 12},                       /* RFC 1122 section 3.2.2.1 */
    {3, 3, 13, 15},                      /* RFC 1812 section 5.2.7.1 */
    {4, 4, 0, 0},                        /* RFC 792: source quench, deprecated by RFC 6633 */
    {5, 5, 0, 3},                        /* RFC 792: redirect */
    {6, 6, 0, 0},                        /* deprecated by RFC 6918 */
    {8, 8, 0, 0},                        /* RFC 792: echo */
    {9, 9, 0, 0},                        /* RFC 1256: router advertisement */
    {9, 9, 16, 16},                      /* RFC 5944 section 2.1 */
    {10, 10, 0, 0},                      /* RFC 1256 */
    {11, 11, 0, 1},                      /* RFC 792: time exceeded */
    {12, 12, 0, 0},                      /* RFC 792: parameter problem */
    {12, 12, 1, 1},                      /* RFC 1108 */
    {12, 12, 2, 2},                      /* the registry */
    {13, 16, 0, 0},                      /* RFC 792: timestamp, information */
    {17, 18, 0, 0},                      /* RFC 950: address mask */
    {19, 29, 0, 255},                    /* reserved */
    {30, 30, 0, 1},                      /* RFC 1393: traceroute */
    {31, 31, 0, 11},                     /* RFC 1475: conversion failed */
    {32, 36, 0, 255},                    /* of unpublished drafts, deprecated by RFC 6918 */
    {37, 38, 0, 0},                      /* RFC 1788: domain name */
    {39, 39, 0, 255},                    /* SKIP, never published */
    {40, 40, 0, 3},                      /* RFC 2521: Photuris */
    {40, 40, 4, 5},    {41, 41, 0, 255}, /* RFC 4065: experimental mobility */
    {42, 42, 0, 0},                      /* RFC 8335: extended echo */
    {43, 43, 0, 4},                      /* RFC 8335 */
    {253, 254, 0, 255}                   /* RFC 4727: experiments */
};

static const struct range ipv6[] = {
    {1, 1, 0, 6},                           /* RFC 4443 section 3.1 */
    {1, 1, 7, 7},                           /* RFC 6554 */
    {1, 1, 8, 8},                           /* RFC 8883 */
    {1, 1, 9, 9},                           /* RFC 9914 */
    {2, 2, 0, 0},                           /* RFC 4443 section 3.2 */
    {3, 3, 0, 1},                           /* RFC 4443 section 3.3 */
    {4, 4, 0, 2},                           /* RFC 4443 section 3.4 */
    {4, 4, 3, 3},                           /* RFC 7112 */
    {4, 4, 4, 4},                           /* RFC 8754 */
    {4, 4, 5, 10},                          /* RFC 8883 */
    {100, 101, 0, 255},                     /* RFC 4443 section 2.1 */
    {127, 127, 0, 255},                     /* RFC 4443 section 2.1 */
    {128, 129, 0, 0},                       /* RFC 4443 section 4: echo */
    {130, 132, 0, 0},                       /* RFC 2710 */
    {133, 137, 0, 0},                       /* RFC 4861 */
    {138, 138, 0, 1},                       /* RFC 2894 */
    {138, 138, 255, 255}, {139, 140, 0, 2}, /* RFC 4620 */
    {141, 142, 0, 0},                       /* RFC 3122 */
    {143, 143, 0, 0},                       /* RFC 9777, RFC 3810 */
    {144, 147, 0, 0},                       /* RFC 6275 */
    {148, 149, 0, 0},                       /* RFC 3971 */
    {150, 150, 0, 255},                     /* RFC 4065 */
    {151, 151, 0, 255},                     /* RFC 4286: the code is an interval */
    {152, 153, 0, 0},                       /* RFC 4286 */
    {154, 154, 0, 5},                       /* RFC 5568 section 6.1 */
    {155, 155, 0, 3},                       /* RFC 6550 section 20.2 */
    {155, 155, 4, 5},                       /* RFC 6997 */
    {155, 155, 6, 6},                       /* RFC 6998 */
    {155, 155, 7, 8},                       /* RFC 9009 */
    {155, 155, 9, 10},                      /* RFC 9914 */
    {155, 155, 128, 131},                   /* RFC 6550: the same, secured */
    {155, 155, 132, 133},                   /* RFC 6997 */
    {155, 155, 134, 134},                   /* RFC 6998 */
    {155, 155, 135, 136},                   /* RFC 9009 */
    {155, 155, 138, 138},                   /* RFC 6550: consistency check */
    {156, 156, 0, 0},                       /* RFC 6743 */
    {157, 158, 0, 0},                       /* RFC 6775 */
    {157, 158, 1, 4},                       /* RFC 8505 */
    {159, 159, 0, 0},                       /* RFC 7731 */
    {160, 160, 0, 0},                       /* RFC 8335 */
    {161, 161, 0, 4},                       /* RFC 8335 */
    {200, 201, 0, 255},                     /* RFC 4443 section 2.1 */
    {255, 255, 0, 255},                     /* RFC 4443 section 2.1 */
};

static bool is_in(const struct range *ranges, size_t count, unsigned type, unsigned code)
{
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].type_first <= type && type <= ranges[i].type_last &&
            ranges[i].code_first <= code && code <= ranges[i].code_last)
            return true;
    }
    return false;
}

/* The library encodes and decodes messages of an assigned type and code only. */
static void check_codec(uint16_t family, uint8_t type, uint8_t code, bool assigned)
{
    struct arpq_icmp icmp = {.family = family, .type = type, .code = code};
    uint8_t message[8] = {type, code};
    uint16_t sum;
    struct arpq_icmp read;

    assert_int_equal(arpq_icmp_encode(&icmp, NULL, 0, message, sizeof message),
                     assigned ? 8 : -EINVAL);
    sum = arpq_icmp_checksum(NULL, NULL, message, 2);
    message[2] = (uint8_t)(sum >> 8);
    message[3] = (uint8_t)sum;
    assert_int_equal(arpq_icmp_decode(family, NULL, NULL, message, sizeof message, &read),
                     assigned ? 0 : -ENOMSG);
}

static void check_every_pair(uint16_t family, const struct range *ranges, size_t count)
{
    for (unsigned type = 0; type < 256; type++) {
        bool any = false;

        for (unsigned code = 0; code < 256; code++) {
            bool expected = is_in(ranges, count, type, code);
            int got = arpq_icmp_is_assigned(family, (uint8_t)type, (uint8_t)code);

            if (got != expected)
                fail_msg("family %u type %u code %u: %d", family, type, code, got);
            check_codec(family, (uint8_t)type, (uint8_t)code, expected);
            if (!expected)
                assert_string_equal(arpq_icmp_code_name(family, (uint8_t)type, (uint8_t)code), "");
            any = any || expected;
        }
        assert_int_equal(*arpq_icmp_type_name(family, (uint8_t)type) != '\0', any);
    }
}

static void test_every_pair(void **state)
{
    check_every_pair(AF_INET, ipv4, LENGTH(ipv4));
    check_every_pair(AF_INET6, ipv6, LENGTH(ipv6));
}

static void test_other_families(void **state)
{
    for (unsigned family = 0; family < 65536; family++) {
        if (family == AF_INET || family == AF_INET6)
            continue;
        assert_int_equal(arpq_icmp_is_assigned((uint16_t)family, 3, 0), 0);
        assert_string_equal(arpq_icmp_type_name((uint16_t)family, 3), "");
        assert_string_equal(arpq_icmp_code_name((uint16_t)family, 3, 0), "");
    }
}

static void test_names(void **state)
{
    static const struct {
        uint16_t family;
        uint8_t type;
        uint8_t code;
        const char *type_name;
        const char *code_name;
    } known[] = {
        {AF_INET, 0, 0, "Echo Reply", ""},
        {AF_INET, 3, 0, "Destination Unreachable", "Net Unreachable"},
        {AF_INET, 3, 4, "Destination Unreachable",
         "Fragmentation Needed and Don't Fragment was Set"},
        {AF_INET, 3, 15, "Destination Unreachable", "Precedence cutoff in effect"},
        {AF_INET, 3, 16, "Destination Unreachable", ""},
        {AF_INET, 4, 0, "Source Quench (Deprecated)", ""},
        {AF_INET, 5, 1, "Redirect", "Redirect Datagram for the Host"},
        {AF_INET, 7, 0, "", ""},
        {AF_INET, 9, 16, "Router Advertisement", "Does not route common traffic"},
        {AF_INET, 11, 0, "Time Exceeded", "Time to Live exceeded in Transit"},
        {AF_INET, 20, 0, "Reserved (for Robustness Experiment)", ""},
        {AF_INET, 29, 7, "Reserved (for Robustness Experiment)", ""},
        {AF_INET, 40, 5, "Photuris", "Need Authorization"},
        {AF_INET, 43, 4, "Extended Echo Reply", "Multiple Interfaces Satisfy Query"},
        {AF_INET, 254, 255, "RFC3692-style Experiment 2", ""},
        {AF_INET, 255, 0, "", ""},
        {AF_INET6, 0, 0, "", ""},
        {AF_INET6, 1, 0, "Destination Unreachable", "no route to destination"},
        {AF_INET6, 1, 9, "Destination Unreachable", "Error in P-Route"},
        {AF_INET6, 2, 0, "Packet Too Big", ""},
        {AF_INET6, 4, 10, "Parameter Problem", "Option too big"},
        {AF_INET6, 101, 0, "Private experimentation", ""},
        {AF_INET6, 128, 0, "Echo Request", ""},
        {AF_INET6, 135, 0, "Neighbor Solicitation", ""},
        {AF_INET6, 138, 255, "Router Renumbering", "Sequence Number Reset"},
        {AF_INET6, 150, 9,
         "ICMP messages utilized by experimental mobility protocols such as Seamoby", ""},
        {AF_INET6, 155, 0x8a, "RPL Control Message", "Consistency Check"},
        {AF_INET6, 158, 4, "Duplicate Address Confirmation",
         "EDAC message with 256-bit ROVR field"},
        {AF_INET6, 201, 1, "Private experimentation", ""},
        {AF_INET6, 255, 255, "Reserved for expansion of ICMPv6 informational messages", ""},
    };

    for (size_t i = 0; i < LENGTH(known); i++) {
        assert_string_equal(arpq_icmp_type_name(known[i].family, known[i].type),
                            known[i].type_name);
        assert_string_equal(arpq_icmp_code_name(known[i].family, known[i].type, known[i].code),
                            known[i].code_name);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pair),
        cmocka_unit_test(test_other_families),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests_name("icmp_registry", tests, NULL, NULL);
}

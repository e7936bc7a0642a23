/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <net/if_arp.h>

static const struct arpq_mac zero;

static struct arpq_mac make(uint16_t type, unsigned length, const void *bytes)
{
    struct arpq_mac mac = {.type = type, .length = (uint8_t)length};

    memcpy(mac.bytes, bytes, length);
    return mac;
}

static struct arpq_mac filled(uint16_t type, unsigned length, uint8_t value)
{
    uint8_t bytes[ARPQ_MAC_MAX];

    memset(bytes, value, sizeof bytes);
    return make(type, length, bytes);
}

static void assert_mac(const struct arpq_mac *got, const struct arpq_mac *expected)
{
    assert_memory_equal(got, expected, sizeof *got);
}

/* Parse a copy of exactly the text's size, so that ASan detects a read past its end. */
static int parse(const char *text, struct arpq_mac *mac)
{
    char *copy = strdup(text);
    int r;

    assert_non_null(copy);
    memset(mac, 0xaa, sizeof *mac);
    r = arpq_mac_parse(copy, mac);
    free(copy);
    return r;
}

static void test_parse_accepts(void **state)
{
    static const struct {
        const char *text;
        unsigned length;
        uint16_t type;
        uint8_t bytes[ARPQ_MAC_MAX];
    } cases[] = {
        {"00:00:5e:00:53:2a", 6, ARPHRD_ETHER, {0, 0, 0x5e, 0, 0x53, 0x2a}},
        {"00-00-5E-00-53-2A", 6, ARPHRD_ETHER, {0, 0, 0x5e, 0, 0x53, 0x2a}},
        {"0000.5e00.532a", 6, ARPHRD_ETHER, {0, 0, 0x5e, 0, 0x53, 0x2a}},
        {"00005e00532a", 6, ARPHRD_ETHER, {0, 0, 0x5e, 0, 0x53, 0x2a}},
        {"aA:Bb:cC:Dd:eE:Ff", 6, ARPHRD_ETHER, {0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}},
        {"2a", 1, ARPHRD_VOID, {0x2a}},
        {"2a2b", 2, ARPHRD_VOID, {0x2a, 0x2b}},
        {"2a:2b", 2, ARPHRD_VOID, {0x2a, 0x2b}},
        {"0102.0304", 4, ARPHRD_VOID, {1, 2, 3, 4}},
        {"01:02:03:04:05:06:07:08", 8, ARPHRD_EUI64, {1, 2, 3, 4, 5, 6, 7, 8}},
        {"00ffffffff12401bffff000000000000ffffffff",
         20,
         ARPHRD_INFINIBAND,
         {0, 0xff, 0xff, 0xff, 0xff, 0x12, 0x40, 0x1b, 0xff, 0xff,
          0, 0,    0,    0,    0,    0,    0xff, 0xff, 0xff, 0xff}},
        {"00:00:00:00:00:00", 6, ARPHRD_ETHER, {0}},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct arpq_mac expected = make(cases[i].type, cases[i].length, cases[i].bytes);
        struct arpq_mac mac;

        assert_int_equal(parse(cases[i].text, &mac), 0);
        assert_mac(&mac, &expected);
    }
}

static void test_parse_rejects(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        ":",
        "-",
        ".",
        "0",
        "000",
        "g0",
        "0g",
        "0x2a",
        "+1",
        "zz:zz",
        "00:00:5e:00:53:2a ",
        " 00:00:5e:00:53:2a",
        "00:00:5e: 00:53:2a",
        "00:00:5e:00:53:2a\n",
        "00:00:5e:00:53:2ax",
        "00:00:5e:00:53:2a:",
        ":00:00:5e",
        "00:00:5e::53:2a",
        "0:0:5e:0:53:2a",
        "00:00:5e:00:53:2",
        "000:00:5e:00:53:2a",
        "00:00-5e:00:53:2a",
        "00-00:5e-00-53-2a",
        "00:005e:00:53:2a",
        "0000:5e00:532a",
        "0000.5e00:532a",
        "0000.5e00.53",
        "0000.5e00.5",
        "0000.5e00.",
        "0000.",
        "00.00.5e",
        "0000.5e.00.53.2a",
        "0000.5e00532a",
        "00005e.00532a",
        "00005e00532",
        "00005e-00532a",
        "00_00_5e_00_53_2a",
        "00005e00532a0",
        "..",
        "00:",
        "00-",
        "\xc3\xa9\xc3\xa9",
    };

    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct arpq_mac mac;

        assert_int_equal(parse(texts[i], &mac), -EINVAL);
        assert_mac(&mac, &zero);
    }
}

static void test_parse_rejects_over_long(void **state)
{
    char text[10 * 1024 + 1];
    struct arpq_mac mac;

    memset(text, '0', sizeof text);
    text[66] = '\0'; /* 33 bytes */
    assert_int_equal(parse(text, &mac), -EINVAL);
    assert_mac(&mac, &zero);
    text[66] = '0';
    text[sizeof text - 1] = '\0';
    assert_int_equal(parse(text, &mac), -EINVAL);
    assert_mac(&mac, &zero);
    for (size_t i = 2; i < sizeof text - 1; i += 3)
        text[i] = ':';
    assert_int_equal(parse(text, &mac), -EINVAL);
    assert_mac(&mac, &zero);
    text[33 * 3 - 1] = '\0'; /* 33 bytes */
    assert_int_equal(parse(text, &mac), -EINVAL);
    text[32 * 3 - 1] = '\0';
    assert_int_equal(parse(text, &mac), 0);
    assert_int_equal(mac.length, 32);
}

static void test_parse_null(void **state)
{
    struct arpq_mac mac;

    memset(&mac, 0xaa, sizeof mac);
    assert_int_equal(arpq_mac_parse(NULL, &mac), -EINVAL);
    assert_mac(&mac, &zero);
    assert_int_equal(arpq_mac_parse("00:00:5e:00:53:2a", NULL), -EINVAL);
    assert_int_equal(arpq_mac_parse(NULL, NULL), -EINVAL);
}

static void test_format_styles(void **state)
{
    static const struct {
        uint32_t style;
        unsigned length;
        const char *text;
    } cases[] = {
        {ARPQ_MAC_COLON, 6, "00:00:5e:00:53:2a"},
        {ARPQ_MAC_DASH, 6, "00-00-5e-00-53-2a"},
        {ARPQ_MAC_CISCO, 6, "0000.5e00.532a"},
        {ARPQ_MAC_BARE, 6, "00005e00532a"},
        {ARPQ_MAC_COLON | ARPQ_MAC_UPPER, 6, "00:00:5E:00:53:2A"},
        {ARPQ_MAC_DASH | ARPQ_MAC_UPPER, 6, "00-00-5E-00-53-2A"},
        {ARPQ_MAC_CISCO | ARPQ_MAC_UPPER, 6, "0000.5E00.532A"},
        {ARPQ_MAC_BARE | ARPQ_MAC_UPPER, 6, "00005E00532A"},
        {ARPQ_MAC_COLON, 1, "00"},
        {ARPQ_MAC_CISCO, 2, "0000"},
        {ARPQ_MAC_CISCO, 5, "0000.5e00.53"},
        {ARPQ_MAC_COLON, 0, ""},
        {ARPQ_MAC_DASH, 0, ""},
        {ARPQ_MAC_CISCO, 0, ""},
        {ARPQ_MAC_BARE, 0, ""},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        static const uint8_t bytes[6] = {0, 0, 0x5e, 0, 0x53, 0x2a};
        struct arpq_mac mac = make(ARPHRD_ETHER, cases[i].length, bytes);
        size_t size = strlen(cases[i].text) + 1;
        char *text = malloc(size); /* the exact size is sufficient */

        assert_non_null(text);
        assert_ptr_equal(arpq_mac_format(&mac, cases[i].style, text, size), text);
        assert_string_equal(text, cases[i].text);
        for (size_t small = 1; small < size; small++) {
            memset(text, 0x55, size);
            const char *got = arpq_mac_format(&mac, cases[i].style, text, small);

            assert_ptr_not_equal(got, text);
            assert_string_equal(got, "");
            assert_string_equal(text, "");
        }
        text[0] = 0x55;
        assert_string_equal(arpq_mac_format(&mac, cases[i].style, text, 0), "");
        assert_int_equal(text[0], 0x55);
        free(text);
    }
}

static void test_format_rejects(void **state)
{
    static const uint32_t styles[] = {4, 5, 0x0f, 0x14, 0x20, 0x13 | 0x100, UINT32_MAX};
    struct arpq_mac mac = filled(ARPHRD_ETHER, 6, 1);
    char text[ARPQ_MAC_STRLEN];

    for (size_t i = 0; i < LENGTH(styles); i++) {
        text[0] = 'x';
        assert_string_equal(arpq_mac_format(&mac, styles[i], text, sizeof text), "");
        assert_string_equal(text, "");
    }
    text[0] = 'x';
    assert_string_equal(arpq_mac_format(NULL, 0, text, sizeof text), "");
    assert_string_equal(text, "");
    assert_string_equal(arpq_mac_format(&mac, 0, NULL, 0), "");
    assert_string_equal(arpq_mac_format(&mac, 0, NULL, 99), "");
    assert_string_equal(arpq_mac_format(NULL, 0, NULL, 0), "");
    for (unsigned length = 33; length <= 255; length++) {
        mac.length = (uint8_t)length;
        text[0] = 'x';
        assert_string_equal(arpq_mac_format(&mac, 0, text, sizeof text), "");
        assert_string_equal(text, "");
    }
}

static void test_round_trip(void **state)
{
    uint8_t bytes[ARPQ_MAC_MAX];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37 + 0x9b);
    for (unsigned length = 0; length <= ARPQ_MAC_MAX; length++) {
        for (uint32_t style = 0; style < 8; style++) {
            uint32_t flags = (style & 3) | (style & 4 ? ARPQ_MAC_UPPER : 0);
            struct arpq_mac in = make(ARPHRD_VOID, length, bytes);
            char text[ARPQ_MAC_STRLEN];
            struct arpq_mac out;
            /* The parser does not accept "" or an incomplete group of the dotted style. */
            bool taken = length > 0 && !((style & 3) == ARPQ_MAC_CISCO && length % 2 && length > 1);

            assert_ptr_equal(arpq_mac_format(&in, flags, text, sizeof text), text);
            assert_int_equal(parse(text, &out), taken ? 0 : -EINVAL);
            assert_int_equal(arpq_mac_compare(&in, taken ? &out : &in), 0);
        }
    }
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void test_compare(void **state)
{
    struct arpq_mac none = {0};
    struct arpq_mac five = filled(ARPHRD_VOID, 5, 0xff);
    struct arpq_mac low = filled(ARPHRD_ETHER, 6, 0x7f);
    struct arpq_mac high = filled(ARPHRD_ETHER, 6, 0x80);
    struct arpq_mac long_low = filled(ARPHRD_INFINIBAND, 32, 1);
    struct arpq_mac long_high = long_low;
    const struct arpq_mac *order[] = {NULL, &none, &five, &low, &high, &long_low, &long_high};
    struct arpq_mac other_type = low;
    struct arpq_mac bad = filled(0, 32, 1);

    long_high.bytes[31] = 2;
    for (size_t i = 0; i < LENGTH(order); i++) {
        for (size_t k = 0; k < LENGTH(order); k++)
            assert_int_equal(sign(arpq_mac_compare(order[i], order[k])), (i > k) - (i < k));
    }
    other_type.type = ARPHRD_FDDI;
    other_type.bytes[6] = 1; /* the bytes after the address have no effect */
    assert_int_equal(arpq_mac_compare(&low, &other_type), 0);
    bad.length = 255;
    assert_int_equal(arpq_mac_compare(&bad, &bad), 0);
}

static void test_classify(void **state)
{
    static const struct {
        uint16_t type;
        const char *text;
        int multicast, broadcast, local, zero;
    } cases[] = {
        {ARPHRD_ETHER, "00:00:5e:00:53:2a", 0, 0, 0, 0},
        {ARPHRD_ETHER, "01:00:5e:00:00:01", 1, 0, 0, 0},
        {ARPHRD_ETHER, "33:33:00:00:00:01", 1, 0, 1, 0},
        {ARPHRD_ETHER, "02:00:00:00:00:01", 0, 0, 1, 0},
        {ARPHRD_ETHER, "ff:ff:ff:ff:ff:ff", 1, 1, 1, 0},
        {ARPHRD_ETHER, "ff:ff:ff:ff:ff:fe", 1, 0, 1, 0},
        {ARPHRD_ETHER, "00:00:00:00:00:00", 0, 0, 0, 1},
        {ARPHRD_ETHER, "00:00:00:00:00:01", 0, 0, 0, 0},
        {ARPHRD_EUI64, "02:00:5e:ff:fe:00:53:2a", 0, 0, 1, 0},
        {ARPHRD_EUI64, "ff:ff:ff:ff:ff:ff:ff:ff", 1, 1, 1, 0},
        /* The address of an IPv4 tunnel has no group and local bits. */
        {ARPHRD_IPGRE, "03:00:02:01", 0, 0, 0, 0},
        {ARPHRD_IPGRE, "00:00:00:00", 0, 0, 0, 1},
        {ARPHRD_VOID, "ff", 0, 1, 0, 0},
        {ARPHRD_INFINIBAND, "00ffffffff12401bffff000000000000ffffffff", 1, 1, 0, 0},
        {ARPHRD_INFINIBAND, "00ffffffff15401b8001000000000000ffffffff", 1, 1, 0, 0},
        {ARPHRD_INFINIBAND, "00ffffffff12401bffff0000000000000e000001", 1, 0, 0, 0},
        {ARPHRD_INFINIBAND, "00ffffffff12601bffff000000000000ffffffff", 1, 0, 0, 0},
        {ARPHRD_INFINIBAND, "00ffffffff12401bffff000000000001ffffffff", 1, 0, 0, 0},
        {ARPHRD_INFINIBAND, "00ffffffff22401bffff000000000000ffffffff", 1, 0, 0, 0},
        {ARPHRD_INFINIBAND, "03000048fe800000000000000002c903000e8acb", 0, 0, 0, 0},
        {ARPHRD_INFINIBAND, "ffffffffffffffffffffffffffffffffffffffff", 1, 0, 0, 0},
        {ARPHRD_INFINIBAND, "0000000000000000000000000000000000000000", 0, 0, 0, 1},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct arpq_mac mac;

        assert_int_equal(parse(cases[i].text, &mac), 0);
        mac.type = cases[i].type;
        assert_int_equal(arpq_mac_is_multicast(&mac), cases[i].multicast);
        assert_int_equal(arpq_mac_is_broadcast(&mac), cases[i].broadcast);
        assert_int_equal(arpq_mac_is_local(&mac), cases[i].local);
        assert_int_equal(arpq_mac_is_zero(&mac), cases[i].zero);
    }
}

static void test_classify_nothing(void **state)
{
    struct arpq_mac ones = filled(ARPHRD_ETHER, 32, 0xff);
    struct arpq_mac none = {.type = ARPHRD_ETHER};
    struct arpq_mac zeros = {.length = 33};
    const struct arpq_mac *cases[] = {NULL, &none, &ones, &zeros};

    ones.length = 33; /* above the maximum */
    for (size_t i = 0; i < LENGTH(cases); i++) {
        assert_int_equal(arpq_mac_is_multicast(cases[i]), 0);
        assert_int_equal(arpq_mac_is_broadcast(cases[i]), 0);
        assert_int_equal(arpq_mac_is_local(cases[i]), 0);
        assert_int_equal(arpq_mac_is_zero(cases[i]), 0);
    }
}

static void test_eui64(void **state)
{
    static const uint8_t six[] = {0x00, 0x00, 0x5e, 0x00, 0x53, 0x2a};
    static const uint8_t eight[] = {0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x53, 0x2a};
    static const uint8_t inverted[] = {0x00, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x53, 0x2a};
    struct arpq_mac mac = make(ARPHRD_ETHER, 6, six);
    struct arpq_mac expected = make(ARPHRD_EUI64, 8, eight);
    struct arpq_mac again = make(ARPHRD_EUI64, 8, inverted);
    struct arpq_mac out;

    memset(&out, 0xaa, sizeof out);
    assert_int_equal(arpq_mac_to_eui64(&mac, &out), 0);
    assert_mac(&out, &expected);
    assert_int_equal(arpq_mac_to_eui64(&mac, &mac), 0);
    assert_mac(&mac, &expected);
    assert_int_equal(arpq_mac_to_eui64(&mac, &mac), 0);
    assert_mac(&mac, &again);
}

static void test_eui64_rejects(void **state)
{
    struct arpq_mac out;

    for (unsigned length = 0; length <= 255; length++) {
        struct arpq_mac mac = filled(ARPHRD_ETHER, 32, 1);

        mac.length = (uint8_t)length;
        memset(&out, 0xaa, sizeof out);
        if (length == 6 || length == 8)
            continue;
        assert_int_equal(arpq_mac_to_eui64(&mac, &out), -EINVAL);
        assert_mac(&out, &zero);
    }
    memset(&out, 0xaa, sizeof out);
    assert_int_equal(arpq_mac_to_eui64(NULL, &out), -EINVAL);
    assert_mac(&out, &zero);
    assert_int_equal(arpq_mac_to_eui64(&out, NULL), -EINVAL);
    assert_int_equal(arpq_mac_to_eui64(NULL, NULL), -EINVAL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_accepts),
        cmocka_unit_test(test_parse_rejects),
        cmocka_unit_test(test_parse_rejects_over_long),
        cmocka_unit_test(test_parse_null),
        cmocka_unit_test(test_format_styles),
        cmocka_unit_test(test_format_rejects),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_classify),
        cmocka_unit_test(test_classify_nothing),
        cmocka_unit_test(test_eui64),
        cmocka_unit_test(test_eui64_rejects),
    };

    return cmocka_run_group_tests_name("mac", tests, NULL, NULL);
}

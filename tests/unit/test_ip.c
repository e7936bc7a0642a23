/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "value/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const struct arpq_ip zero;
static const char no_name[ARPQ_IFNAME_SIZE];

static struct arpq_ip ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (struct arpq_ip){.family = AF_INET, .bytes = {a, b, c, d}};
}

/* Makes an address with inet_pton(3), which is independent of the functions under test. */
static struct arpq_ip ipv6(const char *text, uint32_t scope)
{
    struct arpq_ip ip = {.family = AF_INET6, .scope = scope};

    assert_int_equal(inet_pton(AF_INET6, text, ip.bytes), 1);
    return ip;
}

static void assert_ip(const struct arpq_ip *got, const struct arpq_ip *expected)
{
    assert_memory_equal(got, expected, sizeof *got);
}

/* Parse a copy of exactly the text's size, so that ASan detects a read past its end. */
static int parse(const char *text, uint32_t flags, struct arpq_ip *ip, char *scope_name)
{
    char *copy = strdup(text);
    int r;

    assert_non_null(copy);
    memset(ip, 0xaa, sizeof *ip);
    memset(scope_name, 0xaa, ARPQ_IFNAME_SIZE);
    r = aq_ip_parse(copy, flags, ip, scope_name);
    free(copy);
    return r;
}

static void assert_rejected(const char *text, uint32_t flags)
{
    char scope_name[ARPQ_IFNAME_SIZE];
    struct arpq_ip ip;

    if (parse(text, flags, &ip, scope_name) != -EINVAL)
        fail_msg("accepted \"%.80s\"", text);
    assert_ip(&ip, &zero);
    assert_memory_equal(scope_name, no_name, sizeof no_name);
}

static void assert_accepted(const char *text, uint32_t flags, const struct arpq_ip *expected,
                            const char *name)
{
    char scope_name[ARPQ_IFNAME_SIZE];
    struct arpq_ip ip;

    if (parse(text, flags, &ip, scope_name) != 0)
        fail_msg("rejected \"%s\"", text);
    assert_ip(&ip, expected);
    assert_string_equal(scope_name, name);
}

static void test_parse_ipv4(void **state)
{
    static const struct {
        const char *text;
        uint8_t bytes[4];
    } cases[] = {
        {"192.0.2.123", {192, 0, 2, 123}},
        {"0.0.0.0", {0, 0, 0, 0}},
        {"255.255.255.255", {255, 255, 255, 255}},
        {"1.2.3.4", {1, 2, 3, 4}},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        const uint8_t *b = cases[i].bytes;
        struct arpq_ip expected = ipv4(b[0], b[1], b[2], b[3]);

        assert_accepted(cases[i].text, 0, &expected, "");
        assert_accepted(cases[i].text, ARPQ_IP_CLASSIC, &expected, "");
    }
}

static void test_parse_ipv6(void **state)
{
    static const struct {
        const char *text;
        const char *same;
        uint32_t scope;
        const char *name;
    } cases[] = {
        {"::", "::", 0, ""},
        {"::1", "::1", 0, ""},
        {"2001:DB8::A", "2001:db8::a", 0, ""},
        {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1", 0, ""},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", 0, ""},
        {"::ffff:192.0.2.1", "::ffff:c000:201", 0, ""}, /* remains IPv6 */
        {"::192.0.2.1", "::c000:201", 0, ""},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         0, ""},
        {"fe80::1%1", "fe80::1", 1, ""},
        {"fe80::1%2147483647", "fe80::1", INT32_MAX, ""},
        {"fe80::1%lo", "fe80::1", 0, "lo"},
        {"fe80::1%eth0:1", "fe80::1", 0, "eth0:1"},
        {"fe80::1%eth0.10", "fe80::1", 0, "eth0.10"},
        {"fe80::1%1a", "fe80::1", 0, "1a"},
        {"fe80::1%-1", "fe80::1", 0, "-1"},
        {"fe80::1%%", "fe80::1", 0, "%"},
        {"fe80::1%abcdefghijklmno", "fe80::1", 0, "abcdefghijklmno"},
        {"2001:db8::1%7", "2001:db8::1", 7, ""},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%abcdefghijklmno",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0, "abcdefghijklmno"},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct arpq_ip expected = ipv6(cases[i].same, cases[i].scope);

        assert_accepted(cases[i].text, 0, &expected, cases[i].name);
        assert_accepted(cases[i].text, ARPQ_IP_CLASSIC, &expected, cases[i].name);
    }
}

/* Texts that are invalid whatever the flags are. */
static void test_parse_rejects(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        ".",
        ":",
        "%",
        "%lo",
        "x",
        "...",
        ":::",
        "lo",
        "localhost",
        "-1",
        "+1",
        "10.0.0.256",
        "256.0.0.1",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2. 3.4",
        "1 .2.3.4",
        "1.2.3.4 x",
        "1.2.3.4x",
        "1.2.3.4\n",
        "\t1.2.3.4",
        "1.2.3.-4",
        "+1.2.3.4",
        "1,2,3,4",
        "1.2.3.4/24",
        "1.2.3.4:80",
        "1.2.3.4%lo",
        "1.2.3.4%1",
        "1.2.3.4%",
        "1.2.3.4%a:b",
        "08.1.1.1",
        ":1",
        "1:",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "12345::",
        "g::",
        "::1 ",
        " ::1",
        ":: 1",
        "::1\n",
        "::1/64",
        "[::1]",
        "::1.2.3",
        "::1.2.3.256",
        "::01.2.3.4",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::0x1",
        "fe80::1%",
        "fe80::1%0",
        "fe80::1%00",
        "fe80::1%01",
        "fe80::1%2147483648",
        "fe80::1%4294967296",
        "fe80::1%4294967297",
        "fe80::1%18446744073709551617",
        "fe80::1% ",
        "fe80::1% 1",
        "fe80::1%1 ",
        "fe80::1%lo ",
        "fe80::1% lo",
        "fe80::1%l o",
        "fe80::1%l\to",
        "fe80::1%lo\n",
        "fe80::1%a/b",
        "fe80::1%/",
        "fe80::1%abcdefghijklmnop",
        "%fe80::1",
        "fe80%1::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%abcdefghijklmnop",
    };

    for (size_t i = 0; i < LENGTH(texts); i++) {
        assert_rejected(texts[i], 0);
        assert_rejected(texts[i], ARPQ_IP_CLASSIC);
    }
}

static void test_parse_rejects_over_long(void **state)
{
    static const char *const starts[] = {"1.2.3.4", "::1", "fe80::1%", "fe80::1%1", "0x", ""};
    static const char fills[] = {'0', '1', 'a', ' ', ':', '.', '%'};
    char text[10 * 1024 + 1];

    for (size_t i = 0; i < LENGTH(starts); i++) {
        for (size_t k = 0; k < LENGTH(fills); k++) {
            memset(text, fills[k], sizeof text);
            memcpy(text, starts[i], strlen(starts[i]));
            text[sizeof text - 1] = '\0';
            assert_rejected(text, 0);
            assert_rejected(text, ARPQ_IP_CLASSIC);
        }
    }
}

static void test_parse_classic(void **state)
{
    static const struct {
        const char *text;
        uint8_t bytes[4];
    } cases[] = {
        {"0xc000027b", {192, 0, 2, 123}},
        {"0XC000027B", {192, 0, 2, 123}},
        {"3221226198", {192, 0, 2, 214}},
        {"030000001173", {192, 0, 2, 123}},
        {"0300.00.02.0173", {192, 0, 2, 123}},
        {"0xc0.0x0.0x2.0x7b", {192, 0, 2, 123}},
        {"0xc0.0.02.123", {192, 0, 2, 123}},
        {"127.1", {127, 0, 0, 1}},
        {"127.16777215", {127, 255, 255, 255}},
        {"1.2.3", {1, 2, 0, 3}},
        {"1.2.65535", {1, 2, 255, 255}},
        {"01.2.3.4", {1, 2, 3, 4}},
        {"010.0.0.1", {8, 0, 0, 1}},
        {"0", {0, 0, 0, 0}},
        {"0x0", {0, 0, 0, 0}},
        {"1", {0, 0, 0, 1}},
        {"4294967295", {255, 255, 255, 255}},
        {"0xffffffff", {255, 255, 255, 255}},
        {"037777777777", {255, 255, 255, 255}},
        {"0x00000000000000000001", {0, 0, 0, 1}},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        const uint8_t *b = cases[i].bytes;
        struct arpq_ip expected = ipv4(b[0], b[1], b[2], b[3]);
        struct in_addr addr; /* the C library gives the same result */

        assert_rejected(cases[i].text, 0);
        assert_accepted(cases[i].text, ARPQ_IP_CLASSIC, &expected, "");
        assert_int_equal(inet_aton(cases[i].text, &addr), 1);
        assert_memory_equal(&addr, b, 4);
    }
}

static void test_parse_classic_rejects(void **state)
{
    static const char *const texts[] = {
        "4294967296",
        "0x100000000",
        "040000000000",
        "18446744073709551616",
        "99999999999999999999999999999999999999",
        "0xffffffffffffffffffffffffffffffff",
        "1.16777216",
        "1.2.65536",
        "1.2.3.256",
        "256.1",
        "1.256.1",
        "1.2.256.1",
        "0x100.1",
        "0x",
        "0X",
        "0x.1",
        "1.0x",
        "08",
        "09.1",
        "0779.1",
        "0xg",
        "1a",
        "0x1 ",
        "127.1 ",
        "127.1 junk",
        "127.1\n",
        " 127.1",
        "127. 1",
        "127.1.",
        "127..1",
        ".1",
        "1.",
        "-1",
        "+1",
        "1.-1",
        "0b1",
        "1e3",
        "0x0x1",
        "127.1%lo",
        "0x1%1",
        "1.2.3.4.5",
    };

    for (size_t i = 0; i < LENGTH(texts); i++)
        assert_rejected(texts[i], ARPQ_IP_CLASSIC);
}

static void test_parse_arguments(void **state)
{
    static const uint32_t flags[] = {2, 3, 0x80000000u, UINT32_MAX, ~ARPQ_IP_CLASSIC};
    char scope_name[ARPQ_IFNAME_SIZE];
    struct arpq_ip ip;

    for (size_t i = 0; i < LENGTH(flags); i++) {
        assert_rejected("1.2.3.4", flags[i]);
        assert_rejected("::1", flags[i]);
    }
    memset(&ip, 0xaa, sizeof ip);
    memset(scope_name, 0xaa, sizeof scope_name);
    assert_int_equal(aq_ip_parse(NULL, 0, &ip, scope_name), -EINVAL);
    assert_ip(&ip, &zero);
    assert_string_equal(scope_name, "");
    assert_int_equal(aq_ip_parse("1.2.3.4", 0, NULL, scope_name), -EINVAL);
    assert_int_equal(aq_ip_parse("1.2.3.4", 0, &ip, NULL), -EINVAL);
}

static void test_format(void **state)
{
    static const struct {
        const char *in;
        uint32_t scope;
        const char *text;
    } cases[] = {
        {"::", 0, "::"},
        {"::1", 0, "::1"},
        {"1::", 0, "1::"},
        {"2001:DB8::00A", 0, "2001:db8::a"},
        {"2001:db8:0:1:1:1:1:1", 0, "2001:db8:0:1:1:1:1:1"}, /* RFC 5952 4.2.2 */
        {"2001:0:0:1:0:0:0:1", 0, "2001:0:0:1::1"},          /* 4.2.3, the longest */
        {"2001:db8:0:0:1:0:0:1", 0, "2001:db8::1:0:0:1"},    /* 4.2.3, the first */
        {"0:0:1:0:0:1:1:1", 0, "::1:0:0:1:1:1"},
        {"0:1:1:1:1:1:0:0", 0, "0:1:1:1:1:1::"},
        {"1:2:3:4:5:6:7:0", 0, "1:2:3:4:5:6:7:0"},
        {"0:2:3:4:5:6:7:8", 0, "0:2:3:4:5:6:7:8"},
        {"1:2:3:4:5:6:0:0", 0, "1:2:3:4:5:6::"},
        {"1:2:3:4:5:6:7:8", 0, "1:2:3:4:5:6:7:8"},
        {"::ffff:192.0.2.1", 0, "::ffff:192.0.2.1"}, /* section 5 */
        {"::ffff:0:0", 0, "::ffff:0.0.0.0"},
        {"::192.0.2.1", 0, "::c000:201"},
        {"::1:ffff:1:2", 0, "::1:ffff:1:2"},
        {"fe80::1", 1, "fe80::1%1"},
        {"fe80::1", UINT32_MAX, "fe80::1%4294967295"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", UINT32_MAX,
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295"},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct arpq_ip ip = ipv6(cases[i].in, cases[i].scope);
        char text[ARPQ_IP_STRLEN];

        assert_ptr_equal(arpq_ip_format(&ip, text, sizeof text), text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_format_sizes(void **state)
{
    const struct arpq_ip ips[] = {ipv4(192, 0, 2, 123), ipv4(0, 0, 0, 0), ipv6("::", 0),
                                  ipv6("::ffff:192.0.2.1", 3), ipv6("fe80::1", 12)};
    static const char *const texts[] = {"192.0.2.123", "0.0.0.0", "::", "::ffff:192.0.2.1%3",
                                        "fe80::1%12"};

    for (size_t i = 0; i < LENGTH(ips); i++) {
        size_t size = strlen(texts[i]) + 1;
        char *text = malloc(size); /* the exact size is sufficient */

        assert_non_null(text);
        assert_ptr_equal(arpq_ip_format(&ips[i], text, size), text);
        assert_string_equal(text, texts[i]);
        for (size_t small = 1; small < size; small++) {
            memset(text, 0x55, size);
            const char *got = arpq_ip_format(&ips[i], text, small);

            assert_ptr_not_equal(got, text);
            assert_string_equal(got, "");
            assert_string_equal(text, "");
        }
        text[0] = 0x55;
        assert_string_equal(arpq_ip_format(&ips[i], text, 0), "");
        assert_int_equal(text[0], 0x55);
        free(text);
    }
}

static void test_format_rejects(void **state)
{
    static const uint16_t families[] = {AF_UNSPEC, AF_UNIX, AF_PACKET, UINT16_MAX};
    struct arpq_ip ip = ipv4(1, 2, 3, 4);
    char text[ARPQ_IP_STRLEN] = "x";

    assert_string_equal(arpq_ip_format(NULL, text, sizeof text), "");
    assert_string_equal(text, "");
    assert_string_equal(arpq_ip_format(&ip, NULL, 0), "");
    assert_string_equal(arpq_ip_format(&ip, NULL, 64), "");
    assert_string_equal(arpq_ip_format(NULL, NULL, 0), "");
    for (size_t i = 0; i < LENGTH(families); i++) {
        ip.family = families[i];
        text[0] = 'x';
        assert_string_equal(arpq_ip_format(&ip, text, sizeof text), "");
        assert_string_equal(text, "");
    }
}

/* Every pattern of zero groups, with and without a scope. */
static void test_round_trip(void **state)
{
    for (unsigned pattern = 0; pattern < 512; pattern++) {
        struct arpq_ip ip = {.family = AF_INET6, .scope = pattern & 0x100 ? pattern : 0};
        char text[ARPQ_IP_STRLEN];

        for (unsigned n = 0; n < 8; n++)
            ip.bytes[2 * n + 1] = pattern & 1u << n ? (uint8_t)(n + 1) : 0;
        assert_ptr_equal(arpq_ip_format(&ip, text, sizeof text), text);
        assert_accepted(text, 0, &ip, "");
    }
}

static void test_from_sockaddr(void **state)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = 99};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_flowinfo = 9, .sin6_scope_id = 5};
    struct arpq_ip expected4 = ipv4(192, 0, 2, 1);
    struct arpq_ip expected6 = ipv6("fe80::1", 5);
    unsigned char odd[sizeof in6 + 1];
    struct arpq_ip ip;

    memcpy(&in.sin_addr, expected4.bytes, 4);
    memcpy(&in6.sin6_addr, expected6.bytes, 16);
    memset(&ip, 0xaa, sizeof ip);
    assert_int_equal(arpq_ip_from_sockaddr((struct sockaddr *)&in, sizeof in, &ip), 0);
    assert_ip(&ip, &expected4);
    memset(&ip, 0xaa, sizeof ip);
    assert_int_equal(arpq_ip_from_sockaddr((struct sockaddr *)&in6, sizeof in6, &ip), 0);
    assert_ip(&ip, &expected6);

    memcpy(odd + 1, &in6, sizeof in6); /* unaligned, as in a received message */
    const void *unaligned = odd + 1;
    assert_int_equal(arpq_ip_from_sockaddr(unaligned, sizeof in6, &ip), 0);
    assert_ip(&ip, &expected6);

    assert_int_equal(inet_pton(AF_INET6, "::ffff:192.0.2.1", &in6.sin6_addr), 1);
    assert_int_equal(arpq_ip_from_sockaddr((struct sockaddr *)&in6, sizeof in6, &ip), 0);
    assert_ip(&ip, &expected4); /* unmapped, without the scope */
}

static void test_from_sockaddr_rejects(void **state)
{
    static const sa_family_t families[] = {AF_INET, AF_INET6};
    static const size_t sizes[] = {sizeof(struct sockaddr_in), sizeof(struct sockaddr_in6)};
    struct sockaddr_storage sa = {.ss_family = AF_INET};
    struct arpq_ip ip;

    for (size_t i = 0; i < LENGTH(families); i++) {
        for (size_t size = 0; size < sizes[i]; size++) {
            unsigned char *exact = malloc(size + 1); /* + 1 because malloc(0) may return NULL */

            assert_non_null(exact);
            sa.ss_family = families[i];
            memcpy(exact, &sa, size);
            memset(&ip, 0xaa, sizeof ip);
            assert_int_equal(arpq_ip_from_sockaddr((const void *)exact, size, &ip), -EINVAL);
            assert_ip(&ip, &zero);
            free(exact);
        }
    }
    sa.ss_family = AF_UNIX;
    memset(&ip, 0xaa, sizeof ip);
    assert_int_equal(arpq_ip_from_sockaddr((void *)&sa, sizeof sa, &ip), -EAFNOSUPPORT);
    assert_ip(&ip, &zero);
    memset(&ip, 0xaa, sizeof ip);
    assert_int_equal(arpq_ip_from_sockaddr((void *)&sa, sizeof(sa_family_t), &ip), -EAFNOSUPPORT);
    assert_ip(&ip, &zero);
    memset(&ip, 0xaa, sizeof ip);
    assert_int_equal(arpq_ip_from_sockaddr(NULL, sizeof sa, &ip), -EINVAL);
    assert_ip(&ip, &zero);
    assert_int_equal(arpq_ip_from_sockaddr((void *)&sa, sizeof sa, NULL), -EINVAL);
}

static void test_to_sockaddr(void **state)
{
    struct arpq_ip ip = ipv4(192, 0, 2, 1);
    struct sockaddr_storage sa;
    struct sockaddr_storage expected;
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(8080)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(8080)};

    memset(&sa, 0xaa, sizeof sa);
    memset(&expected, 0, sizeof expected);
    memcpy(&in.sin_addr, ip.bytes, 4);
    memcpy(&expected, &in, sizeof in);
    assert_int_equal(arpq_ip_to_sockaddr(&ip, 8080, &sa), 16);
    assert_memory_equal(&sa, &expected, sizeof sa);

    ip = ipv6("::ffff:192.0.2.1", 0x01020304); /* remains mapped */
    memset(&sa, 0xaa, sizeof sa);
    memset(&expected, 0, sizeof expected);
    memcpy(&in6.sin6_addr, ip.bytes, 16);
    in6.sin6_scope_id = 0x01020304;
    memcpy(&expected, &in6, sizeof in6);
    assert_int_equal(arpq_ip_to_sockaddr(&ip, 8080, &sa), 28);
    assert_memory_equal(&sa, &expected, sizeof sa);
}

static void test_to_sockaddr_rejects(void **state)
{
    static const struct sockaddr_storage none;
    struct arpq_ip ip = ipv4(1, 2, 3, 4);
    struct sockaddr_storage sa;

    memset(&sa, 0xaa, sizeof sa);
    assert_int_equal(arpq_ip_to_sockaddr(NULL, 1, &sa), -EINVAL);
    assert_memory_equal(&sa, &none, sizeof sa);
    assert_int_equal(arpq_ip_to_sockaddr(&ip, 1, NULL), -EINVAL);
    assert_int_equal(arpq_ip_to_sockaddr(NULL, 1, NULL), -EINVAL);
    ip.family = 0;
    memset(&sa, 0xaa, sizeof sa);
    assert_int_equal(arpq_ip_to_sockaddr(&ip, 1, &sa), -EAFNOSUPPORT);
    assert_memory_equal(&sa, &none, sizeof sa);
    ip.family = UINT16_MAX;
    assert_int_equal(arpq_ip_to_sockaddr(&ip, 1, &sa), -EAFNOSUPPORT);
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void test_compare(void **state)
{
    const struct arpq_ip ips[] = {{{0}, 0, 0, 0},     ipv4(1, 2, 3, 4),        ipv4(127, 0, 0, 0),
                                  ipv4(128, 0, 0, 0), ipv6("::", 0),           ipv6("::1", 0),
                                  ipv6("::1", 1),     ipv6("::1", UINT32_MAX), ipv6("::2", 0),
                                  ipv6("ff02::1", 0)};
    struct arpq_ip rubbish = ips[1];

    for (size_t i = 0; i < LENGTH(ips); i++) {
        assert_int_equal(sign(arpq_ip_compare(NULL, &ips[i])), -1);
        assert_int_equal(sign(arpq_ip_compare(&ips[i], NULL)), 1);
        for (size_t k = 0; k < LENGTH(ips); k++)
            assert_int_equal(sign(arpq_ip_compare(&ips[i], &ips[k])), (i > k) - (i < k));
    }
    assert_int_equal(arpq_ip_compare(NULL, NULL), 0);
    rubbish.bytes[4] = 1; /* the bytes after an IPv4 address have no effect */
    assert_int_equal(arpq_ip_compare(&rubbish, &ips[1]), 0);
}

static void test_unmap(void **state)
{
    struct arpq_ip mapped = ipv6("::ffff:192.0.2.1", 7);
    struct arpq_ip expected = ipv4(192, 0, 2, 1);
    const struct arpq_ip others[] = {ipv4(1, 2, 3, 4),
                                     ipv6("::192.0.2.1", 0),
                                     ipv6("::1", 3),
                                     ipv6("::fffe:1.2.3.4", 0),
                                     ipv6("::1:ffff:1.2.3.4", 0),
                                     {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 0, 0, 0}};

    aq_ip_unmap(&mapped);
    assert_ip(&mapped, &expected);
    for (size_t i = 0; i < LENGTH(others); i++) {
        struct arpq_ip ip = others[i];

        aq_ip_unmap(&ip);
        assert_ip(&ip, &others[i]);
    }
}

static void test_properties(void **state)
{
    const struct {
        struct arpq_ip ip;
        size_t length;
        bool multicast, link_local;
    } cases[] = {
        {ipv4(223, 255, 255, 255), 4, false, false},
        {ipv4(224, 0, 0, 0), 4, true, false},
        {ipv4(239, 255, 255, 255), 4, true, false},
        {ipv4(240, 0, 0, 0), 4, false, false},
        {ipv4(255, 255, 255, 255), 4, false, false},
        {ipv4(169, 254, 0, 1), 4, false, false},
        {ipv4(254, 128, 0, 0), 4, false, false},
        {ipv6("ff02::1", 0), 16, true, false},
        {ipv6("feff::1", 0), 16, false, false},
        {ipv6("fe7f::1", 0), 16, false, false},
        {ipv6("fe80::1", 0), 16, false, true},
        {ipv6("febf:ffff::", 0), 16, false, true},
        {ipv6("fec0::1", 0), 16, false, false},
        {ipv6("::ffff:224.0.0.1", 0), 16, false, false},
        {{{0xe0, 0x80}, 0, 0, 0}, 0, false, false},
        {{{0xfe, 0x80}, 0, AF_UNIX, 0}, 0, false, false},
        {{{0xff, 0x02}, 0, AF_UNIX, 0}, 0, false, false},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        assert_int_equal(aq_ip_length(&cases[i].ip), cases[i].length);
        assert_int_equal(aq_ip_is_multicast(&cases[i].ip), cases[i].multicast);
        assert_int_equal(aq_ip_is_link_local(&cases[i].ip), cases[i].link_local);
    }
}

/* Compare bit by bit, for each length and for lengths beyond the end. */
static void test_mask(void **state)
{
    static const uint16_t families[] = {AF_INET, AF_INET6};

    for (size_t f = 0; f < LENGTH(families); f++) {
        unsigned bits = families[f] == AF_INET ? 32 : 128;

        for (unsigned length = 0; length <= 300; length++) {
            struct arpq_ip ip = {.family = families[f], .scope = 9};

            memset(ip.bytes, 0xff, bits / 8);
            aq_ip_mask(&ip, length);
            for (unsigned bit = 0; bit < 128; bit++) {
                int is_set = (ip.bytes[bit / 8] >> (7 - bit % 8)) & 1;

                assert_int_equal(is_set, bit < length && bit < bits);
            }
            assert_int_equal(ip.scope, 9);
            assert_int_equal(ip.family, families[f]);
        }
    }
    struct arpq_ip ip = ipv4(192, 0, 2, 123);
    struct arpq_ip expected = ipv4(192, 0, 2, 112);

    aq_ip_mask(&ip, UINT32_MAX);
    assert_int_equal(ip.bytes[3], 123);
    aq_ip_mask(&ip, 28);
    assert_ip(&ip, &expected);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_ipv4),
        cmocka_unit_test(test_parse_ipv6),
        cmocka_unit_test(test_parse_rejects),
        cmocka_unit_test(test_parse_rejects_over_long),
        cmocka_unit_test(test_parse_classic),
        cmocka_unit_test(test_parse_classic_rejects),
        cmocka_unit_test(test_parse_arguments),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_format_sizes),
        cmocka_unit_test(test_format_rejects),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_from_sockaddr),
        cmocka_unit_test(test_from_sockaddr_rejects),
        cmocka_unit_test(test_to_sockaddr),
        cmocka_unit_test(test_to_sockaddr_rejects),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_unmap),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_mask),
    };

    return cmocka_run_group_tests_name("ip", tests, NULL, NULL);
}

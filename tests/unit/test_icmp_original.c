/* SPDX-License-Identifier: MIT */
/* The original datagrams in ICMP errors: options, extension headers, fragments and ports, truncated
 * at every length. */
#include "test.h"

#include <netinet/in.h>

#define HEADER 8

/* A message under construction. */
struct message {
    uint8_t bytes[2048];
    size_t size;
};

static void append(struct message *m, const void *bytes, size_t size)
{
    assert_true(m->size + size <= sizeof m->bytes);
    memcpy(m->bytes + m->size, bytes, size);
    m->size += size;
}

static struct message begin(uint8_t type, uint8_t code, uint32_t value)
{
    struct message m = {.bytes = {type, code, 0, 0, (uint8_t)(value >> 24), (uint8_t)(value >> 16),
                                  (uint8_t)(value >> 8), (uint8_t)value},
                        .size = HEADER};

    return m;
}

/* Append an IPv4 header from 192.0.2.1 to 198.51.100.2 with `words` words and the total length
 * `total`. */
static void ipv4(struct message *m, unsigned words, uint8_t protocol, unsigned total,
                 unsigned fragment)
{
    uint8_t header[60] = {(uint8_t)(0x40 | words),
                          0,
                          (uint8_t)(total >> 8),
                          (uint8_t)total,
                          0x12,
                          0x34,
                          (uint8_t)(fragment >> 8),
                          (uint8_t)fragment,
                          64,
                          protocol,
                          0,
                          0,
                          192,
                          0,
                          2,
                          1,
                          198,
                          51,
                          100,
                          2};

    memset(header + 20, 1, 40); /* options: all "no operation" */
    append(m, header, (size_t)words * 4);
}

static void ipv6(struct message *m, uint8_t next, unsigned payload)
{
    uint8_t header[40] = {0x60, 0, 0, 0, (uint8_t)(payload >> 8), (uint8_t)payload, next, 64};

    memcpy(header + 8, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    memcpy(header + 24, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2", 16);
    append(m, header, sizeof header);
}

/* Decode a copy of the first `size` bytes, with a correct checksum. */
static struct arpq_icmp read_cut(uint16_t family, const struct message *m, size_t size)
{
    uint8_t *copy = malloc(size);
    struct arpq_icmp icmp;
    uint16_t sum;

    assert_non_null(copy);
    memcpy(copy, m->bytes, size);
    copy[2] = copy[3] = 0;
    sum = arpq_icmp_checksum(NULL, NULL, copy, size);
    copy[2] = (uint8_t)(sum >> 8);
    copy[3] = (uint8_t)sum;
    memset(&icmp, 0xaa, sizeof icmp);
    assert_int_equal(arpq_icmp_decode(family, NULL, NULL, copy, size, &icmp), 0);
    free(copy);
    return icmp;
}

static struct arpq_icmp read_all(uint16_t family, const struct message *m)
{
    return read_cut(family, m, m->size);
}

static void assert_text(const struct arpq_ip *ip, const char *expected)
{
    char text[ARPQ_IP_STRLEN];

    assert_string_equal(arpq_ip_format(ip, text, sizeof text), expected);
}

/* Check that the flag for an original datagram and the members about it are zero. */
static void assert_nothing(const struct arpq_icmp *icmp)
{
    static const struct arpq_icmp zero;
    size_t from = offsetof(struct arpq_icmp, original_source);

    assert_int_equal(icmp->flags & ARPQ_ICMP_ORIGINAL, 0);
    assert_memory_equal((const char *)icmp + from, (const char *)&zero + from, sizeof zero - from);
}

/* ---- IPv4 -------------------------------------------------------------- */

static void test_udp_unreachable(void **state)
{
    struct message m = begin(3, 3, 0);
    struct arpq_icmp icmp;

    ipv4(&m, 5, IPPROTO_UDP, 1000, 0);
    append(&m, "\x04\xd2\x00\x35\x00\x10\x00\x00", 8);
    icmp = read_all(AF_INET, &m);
    assert_int_equal(icmp.flags, ARPQ_ICMP_ORIGINAL);
    assert_text(&icmp.original_source, "192.0.2.1");
    assert_text(&icmp.original_destination, "198.51.100.2");
    assert_int_equal(icmp.original_offset, 8);
    assert_int_equal(icmp.original_length, 28);
    assert_int_equal(icmp.original_payload_offset, 28);
    assert_int_equal(icmp.original_protocol, IPPROTO_UDP);
    assert_int_equal(icmp.original_source_port, 1234);
    assert_int_equal(icmp.original_destination_port, 53);
    assert_int_equal(icmp.original_type | icmp.original_identifier, 0);
}

static void test_options(void **state)
{
    for (unsigned words = 0; words < 16; words++) {
        struct message m = begin(11, 0, 0);
        struct arpq_icmp icmp;

        ipv4(&m, words < 5 ? 5 : words, IPPROTO_TCP, 0, 0);
        m.bytes[HEADER] = (uint8_t)(0x40 | words);
        append(&m, "\x00\x50\x01\xbb", 4);
        icmp = read_all(AF_INET, &m);
        if (words < 5) {
            assert_nothing(&icmp);
            continue;
        }
        assert_int_equal(icmp.original_payload_offset, 8 + words * 4);
        assert_int_equal(icmp.original_source_port, 80);
        assert_int_equal(icmp.original_destination_port, 443);

        /* If the message ends within the options, only the addresses are set. */
        for (size_t size = HEADER; size < m.size; size++) {
            icmp = read_cut(AF_INET, &m, size);
            if (size < HEADER + 20) {
                assert_nothing(&icmp);
                continue;
            }
            assert_int_equal(icmp.flags, ARPQ_ICMP_ORIGINAL);
            assert_int_equal(icmp.original_length, size - HEADER);
            assert_text(&icmp.original_destination, "198.51.100.2");
            assert_int_equal(icmp.original_source_port, 0);
            assert_int_equal(icmp.original_payload_offset,
                             size < HEADER + words * 4 ? 0 : HEADER + words * 4);
            assert_int_equal(icmp.original_protocol, size < HEADER + words * 4 ? 0 : IPPROTO_TCP);
        }
    }
}

static void test_protocols(void **state)
{
    for (unsigned protocol = 0; protocol < 256; protocol++) {
        struct message m = begin(3, 1, 0);
        struct arpq_icmp icmp;
        bool ports =
            protocol == 6 || protocol == 17 || protocol == 33 || protocol == 132 || protocol == 136;

        ipv4(&m, 5, (uint8_t)protocol, 0, 0);
        append(&m, "\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f", 8);
        icmp = read_all(AF_INET, &m);
        assert_int_equal(icmp.original_protocol, protocol);
        assert_int_equal(icmp.original_source_port, ports ? 0x0809 : 0);
        assert_int_equal(icmp.original_destination_port, ports ? 0x0a0b : 0);
        assert_int_equal(icmp.original_type, protocol == 1 ? 8 : 0);
        assert_int_equal(icmp.original_code, protocol == 1 ? 9 : 0);
        assert_int_equal(icmp.original_identifier, protocol == 1 ? 0x0c0d : 0);
        assert_int_equal(icmp.original_sequence, protocol == 1 ? 0x0e0f : 0);
    }
}

/* A fragment other than the first has no ports. */
static void test_fragments(void **state)
{
    static const struct {
        unsigned field;
        bool ports;
    } fields[] = {{0, true},  {0x4000, true},  {0x2000, true},  {0x6000, true},
                  {1, false}, {0x1000, false}, {0x2001, false}, {0x1fff, false}};

    for (size_t i = 0; i < LENGTH(fields); i++) {
        struct message m = begin(11, 1, 0);
        struct arpq_icmp icmp;

        ipv4(&m, 5, IPPROTO_UDP, 0, fields[i].field);
        append(&m, "\x04\xd2\x00\x35", 4);
        icmp = read_all(AF_INET, &m);
        assert_int_equal(icmp.original_protocol, IPPROTO_UDP);
        assert_int_equal(icmp.original_payload_offset, 28);
        assert_int_equal(icmp.original_source_port, fields[i].ports ? 1234 : 0);
    }
}

static void test_echo_in_parts(void **state)
{
    struct message m = begin(3, 1, 0);

    ipv4(&m, 5, IPPROTO_ICMP, 84, 0);
    append(&m, "\x08\x00\xab\xcd\x12\x34\x00\x07", 8);
    for (size_t size = HEADER + 20; size <= m.size; size++) {
        struct arpq_icmp icmp = read_cut(AF_INET, &m, size);

        assert_int_equal(icmp.original_payload_offset, 28);
        assert_int_equal(icmp.original_type, size >= 30 ? 8 : 0);
        assert_int_equal(icmp.original_identifier, size >= 36 ? 0x1234 : 0);
        assert_int_equal(icmp.original_sequence, size >= 36 ? 7 : 0);
    }
}

/* Only error messages contain an original datagram. */
static void test_which_types(void **state)
{
    static const uint8_t errors[] = {3, 4, 5, 11, 12, 31, 40};

    for (unsigned type = 0; type < 256; type++) {
        struct message m = begin((uint8_t)type, 0, 0);
        struct arpq_icmp icmp;

        ipv4(&m, 5, IPPROTO_UDP, 0, 0);
        append(&m, "\x04\xd2\x00\x35", 4);
        if (*arpq_icmp_type_name(AF_INET, (uint8_t)type) != '\0') {
            icmp = read_all(AF_INET, &m);
            assert_int_equal(icmp.original_destination_port,
                             memchr(errors, (int)type, sizeof errors) ? 53 : 0);
        }
        m.size = HEADER;
        ipv6(&m, IPPROTO_UDP, 4);
        append(&m, "\x04\xd2\x00\x35", 4);
        if (*arpq_icmp_type_name(AF_INET6, (uint8_t)type) != '\0') {
            icmp = read_all(AF_INET6, &m);
            assert_int_equal(icmp.original_destination_port, type < 128 ? 53 : 0);
        }
    }
}

static void test_other_versions(void **state)
{
    for (unsigned version = 0; version < 16; version++) {
        struct message m = begin(3, 0, 0);
        struct arpq_icmp icmp;

        ipv4(&m, 5, IPPROTO_UDP, 0, 0);
        m.bytes[HEADER] = (uint8_t)(version << 4 | 5);
        icmp = read_all(AF_INET, &m);
        if (version != 4)
            assert_nothing(&icmp);

        m = begin(1, 0, 0);
        ipv6(&m, IPPROTO_UDP, 0);
        m.bytes[HEADER] = (uint8_t)(version << 4);
        icmp = read_all(AF_INET6, &m);
        if (version != 6)
            assert_nothing(&icmp);
    }
}

/* ---- Extensions after the datagram ------------------------------------- */

/* An original datagram of 128 bytes, as RFC 4884 requires, followed by an extension. */
static void extended(struct message *m, size_t original)
{
    uint8_t padding[128] = {0};

    append(m, padding, HEADER + 128 - m->size);
    assert_true(m->size == HEADER + 128 && original <= 128);
    append(m, "\x20\x00\x00\x00\x00\x08\x01\x01\x12\x34\x51\xff", 12);
}

static void test_rfc4884(void **state)
{
    static const uint8_t types[] = {3, 11, 12};
    struct arpq_icmp icmp;

    for (size_t i = 0; i < LENGTH(types); i++) {
        struct message m = begin(types[i], 0, 32u << 16);

        ipv4(&m, 5, IPPROTO_UDP, 40, 0);
        append(&m, "\x04\xd2\x00\x35", 4);
        extended(&m, 40);
        icmp = read_all(AF_INET, &m);
        assert_int_equal(icmp.original_length, 40); /* the padding is not included */
        assert_int_equal(icmp.original_destination_port, 53);
        /* The total length is above 128, so the bytes that are present count. */
        m.bytes[HEADER + 2] = 5;
        icmp = read_all(AF_INET, &m);
        assert_int_equal(icmp.original_length, 128);
    }
    for (uint8_t type = 1; type <= 3; type += 2) {
        struct message m = begin(type, 0, 16u << 24);

        ipv6(&m, IPPROTO_UDP, 1000);
        append(&m, "\x04\xd2\x00\x35", 4);
        extended(&m, 128);
        icmp = read_all(AF_INET6, &m);
        assert_int_equal(icmp.original_length, 128);
        assert_int_equal(icmp.original_destination_port, 53);
    }
}

/* If the length field exceeds the message, or the type has no such field, the original datagram
 * extends to the end of the message. */
static void test_rfc4884_not(void **state)
{
    static const struct {
        uint16_t family;
        uint8_t type;
        uint32_t value;
    } messages[] = {
        {AF_INET, 3, 0},         {AF_INET, 3, 255u << 16},  {AF_INET, 4, 6u << 16},
        {AF_INET, 5, 6u << 16},  {AF_INET, 3, 1500},        {AF_INET, 12, 6u << 24},
        {AF_INET6, 1, 0},        {AF_INET6, 1, 255u << 24}, {AF_INET6, 2, 6u << 24},
        {AF_INET6, 4, 6u << 24}, {AF_INET6, 3, 6u << 16},
    };

    for (size_t i = 0; i < LENGTH(messages); i++) {
        struct message m = begin(messages[i].type, 0, messages[i].value);
        uint8_t rest[60] = {0};
        struct arpq_icmp icmp;

        if (messages[i].family == AF_INET)
            ipv4(&m, 5, IPPROTO_UDP, 1500, 0);
        else
            ipv6(&m, IPPROTO_UDP, 1400);
        append(&m, rest, sizeof rest);
        icmp = read_all(messages[i].family, &m);
        assert_int_equal(icmp.original_length, m.size - HEADER);
    }
}

/* The decoder ignores a total length below the header's length, because some routers send it. */
static void test_implausible_length(void **state)
{
    for (unsigned total = 0; total < 60; total++) {
        struct message m = begin(3, 3, 0);
        struct arpq_icmp icmp;

        ipv4(&m, 6, IPPROTO_UDP, total, 0);
        append(&m, "\x04\xd2\x00\x35\x00\x10\x00\x00", 8);
        icmp = read_all(AF_INET, &m);
        assert_int_equal(icmp.original_length, total < 24 || total > 32 ? 32 : total);
        assert_int_equal(icmp.original_source_port, total >= 24 && total < 28 ? 0 : 1234);
    }
}

/* ---- IPv6 -------------------------------------------------------------- */

static const struct part {
    uint8_t type;
    uint8_t size; /* in bytes */
} chain[] = {{0, 8}, {60, 16}, {43, 24}, {44, 8}, {51, 24}, {60, 8}};

/* A chain of all extension headers, then UDP. */
static struct message chained(unsigned fragment_offset)
{
    struct message m = begin(1, 4, 0);

    ipv6(&m, chain[0].type, 0);
    for (size_t i = 0; i < LENGTH(chain); i++) {
        uint8_t header[24] = {i + 1 < LENGTH(chain) ? chain[i + 1].type : IPPROTO_UDP};

        header[1] = (uint8_t)(chain[i].type == 51 ? chain[i].size / 4 - 2 : chain[i].size / 8 - 1);
        if (chain[i].type == 44) {
            header[1] = 0xff; /* a reserved byte, not a length */
            header[2] = (uint8_t)(fragment_offset >> 5);
            header[3] = (uint8_t)(fragment_offset << 3 | 1);
        }
        append(&m, header, chain[i].size);
    }
    append(&m, "\x04\xd2\x00\x35\x00\x10\x00\x00", 8);
    return m;
}

static void test_extension_headers(void **state)
{
    struct message m = chained(0);
    size_t end = m.size - 8;

    for (size_t size = HEADER; size <= m.size; size++) {
        struct arpq_icmp icmp = read_cut(AF_INET6, &m, size);

        if (size < HEADER + 40) {
            assert_nothing(&icmp);
            continue;
        }
        assert_true(icmp.flags & ARPQ_ICMP_ORIGINAL);
        assert_text(&icmp.original_source, "2001:db8::1");
        assert_text(&icmp.original_destination, "2001:db8::2");
        assert_int_equal(icmp.original_length, size - HEADER);
        assert_int_equal(icmp.original_payload_offset, size < end ? 0 : end);
        assert_int_equal(icmp.original_protocol, size < end ? 0 : IPPROTO_UDP);
        assert_int_equal(icmp.original_destination_port, size < end + 4 ? 0 : 53);
    }
}

/* After a fragment header with an offset other than 0, the type of the bytes is unknown. */
static void test_later_fragment(void **state)
{
    struct message m = chained(185);
    struct arpq_icmp icmp = read_all(AF_INET6, &m);

    assert_int_equal(icmp.original_payload_offset, HEADER + 40 + 8 + 16 + 24 + 8);
    assert_int_equal(icmp.original_protocol, 51);
    assert_int_equal(icmp.original_destination_port, 0);
}

/* The longest possible extension header, and one whose length exceeds the message. */
static void test_long_extension(void **state)
{
    struct message m = begin(3, 0, 0);
    uint8_t header[2048] = {IPPROTO_TCP, 200};
    struct arpq_icmp icmp;

    ipv6(&m, IPPROTO_HOPOPTS, 0);
    append(&m, header, 201 * 8);
    append(&m, "\x00\x50\x01\xbb", 4);
    icmp = read_all(AF_INET6, &m);
    assert_int_equal(icmp.original_payload_offset, HEADER + 40 + 201 * 8);
    assert_int_equal(icmp.original_destination_port, 443);
    m.bytes[HEADER + 41] = 255;
    icmp = read_all(AF_INET6, &m);
    assert_int_equal(icmp.original_payload_offset, 0);
    assert_int_equal(icmp.original_protocol, 0);
}

static void test_icmpv6_in_it(void **state)
{
    struct message m = begin(1, 0, 0);
    struct arpq_icmp icmp;

    ipv6(&m, IPPROTO_ICMPV6, 64);
    append(&m, "\x80\x00\xab\xcd\x12\x34\x00\x07", 8);
    icmp = read_all(AF_INET6, &m);
    assert_int_equal(icmp.original_type, 128);
    assert_int_equal(icmp.original_identifier, 0x1234);
    assert_int_equal(icmp.original_sequence, 7);
    m.bytes[HEADER + 40] = 135; /* not an echo, so it has no identifier */
    icmp = read_all(AF_INET6, &m);
    assert_int_equal(icmp.original_type, 135);
    assert_int_equal(icmp.original_identifier, 0);
    m.bytes[HEADER + 6] = IPPROTO_ICMP; /* not valid in IPv6 */
    icmp = read_all(AF_INET6, &m);
    assert_int_equal(icmp.original_protocol, IPPROTO_ICMP);
    assert_int_equal(icmp.original_type, 0);
}

static void test_too_big(void **state)
{
    struct message m = begin(2, 0, 1280);
    struct arpq_icmp icmp;

    ipv6(&m, IPPROTO_TCP, 1460);
    append(&m, "\x00\x50\x01\xbb", 4);
    icmp = read_all(AF_INET6, &m);
    assert_int_equal(icmp.value, 1280);
    assert_int_equal(icmp.original_source_port, 80);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_udp_unreachable),   cmocka_unit_test(test_options),
        cmocka_unit_test(test_protocols),         cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_echo_in_parts),     cmocka_unit_test(test_which_types),
        cmocka_unit_test(test_other_versions),    cmocka_unit_test(test_rfc4884),
        cmocka_unit_test(test_rfc4884_not),       cmocka_unit_test(test_implausible_length),
        cmocka_unit_test(test_extension_headers), cmocka_unit_test(test_later_fragment),
        cmocka_unit_test(test_long_extension),    cmocka_unit_test(test_icmpv6_in_it),
        cmocka_unit_test(test_too_big),
    };

    return cmocka_run_group_tests_name("icmp_original", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Encode and decode ICMP and ICMPv6 messages. ARPQ_SEED repeats the random part. */
#include "test.h"

#include <sys/socket.h>

#include "random.h"

static const struct arpq_icmp zero;

/* Decode a copy of exactly the message's size, so that ASan detects a read past its end. */
static int decode(uint16_t family, const struct arpq_ip *source, const struct arpq_ip *destination,
                  const void *message, size_t size, struct arpq_icmp *icmp)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    int r;

    assert_non_null(copy);
    memcpy(copy, message, size);
    memset(icmp, 0xaa, sizeof *icmp);
    r = arpq_icmp_decode(family, source, destination, size > 0 ? copy : copy + 1, size, icmp);
    free(copy);
    if (r < 0 && r != -EILSEQ)
        assert_memory_equal(icmp, &zero, sizeof zero);
    return r;
}

/* ---- Golden bytes ------------------------------------------------------ */

static void test_echo(void **state)
{
    static const uint8_t golden[] = {8, 0, 0xb4, 0x2a, 0, 1, 0, 2, 'h', 'e', 'l', 'l', 'o'};
    struct arpq_icmp icmp = {.family = AF_INET, .type = 8, .identifier = 1, .sequence = 2};
    uint8_t message[13];
    struct arpq_icmp read;

    icmp.value = 0x12345678; /* ignored because its two halves are set */
    icmp.checksum = 0xbeef;
    assert_int_equal(arpq_icmp_encode(&icmp, "hello", 5, message, sizeof message), 13);
    assert_memory_equal(message, golden, 13);
    assert_int_equal(decode(AF_INET, NULL, NULL, message, 13, &read), 0);
    icmp.value = 0x00010002;
    icmp.checksum = 0xb42a;
    icmp.payload_offset = 8;
    icmp.payload_length = 5;
    assert_memory_equal(&read, &icmp, sizeof icmp);
}

static void test_echo_ipv6(void **state)
{
    static const uint8_t golden[] = {128, 0, 0x3e, 0x5d, 0, 1, 0, 2, 'h', 'e', 'l', 'l', 'o'};
    struct arpq_icmp icmp = {.family = AF_INET6, .type = 128, .identifier = 1, .sequence = 2};
    uint8_t message[13];
    struct arpq_icmp read;

    assert_int_equal(arpq_icmp_encode(&icmp, "hello", 5, message, sizeof message), 13);
    assert_int_equal(message[2] | message[3], 0); /* the socket fills in the checksum */

    icmp.source = ip_of("fe80::1");
    icmp.destination = ip_of("ff02::1");
    assert_int_equal(arpq_icmp_encode(&icmp, "hello", 5, message, sizeof message), 13);
    assert_memory_equal(message, golden, 13);
    assert_int_equal(decode(AF_INET6, &icmp.source, &icmp.destination, message, 13, &read), 0);
    icmp.value = 0x00010002;
    icmp.checksum = 0x3e5d;
    icmp.payload_offset = 8;
    icmp.payload_length = 5;
    assert_memory_equal(&read, &icmp, sizeof icmp);

    memset(&icmp.source, 0, sizeof icmp.source);
    memset(&icmp.destination, 0, sizeof icmp.destination);
    icmp.flags = ARPQ_ICMP_UNVERIFIED;
    message[12] ^= 1;
    assert_int_equal(decode(AF_INET6, NULL, NULL, message, 13, &read), 0);
    assert_memory_equal(&read, &icmp, sizeof icmp);
}

/* The second word of the header is one 32-bit number or two 16-bit numbers, depending on the
 * type. */
static void test_second_word(void **state)
{
    static const struct {
        uint16_t family;
        uint8_t type;
        bool halves;
    } types[] = {
        {AF_INET, 0, true},    {AF_INET, 8, true},   {AF_INET, 13, true},    {AF_INET, 14, true},
        {AF_INET, 15, true},   {AF_INET, 16, true},  {AF_INET, 17, true},    {AF_INET, 18, true},
        {AF_INET, 37, true},   {AF_INET, 38, true},  {AF_INET, 3, false},    {AF_INET, 5, false},
        {AF_INET, 9, false},   {AF_INET, 12, false}, {AF_INET, 42, false},   {AF_INET6, 128, true},
        {AF_INET6, 129, true}, {AF_INET6, 2, false}, {AF_INET6, 135, false}, {AF_INET6, 160, false},
    };

    for (size_t i = 0; i < LENGTH(types); i++) {
        struct arpq_icmp icmp = {.family = types[i].family,
                                 .type = types[i].type,
                                 .value = 0x01020304,
                                 .identifier = 0x0506,
                                 .sequence = 0x0708};
        const char *expected = types[i].halves ? "\5\6\7\10" : "\1\2\3\4";
        struct arpq_icmp read;
        uint8_t message[8];

        assert_int_equal(arpq_icmp_encode(&icmp, NULL, 0, message, 8), 8);
        assert_memory_equal(message + 4, expected, 4);
        assert_int_equal(decode(types[i].family, NULL, NULL, message, 8, &read), 0);
        assert_int_equal(read.value, types[i].halves ? 0x05060708 : 0x01020304);
        assert_int_equal(read.identifier, types[i].halves ? 0x0506 : 0);
        assert_int_equal(read.sequence, types[i].halves ? 0x0708 : 0);
    }
}

/* ---- Writing ----------------------------------------------------------- */

static void test_encode_refuses(void **state)
{
    const struct arpq_icmp echo = {.family = AF_INET, .type = 8};
    struct arpq_ip v4 = ip_of("192.0.2.1"), v6 = ip_of("2001:db8::1");
    struct arpq_icmp icmp;
    uint8_t message[8];

    assert_int_equal(arpq_icmp_encode(NULL, NULL, 0, message, 8), -EINVAL);
    assert_int_equal(arpq_icmp_encode(&echo, NULL, 0, NULL, 8), -EINVAL);
    assert_int_equal(arpq_icmp_encode(&echo, NULL, 1, message, 8), -EINVAL);
#define REFUSED(change, size, code)                                                                \
    do {                                                                                           \
        icmp = echo;                                                                               \
        change;                                                                                    \
        memset(message, 0xaa, sizeof message);                                                     \
        assert_int_equal(arpq_icmp_encode(&icmp, NULL, 0, message, size), code);                   \
        for (size_t i = 0; i < sizeof message; i++)                                                \
            assert_int_equal(message[i], 0xaa);                                                    \
    } while (0)
    for (size_t size = 0; size < 8; size++)
        REFUSED((void)0, size, -ENOSPC);
    REFUSED(icmp.family = 0, 8, -EAFNOSUPPORT);
    REFUSED(icmp.family = AF_UNIX, 8, -EAFNOSUPPORT);
    REFUSED(icmp.code = 1, 8, -EINVAL);
    REFUSED(icmp.type = 7, 8, -EINVAL);
    REFUSED(icmp.family = AF_INET6, 8, -EINVAL); /* IPv6 has no type 8 */
#define V6 icmp.family = AF_INET6, icmp.type = 128
    REFUSED((V6, icmp.source = v6), 8, -EINVAL);
    REFUSED((V6, icmp.destination = v6), 8, -EINVAL);
    REFUSED((V6, icmp.source = v6, icmp.destination = v4), 8, -EAFNOSUPPORT);
    REFUSED((V6, icmp.source = v4, icmp.destination = v6), 8, -EAFNOSUPPORT);
#undef V6
#undef REFUSED
    icmp = echo;
    icmp.source = v6; /* ignored for ICMP */
    assert_int_equal(arpq_icmp_encode(&icmp, NULL, 0, message, 8), 8);
}

static void test_largest(void **state)
{
    static const struct {
        uint16_t family;
        uint8_t type;
        size_t most;
    } families[] = {{AF_INET, 8, 65515}, {AF_INET6, 128, 65535}};
    uint8_t *payload = calloc(1, 65536), *message = malloc(65544);

    assert_non_null(payload);
    assert_non_null(message);
    for (size_t i = 0; i < LENGTH(families); i++) {
        struct arpq_icmp icmp = {.family = families[i].family, .type = families[i].type};
        size_t most = families[i].most;
        struct arpq_icmp read;

        assert_int_equal(arpq_icmp_encode(&icmp, payload, most - 8, message, 65544), most);
        assert_int_equal(decode(icmp.family, NULL, NULL, message, most, &read), 0);
        assert_int_equal(read.payload_length, most - 8);
        assert_int_equal(arpq_icmp_encode(&icmp, payload, most - 7, message, 65544), -EMSGSIZE);
        assert_int_equal(arpq_icmp_encode(&icmp, payload, SIZE_MAX, message, SIZE_MAX), -EMSGSIZE);
        message[most] = 0;
        assert_int_equal(decode(icmp.family, NULL, NULL, message, most + 1, &read), -EMSGSIZE);
    }
    free(payload);
    free(message);
}

static void test_payload_in_place(void **state)
{
    struct arpq_icmp icmp = {.family = AF_INET, .type = 8, .identifier = 7};
    uint8_t apart[20];

    assert_int_equal(arpq_icmp_encode(&icmp, "twelve bytes", 12, apart, 20), 20);
    for (size_t at = 0; at <= 20; at++) {
        uint8_t message[32];

        memcpy(message + at, "twelve bytes", 12);
        assert_int_equal(arpq_icmp_encode(&icmp, message + at, 12, message, 20), 20);
        assert_memory_equal(message, apart, 20);
    }
}

/* ---- Reading ----------------------------------------------------------- */

static void test_wrong_checksum(void **state)
{
    struct arpq_icmp icmp = {.family = AF_INET6, .type = 128, .identifier = 1, .sequence = 2};
    struct arpq_ip other = ip_of("2001:db8::3");
    uint8_t message[13];
    struct arpq_icmp read;

    icmp.source = ip_of("2001:db8::1");
    icmp.destination = ip_of("2001:db8::2");
    assert_int_equal(arpq_icmp_encode(&icmp, "hello", 5, message, 13), 13);
    for (size_t bit = 0; bit < sizeof message * 8; bit++) {
        message[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(decode(AF_INET6, &icmp.source, &icmp.destination, message, 13, &read),
                         -EILSEQ);
        assert_int_equal(read.type, message[0]);
        assert_int_equal(read.code, message[1]);
        assert_int_equal(read.checksum, message[2] << 8 | message[3]);
        assert_int_equal(read.payload_offset + read.payload_length, sizeof message);
        message[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(decode(AF_INET6, &icmp.source, &other, message, 13, &read), -EILSEQ);
    assert_int_equal(decode(AF_INET, NULL, NULL, message, 13, &read), -EILSEQ);
    assert_int_equal(decode(AF_INET6, &icmp.destination, &icmp.source, message, 13, &read), 0);
}

static void test_decode_arguments(void **state)
{
    struct arpq_ip v4 = ip_of("192.0.2.1"), v6 = ip_of("2001:db8::1"), none = {0};
    const uint8_t message[8] = {8, 0, 0xf7, 0xff};
    struct arpq_icmp icmp;

    assert_int_equal(arpq_icmp_decode(AF_INET, NULL, NULL, message, 8, NULL), -EINVAL);
    memset(&icmp, 0xaa, sizeof icmp);
    assert_int_equal(arpq_icmp_decode(AF_INET, NULL, NULL, NULL, 8, &icmp), -EINVAL);
    assert_memory_equal(&icmp, &zero, sizeof zero);
    assert_int_equal(decode(0, NULL, NULL, message, 8, &icmp), -EAFNOSUPPORT);
    assert_int_equal(decode(AF_UNIX, NULL, NULL, message, 8, &icmp), -EAFNOSUPPORT);
    assert_int_equal(decode(AF_INET6, &v6, NULL, message, 8, &icmp), -EINVAL);
    assert_int_equal(decode(AF_INET6, NULL, &v6, message, 8, &icmp), -EINVAL);
    assert_int_equal(decode(AF_INET6, &v6, &v4, message, 8, &icmp), -EAFNOSUPPORT);
    assert_int_equal(decode(AF_INET6, &none, &none, message, 8, &icmp), -EAFNOSUPPORT);
    assert_int_equal(decode(AF_INET, &v4, NULL, message, 8, &icmp), 0); /* ignored */
    assert_int_equal(icmp.source.family, 0);
}

static void set_checksum(uint8_t *message, size_t size)
{
    uint16_t sum;

    message[2] = message[3] = 0;
    sum = arpq_icmp_checksum(NULL, NULL, message, size);
    message[2] = (uint8_t)(sum >> 8);
    message[3] = (uint8_t)sum;
}

/* Decode messages of every type that has a code, at every length up to 40. The checksum is right
 * for the remaining bytes, so only the length can be wrong. */
static void test_cut_short(void **state)
{
    static const uint8_t short_ipv6[] = {152, 153, 155, 159, 200, 201, 255};
    static const uint16_t families[] = {AF_INET, AF_INET6};

    for (unsigned n = 0; n < 512; n++) {
        uint16_t family = families[n / 256];
        uint8_t type = (uint8_t)n;
        bool is_short = family == AF_INET ? type >= 253 : !!memchr(short_ipv6, type, 7);

        if (*arpq_icmp_type_name(family, type) == '\0')
            continue;
        for (size_t size = 0; size <= 40; size++) {
            uint8_t message[40] = {type, 0, 0, 0, 1, 2, 3, 4, 5};
            struct arpq_icmp icmp;
            int r;

            if (size >= 4)
                set_checksum(message, size);
            r = decode(family, NULL, NULL, message, size, &icmp);
            assert_int_equal(r, size >= (is_short ? 4u : 8u) ? 0 : -EBADMSG);
            if (r < 0)
                continue;
            assert_int_equal(icmp.payload_offset, size < 8 ? size : 8);
            assert_int_equal(icmp.payload_length, size < 8 ? 0 : size - 8);
            assert_int_equal(icmp.value,
                             0x01020304u & ~(size < 8 ? UINT32_MAX >> 8 * (size - 4) : 0));
        }
    }
}

/* ---- Random messages --------------------------------------------------- */

static void test_anything_survives(void **state)
{
    uint64_t random = seed_of_run();

    for (unsigned n = 0; n < 20000; n++) {
        struct arpq_icmp icmp = {.family = draw(&random, 2) ? AF_INET : AF_INET6};
        size_t size = draw(&random, 200);
        uint8_t payload[200], message[208];
        const struct arpq_ip *source = NULL, *destination = NULL;
        struct arpq_icmp read;

        do {
            icmp.type = (uint8_t)draw(&random, 256);
            icmp.code = (uint8_t)draw(&random, 256);
        } while (!arpq_icmp_is_assigned(icmp.family, icmp.type, icmp.code));
        draw_bytes(&random, &icmp.value, sizeof icmp.value);
        draw_bytes(&random, &icmp.identifier, sizeof icmp.identifier);
        draw_bytes(&random, &icmp.sequence, sizeof icmp.sequence);
        draw_bytes(&random, payload, size);
        if (icmp.family == AF_INET6 && draw(&random, 2)) {
            icmp.source.family = icmp.destination.family = AF_INET6;
            draw_bytes(&random, icmp.source.bytes, 16);
            draw_bytes(&random, icmp.destination.bytes, 16);
            source = &icmp.source;
            destination = &icmp.destination;
        }
        assert_int_equal(arpq_icmp_encode(&icmp, payload, size, message, 8 + size), 8 + size);
        assert_int_equal(decode(icmp.family, source, destination, message, 8 + size, &read), 0);
        assert_int_equal(read.type, icmp.type);
        assert_int_equal(read.code, icmp.code);
        assert_int_equal(read.payload_length, size);
        assert_memory_equal(message + read.payload_offset, payload, size);
        assert_memory_equal(&read.source, &icmp.source, sizeof icmp.source);

        /* Encoding a decoded message gives the same bytes. */
        icmp = read;
        memset(message, 0, sizeof message);
        assert_int_equal(arpq_icmp_encode(&icmp, payload, size, message, 8 + size), 8 + size);
        assert_int_equal(decode(icmp.family, source, destination, message, 8 + size, &read), 0);
        assert_memory_equal(&read, &icmp, sizeof icmp);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_echo),           cmocka_unit_test(test_echo_ipv6),
        cmocka_unit_test(test_second_word),    cmocka_unit_test(test_encode_refuses),
        cmocka_unit_test(test_largest),        cmocka_unit_test(test_payload_in_place),
        cmocka_unit_test(test_wrong_checksum), cmocka_unit_test(test_decode_arguments),
        cmocka_unit_test(test_cut_short),      cmocka_unit_test(test_anything_survives),
    };

    return cmocka_run_group_tests_name("icmp", tests, NULL, NULL);
}

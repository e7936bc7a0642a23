/* SPDX-License-Identifier: MIT */
/* Compares the Internet checksum with a sum that adds two bytes at a time. ARPQ_SEED repeats the
 * random part. */
#include "test.h"

#include <sys/socket.h>

#include "random.h"

/* The sum of RFC 1071 section 1: word by word, with each carry added at once. */
static uint32_t slow_add(uint32_t sum, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 2) {
        sum += (uint32_t)bytes[i] * 256 + (i + 1 < size ? bytes[i + 1] : 0);
        if (sum > 0xffff)
            sum -= 0xffff;
    }
    return sum;
}

static uint16_t slow(const struct arpq_ip *source, const struct arpq_ip *destination,
                     const uint8_t *message, size_t size)
{
    uint32_t sum = 0;

    if (source) {
        uint8_t end[8] = {(uint8_t)(size >> 24),
                          (uint8_t)(size >> 16),
                          (uint8_t)(size >> 8),
                          (uint8_t)size,
                          0,
                          0,
                          0,
                          58};

        sum = slow_add(sum, source->bytes, 16);
        sum = slow_add(sum, destination->bytes, 16);
        sum = slow_add(sum, end, 8);
    }
    return (uint16_t)(0xffff - slow_add(sum, message, size));
}

/* Place the message at the end of a block, at each of eight alignments. */
static void check(const struct arpq_ip *source, const struct arpq_ip *destination,
                  const uint8_t *message, size_t size)
{
    uint16_t expected = slow(source, destination, message, size);

    for (size_t offset = 0; offset < 8; offset++) {
        uint8_t *block = malloc(offset + size > 0 ? offset + size : 1);

        assert_non_null(block);
        if (size > 0)
            memcpy(block + offset, message, size);
        assert_int_equal(arpq_icmp_checksum(source, destination, block + offset, size), expected);
        free(block);
    }
}

static void test_known_values(void **state)
{
    /* The example of RFC 1071 section 3: the sum is ddf2. */
    static const uint8_t rfc1071[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    static const uint8_t odd[] = {0x12};
    uint8_t zeros[9] = {0};
    uint8_t ones[9];

    memset(ones, 0xff, sizeof ones);
    assert_int_equal(arpq_icmp_checksum(NULL, NULL, rfc1071, sizeof rfc1071), 0xffff - 0xddf2);
    assert_int_equal(arpq_icmp_checksum(NULL, NULL, odd, 1), 0xffff - 0x1200);
    assert_int_equal(arpq_icmp_checksum(NULL, NULL, zeros, sizeof zeros), 0xffff);
    assert_int_equal(arpq_icmp_checksum(NULL, NULL, zeros, 0), 0xffff);
    assert_int_equal(arpq_icmp_checksum(NULL, NULL, NULL, 0), 0xffff);
    assert_int_equal(arpq_icmp_checksum(NULL, NULL, ones, 8), 0);
    assert_int_equal(arpq_icmp_checksum(NULL, NULL, ones, 9), 0xffff - 0xff00);
}

static void test_bad_arguments(void **state)
{
    struct arpq_ip ipv4 = {.family = AF_INET}, ipv6 = {.family = AF_INET6}, none = {0};
    const uint8_t byte = 1;

    assert_int_equal(arpq_icmp_checksum(NULL, NULL, NULL, 1), 0);
    assert_int_equal(arpq_icmp_checksum(&ipv6, NULL, &byte, 1), 0);
    assert_int_equal(arpq_icmp_checksum(NULL, &ipv6, &byte, 1), 0);
    assert_int_equal(arpq_icmp_checksum(&ipv4, &ipv6, &byte, 1), 0);
    assert_int_equal(arpq_icmp_checksum(&ipv6, &ipv4, &byte, 1), 0);
    assert_int_equal(arpq_icmp_checksum(&none, &none, &byte, 1), 0);
    assert_int_not_equal(arpq_icmp_checksum(&ipv6, &ipv6, &byte, 1), 0);
}

/* Test every carry: add two words near 0 or near the maximum, in both halves of a 64-bit word. */
static void test_carries(void **state)
{
    static const uint16_t edges[] = {0, 1, 0x00ff, 0x0100, 0x7fff, 0x8000, 0xff00, 0xfffe, 0xffff};

    for (size_t a = 0; a < sizeof edges / sizeof edges[0]; a++) {
        for (size_t b = 0; b < sizeof edges / sizeof edges[0]; b++) {
            for (unsigned at = 0; at < 4; at++) {
                uint8_t message[24];

                memset(message, 0xff, sizeof message); /* so that each addition carries */
                message[2 * at] = (uint8_t)(edges[a] >> 8);
                message[2 * at + 1] = (uint8_t)edges[a];
                message[8 + 2 * at] = (uint8_t)(edges[b] >> 8);
                message[8 + 2 * at + 1] = (uint8_t)edges[b];
                for (size_t size = 0; size <= sizeof message; size++)
                    check(NULL, NULL, message, size);
            }
        }
    }
}

/* Compare the checksum with the simple sum. A message that contains its checksum sums to 0. */
static void test_anything(void **state)
{
    uint64_t random = seed_of_run();

    for (unsigned n = 0; n < 3000; n++) {
        struct arpq_ip source = {.family = AF_INET6}, destination = {.family = AF_INET6};
        size_t size = n < 600 ? n / 2 : draw(&random, 2000);
        uint8_t message[2000];
        uint16_t sum;

        draw_bytes(&random, source.bytes, 16);
        draw_bytes(&random, destination.bytes, 16);
        draw_bytes(&random, message, size);
        source.scope = draw(&random, 100); /* the scope is not part of a packet */
        check(NULL, NULL, message, size);
        check(&source, &destination, message, size);
        if (size < 4)
            continue;
        message[2] = message[3] = 0;
        sum = arpq_icmp_checksum(&source, &destination, message, size);
        message[2] = (uint8_t)(sum >> 8);
        message[3] = (uint8_t)sum;
        assert_int_equal(arpq_icmp_checksum(&source, &destination, message, size), 0);
        message[draw(&random, (uint32_t)size)] ^= (uint8_t)(1u << draw(&random, 8));
        assert_int_not_equal(arpq_icmp_checksum(&source, &destination, message, size), 0);
    }
}

static void test_long_messages(void **state)
{
    static const size_t sizes[] = {65534, 65535, 65536, 1000003};
    struct arpq_ip ip = {.family = AF_INET6};
    uint8_t *message = malloc(1000003);

    assert_non_null(message);
    for (unsigned fill = 0; fill < 3; fill++) {
        memset(message, fill == 0 ? 0 : fill == 1 ? 0xff : 0xa5, 1000003);
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            assert_int_equal(arpq_icmp_checksum(NULL, NULL, message, sizes[i]),
                             slow(NULL, NULL, message, sizes[i]));
            assert_int_equal(arpq_icmp_checksum(&ip, &ip, message, sizes[i]),
                             slow(&ip, &ip, message, sizes[i]));
        }
    }
    free(message);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),  cmocka_unit_test(test_bad_arguments),
        cmocka_unit_test(test_carries),       cmocka_unit_test(test_anything),
        cmocka_unit_test(test_long_messages),
    };

    return cmocka_run_group_tests_name("icmp_checksum", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Frames of any link type, truncated at every length. */
#include "test.h"

#include <linux/if_ether.h>
#include <net/if_arp.h>

#include "sniff/frame.h"

#define MAC(last) 2, 0, 0, 0, 0, last
#define ARP(operation, last)                                                                       \
    0, 1, 8, 0, 6, 4, 0, operation, MAC(last), 10, 0, 0, 9, 0, 0, 0, 0, 0, 0, 10, 0, 0, 7

static const uint8_t twice_tagged[] = {MAC(7), MAC(9), 0x88, 0xa8, 0, 7,        0x81,
                                       0,      0x20,   5,    8,    6, ARP(2, 9)};

/* Decode a copy of exactly `size` bytes, so that ASan detects a read past its end. */
static int read_frame(struct aq_packet_received answers, const void *bytes, size_t size,
                      struct arpq_sniffed *frame)
{
    static const struct arpq_sniffed none;
    uint8_t *block = malloc(size ? size : 1);
    int code;

    assert_non_null(block);
    memcpy(block, bytes, size);
    answers.bytes = block;
    answers.size = size;
    memset(frame, 0xaa, sizeof *frame);
    code = aq_frame_read(&answers, frame);
    if (code < 0)
        assert_memory_equal(frame, &none, sizeof none);
    free(block);
    return code;
}

static struct aq_packet_received ethernet(void)
{
    return (struct aq_packet_received){.ifindex = 3, .hatype = ARPHRD_ETHER, .mac_length = 6};
}

static void test_tags(void **state)
{
    struct aq_packet_received answers = ethernet();
    struct arpq_sniffed frame;

    answers.time_ns = 77;
    answers.outgoing = true;
    assert_int_equal(read_frame(answers, twice_tagged, sizeof twice_tagged, &frame), 0);
    assert_int_equal(frame.flags,
                     ARPQ_SNIFFED_VLAN | ARPQ_SNIFFED_OUTER_VLAN | ARPQ_SNIFFED_OUTGOING);
    assert_int_equal(frame.outer_tci, 7);
    assert_int_equal(frame.vlan_tci, 0x2005);
    assert_int_equal(frame.time_ns, 77);
    assert_int_equal(frame.ifindex, 3);
    assert_int_equal(frame.destination.bytes[5], 7);
    /* The kernel removed another tag before these two. The library reports the last two of the
     * three tags. */
    answers.has_vlan = true;
    answers.vlan_tci = 99;
    assert_int_equal(read_frame(answers, twice_tagged, sizeof twice_tagged, &frame), 0);
    assert_int_equal(frame.outer_tci, 7);
    assert_int_equal(frame.vlan_tci, 0x2005);
}

static void test_truncated(void **state)
{
    struct arpq_sniffed frame;

    for (size_t size = 0; size < sizeof twice_tagged; size++)
        assert_int_equal(read_frame(ethernet(), twice_tagged, size, &frame), -EBADMSG);
}

/* Frames of other protocols, and addresses whose length differs from the link's. */
static void test_not_meant(void **state)
{
    uint8_t bytes[sizeof twice_tagged];
    struct aq_packet_received answers = ethernet();
    struct arpq_sniffed frame;

    memcpy(bytes, twice_tagged, sizeof bytes);
    bytes[21] = 0; /* IPv4 */
    assert_int_equal(read_frame(answers, bytes, sizeof bytes, &frame), -ENOMSG);
    bytes[20] = 0x81; /* a third tag */
    assert_int_equal(read_frame(answers, bytes, sizeof bytes, &frame), -ENOMSG);
    answers.mac_length = 8;
    assert_int_equal(read_frame(answers, twice_tagged, sizeof twice_tagged, &frame), -EBADMSG);
    answers.mac_length = 0; /* unknown length */
    assert_int_equal(read_frame(answers, twice_tagged, sizeof twice_tagged, &frame), 0);
}

/* On other links the library uses the offsets of the headers that the kernel reports. */
static void test_other_link(void **state)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, ARP(1, 9)};
    struct aq_packet_received answers = {.ifindex = 3,
                                         .hatype = ARPHRD_IEEE1394,
                                         .protocol = ETH_P_ARP,
                                         .network = 4,
                                         .mac_length = 6,
                                         .source = {.length = 6, .bytes = {MAC(8)}}};
    struct arpq_sniffed frame;

    assert_int_equal(read_frame(answers, bytes, sizeof bytes, &frame), 0);
    assert_int_equal(frame.mac.bytes[5], 9);
    assert_int_equal(frame.source.bytes[5], 8);
    assert_int_equal(frame.destination.length, 0);
    assert_int_equal(frame.flags, ARPQ_SNIFFED_MISMATCH);
    answers.network = sizeof bytes;
    assert_int_equal(read_frame(answers, bytes, sizeof bytes, &frame), -EBADMSG);
    answers.network = sizeof bytes + 1;
    assert_int_equal(read_frame(answers, bytes, sizeof bytes, &frame), -EBADMSG);
}

/* The library reports the sender of a frame even if no host can have the address. */
static void test_claimable(void **state)
{
    static const struct {
        uint8_t ip[4];
        bool claimable;
    } ips[] = {{{10, 0, 0, 9}, true},         {{239, 255, 255, 255}, false},
               {{240, 0, 0, 1}, false},       {{127, 0, 0, 1}, false},
               {{224, 0, 0, 1}, false},       {{126, 0, 0, 1}, true},
               {{255, 255, 255, 255}, false}, {{128, 0, 0, 1}, true}};
    const struct arpq_ip loopback = {.family = AF_INET6, .bytes = {[15] = 1}},
                         none = {.family = AF_INET6};
    uint8_t bytes[sizeof twice_tagged];
    struct arpq_sniffed frame;

    memcpy(bytes, twice_tagged, sizeof bytes);
    for (size_t i = 0; i < sizeof ips / sizeof ips[0]; i++) {
        memcpy(bytes + 36, ips[i].ip, 4);
        assert_int_equal(read_frame(ethernet(), bytes, sizeof bytes, &frame), 0);
        assert_memory_equal(frame.ip.bytes, ips[i].ip, 4);
        assert_int_equal(frame.mac.length, 6);
        assert_int_equal(aq_frame_is_claimable(&frame.ip), ips[i].claimable);
    }
    assert_false(aq_frame_is_claimable(&loopback));
    assert_false(aq_frame_is_claimable(&none));
    memcpy(bytes, twice_tagged, sizeof bytes);
    memset(bytes + 30, 0, 6); /* from a MAC of zeros */
    assert_int_equal(read_frame(ethernet(), bytes, sizeof bytes, &frame), 0);
    assert_int_equal(frame.ip.family, AF_INET);
    assert_int_equal(frame.mac.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tags),      cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_not_meant), cmocka_unit_test(test_other_link),
        cmocka_unit_test(test_claimable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

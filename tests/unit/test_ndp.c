/* SPDX-License-Identifier: MIT */
/* Decode neighbour discovery messages, with each validity rule violated once. */
#include "test.h"

#include <net/if_arp.h>

#include "packet/ndp.h"

/* Offsets in a packet. */
#define PAYLOAD 4
#define NEXT 6
#define HOPS 7
#define SOURCE 8
#define DESTINATION 24
#define TYPE 40
#define CODE 41
#define SUM 42
#define FLAGS 44
#define TARGET 48
#define REDIRECTED 64
#define OPTION 64

/* ---- Packets, the first four as Linux 6.18 sent them ---- */

#define SOLICITED_NODE(last) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, last
#define LINK_LOCAL(last) 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, 0, last
#define UNSPECIFIED 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define ALL_ROUTERS 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2
#define MAC(last) 2, 0, 0, 0, 0, last

static const uint8_t solicitation[] = {
    0x60, 0,     0,    0,    0, 32, 58, 255, LINK_LOCAL(1), SOLICITED_NODE(2),
    135,  0,     0x7c, 0x97, 0, 0,  0,  0,   LINK_LOCAL(2), 1,
    1,    MAC(1)};
static const uint8_t advertisement[] = {
    0x60,          0,   0, 0,     0,    32,   58, 255, LINK_LOCAL(2),
    LINK_LOCAL(1), 136, 0, 0x1b,  0x1a, 0x60, 0,  0,   0,
    LINK_LOCAL(2), 2,   1, MAC(2)};
/* A probe, with a nonce (RFC 7527). */
static const uint8_t probe[] = {
    0x60, 0,    0,    0,    0,    32,   58,  255, UNSPECIFIED,   SOLICITED_NODE(1),
    135,  0,    0xe6, 0x61, 0,    0,    0,   0,   LINK_LOCAL(1), 14,
    1,    0x88, 0x33, 0xa8, 0x79, 0x58, 0x0d};
static const uint8_t router_solicitation[] = {
    0x60, 0,    0, 0, 0, 16, 58, 255, LINK_LOCAL(1), ALL_ROUTERS, 133, 0,
    0x7b, 0x2c, 0, 0, 0, 0,  1,  1,   MAC(1)};
/* The tests fill in the checksums. */
static const uint8_t router_advertisement[] = {
    0x60, 0, 0, 0, 0, 24, 58, 255, LINK_LOCAL(3), ALL_ROUTERS, 134, 0, 0, 0, 64, 0x40, 7, 8, 0, 0,
    0,    0, 0, 0, 0, 0,  1,  1,   MAC(3)};
static const uint8_t redirect[] = {0x60,
                                   0,
                                   0,
                                   0,
                                   0,
                                   48,
                                   58,
                                   255,
                                   LINK_LOCAL(3),
                                   LINK_LOCAL(1),
                                   137,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   LINK_LOCAL(4),
                                   0x20,
                                   1,
                                   0xd,
                                   0xb8,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   7,
                                   2,
                                   1,
                                   MAC(4)};

struct packet {
    uint8_t bytes[256];
    size_t size;
};

/* Set the checksum over the payload length that the packet states. */
static void set_sum(struct packet *packet)
{
    size_t size = (size_t)(packet->bytes[PAYLOAD] << 8 | packet->bytes[PAYLOAD + 1]);
    uint32_t sum = (uint32_t)size + 58;

    packet->bytes[SUM] = packet->bytes[SUM + 1] = 0;
    for (size_t i = SOURCE; i < TYPE + size; i++)
        sum += (uint32_t)packet->bytes[i] << (i % 2 ? 0 : 8);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    packet->bytes[SUM] = (uint8_t)(~sum >> 8);
    packet->bytes[SUM + 1] = (uint8_t)~sum;
}

#define PACKET(from) packet_of(from, sizeof from)

static struct packet packet_of(const uint8_t *bytes, size_t size)
{
    struct packet packet = {.size = size};

    memcpy(packet.bytes, bytes, size);
    set_sum(&packet);
    return packet;
}

static void set_size(struct packet *packet, size_t size)
{
    packet->size = size;
    packet->bytes[PAYLOAD] = (uint8_t)((size - TYPE) >> 8);
    packet->bytes[PAYLOAD + 1] = (uint8_t)(size - TYPE);
    set_sum(packet);
}

/* Decode a copy of exactly the packet's size, so that ASan detects a read past its end. */
static int read_on(const struct packet *packet, uint16_t hatype, uint8_t mac_length,
                   struct aq_ndp *ndp)
{
    static const struct aq_ndp none;
    uint8_t *block = malloc(packet->size ? packet->size : 1);
    int code;

    assert_non_null(block);
    memcpy(block, packet->bytes, packet->size);
    memset(ndp, 0xaa, sizeof *ndp);
    code = aq_ndp_read(block, packet->size, hatype, mac_length, ndp);
    free(block);
    if (code < 0)
        assert_memory_equal(ndp, &none, sizeof none);
    return code;
}

static int read_packet(const struct packet *packet, struct aq_ndp *ndp)
{
    return read_on(packet, ARPHRD_ETHER, 6, ndp);
}

static int code_of(const struct packet *packet)
{
    struct aq_ndp ndp;

    return read_packet(packet, &ndp);
}

/* ---- Contents ---- */

static void assert_mac(const struct arpq_mac *mac, uint8_t last)
{
    assert_int_equal(mac->length, last ? 6 : 0);
    assert_int_equal(mac->bytes[5], last);
    assert_int_equal(mac->type, last ? ARPHRD_ETHER : 0);
}

static void test_as_sent(void **state)
{
    static const struct {
        const uint8_t *bytes;
        size_t size;
        uint8_t type, flags, source, target, source_mac, target_mac;
    } packets[] = {
        {solicitation, sizeof solicitation, 135, 0, 1, 2, 1, 0},
        {advertisement, sizeof advertisement, 136, 0x60, 2, 2, 0, 2},
        {probe, sizeof probe, 135, 0, 0, 1, 0, 0},
        {router_solicitation, sizeof router_solicitation, 133, 0, 1, 0, 1, 0},
    };

    for (size_t i = 0; i < LENGTH(packets); i++) {
        struct packet packet = {.size = packets[i].size};
        struct aq_ndp ndp;

        memcpy(packet.bytes, packets[i].bytes, packet.size);
        assert_int_equal(read_packet(&packet, &ndp), 0);
        assert_int_equal(ndp.type, packets[i].type);
        assert_int_equal(ndp.flags, packets[i].flags);
        assert_int_equal(ndp.source.family, AF_INET6);
        assert_int_equal(ndp.source.bytes[15], packets[i].source);
        assert_int_equal(ndp.target.bytes[15], packets[i].target);
        assert_int_equal(ndp.target.family, packets[i].target ? AF_INET6 : 0);
        assert_mac(&ndp.source_mac, packets[i].source_mac);
        assert_mac(&ndp.target_mac, packets[i].target_mac);
        /* Padding is ignored. */
        packet.size += 7;
        assert_int_equal(read_packet(&packet, &ndp), 0);
    }
}

static void test_others(void **state)
{
    struct packet packet = PACKET(router_advertisement);
    struct aq_ndp ndp;

    assert_int_equal(read_packet(&packet, &ndp), 0);
    assert_int_equal(ndp.type, AQ_NDP_ROUTER_ADVERTISEMENT);
    assert_int_equal(ndp.flags, 0);
    assert_mac(&ndp.source_mac, 3);
    packet = PACKET(redirect);
    assert_int_equal(read_packet(&packet, &ndp), 0);
    assert_int_equal(ndp.type, AQ_NDP_REDIRECT);
    assert_int_equal(ndp.target.bytes[15], 4);
    assert_mac(&ndp.target_mac, 4);
    /* A redirect to the destination itself, which is on the link. */
    memcpy(packet.bytes + TARGET, packet.bytes + REDIRECTED, 16);
    set_sum(&packet);
    assert_int_equal(read_packet(&packet, &ndp), 0);
}

static void test_truncated(void **state)
{
    static const struct {
        const uint8_t *bytes;
        size_t size;
    } packets[] = {{solicitation, sizeof solicitation},
                   {probe, sizeof probe},
                   {router_solicitation, sizeof router_solicitation},
                   {router_advertisement, sizeof router_advertisement},
                   {redirect, sizeof redirect},
                   {advertisement, sizeof advertisement}};

    for (size_t i = 0; i < LENGTH(packets); i++)
        for (size_t size = 0; size < packets[i].size; size++) {
            struct packet packet = packet_of(packets[i].bytes, packets[i].size);
            bool whole_options;

            packet.size = size; /* the stated payload length is too large */
            assert_int_equal(code_of(&packet), -EBADMSG);
            if (size <= TYPE)
                continue;
            set_size(&packet, size); /* the stated payload length and the checksum are right */
            whole_options = size == packets[i].size - 8;
            assert_int_equal(code_of(&packet), whole_options ? 0 : -EBADMSG);
        }
}

/* ---- Rules ---- */

/* Change a byte and correct the checksum. */
static struct packet with(struct packet packet, size_t at, uint8_t value)
{
    packet.bytes[at] = value;
    set_sum(&packet);
    return packet;
}

static void test_header(void **state)
{
    const struct packet good = PACKET(solicitation);
    struct packet packet = with(good, HOPS, 254);

    assert_int_equal(code_of(&good), 0);
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, 0, 0x40);
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, CODE, 1);
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, SOURCE, 0xff); /* the source is a group */
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, NEXT, 17);
    assert_int_equal(code_of(&packet), -ENOMSG);
    packet = with(good, TYPE, 132);
    assert_int_equal(code_of(&packet), -ENOMSG);
    packet = with(good, TYPE, 138);
    assert_int_equal(code_of(&packet), -ENOMSG);
    packet = good;
    packet.bytes[SUM] ^= 1;
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = good;
    packet.bytes[PAYLOAD] = 0xff; /* the stated payload length exceeds the packet */
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet.bytes[PAYLOAD] = packet.bytes[PAYLOAD + 1] = 0;
    assert_int_equal(code_of(&packet), -EBADMSG);
}

static void test_solicitation_rules(void **state)
{
    const struct packet good = PACKET(solicitation);
    struct packet packet = with(good, TARGET, 0xff);

    assert_int_equal(code_of(&packet), -EBADMSG);
    /* A solicitation from :: goes to the solicited-node address and has no source option. */
    packet = PACKET(probe);
    assert_int_equal(code_of(&packet), 0);
    for (size_t i = 0; i < 13; i++) {
        packet = PACKET(probe);
        packet.bytes[DESTINATION + i] ^= 1;
        set_sum(&packet);
        assert_int_equal(code_of(&packet), -EBADMSG);
    }
    packet = PACKET(probe);
    /* The solicited-node address of another node is accepted. */
    packet = with(packet, DESTINATION + 13, 7);
    assert_int_equal(code_of(&packet), 0);
    packet = with(packet, OPTION, 1);
    assert_int_equal(code_of(&packet), -EBADMSG);
}

static void test_advertisement_rules(void **state)
{
    const struct packet good = PACKET(advertisement);
    struct packet packet = with(good, TARGET, 0xff);

    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, DESTINATION, 0xff); /* solicited, but sent to a group */
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(packet, FLAGS, 0x20);
    assert_int_equal(code_of(&packet), 0);
}

static void test_router_rules(void **state)
{
    struct packet packet = PACKET(router_advertisement);

    packet = with(packet, SOURCE, 0x20); /* not link-local */
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = PACKET(router_solicitation);
    packet = with(packet, SOURCE, 0x20);
    assert_int_equal(code_of(&packet), 0);
    memset(packet.bytes + SOURCE, 0, 16); /* from ::, with a source option */
    set_sum(&packet);
    assert_int_equal(code_of(&packet), -EBADMSG);
    set_size(&packet, packet.size - 8); /* from ::, without a source option */
    assert_int_equal(code_of(&packet), 0);
}

static void test_redirect_rules(void **state)
{
    const struct packet good = PACKET(redirect);
    struct packet packet = with(good, SOURCE, 0x20); /* not link-local */

    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, REDIRECTED, 0xff); /* a group cannot be redirected */
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, TARGET, 0xff);
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, TARGET, 0x20); /* neither link-local nor the destination */
    assert_int_equal(code_of(&packet), -EBADMSG);
}

/* ---- Options ---- */

static void test_options(void **state)
{
    const struct packet good = PACKET(solicitation);
    struct packet packet = with(good, OPTION + 1, 0);
    struct aq_ndp ndp;

    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, OPTION + 1, 2); /* longer than the message */
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(packet, OPTION, 99); /* the length of an option of unknown type is checked too */
    assert_int_equal(code_of(&packet), -EBADMSG);
    packet = with(good, OPTION, 99);
    assert_int_equal(read_packet(&packet, &ndp), 0);
    assert_mac(&ndp.source_mac, 0);
    /* The first of two options counts. */
    memcpy(packet.bytes, solicitation, sizeof solicitation);
    memcpy(packet.bytes + OPTION + 8, solicitation + OPTION, 8);
    packet.bytes[OPTION + 15] = 9;
    set_size(&packet, sizeof solicitation + 8);
    assert_int_equal(read_packet(&packet, &ndp), 0);
    assert_mac(&ndp.source_mac, 1);
    /* An option that is too long for Ethernet. */
    packet = with(packet, OPTION + 1, 2);
    assert_int_equal(code_of(&packet), -EBADMSG);
}

/* Links with longer addresses: 8 bytes and padding, or 20 bytes after two reserved bytes. */
static void test_other_links(void **state)
{
    struct packet packet = PACKET(solicitation);
    struct aq_ndp ndp;

    for (size_t i = 0; i < 30; i++)
        packet.bytes[OPTION + 2 + i] = (uint8_t)i;
    packet.bytes[OPTION + 1] = 2;
    set_size(&packet, OPTION + 16);
    assert_int_equal(read_on(&packet, ARPHRD_IEEE802154, 8, &ndp), 0);
    assert_int_equal(ndp.source_mac.length, 8);
    assert_int_equal(ndp.source_mac.type, ARPHRD_IEEE802154);
    assert_int_equal(ndp.source_mac.bytes[0], 0);
    assert_int_equal(ndp.source_mac.bytes[7], 7);
    assert_int_equal(ndp.source_mac.bytes[8], 0);
    /* The link's address length is unknown. */
    assert_int_equal(read_on(&packet, ARPHRD_ETHER, 0, &ndp), 0);
    assert_int_equal(ndp.source_mac.length, 0);
    assert_int_equal(read_on(&packet, ARPHRD_ETHER, 33, &ndp), 0);
    assert_int_equal(ndp.source_mac.length, 0);
    packet.bytes[OPTION + 1] = 3;
    set_size(&packet, OPTION + 24);
    assert_int_equal(read_on(&packet, ARPHRD_INFINIBAND, 20, &ndp), 0);
    assert_int_equal(ndp.source_mac.length, 20);
    assert_int_equal(ndp.source_mac.bytes[0], 2);
    assert_int_equal(ndp.source_mac.bytes[19], 21);
    assert_int_equal(read_on(&packet, ARPHRD_IEEE802154, 8, &ndp), -EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_sent),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_solicitation_rules),
        cmocka_unit_test(test_advertisement_rules),
        cmocka_unit_test(test_router_rules),
        cmocka_unit_test(test_redirect_rules),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_other_links),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

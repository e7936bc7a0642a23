/* SPDX-License-Identifier: MIT */
/* Encode, decode and classify ARP packets. ARPQ_SEED repeats the random part. */
#include "test.h"

#include <net/if_arp.h>

#include "random.h"

#define ME "\x02\x00\x5e\x00\x53\x01"
#define YOU "\x02\x00\x5e\x00\x53\x02"
#define ALL "\xff\xff\xff\xff\xff\xff"
#define NOBODY "\x00\x00\x00\x00\x00\x00"
#define MY_IP "\xc0\x00\x02\x01"
#define YOUR_IP "\xc0\x00\x02\x02"
#define NO_IP "\x00\x00\x00\x00"
#define ARP "\x08\x06"
#define REQUEST "\x00\x01\x08\x00\x06\x04\x00\x01"
#define REPLY "\x00\x01\x08\x00\x06\x04\x00\x02"

static const struct arpq_arp zero;

static struct arpq_mac make_mac(uint16_t type, const void *bytes, size_t length)
{
    struct arpq_mac mac = {.type = type, .length = (uint8_t)length};

    memcpy(mac.bytes, bytes, length);
    return mac;
}

static struct arpq_mac ether(const char *bytes)
{
    return make_mac(ARPHRD_ETHER, bytes, 6);
}

static struct arpq_ip ipv4(const char *bytes)
{
    struct arpq_ip ip = {.family = AF_INET};

    memcpy(ip.bytes, bytes, 4);
    return ip;
}

/* Decode a copy of exactly the frame's size, so that ASan detects a read past its end. */
static int decode(const void *frame, size_t size, uint32_t flags, struct arpq_arp *arp)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    int r;

    assert_non_null(copy);
    memcpy(copy, frame, size);
    memset(arp, 0xaa, sizeof *arp);
    r = arpq_arp_decode(size > 0 ? copy : copy + 1, size, flags, arp);
    free(copy);
    if (r < 0)
        assert_memory_equal(arp, &zero, sizeof zero);
    return r;
}

/* Encode into a buffer of exactly the needed size. A smaller buffer must remain unchanged. */
static int encode(const struct arpq_arp *arp, uint8_t *frame)
{
    int size = arpq_arp_encode(arp, frame, ARPQ_ARP_FRAME_SIZE);

    for (int less = 0; less < size; less++) {
        uint8_t *room = malloc((size_t)less + 1);

        assert_non_null(room);
        memset(room, 0xaa, (size_t)less + 1);
        assert_int_equal(arpq_arp_encode(arp, room, (size_t)less), -ENOSPC);
        for (int i = 0; i <= less; i++)
            assert_int_equal(room[i], 0xaa);
        free(room);
    }
    if (size >= 0) {
        uint8_t *room = malloc((size_t)size);

        assert_non_null(room);
        assert_int_equal(arpq_arp_encode(arp, room, (size_t)size), size);
        assert_memory_equal(room, frame, (size_t)size);
        free(room);
    }
    return size;
}

static struct arpq_arp make(uint32_t kind)
{
    struct arpq_mac me = ether(ME), you = ether(YOU);
    struct arpq_ip my_ip = ipv4(MY_IP), your_ip = ipv4(YOUR_IP);
    struct arpq_arp arp;

    memset(&arp, 0xaa, sizeof arp);
    assert_int_equal(arpq_arp_make(kind, &me, &my_ip, &you, &your_ip, &arp), 0);
    return arp;
}

/* ---- Golden bytes ------------------------------------------------------ */

static const struct golden {
    uint32_t kind;
    const char *name;
    const char bytes[43];
} goldens[] = {
    {ARPQ_ARP_KIND_REQUEST, "REQUEST", ALL ME ARP REQUEST ME MY_IP NOBODY YOUR_IP},
    {ARPQ_ARP_KIND_REPLY, "REPLY", YOU ME ARP REPLY ME MY_IP YOU YOUR_IP},
    {ARPQ_ARP_KIND_PROBE, "PROBE", ALL ME ARP REQUEST ME NO_IP NOBODY YOUR_IP},
    {ARPQ_ARP_KIND_ANNOUNCEMENT, "ANNOUNCEMENT", ALL ME ARP REQUEST ME MY_IP NOBODY MY_IP},
    {ARPQ_ARP_KIND_GRATUITOUS, "GRATUITOUS", ALL ME ARP REPLY ME MY_IP ME MY_IP},
};

static void test_every_kind(void **state)
{
    for (size_t i = 0; i < LENGTH(goldens); i++) {
        const struct golden *golden = &goldens[i];
        struct arpq_arp arp = make(golden->kind);
        uint8_t expected[60] = {0};
        uint8_t frame[ARPQ_ARP_FRAME_SIZE];
        struct arpq_arp read;

        memcpy(expected, golden->bytes, 42);
        assert_int_equal(encode(&arp, frame), 60);
        assert_memory_equal(frame, expected, 60);
        assert_int_equal(decode(frame, 60, 0, &read), 0);
        assert_memory_equal(&read, &arp, sizeof arp);
        assert_int_equal(arpq_arp_kind(&read), golden->kind);
        assert_string_equal(arpq_name(ARPQ_NAMES_ARP_KIND, golden->kind), golden->name);
    }
}

static void test_payload_alone(void **state)
{
    for (size_t i = 0; i < LENGTH(goldens); i++) {
        struct arpq_arp arp = make(goldens[i].kind);
        uint8_t packet[ARPQ_ARP_FRAME_SIZE];
        struct arpq_arp read;

        arp.flags = ARPQ_ARP_PAYLOAD;
        memset(&arp.destination, 0, sizeof arp.destination);
        memset(&arp.source, 0, sizeof arp.source);
        assert_int_equal(encode(&arp, packet), 28);
        assert_memory_equal(packet, goldens[i].bytes + 14, 28);
        assert_int_equal(decode(packet, 28, ARPQ_ARP_PAYLOAD, &read), 0);
        assert_memory_equal(&read, &arp, sizeof arp);

        arp.flags |= ARPQ_ARP_VLAN; /* ignored, because a packet without a frame has no VLAN tag */
        assert_int_equal(encode(&arp, packet), 28);
    }
}

static void test_vlan_tag(void **state)
{
    static const char tagged[] = ALL ME "\x81\x00\xe0\x7b" ARP REQUEST ME MY_IP NOBODY YOUR_IP;
    struct arpq_arp arp = make(ARPQ_ARP_KIND_REQUEST);
    uint8_t expected[64] = {0};
    uint8_t frame[ARPQ_ARP_FRAME_SIZE];
    struct arpq_arp read;

    arp.vlan_tci = 0xe07b;
    assert_int_equal(encode(&arp, frame), 60); /* without the flag the tag is ignored */

    arp.flags = ARPQ_ARP_VLAN;
    memcpy(expected, tagged, 46);
    assert_int_equal(encode(&arp, frame), 64);
    assert_memory_equal(frame, expected, 64);
    assert_int_equal(decode(frame, 64, 0, &read), 0);
    assert_memory_equal(&read, &arp, sizeof arp);
}

static void test_several_tags(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        int tci; /* -1: the frame is not ARP */
    } frames[] = {
#define FRAME(tags, tci) {ALL ME tags ARP REQUEST ME MY_IP NOBODY YOUR_IP, sizeof tags - 1, tci}
        FRAME("\x81\x00\x00\x07", 7),
        FRAME("\x88\xa8\x00\x08", 8),
        FRAME("\x88\xa8\x00\x08\x81\x00\x20\x09", 0x2009),
        FRAME("\x81\x00\x00\x08\x81\x00\x00\x0a", 10),
        FRAME("\x88\xa8\x00\x08\x88\xa8\x00\x09\x81\x00\x00\x0b", 11),
        FRAME("\x91\x00\x00\x08", -1), /* no standard defines this tag */
        FRAME("\x08\x00", -1),
        FRAME("\x81\x00\x00\x07\x86\xdd", -1),
#undef FRAME
    };
    struct arpq_arp arp;

    for (size_t i = 0; i < LENGTH(frames); i++) {
        int r = decode(frames[i].bytes, 42 + frames[i].size, 0, &arp);

        assert_int_equal(r, frames[i].tci < 0 ? -ENOMSG : 0);
        if (r < 0)
            continue;
        assert_int_equal(arp.flags, ARPQ_ARP_VLAN);
        assert_int_equal(arp.vlan_tci, frames[i].tci);
        assert_int_equal(arpq_arp_kind(&arp), ARPQ_ARP_KIND_REQUEST);
    }
}

/* ---- Lengths ----------------------------------------------------------- */

/* The decoder accepts a shortened frame only if it holds the whole packet. Bytes after the packet
 * have no effect. */
static void test_cut_short(void **state)
{
    for (size_t i = 0; i < LENGTH(goldens); i++) {
        struct arpq_arp arp = make(goldens[i].kind);
        uint8_t frame[200];
        struct arpq_arp read;

        for (uint32_t tag = 0; tag <= 4; tag += 4) {
            memset(frame, 0x5a, sizeof frame);
            arp.flags = tag > 0 ? ARPQ_ARP_VLAN : 0;
            assert_int_equal(arpq_arp_encode(&arp, frame, sizeof frame), 60 + tag);
            for (size_t size = 0; size < sizeof frame; size++) {
                int expected = size < 42 + tag ? -EBADMSG : 0;

                assert_int_equal(decode(frame, size, 0, &read), expected);
                if (expected == 0)
                    assert_memory_equal(&read, &arp, sizeof arp);
            }
        }
        for (size_t size = 0; size < 60; size++)
            assert_int_equal(decode(frame + 18, size, ARPQ_ARP_PAYLOAD, &read),
                             size < 28 ? -EBADMSG : 0);
    }
}

/* Link-layer addresses of every length. arpq_arp_make adds an Ethernet header only for length 6. */
static void test_address_lengths(void **state)
{
    static const uint8_t bytes[ARPQ_MAC_MAX] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                                12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
                                                23, 24, 25, 26, 27, 28, 29, 30, 31, 32};
    struct arpq_ip my_ip = ipv4(MY_IP), your_ip = ipv4(YOUR_IP);

    for (size_t length = 1; length <= ARPQ_MAC_MAX; length++) {
        struct arpq_mac me = make_mac(ARPHRD_INFINIBAND, bytes, length);
        size_t size = 16 + 2 * length;
        uint8_t packet[ARPQ_ARP_FRAME_SIZE];
        struct arpq_arp arp, read;

        assert_int_equal(arpq_arp_make(ARPQ_ARP_KIND_REPLY, &me, &my_ip, &me, &your_ip, &arp), 0);
        if (length == 6) {
            assert_int_equal(encode(&arp, packet), 60);
            arp.flags = ARPQ_ARP_PAYLOAD;
            arp.source = arp.destination = (struct arpq_mac){0};
        }
        assert_int_equal(arp.flags, ARPQ_ARP_PAYLOAD);
        assert_int_equal(arp.source.length, 0);
        assert_int_equal(encode(&arp, packet), size);
        assert_int_equal(packet[0] << 8 | packet[1], ARPHRD_INFINIBAND);
        assert_int_equal(packet[4], length);
        for (size_t cut = 0; cut < size; cut++)
            assert_int_equal(decode(packet, cut, ARPQ_ARP_PAYLOAD, &read), -EBADMSG);
        assert_int_equal(decode(packet, size, ARPQ_ARP_PAYLOAD, &read), 0);
        assert_memory_equal(&read, &arp, sizeof arp);

        arp.flags = ARPQ_ARP_VLAN; /* now with an Ethernet header */
        arp.source = arp.destination = ether(ME);
        size = 18 + 16 + 2 * length;
        assert_int_equal(encode(&arp, packet), size < 64 ? 64 : size);
        assert_int_equal(decode(packet, size, 0, &read), 0);
        assert_memory_equal(&read, &arp, sizeof arp);
    }
}

/* An RFC 2734 packet has no target address. */
static void test_ieee1394(void **state)
{
    static const char golden[] = "\x00\x18\x08\x00\x10\x04\x00\x01"
                                 "0123456789abcdef" MY_IP YOUR_IP;
    struct arpq_mac me = make_mac(ARPHRD_IEEE1394, "0123456789abcdef", 16);
    struct arpq_ip my_ip = ipv4(MY_IP), your_ip = ipv4(YOUR_IP);
    uint8_t packet[ARPQ_ARP_FRAME_SIZE];
    struct arpq_arp arp, read;

    assert_int_equal(arpq_arp_make(ARPQ_ARP_KIND_REQUEST, &me, &my_ip, NULL, &your_ip, &arp), 0);
    assert_int_equal(encode(&arp, packet), 32);
    assert_memory_equal(packet, golden, 32);
    assert_int_equal(decode(packet, 31, ARPQ_ARP_PAYLOAD, &read), -EBADMSG);
    assert_int_equal(decode(packet, 32, ARPQ_ARP_PAYLOAD, &read), 0);
    assert_int_equal(read.target_mac.length, 0);
    assert_memory_equal(&read.sender_mac, &me, sizeof me);
    assert_memory_equal(&read.target_ip, &your_ip, sizeof your_ip);
}

/* ---- Refused packets --------------------------------------------------- */

static void test_not_arp_for_ipv4(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        int code;
    } changes[] = {
        {12, 0x09, -ENOMSG}, {13, 0x00, -ENOMSG}, /* not ARP */
        {16, 0x86, -ENOMSG}, {17, 0x01, -ENOMSG}, /* not for IPv4 */
        {19, 0, -ENOMSG},    {19, 3, -ENOMSG},    {19, 5, -ENOMSG},    {19, 16, -ENOMSG},
        {18, 0, -EBADMSG},   {18, 33, -EBADMSG},  {18, 255, -EBADMSG}, {18, 16, -EBADMSG},
        {18, 5, 0},          {18, 15, 0},         {14, 0xff, 0},       {20, 0xff, 0},
    };
    struct arpq_arp arp = make(ARPQ_ARP_KIND_REQUEST);

    for (size_t i = 0; i < LENGTH(changes); i++) {
        uint8_t frame[60];
        struct arpq_arp read;

        assert_int_equal(arpq_arp_encode(&arp, frame, sizeof frame), 60);
        frame[changes[i].at] = changes[i].value;
        assert_int_equal(decode(frame, 60, 0, &read), changes[i].code);
    }
}

/* The encoder refuses addresses of 33 bytes even if the buffer is large enough. */
static void test_too_long_addresses(void **state)
{
    uint8_t packet[1024] = {0, 1, 8, 0, 0, 4, 0, 1};
    struct arpq_arp arp;

    for (unsigned length = 0; length <= 255; length++) {
        packet[4] = (uint8_t)length;
        assert_int_equal(decode(packet, sizeof packet, ARPQ_ARP_PAYLOAD, &arp),
                         length >= 1 && length <= 32 ? 0 : -EBADMSG);
    }
}

static void test_decode_arguments(void **state)
{
    uint8_t frame[60] = {0};
    struct arpq_arp arp;

    memset(&arp, 0xaa, sizeof arp);
    assert_int_equal(arpq_arp_decode(NULL, 60, 0, &arp), -EINVAL);
    assert_memory_equal(&arp, &zero, sizeof zero);
    assert_int_equal(arpq_arp_decode(frame, 60, 0, NULL), -EINVAL);
    for (unsigned bit = 0; bit < 32; bit++) {
        if (UINT32_C(1) << bit != ARPQ_ARP_PAYLOAD)
            assert_int_equal(decode(frame, 60, UINT32_C(1) << bit, &arp), -EINVAL);
    }
}

static void test_encode_refuses(void **state)
{
    struct arpq_arp good = make(ARPQ_ARP_KIND_REQUEST);
    struct arpq_ip ipv6 = {.family = AF_INET6};
    uint8_t frame[ARPQ_ARP_FRAME_SIZE];
    struct arpq_arp arp;

    assert_int_equal(arpq_arp_encode(NULL, frame, sizeof frame), -EINVAL);
    assert_int_equal(arpq_arp_encode(&good, NULL, sizeof frame), -EINVAL);
#define REFUSED(change, code)                                                                      \
    do {                                                                                           \
        arp = good;                                                                                \
        change;                                                                                    \
        memset(frame, 0xaa, sizeof frame);                                                         \
        assert_int_equal(arpq_arp_encode(&arp, frame, sizeof frame), code);                        \
        for (size_t i = 0; i < sizeof frame; i++)                                                  \
            assert_int_equal(frame[i], 0xaa);                                                      \
    } while (0)
    for (unsigned bit = 2; bit < 32; bit++)
        REFUSED(arp.flags = UINT32_C(1) << bit, -EINVAL);
    REFUSED(arp.operation = 0, -EINVAL);
    REFUSED(arp.sender_mac.length = 0, -EINVAL);
    REFUSED(arp.sender_mac.length = 33, -EINVAL);
    REFUSED(arp.sender_mac.length = 255, -EINVAL);
    REFUSED(arp.target_mac.length = 5, -EINVAL);
    REFUSED(arp.target_mac.length = 7, -EINVAL);
    REFUSED(arp.target_mac.length = 33, -EINVAL);
    REFUSED(arp.destination.length = 0, -EINVAL);
    REFUSED(arp.destination.length = 8, -EINVAL);
    REFUSED(arp.source.length = 0, -EINVAL);
    REFUSED(arp.source.length = 20, -EINVAL);
    REFUSED(arp.sender_ip = ipv6, -EAFNOSUPPORT);
    REFUSED(arp.target_ip = ipv6, -EAFNOSUPPORT);
    REFUSED(arp.target_ip.family = 1, -EAFNOSUPPORT);
#undef REFUSED
}

/* Addresses of length 0 are encoded as zeros, whatever their bytes are. */
static void test_left_empty(void **state)
{
    static const char golden[] = ALL ME ARP REQUEST ME NO_IP NOBODY NO_IP;
    struct arpq_arp arp = make(ARPQ_ARP_KIND_REQUEST);
    uint8_t frame[ARPQ_ARP_FRAME_SIZE];
    struct arpq_arp read;

    memset(arp.target_mac.bytes, 0x55, sizeof arp.target_mac.bytes);
    arp.target_mac.length = 0;
    arp.sender_ip.family = 0;
    arp.target_ip.family = 0;
    assert_int_equal(encode(&arp, frame), 60);
    assert_memory_equal(frame, golden, 42);
    assert_int_equal(decode(frame, 60, 0, &read), 0);
    assert_int_equal(arpq_mac_is_zero(&read.target_mac), 1);
    assert_int_equal(read.sender_ip.family, AF_INET);
}

static void test_make_refuses(void **state)
{
    struct arpq_mac me = ether(ME), you = ether(YOU), none = {0}, longer = {.length = 33};
    struct arpq_mac eight = make_mac(ARPHRD_EUI64, "12345678", 8);
    struct arpq_ip mine = ipv4(MY_IP), yours = ipv4(YOUR_IP), ipv6 = {.family = AF_INET6};
    struct arpq_arp arp;

#define REFUSED(code, ...)                                                                         \
    do {                                                                                           \
        memset(&arp, 0xaa, sizeof arp);                                                            \
        assert_int_equal(arpq_arp_make(__VA_ARGS__, &arp), code);                                  \
        assert_memory_equal(&arp, &zero, sizeof zero);                                             \
    } while (0)
    REFUSED(-EINVAL, 0, &me, &mine, &you, &yours);
    REFUSED(-EINVAL, ARPQ_ARP_KIND_OTHER, &me, &mine, &you, &yours);
    REFUSED(-EINVAL, UINT32_MAX, &me, &mine, &you, &yours);
    REFUSED(-EINVAL, ARPQ_ARP_KIND_REPLY, &me, &mine, NULL, &yours);
    REFUSED(-EINVAL, ARPQ_ARP_KIND_REPLY, &me, &mine, &none, &yours);
    REFUSED(-EINVAL, ARPQ_ARP_KIND_REPLY, &me, &mine, &eight, &yours);
    for (uint32_t kind = ARPQ_ARP_KIND_REQUEST; kind <= ARPQ_ARP_KIND_GRATUITOUS; kind++) {
        REFUSED(-EINVAL, kind, NULL, &mine, &you, &yours);
        REFUSED(-EINVAL, kind, &none, &mine, &you, &yours);
        REFUSED(-EINVAL, kind, &longer, &mine, &longer, &yours);
        if (kind != ARPQ_ARP_KIND_PROBE) {
            REFUSED(-EINVAL, kind, &me, NULL, &you, &yours);
            REFUSED(-EAFNOSUPPORT, kind, &me, &ipv6, &you, &yours);
        }
        if (kind <= ARPQ_ARP_KIND_PROBE) {
            REFUSED(-EINVAL, kind, &me, &mine, &you, NULL);
            REFUSED(-EAFNOSUPPORT, kind, &me, &mine, &you, &ipv6);
        }
    }
#undef REFUSED
    assert_int_equal(arpq_arp_make(ARPQ_ARP_KIND_REQUEST, &me, &mine, NULL, &yours, NULL), -EINVAL);
    /* Arguments that a kind does not use may be NULL. */
    assert_int_equal(arpq_arp_make(ARPQ_ARP_KIND_REQUEST, &me, &mine, NULL, &yours, &arp), 0);
    assert_int_equal(arpq_arp_make(ARPQ_ARP_KIND_PROBE, &me, NULL, NULL, &yours, &arp), 0);
    assert_int_equal(arpq_arp_make(ARPQ_ARP_KIND_ANNOUNCEMENT, &me, &mine, NULL, NULL, &arp), 0);
    assert_int_equal(arpq_arp_make(ARPQ_ARP_KIND_GRATUITOUS, &me, &mine, NULL, NULL, &arp), 0);
}

/* ---- Kinds ------------------------------------------------------------- */

static void test_kinds(void **state)
{
    static const struct {
        uint16_t operation;
        const char *sender;
        const char *target;
        uint32_t kind;
    } cases[] = {
        {1, MY_IP, YOUR_IP, ARPQ_ARP_KIND_REQUEST},    {1, NO_IP, YOUR_IP, ARPQ_ARP_KIND_PROBE},
        {1, MY_IP, MY_IP, ARPQ_ARP_KIND_ANNOUNCEMENT}, {1, NO_IP, NO_IP, ARPQ_ARP_KIND_PROBE},
        {1, MY_IP, NO_IP, ARPQ_ARP_KIND_REQUEST},      {2, MY_IP, YOUR_IP, ARPQ_ARP_KIND_REPLY},
        {2, MY_IP, MY_IP, ARPQ_ARP_KIND_GRATUITOUS},   {2, NO_IP, NO_IP, ARPQ_ARP_KIND_REPLY},
        {2, MY_IP, NO_IP, ARPQ_ARP_KIND_REPLY},        {3, MY_IP, MY_IP, ARPQ_ARP_KIND_OTHER},
        {4, MY_IP, MY_IP, ARPQ_ARP_KIND_OTHER},        {8, NO_IP, YOUR_IP, ARPQ_ARP_KIND_OTHER},
        {9, NO_IP, YOUR_IP, ARPQ_ARP_KIND_OTHER},      {0, NO_IP, YOUR_IP, ARPQ_ARP_KIND_OTHER},
        {0x0100, MY_IP, YOUR_IP, ARPQ_ARP_KIND_OTHER},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct arpq_arp arp = {.operation = cases[i].operation,
                               .sender_ip = ipv4(cases[i].sender),
                               .target_ip = ipv4(cases[i].target)};

        assert_int_equal(arpq_arp_kind(&arp), cases[i].kind);
        if (memcmp(cases[i].sender, NO_IP, 4) == 0) {
            arp.sender_ip = (struct arpq_ip){0}; /* an empty address gives the same result */
            assert_int_equal(arpq_arp_kind(&arp), cases[i].kind);
        }
    }
    assert_int_equal(arpq_arp_kind(NULL), 0);
    assert_string_equal(arpq_name(ARPQ_NAMES_ARP_KIND, ARPQ_ARP_KIND_OTHER), "OTHER");
    assert_string_equal(arpq_name(ARPQ_NAMES_ARP_KIND, 0), "");
    assert_string_equal(arpq_name(ARPQ_NAMES_ARP_KIND, 7), "");
    assert_string_equal(arpq_name(ARPQ_NAMES_ARP_KIND, UINT32_MAX), "");
}

/* ---- Random packets ---------------------------------------------------- */

static struct arpq_mac random_mac(uint64_t *random, uint16_t type, size_t length)
{
    uint8_t bytes[ARPQ_MAC_MAX];

    draw_bytes(random, bytes, length);
    return make_mac(type, bytes, length);
}

static struct arpq_ip random_ip(uint64_t *random)
{
    char bytes[4];

    draw_bytes(random, bytes, sizeof bytes);
    return ipv4(bytes);
}

static void test_anything_survives(void **state)
{
    uint64_t random = seed_of_run();

    for (unsigned n = 0; n < 20000; n++) {
        size_t length = 1 + draw(&random, ARPQ_MAC_MAX);
        uint16_t type = (uint16_t)draw(&random, 65536);
        struct arpq_arp arp = {.flags = draw(&random, 3), .operation = 1};
        uint8_t frame[ARPQ_ARP_FRAME_SIZE];
        struct arpq_arp read;
        int size;

        if (type == ARPHRD_IEEE1394)
            type = ARPHRD_ETHER;
        arp.operation = (uint16_t)(1 + draw(&random, 65535));
        arp.sender_mac = random_mac(&random, type, length);
        arp.target_mac = random_mac(&random, type, length);
        arp.sender_ip = random_ip(&random);
        arp.target_ip = random_ip(&random);
        if (arp.flags & ARPQ_ARP_VLAN)
            arp.vlan_tci = (uint16_t)draw(&random, 65536);
        if (!(arp.flags & ARPQ_ARP_PAYLOAD)) {
            arp.destination = random_mac(&random, ARPHRD_ETHER, 6);
            arp.source = random_mac(&random, ARPHRD_ETHER, 6);
        }
        size = arpq_arp_encode(&arp, frame, sizeof frame);
        assert_true(size > 0 && size <= ARPQ_ARP_FRAME_SIZE);
        assert_int_equal(decode(frame, (size_t)size, arp.flags & ARPQ_ARP_PAYLOAD, &read), 0);
        assert_memory_equal(&read, &arp, sizeof arp);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),         cmocka_unit_test(test_payload_alone),
        cmocka_unit_test(test_vlan_tag),           cmocka_unit_test(test_several_tags),
        cmocka_unit_test(test_cut_short),          cmocka_unit_test(test_address_lengths),
        cmocka_unit_test(test_ieee1394),           cmocka_unit_test(test_not_arp_for_ipv4),
        cmocka_unit_test(test_too_long_addresses), cmocka_unit_test(test_decode_arguments),
        cmocka_unit_test(test_encode_refuses),     cmocka_unit_test(test_left_empty),
        cmocka_unit_test(test_make_refuses),       cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_anything_survives),
    };

    return cmocka_run_group_tests_name("arp_frame", tests, NULL, NULL);
}

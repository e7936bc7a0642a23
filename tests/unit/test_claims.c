/* SPDX-License-Identifier: MIT */
/* The sniffer classifies claims as new, moved, in conflict or forgotten. A slow, simple model gives
 * the expected results. */
#include "test.h"

#include "sniff/claims.h"
#include "sniff/own.h"

#define DAMPING 1000u

/* ---- This machine has 10.0.0.1 on every interface, and the MAC 02:..:01 ---- */

static unsigned calls;

bool __wrap_aq_own_has_mac(struct arpq_handle *h, const struct arpq_mac *mac);
bool __wrap_aq_own_has_mac(struct arpq_handle *h, const struct arpq_mac *mac)
{
    calls++;
    return mac->bytes[5] == 1;
}

bool __wrap_aq_own_is_contested(struct arpq_handle *h, uint32_t ifindex, const struct arpq_ip *ip,
                                const struct arpq_mac *mac);
bool __wrap_aq_own_is_contested(struct arpq_handle *h, uint32_t ifindex, const struct arpq_ip *ip,
                                const struct arpq_mac *mac)
{
    assert_int_not_equal(ifindex, 0);
    calls++;
    return ip->bytes[3] == 1 && !__wrap_aq_own_has_mac(h, mac);
}

static struct aq_claims claims;
static uint64_t now = 5000;

static int set_up(void **state)
{
    claims = (struct aq_claims){.max = 1000, .damping_ms = DAMPING, .seed = 7};
    calls = 0;
    return 0;
}

static int tear_down(void **state)
{
    aq_claims_free(&claims);
    assert_int_not_equal(calls, 0); /* if 0, the linker did not wrap the calls */
    return 0;
}

static struct arpq_sniffed frame_of(uint8_t ip, uint8_t mac)
{
    return (struct arpq_sniffed){.type = ARPQ_SNIFFED_ARP,
                                 .ifindex = 3,
                                 .ip = {.family = AF_INET, .bytes = {10, 0, 0, ip}},
                                 .mac = {.length = 6, .bytes = {2, [5] = mac}}};
}

/* Return the flags that the claims give to a frame. */
static uint32_t judge(struct arpq_sniffed frame)
{
    uint32_t before = frame.flags;

    assert_int_equal(aq_claims_reserve(&claims), 0);
    aq_claims_judge(&claims, &frame, now);
    assert_int_equal(frame.old_mac.length != 0, !!(frame.flags & ARPQ_SNIFFED_MOVED));
    return frame.flags & ~before;
}

static uint32_t claim(uint8_t ip, uint8_t mac)
{
    return judge(frame_of(ip, mac));
}

#define NEW ARPQ_SNIFFED_NEW
#define MOVED ARPQ_SNIFFED_MOVED
#define CONFLICT ARPQ_SNIFFED_CONFLICT
#define OURS ARPQ_SNIFFED_OURS

static void test_moves(void **state)
{
    assert_int_equal(claim(9, 0xa), NEW);
    assert_int_equal(claim(9, 0xa), 0);
    assert_int_equal(claim(9, 0xb), MOVED);
    assert_int_equal(claim(9, 0xb), 0);
    assert_int_equal(claim(9, 0xc), MOVED); /* a third machine: a move, not a return */
    now += DAMPING - 1;
    assert_int_equal(claim(9, 0xa), MOVED | CONFLICT);
    assert_int_equal(claim(9, 0xb), MOVED); /* the conflict was already reported */
    now += DAMPING;
    assert_int_equal(claim(9, 0xa), MOVED); /* the earlier move is too old to count */
    assert_int_equal(claim(9, 0xb), MOVED | CONFLICT);
    assert_int_equal(claims.moved, 6);
    assert_int_equal(claims.conflicts, 2);
    assert_int_equal(claims.count, 1);
}

static void test_nothing_claimed(void **state)
{
    struct arpq_sniffed frame = frame_of(9, 0xa);

    frame.mac.length = 0;
    assert_int_equal(judge(frame), 0);
    frame = frame_of(9, 0xa);
    frame.ip.family = 0;
    assert_int_equal(judge(frame), 0);
    frame = frame_of(9, 0xa);
    frame.flags = ARPQ_SNIFFED_PROBE;
    assert_int_equal(judge(frame), 0);
    assert_int_equal(claims.count, 0);
    frame = frame_of(1, 0xa);
    frame.flags = ARPQ_SNIFFED_PROBE;
    assert_int_equal(judge(frame), OURS);
    assert_int_equal(claims.count, 0);
    assert_int_equal(claims.conflicts, 0);
}

static void test_ours(void **state)
{
    assert_int_equal(claim(1, 0xa), NEW | OURS | CONFLICT);
    assert_int_equal(claim(1, 0xa), OURS);
    now += DAMPING - 1;
    assert_int_equal(claim(1, 0xa), OURS);
    now += 1;
    assert_int_equal(claim(1, 0xa), OURS | CONFLICT);
    assert_int_equal(claim(1, 1), MOVED); /* the MAC of this machine */
    assert_int_equal(claim(1, 0xa), MOVED | OURS);
    now += 2 * DAMPING;
    assert_int_equal(claim(1, 0xb), MOVED | OURS | CONFLICT);
    assert_int_equal(claim(1, 0xa), MOVED | OURS); /* the conflict was already reported */
    assert_int_equal(claims.conflicts, 3);
}

static void test_own_mac(void **state)
{
    assert_int_equal(claim(9, 1), NEW);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(claim(9, 0xa), MOVED);
        assert_int_equal(claim(9, 1), MOVED);
    }
    assert_int_equal(claim(9, 0xb), MOVED);
    assert_int_equal(claim(9, 0xc), MOVED);
    assert_int_equal(claim(9, 1), MOVED);
    /* A return from the MAC of this machine is not a conflict. */
    assert_int_equal(claim(9, 0xb), MOVED);
    assert_int_equal(claims.conflicts, 0);
}

static void test_override(void **state)
{
    struct arpq_sniffed frame = frame_of(9, 0xa);

    frame.type = ARPQ_SNIFFED_NEIGHBOUR_ADVERTISEMENT;
    assert_int_equal(judge(frame), NEW);
    frame.mac.bytes[5] = 0xb;
    assert_int_equal(judge(frame), 0);
    frame.flags = ARPQ_SNIFFED_OVERRIDE;
    assert_int_equal(judge(frame), MOVED);
    frame.type = ARPQ_SNIFFED_NEIGHBOUR_SOLICITATION;
    frame.flags = 0;
    frame.mac.bytes[5] = 0xc;
    assert_int_equal(judge(frame), MOVED);
}

/* Each VLAN is a separate link. The priority bits of a tag have no effect. */
static void test_links(void **state)
{
    static const struct {
        uint32_t ifindex;
        uint16_t vlan, outer;
        uint32_t want;
    } links[] = {
        {3, 0, 0, NEW},      {4, 0, 0, NEW},    {3, 5, 0, NEW},    {3, 5, 7, NEW},
        {3, 7, 5, NEW},      {3, 0x2005, 0, 0}, {3, 5, 0xf007, 0}, {3, 0xe000, 0, 0},
        {3, 0x1fff, 0, NEW}, {3, 0xfff, 0, 0},  {4, 5, 0, NEW},
    };

    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        struct arpq_sniffed frame = frame_of(9, 0xa);

        frame.ifindex = links[i].ifindex;
        frame.vlan_tci = links[i].vlan;
        frame.outer_tci = links[i].outer;
        assert_int_equal(judge(frame), links[i].want);
    }
    /* On a VLAN another machine may have the same address as this machine. */
    {
        struct arpq_sniffed frame = frame_of(1, 0xa);

        frame.vlan_tci = 5;
        assert_int_equal(judge(frame), NEW);
    }
    /* A move on one link does not affect another link. */
    for (uint16_t vlan = 10; vlan < 12; vlan++) {
        struct arpq_sniffed frame = frame_of(20, (uint8_t)vlan);

        frame.vlan_tci = vlan;
        assert_int_equal(judge(frame), NEW);
        /* Use the MAC that the address has on the other VLAN. */
        frame.mac.bytes[5] = (uint8_t)(21 - vlan);
        assert_int_equal(judge(frame), MOVED);
    }
}

/* ---- Attempts to hide a conflict ---- */

static struct arpq_sniffed invented(unsigned n)
{
    struct arpq_sniffed frame = frame_of(200, 0xc);

    frame.ip.bytes[1] = (uint8_t)(1 + (n >> 8));
    frame.ip.bytes[2] = (uint8_t)n;
    return frame;
}

/* Moves of other addresses do not make the sniffer forget the move of this address. */
static void test_conflict_among_moves(void **state)
{
    claims.max = 100000;
    assert_int_equal(claim(9, 0xa), NEW);
    assert_int_equal(claim(9, 0xb), MOVED);
    for (unsigned n = 0; n < 20000; n++) {
        struct arpq_sniffed frame = invented(n);

        assert_int_equal(judge(frame), NEW);
        frame.mac.bytes[5] = 0xd;
        assert_int_equal(judge(frame), MOVED);
    }
    assert_int_equal(claim(9, 0xa), MOVED | CONFLICT);
}

/* If an address moves among more MACs in the damping time than the sniffer remembers, that is a
 * conflict. The sniffer still remembers the first MAC. */
static void test_many_macs(void **state)
{
    assert_int_equal(claim(9, 0xa), NEW);
    for (uint8_t mac = 0x10; mac < 0x14; mac++)
        assert_int_equal(claim(9, mac), MOVED);
    assert_int_equal(claim(9, 0x14), MOVED | CONFLICT);
    now += DAMPING - 1;
    for (uint8_t mac = 0x20; mac < 0x2c; mac++)
        assert_int_equal(claim(9, mac), MOVED);
    now += 1;
    assert_int_equal(claim(9, 0xa), MOVED | CONFLICT);
    now += 2 * DAMPING;
    for (uint8_t mac = 0x30; mac < 0x34; mac++)
        assert_int_equal(claim(9, mac), MOVED);
    assert_int_equal(claim(9, 0xa), MOVED | CONFLICT);
}

/* A flood of invented addresses does not evict earlier claims. */
static void test_flood(void **state)
{
    claims.max = 100;
    for (uint8_t ip = 2; ip < 77; ip++)
        assert_int_equal(claim(ip, 0xa), NEW);
    for (unsigned n = 0; n < 5000; n++)
        assert_int_equal(judge(invented(n)), NEW);
    for (uint8_t ip = 2; ip < 77; ip++)
        assert_int_equal(claim(ip, 0xb), MOVED);
    assert_int_equal(claims.count, 100);
    assert_int_equal(claims.forgotten, 5000 - 25);
}

/* A new claim that is repeated replaces a claim that is a day old. */
static void test_stale(void **state)
{
    const uint64_t day = 24 * 3600 * 1000;

    claims.max = 4;
    for (uint8_t ip = 2; ip < 5; ip++)
        assert_int_equal(claim(ip, 0xa), NEW); /* these first claims are not evicted */
    now += day - 1;
    assert_int_equal(claim(9, 0xa), NEW);
    assert_int_equal(claim(9, 0xa), 0);
    assert_int_equal(claim(3, 0xa), 0);
    assert_int_equal(claim(4, 0xa), 0);
    now += 1;
    assert_int_equal(claim(9, 0xa), 0); /* this claim replaces claim 2 */
    assert_int_equal(claim(10, 0xa), NEW);
    assert_int_equal(claim(9, 0xb), MOVED);
    assert_int_equal(claim(2, 0xb), NEW);
    assert_int_equal(claims.count, 4);
}

/* ---- Against a model ---- */

#define MOST 100
#define KEPT 75 /* the first claims, which are not evicted */
#define ADDRESSES 250

static struct {
    uint8_t ip, mac;
} model[MOST]; /* the kept claims, then the others, oldest first */
static size_t modelled;

static uint32_t model_claim(uint8_t ip, uint8_t mac)
{
    uint32_t flags = NEW;
    size_t at = 0;

    while (at < modelled && model[at].ip != ip)
        at++;
    if (at < modelled)
        flags = model[at].mac == mac ? 0 : MOVED;
    else if (modelled < MOST)
        modelled++;
    else
        at = KEPT;
    for (; at >= KEPT && at + 1 < modelled; at++)
        model[at] = model[at + 1];
    model[at].ip = ip;
    model[at].mac = mac;
    return flags;
}

static void test_model(void **state)
{
    unsigned long forgotten = 0;

    claims.max = MOST;
    srand(1);
    for (int i = 0; i < 20000; i++) {
        uint8_t ip = (uint8_t)(2 + (rand() % 3 ? rand() % 40 : rand() % ADDRESSES));
        uint8_t mac = (uint8_t)(2 + rand() % 2);
        bool full = modelled == MOST;
        uint32_t want = model_claim(ip, mac);

        forgotten += full && want == NEW;
        assert_int_equal(claim(ip, mac) & ~CONFLICT, want);
        assert_int_equal(claims.count, modelled);
        assert_int_equal(claims.forgotten, forgotten);
    }
    assert_true(forgotten > 1000);
}

static void test_one(void **state)
{
    claims.max = 1;
    assert_int_equal(claim(8, 0xa), NEW);
    assert_int_equal(claim(9, 0xa), NEW);
    assert_int_equal(claim(8, 0xb), NEW);
    assert_int_equal(claim(8, 0xb), 0);
    assert_int_equal(claims.forgotten, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_moves),
        TEST(test_nothing_claimed),
        TEST(test_ours),
        TEST(test_own_mac),
        TEST(test_override),
        TEST(test_links),
        TEST(test_model),
        TEST(test_one),
        TEST(test_conflict_among_moves),
        TEST(test_many_macs),
        TEST(test_flood),
        TEST(test_stale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Sweeps of a tagged VLAN without a VLAN device. */
#include "test.h"

#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/sweep.h"
#include "process.h"

#define VLAN 5u

static struct tally t;
static struct arpq_sweep_stats stats;

/* ---- Machines in a VLAN ---- */

static void start_vlan(unsigned vlan)
{
    wire.vlan = vlan;
    start_wire();
}

/* The requests have the tag and nothing else, since the responder compares it whole. */
static void test_all_in_the_vlan(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_vlan(VLAN);
    sweep_all(&t, &stats, "10.1.0.0/24", OPTIONS(.vlan = VLAN));
    assert_int_equal(t.found, 256);
    assert_int_equal(t.local, 1);
    for (unsigned host = 0; host < 256; host++)
        assert_int_equal(t.times[host], 1);
    assert_int_equal(t.last.ifindex, ifindex_of("w0"));
    assert_int_equal(t.last.attempt, 1);
    assert_true(t.last.rtt_us > 0);
    assert_int_equal(wire.requests, 255);
    assert_int_equal(wire.last_sender, 0x0a010001);
    assert_int_equal(stats.targets, 255);
    assert_int_equal(stats.sent, 255);
    assert_int_equal(stats.received, 255);
    assert_int_equal(stats.method, ARPQ_SWEEP_BY_ARP);
    assert_int_equal(stats.ifindex, ifindex_of("w0"));
    assert_int_equal(stats.loss_ppm + stats.malformed, 0);
    expect_no_neighbours();
}

static void test_greatest_vlan(void **state)
{
    wire.first = 0x310;
    wire.count = 4;
    start_vlan(4094);
    sweep_all(&t, &stats, "10.1.3.16/28", OPTIONS(.vlan = 4094, .answer_ms = 200));
    assert_int_equal(t.found, 4);
}

/* Machines outside of the VLAN are not found, and machines in the VLAN only there. */
static void test_other_vlans(void **state)
{
    static const unsigned vlans[] = {0, VLAN, VLAN + 1, VLAN + 256, VLAN + 2048};

    wire.count = RESPONDER_HOSTS;
    start_vlan(0);
    for (size_t there = 0; there < LENGTH(vlans); there++) {
        wire.vlan = vlans[there];
        for (size_t i = 0; i < LENGTH(vlans); i++) {
            /* The reply of the last machine ends the sweep. */
            sweep_all(&t, &stats, "10.1.3.16/29",
                      OPTIONS(.vlan = vlans[i], .answer_ms = i == there ? 2000 : 60,
                              .attempts = 1));
            assert_int_equal(t.found, i == there ? 8 : 0);
            assert_int_equal(stats.received, i == there ? 8 : 0);
        }
    }
}

/* Cards drop tags that belong to no VLAN device, unless they are in promiscuous mode. */
static void test_promiscuous_mode(void **state)
{
    static const uint32_t vlans[] = {0, VLAN};

    start_vlan(VLAN);
    for (size_t i = 0; i < LENGTH(vlans); i++) {
        const struct arpq_ip ip = ip_of("10.1.3.16");
        struct arpq_sweep *sweep;

        assert_int_equal(arpq_sweep_open(h, &sweep, &ip, 29, OPTIONS(.vlan = vlans[i])), 0);
        sh("ip -d link show dev w0 | grep -q 'promiscuity %d '", vlans[i] != 0);
        arpq_sweep_close(sweep);
        sh("ip -d link show dev w0 | grep -q 'promiscuity 0 '");
    }
}

static void test_losses(void **state)
{
    wire.first = 0x100;
    wire.count = 200;
    wire.loss_permille = 100;
    start_vlan(VLAN);
    sweep_all(&t, &stats, "10.1.0.0/22", OPTIONS(.vlan = VLAN, .rate = 50000, .answer_ms = 100));
    assert_int_equal(t.found, 201);
    assert_true(stats.attempts >= 3);
    assert_true(stats.missed_ppm < 1000);
}

static void test_duplicates(void **state)
{
    wire.first = 0x310;
    wire.count = 8;
    wire.crowded = 0x312;
    wire.crowd = 2;
    start_vlan(VLAN);
    sweep_all(&t, &stats, "10.1.3.16/28", OPTIONS(.vlan = VLAN, .answer_ms = 100));
    assert_int_equal(t.found, 9);
    assert_int_equal(t.duplicates, 1);
    assert_int_equal(t.times[0x312], 2);
}

/* ---- Tags of received packets ---- */

#define TAGGED(tci) 0x81, 0x00, (tci) >> 8, (tci)&0xff
#define SERVICE(tci) 0x88, 0xa8, (tci) >> 8, (tci)&0xff
#define ARP 0x08, 0x06
#define MACS 12
#define HEADER 14

/* The bytes between the MACs of an Ethernet header and the packet, and the sweeps that accept it. */
static const struct {
    const char *what;
    uint8_t size, bytes[10];
    bool in_vlan, untagged;
} headers[] = {
    {"no tag", 2, {ARP}, false, true},
    {"the tag", 6, {TAGGED(VLAN), ARP}, true, false},
    {"the tag with priority", 6, {TAGGED(0xe000 | VLAN), ARP}, true, false},
    {"the tag with drop eligibility", 6, {TAGGED(0x1000 | VLAN), ARP}, true, false},
    {"another tag", 6, {TAGGED(VLAN + 1), ARP}, false, false},
    {"another tag with the same last byte", 6, {TAGGED(0x100 | VLAN), ARP}, false, false},
    {"the greatest tag", 6, {TAGGED(0xfff), ARP}, false, false},
    {"priority only", 6, {TAGGED(0xa000), ARP}, false, true},
    {"a service tag", 6, {SERVICE(VLAN), ARP}, false, false},
    {"the tag in a service tag", 10, {SERVICE(VLAN), TAGGED(VLAN), ARP}, false, false},
    {"the tag twice", 10, {TAGGED(VLAN), TAGGED(VLAN), ARP}, false, false},
    {"another protocol", 6, {TAGGED(VLAN), 0x80, 0x35}, false, false},
};

/* Machine 10.1.4.N announces itself with header number N. */
static void announce_all(void)
{
    for (size_t i = 0; i < LENGTH(headers); i++) {
        const struct arpq_ip ip = {.family = AF_INET, .bytes = {10, 1, 4, (uint8_t)i}};
        const struct arpq_mac mac = responder_mac(&wire, &ip, 0);
        struct arpq_arp packet;
        uint8_t bytes[ARPQ_ARP_FRAME_SIZE], frame[ARPQ_ARP_FRAME_SIZE + sizeof headers[i].bytes];
        int size;

        assert_int_equal(arpq_arp_make(ARPQ_ARP_KIND_ANNOUNCEMENT, &mac, &ip, NULL, NULL, &packet),
                         0);
        size = arpq_arp_encode(&packet, bytes, sizeof bytes);
        assert_true(size > HEADER);
        memcpy(frame, bytes, MACS);
        memcpy(frame + MACS, headers[i].bytes, headers[i].size);
        memcpy(frame + MACS + headers[i].size, bytes + HEADER, (size_t)size - HEADER);
        responder_send(&wire, frame, (size_t)size - HEADER + MACS + headers[i].size);
    }
}

static void test_received_tags(void **state)
{
    start_vlan(VLAN);
    for (int in_vlan = 0; in_vlan < 2; in_vlan++) {
        struct arpq_sweep *sweep;
        struct arpq_found found;
        uint32_t length;
        struct arpq_ip prefix = prefix_of("10.1.4.0/28", &length);
        unsigned times[16] = {0};

        assert_int_equal(
            arpq_sweep_open(h, &sweep, &prefix, length,
                            OPTIONS(.vlan = in_vlan ? VLAN : 0, .attempts = 1, .answer_ms = 100)),
            0);
        announce_all();
        while (arpq_sweep_next(sweep, &found, -1) == 1) {
            assert_int_equal(found.flags, ARPQ_FOUND_UNASKED);
            times[found.ip.bytes[3]]++;
        }
        for (size_t i = 0; i < LENGTH(headers); i++)
            if (times[i] != (in_vlan ? headers[i].in_vlan : headers[i].untagged))
                fail_msg("%s: found %u times by a sweep %s", headers[i].what, times[i],
                         in_vlan ? "of the VLAN" : "without a tag");
        assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
        assert_int_equal(stats.malformed, 0);
        arpq_sweep_close(sweep);
    }
}

/* ---- Interface and sender ---- */

/* Routes inside the prefix lead elsewhere, but every target is asked on the interface of the
 * prefix. */
static void test_routes_do_not_decide(void **state)
{
    wire.first = 0x310;
    wire.count = 16;
    start_vlan(VLAN);
    sh("ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up;"
       "ip addr add 10.1.3.30/32 dev v0;"
       "ip route add 10.1.3.18 dev v0; ip route add blackhole 10.1.3.19;"
       "ip route add 10.1.3.20 via 10.1.3.16 dev w0");
    sweep_all(&t, &stats, "10.1.3.16/28", OPTIONS(.vlan = VLAN));
    assert_int_equal(t.found, 16);
    assert_int_equal(t.local, 1);
    assert_int_equal(stats.targets, 15);
    assert_int_equal(stats.ifindex, ifindex_of("w0"));
    assert_int_equal(wire.requests_for[0x31e], 0);
    assert_int_equal(t.times[0x312], 1);
    assert_int_equal(t.times[0x313], 1);
    assert_int_equal(t.times[0x314], 1);
    expect_no_neighbours();
}

/* The VLAN has another subnet than the interface. */
static void test_foreign_subnet(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_vlan(VLAN);
    assert_int_equal(sweep_into(&t, &stats, "10.7.3.16/29", OPTIONS(.vlan = VLAN)), -ENETUNREACH);
    sweep_all(&t, &stats, "10.7.3.16/29", OPTIONS(.vlan = VLAN, .ifindex = ifindex_of("w0")));
    assert_int_equal(t.found, 8);
    assert_int_equal(wire.last_sender, 0x0a010001);
    sweep_all(&t, &stats, "10.7.3.16/29",
              OPTIONS(.vlan = VLAN, .ifindex = ifindex_of("w0"), .source = ip_of("10.7.3.9")));
    assert_int_equal(t.found, 8);
    assert_int_equal(wire.last_sender, 0x0a070309);
    sweep_all(&t, &stats, "10.7.3.16/29",
              OPTIONS(.vlan = VLAN, .ifindex = ifindex_of("w0"), .flags = ARPQ_SWEEP_NO_SOURCE));
    assert_int_equal(t.found, 8);
    assert_int_equal(wire.probes, 8);
}

/* The kernel would choose a source where the interface has none, but it cannot ask. */
static void test_no_source(void **state)
{
    start_vlan(VLAN);
    sh("ip addr flush dev w0; ip route add 10.1.0.0/16 dev w0");
    assert_int_equal(sweep_into(&t, &stats, "10.1.3.16/29", OPTIONS(.vlan = VLAN)), -EADDRNOTAVAIL);
}

/* ---- Refusals ---- */

static void test_arguments(void **state)
{
    start_vlan(VLAN);
    assert_int_equal(sweep_into(&t, &stats, "10.1.3.16/29", OPTIONS(.vlan = 4095)), -EINVAL);
    assert_int_equal(sweep_into(&t, &stats, "10.1.3.16/29", OPTIONS(.vlan = 4096 + VLAN)), -EINVAL);
    assert_int_equal(sweep_into(&t, &stats, "10.1.3.16/29", OPTIONS(.vlan = UINT32_MAX)), -EINVAL);
    assert_int_equal(
        sweep_into(&t, &stats, "10.1.3.16/29", OPTIONS(.vlan = VLAN, .flags = ARPQ_SWEEP_NO_RAW)),
        -EINVAL);
    assert_int_equal(
        sweep_into(&t, &stats, "fd01::/124", OPTIONS(.vlan = VLAN, .ifindex = ifindex_of("w0"))),
        -EAFNOSUPPORT);
    assert_int_equal(wire.requests, 0);
}

/* The kernel's requests have no tag, so it does not resolve instead. */
static void test_vlan_unprivileged(void **state)
{
    pid_t child;

    wire.count = RESPONDER_HOSTS;
    start_vlan(0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        become_nobody();
        _exit(sweep_into(&t, &stats, "10.1.0.0/26", OPTIONS(.vlan = VLAN)) == -EPERM ? 0 : 1);
    }
    assert_ended_well(child);
    assert_int_equal(wire.requests, 0);
}

/* IEEE 802.15.4 has no IEEE 802.1Q tags. */
static void test_not_ethernet(void **state)
{
    wire.mac_length = 8;
    start_wire();
    assert_int_equal(sweep_into(&t, &stats, "10.1.3.16/29", OPTIONS(.vlan = VLAN)), -EOPNOTSUPP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_all_in_the_vlan), TEST(test_greatest_vlan),
        TEST(test_other_vlans),     TEST(test_promiscuous_mode),
        TEST(test_losses),          TEST(test_duplicates),
        TEST(test_received_tags),   TEST(test_routes_do_not_decide),
        TEST(test_foreign_subnet),  TEST(test_no_source),
        TEST(test_arguments),       TEST(test_vlan_unprivileged),
        TEST(test_not_ethernet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

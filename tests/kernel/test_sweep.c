/* SPDX-License-Identifier: MIT */
/* Sweeps with ARP requests: the machines that they find and the number of requests. */
#include "test.h"

#include <pthread.h>

#include "kernel/netns.h"
#include "kernel/sweep.h"
#include "process.h"

static struct tally t;
static struct arpq_sweep_stats stats;

/* ---- All machines answer ---- */

static void test_all_alive(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_wire();
    sweep_all(&t, &stats, "10.1.0.0/24", NULL);
    /* 10.1.0.1 is an own address; 10.1.0.0 and 10.1.0.255 are hosts of this /16. */
    assert_int_equal(t.found, 256);
    assert_int_equal(t.local, 1);
    for (unsigned host = 0; host < 256; host++)
        assert_int_equal(t.times[host], 1);
    assert_int_equal(wire.requests_for[1], 0);
    assert_int_equal(wire.requests, 255);
    assert_int_equal(wire.probes, 0);
    assert_int_equal(stats.targets, 255);
    assert_int_equal(stats.sent, 255);
    assert_int_equal(stats.received, 255);
    assert_int_equal(stats.attempts, 1);
    assert_int_equal(stats.method, ARPQ_SWEEP_BY_ARP);
    assert_int_equal(stats.ifindex, ifindex_of("w0"));
    assert_int_equal(stats.loss_ppm + stats.missed_ppm, 0);
    assert_int_equal(stats.malformed + stats.dropped, 0);
    /* At 2000 packets a second this takes 122 ms, because the first burst holds 10 ms worth of
     * packets. */
    assert_between(stats.duration_us, 115000, patience(1000000));
    expect_no_neighbours();
}

/* A rate at which the thread that plays the machines can answer all requests. */
static uint32_t rate_of(uint32_t wanted)
{
    return is_slow() && wanted > 8000 ? 8000 : wanted;
}

static void test_whole_network_at_full_rate(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_wire();
    sweep_all(&t, &stats, "10.1.77.99/16", OPTIONS(.rate = rate_of(50000)));
    /* The sweep finds all addresses except the broadcast address. */
    assert_int_equal(t.found, RESPONDER_HOSTS - 1);
    assert_int_equal(stats.targets, RESPONDER_HOSTS - 2);
    assert_int_equal(t.times[0xffff], 0);
    assert_int_equal(t.times[1], 1);
    expect_no_neighbours();
}

static void test_pace(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_wire();
    sweep_all(&t, &stats, "10.1.7.0/26", OPTIONS(.rate = 200));
    assert_int_equal(t.found, 64);
    /* The sweep sends 64 packets at intervals of 5 ms, but the first two together. */
    assert_between(stats.duration_us, 305000, patience(1500000));
}

/* ---- Few machines, or none ---- */

static void test_silence_is_asked_twice(void **state)
{
    start_wire();
    sweep_all(&t, &stats, "10.1.3.0/25", OPTIONS(.answer_ms = 60));
    assert_int_equal(t.found, 0);
    assert_int_equal(stats.attempts, 2);
    assert_int_equal(stats.sent, 256);
    for (unsigned host = 0x300; host < 0x380; host++)
        assert_int_equal(wire.requests_for[host], 2);
    /* The sweep takes two rounds of 64 ms and two waits. */
    assert_between(stats.duration_us, 2 * 60000 + 2 * 53000, patience(2000000));
}

static void test_only_the_silent_are_asked_again(void **state)
{
    wire.first = 0x310;
    wire.count = 32;
    start_wire();
    sweep_all(&t, &stats, "10.1.3.0/25",
              OPTIONS(.answer_ms = patience(100), .rate = rate_of(20000)));
    assert_int_equal(t.found, 32);
    assert_int_equal(stats.attempts, 2);
    for (unsigned host = 0x300; host < 0x380; host++)
        assert_int_equal(wire.requests_for[host], host >= 0x310 && host < 0x330 ? 1 : 2);
    assert_int_equal(stats.loss_ppm, 0);
}

static void test_attempts_are_a_limit(void **state)
{
    wire.count = RESPONDER_HOSTS;
    wire.reluctant = 0x305;
    wire.answers_from = 100;
    wire.loss_permille = 500;
    start_wire();
    sweep_all(&t, &stats, "10.1.3.4/32", OPTIONS(.answer_ms = 20, .attempts = 1));
    assert_int_equal(stats.sent, 1);
    sweep_all(&t, &stats, "10.1.3.0/24",
              OPTIONS(.answer_ms = patience(60), .attempts = 3, .rate = rate_of(20000)));
    assert_int_equal(stats.attempts, 3);
    assert_int_equal(wire.requests_for[0x305], 3);
    assert_between(stats.loss_ppm, 300000, 700000);
    assert_between(stats.missed_ppm, 27000, 343000);
}

/* The second round shows losses, so the sweep adds rounds until probably no machine is missing. */
static void test_losses_call_for_more(void **state)
{
    wire.count = RESPONDER_HOSTS;
    wire.loss_permille = 50;
    start_wire();
    sweep_all(&t, &stats, "10.1.0.0/18",
              OPTIONS(.rate = rate_of(50000), .answer_ms = is_slow() ? 5000 : 0));
    assert_between(t.found, 16384 - 16, 16384); /* 99.9 % */
    /* A late reply makes up for one that is lost. */
    assert_between(stats.loss_ppm, is_slow() ? 10000 : 30000, 70000);
    assert_true(stats.attempts >= 3);
}

/* A link with few machines loses packets. The sweep continues until it estimates that it missed
 * less than a thousandth of the machines, so it finds all of them. */
static void test_few_machines_on_a_lossy_wire(void **state)
{
    wire.first = 0x100;
    wire.count = 200;
    wire.loss_permille = 100;
    start_wire();
    sweep_all(&t, &stats, "10.1.0.0/22",
              OPTIONS(.rate = rate_of(50000), .answer_ms = patience(100)));
    assert_int_equal(t.found, 201);
    assert_true(stats.attempts >= 3);
    assert_true(stats.missed_ppm < 1000);
}

static void test_late_answers(void **state)
{
    wire.first = 0x500;
    wire.count = 8;
    wire.late = 0x507;
    wire.late_ms = 200;
    start_wire();
    sweep_all(&t, &stats, "10.1.5.0/28", NULL);
    assert_int_equal(t.found, 8);
    assert_int_equal(t.times[0x507], 1);
}

/* ---- Faults of other machines ---- */

static void test_duplicates(void **state)
{
    wire.count = RESPONDER_HOSTS;
    wire.crowded = 0x208;
    wire.crowd = 5;
    start_wire();
    sweep_all(&t, &stats, "10.1.2.0/28", NULL);
    assert_int_equal(t.found, 16 + 4);
    assert_int_equal(t.times[0x208], 5);
    assert_int_equal(t.duplicates, 4);
    assert_int_equal(stats.received, 20);
}

/* The second machine answers last. At that time the sweep has no other reason to wait. */
static void test_a_late_duplicate(void **state)
{
    if (is_slow())
        SKIP_NOT_RUNNABLE("a sweep waits 5 ms, in which a slow machine sends no second answer");
    wire.count = RESPONDER_HOSTS;
    wire.crowded = wire.late = 0x208;
    wire.crowd = 2;
    wire.crowd_ms = 2;
    wire.late_ms = 20; /* the sweep then waits four times as long for the second machine */
    start_wire();
    sweep_all(&t, &stats, "10.1.2.8/32", NULL);
    assert_int_equal(t.found, 2);
    assert_int_equal(t.duplicates, 1);
}

#define INVERSE_REPLY 9 /* RFC 2390: for other link types */

struct traffic {
    pthread_t thread;
    atomic_bool stop;
};

/* Until the test ends, send correct packets, and packets that the sweep must ignore. */
static void *traffic(void *context)
{
    static const uint8_t short_frame[20] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 9, 9, 9,
                                            9,    9,    8,    6,    0,    1,    8, 0, 6, 4};
    const struct arpq_ip announced = ip_of("10.1.6.1"), asking = ip_of("10.1.6.2"),
                         probed = ip_of("10.1.6.3"), gratuitous = ip_of("10.1.6.4"),
                         nowhere = ip_of("10.2.6.4"), ours = ip_of("10.1.0.1"),
                         zero_mac = ip_of("10.1.6.5"), group_mac = ip_of("10.1.6.6"),
                         inverse = ip_of("10.1.6.7"), nobody = {.family = AF_INET};
    const struct arpq_mac zero = {.length = 6, .type = 1},
                          group = {.length = 6, .type = 1, .bytes = {3, 1, 2}},
                          some = mac_of("02:00:00:00:00:99");
    struct traffic *c = context;

    while (!c->stop) {
        struct arpq_mac mac = responder_mac(&wire, &announced, 0);

        responder_announce(&wire, ARPQ_ARP_REQUEST, &mac, &announced, &announced);
        mac = responder_mac(&wire, &asking, 0);
        responder_announce(&wire, ARPQ_ARP_REQUEST, &mac, &asking, &ours);
        responder_announce(&wire, ARPQ_ARP_REQUEST, &some, &nobody, &probed);
        mac = responder_mac(&wire, &gratuitous, 0);
        responder_announce(&wire, ARPQ_ARP_REPLY, &mac, &gratuitous, &gratuitous);
        responder_announce(&wire, ARPQ_ARP_REPLY, &some, &nowhere, &nowhere);
        responder_announce(&wire, ARPQ_ARP_REPLY, &zero, &zero_mac, &announced);
        responder_announce(&wire, ARPQ_ARP_REPLY, &group, &group_mac, &announced);
        responder_announce(&wire, INVERSE_REPLY, &some, &inverse, &announced);
        responder_send(&wire, short_frame, sizeof short_frame);
        sleep_ms(10);
    }
    return NULL;
}

static void test_overheard(void **state)
{
    struct traffic c = {.stop = false};

    start_wire();
    assert_int_equal(pthread_create(&c.thread, NULL, traffic, &c), 0);
    sweep_all(&t, &stats, "10.1.6.0/29", OPTIONS(.answer_ms = 100, .rate = 200));
    c.stop = true;
    pthread_join(c.thread, NULL);
    assert_int_equal(t.found, 3);
    assert_int_equal(t.unasked, 3);
    assert_int_equal(t.times[0x601] + t.times[0x602] + t.times[0x604], 3);
    assert_true(stats.malformed >= 2);
    assert_int_equal(stats.received, 0);
}

/* Another machine has an own address of this one. */
static void test_own_address_elsewhere(void **state)
{
    struct arpq_ip own = ip_of("10.1.0.1"), length_ip;
    struct arpq_sweep *sweep;
    struct arpq_found found;
    struct arpq_mac mac;
    uint32_t length;

    start_wire();
    mac = responder_mac(&wire, &own, 0);
    length_ip = prefix_of("10.1.0.0/29", &length);
    assert_int_equal(arpq_sweep_open(h, &sweep, &length_ip, length, OPTIONS(.answer_ms = 300)), 0);
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), 1);
    assert_int_equal(found.flags, ARPQ_FOUND_LOCAL);
    responder_announce(&wire, ARPQ_ARP_REQUEST, &mac, &own, &own);
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), 1);
    assert_int_equal(found.flags, ARPQ_FOUND_DUPLICATE | ARPQ_FOUND_UNASKED);
    assert_int_equal(arpq_mac_compare(&found.mac, &mac), 0);
    /* The sweep sent no request for this address, although the packet looks like a reply. */
    assert_int_equal(arpq_sweep_next(sweep, &found, 10), 0);
    mac = responder_mac(&wire, &own, 1);
    responder_announce(&wire, ARPQ_ARP_REPLY, &mac, &own, &own);
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), 1);
    assert_int_equal(found.flags, ARPQ_FOUND_DUPLICATE | ARPQ_FOUND_UNASKED);
    assert_int_equal(found.attempt, 0);
    assert_int_equal(arpq_sweep_next(sweep, &found, -1), -ENODATA);
    assert_int_equal(arpq_sweep_stats(sweep, &stats), 0);
    assert_int_equal(stats.received, 0);
    arpq_sweep_close(sweep);
}

/* ---- Small prefixes ---- */

static void test_small_prefixes(void **state)
{
    wire.count = RESPONDER_HOSTS;
    start_wire();
    sh("ip addr flush dev w0; ip addr add 10.1.0.1/30 dev w0");
    make_host("10.1.0.0", "w0");
    sweep_all(&t, &stats, "10.1.0.0/30", NULL);
    assert_int_equal(t.found, 3);
    assert_int_equal(stats.targets, 2);
    sh("ip addr flush dev w0; ip addr add 10.1.0.4/31 dev w0");
    sweep_all(&t, &stats, "10.1.0.4/31", NULL);
    assert_int_equal(t.found, 2);
    assert_int_equal(t.times[5], 1);
    sh("ip addr flush dev w0; ip addr add 10.1.0.6 peer 10.1.0.9 dev w0");
    sweep_all(&t, &stats, "10.1.0.9/32", NULL);
    assert_int_equal(t.found, 1);
    assert_int_equal(t.last.rtt_us > 0, 1);
    /* The sweep has no address to ask for, but it reports the own address. */
    sweep_all(&t, &stats, "10.1.0.6/32", OPTIONS(.ifindex = ifindex_of("w0")));
    assert_int_equal(t.found, 1);
    assert_int_equal(t.last.flags, ARPQ_FOUND_LOCAL);
    assert_int_equal(stats.targets + stats.sent + stats.attempts, 0);
    /* In a part of a subnet the first and last address are hosts. */
    sh("ip addr flush dev w0; ip addr add 10.1.0.1/24 dev w0");
    sweep_all(&t, &stats, "10.1.0.64/30", NULL);
    assert_int_equal(t.found, 4);
}

/* ---- Sources ---- */

static void test_source(void **state)
{
    struct arpq_ip other = ip_of("10.9.9.9");

    wire.count = RESPONDER_HOSTS;
    start_wire();
    sweep_all(&t, &stats, "10.1.8.0/29", OPTIONS(.flags = ARPQ_SWEEP_NO_SOURCE));
    assert_int_equal(t.found, 8);
    assert_int_equal(wire.probes, 8);
    assert_int_equal(wire.last_sender, 0);
    sweep_all(&t, &stats, "10.1.8.0/29", OPTIONS(.source = other));
    assert_int_equal(t.found, 8);
    assert_int_equal(wire.probes, 8);
    assert_int_equal(wire.last_sender, 0x0a090909);
    /* The source is the address of the smallest subnet that contains the prefix, else the first
     * address. */
    sh("ip addr flush dev w0; ip addr add 10.0.0.7/8 dev w0; ip addr add 10.1.0.1/16 dev w0");
    sweep_all(&t, &stats, "10.1.8.0/29", NULL);
    assert_int_equal(wire.last_sender, 0x0a010001);
    sweep_all(&t, &stats, "192.0.2.0/29", OPTIONS(.ifindex = ifindex_of("w0")));
    assert_int_equal(wire.last_sender, 0x0a000007);
    /* An interface without an address can send requests from 0.0.0.0. */
    sh("ip addr flush dev w0");
    assert_int_equal(sweep_into(&t, &stats, "10.1.8.0/29", OPTIONS(.ifindex = ifindex_of("w0"))),
                     -EADDRNOTAVAIL);
    sweep_all(&t, &stats, "10.1.8.0/29",
              OPTIONS(.ifindex = ifindex_of("w0"), .flags = ARPQ_SWEEP_NO_SOURCE));
    assert_int_equal(t.found, 8);
}

/* Overlapping subnets: the source of each request is the own address in the smallest subnet around
 * the target, and never an address of another subnet. */
static void test_source_of_each_subnet(void **state)
{
    static const struct {
        const char *prefix;
        uint32_t sender;
    } rows[] = {
        {"10.1.16.3/32", 0x0a011001},
        {"10.1.20.9/32", 0x0a011407},
        {"10.1.20.130/32", 0x0a011481},
    };
    static const char *const lowest[] = {"10.1.16.0", "10.1.20.0", "10.1.20.128"};

    wire.count = RESPONDER_HOSTS;
    start_wire();
    sh("ip addr flush dev w0; ip addr add 10.1.16.1/21 dev w0; ip addr add 10.1.20.129/25 dev w0;"
       "ip addr add 10.1.20.7/24 dev w0; ip addr add 10.1.20.131/25 dev w0");
    for (size_t i = 0; i < LENGTH(lowest); i++)
        make_host(lowest[i], "w0");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sweep_all(&t, &stats, rows[i].prefix, NULL);
        assert_int_equal(wire.last_sender, rows[i].sender);
    }
    sweep_all(&t, &stats, "10.1.16.0/21", OPTIONS(.rate = 20000));
    assert_int_equal(t.found, 2048 - 2); /* without the broadcast addresses */
    assert_int_equal(t.unasked, 0);
    for (unsigned host = 0; host < 2048; host++) {
        uint32_t sender = wire.senders[0x1000 + host];

        if (sender)
            assert_int_equal(sender, host < 0x400 || host > 0x4ff ? rows[0].sender
                                     : host < 0x480               ? rows[1].sender
                                                                  : rows[2].sender);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_all_alive),
        TEST(test_whole_network_at_full_rate),
        TEST(test_pace),
        TEST(test_silence_is_asked_twice),
        TEST(test_only_the_silent_are_asked_again),
        TEST(test_attempts_are_a_limit),
        TEST(test_losses_call_for_more),
        TEST(test_few_machines_on_a_lossy_wire),
        TEST(test_late_answers),
        TEST(test_duplicates),
        TEST(test_a_late_duplicate),
        TEST(test_overheard),
        TEST(test_own_address_elsewhere),
        TEST(test_small_prefixes),
        TEST(test_source),
        TEST(test_source_of_each_subnet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

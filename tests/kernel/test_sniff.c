/* SPDX-License-Identifier: MIT */
/* Received frames and their classification. */
#include "test.h"

#include <time.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/sniff.h"
#include "process.h"

static void test_arp(void **state)
{
    sniff(0);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    send_arp(REPLY, 0xbb, "10.1.0.7", "10.1.0.9");
    send_arp(REQUEST, 0xcc, "0.0.0.0", "10.1.0.5");   /* a probe */
    send_arp(REQUEST, 0xcc, "10.1.0.5", "10.1.0.5");  /* an announcement */
    send_arp(REQUEST, 0xcc, "0.0.0.0", "10.1.0.1");   /* asks for an own address */
    send_arp(REQUEST, 0xcc, "224.0.0.1", "10.1.0.1"); /* a sender that no host can have */
    send_arp(REQUEST, 0xcc, "255.255.255.255", "10.1.0.1");
    send_arp(REPLY, 0xcc, "127.0.0.1", "10.1.0.1");
    send_arp(3, 0xcc, "10.1.0.77", "10.1.0.78"); /* a reverse ARP request */
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n"
           "ARP2 10.1.0.7 bb > 10.1.0.9 NEW\n"
           "ARP1 10.1.0.5 cc > 10.1.0.5 PROBE\n"
           "ARP1 10.1.0.5 cc > 10.1.0.5 NEW\n"
           "ARP1 10.1.0.1 cc > 10.1.0.1 PROBE OURS\n"
           "ARP1 224.0.0.1 cc > 10.1.0.1\n"
           "ARP1 255.255.255.255 cc > 10.1.0.1\n"
           "ARP2 127.0.0.1 cc > 10.1.0.1\n"
           "ARP3 10.1.0.77 - > 10.1.0.78\n");
    assert_int_equal(sniff_stats().frames, 9);
    assert_int_equal(sniff_stats().claims, 3);
}

static void test_all_fields(void **state)
{
    struct arpq_sniffed frame;
    struct timespec now;
    struct wire wire;

    sniff(0);
    sleep_ms(500); /* the kernel starts to add timestamps a moment after sniff() */
    wire_begin(&wire, 0xff, 0xaa);
    wire_arp(&wire, REPLY, 0xbb, "10.1.0.9", "10.1.0.7");
    wire_send(&wire, "v0p");
    clock_gettime(CLOCK_REALTIME, &now);
    assert_int_equal(arpq_sniffer_next(s, &frame, ASYNC_MS), 1);
    assert_int_equal(frame.type, ARPQ_SNIFFED_ARP);
    assert_int_equal(frame.flags, ARPQ_SNIFFED_NEW | ARPQ_SNIFFED_MISMATCH);
    assert_int_equal(frame.ifindex, ifindex_of("v0"));
    assert_int_equal(frame.operation, REPLY);
    assert_true(frame.time_ns / 1000000000u + 5 > (uint64_t)now.tv_sec);
    assert_true(frame.time_ns <= (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec);
    assert_int_equal(frame.source.bytes[5], 0xaa);
    assert_int_equal(frame.mac.bytes[5], 0xbb);
    assert_int_equal(frame.mac.type, 1);
    assert_int_equal(frame.source.type, 1);
    assert_true(arpq_mac_is_broadcast(&frame.destination));
    assert_int_equal(frame.old_mac.length, 0);
    assert_string_equal(arpq_name(ARPQ_NAMES_SNIFFED, frame.type), "ARP");
}

static void test_ndp(void **state)
{
    const char *all = "ff02::1", *node = "ff02::1:ff00:7";

    sniff(0);
    send_ndp(&(struct ndp){135, 0xaa, "fd01::9", node, "fd01::7", 0, 1, 0xaa, 0, 0});
    send_ndp(&(struct ndp){136, 0xbb, "fd01::7", "fd01::9", "fd01::7", 0xe0000000, 2, 0xbb, 0, 0});
    send_ndp(&(struct ndp){136, 0xcc, "fd01::6", all, "fd01::6", 0x20000000, 0, 0, 0, 0});
    send_ndp(&(struct ndp){135, 0xcc, "::", node, "fd01::7", 0, 0, 0, 0, 0}); /* a probe */
    send_ndp(&(struct ndp){135, 0xcc, "fd01::8", node, "fd01::7", 0, 0, 0, 0, 0});
    send_ndp(&(struct ndp){133, 0xdd, "fe80::d", "ff02::2", NULL, 0, 1, 0xdd, 0, 0});
    send_ndp(&(struct ndp){133, 0xdd, "::", "ff02::2", NULL, 0, 0, 0, 0, 0});
    send_ndp(&(struct ndp){134, 0xee, "fe80::e", all, NULL, 0x40000708, 1, 0xee, 0, 0});
    send_ndp(&(struct ndp){137, 0xee, "fe80::e", "fd01::9", "fe80::f", 0, 2, 0xff, 0, 0});
    EXPECT("NS fd01::9 aa > fd01::7 NEW\n"
           "NA fd01::7 bb > fd01::7 NEW ROUTER SOLICITED OVERRIDE\n"
           "NA fd01::6 cc > fd01::6 NEW OVERRIDE\n"
           "NS fd01::7 cc > fd01::7 PROBE\n"
           "NS fd01::8 - > fd01::7\n"
           "RS fe80::d dd NEW\n"
           "RS - -\n"
           "RA fe80::e ee NEW\n"
           "REDIRECT fe80::e - > fe80::f\n");
    assert_int_equal(sniff_stats().malformed, 0);
}

static void test_invalid_ndp(void **state)
{
    const char *node = "ff02::1:ff00:7";

    sniff(0);
    send_ndp(&(struct ndp){135, 0xaa, "fd01::9", node, "fd01::7", 0, 1, 0xaa, 254, 0});
    send_ndp(&(struct ndp){135, 0xaa, "fd01::9", node, "fd01::7", 0, 1, 0xaa, 0, 1});
    send_ndp(&(struct ndp){135, 0xaa, "::", node, "fd01::7", 0, 1, 0xaa, 0, 0});
    EXPECT("");
    send_ndp(&(struct ndp){135, 0xaa, "fd01::9", node, "fd01::7", 0, 1, 0xaa, 0, 0});
    EXPECT("NS fd01::9 aa > fd01::7 NEW\n");
    assert_int_equal(sniff_stats().malformed, 3);
    assert_int_equal(sniff_stats().frames, 4);
}

/* ---- VLANs ---- */

static void send_tagged(const uint16_t *tags, size_t count, uint8_t mac)
{
    struct wire wire;

    wire_begin(&wire, 0xff, mac);
    for (size_t i = 0; i < count; i++)
        wire_tag(&wire, i + 1 < count ? 0x88a8 : 0x8100, tags[i]);
    wire_arp(&wire, REQUEST, mac, "10.1.0.9", "10.1.0.7");
    wire_send(&wire, "v0p");
}

/* The same address on several VLANs is not a conflict. */
static void test_vlan(void **state)
{
    const uint16_t none = 0, one = 0x2005, two[] = {7, 5}, three[] = {8, 7, 5};
    struct wire wire;

    sniff(0);
    send_tagged(NULL, 0, 0xaa);
    send_tagged(&none, 1, 0xaa); /* a priority tag */
    send_tagged(&one, 1, 0xbb);
    send_tagged(two, 2, 0xcc);
    send_tagged(three, 3, 0xcc);
    wire_begin(&wire, 0xff, 0xdd);
    wire_tag(&wire, 0x8100, 5);
    wire_ndp(&wire, &(struct ndp){136, 0xdd, "fd01::7", "fd01::9", "fd01::7", 0, 0, 0, 0, 0});
    wire_send(&wire, "v0p");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n"
           "ARP1 10.1.0.9 aa > 10.1.0.7 vlan 0\n"
           "ARP1 10.1.0.9 bb > 10.1.0.7 vlan 8197 NEW\n"
           "ARP1 10.1.0.9 cc > 10.1.0.7 outer 7 vlan 5 NEW\n"
           "ARP1 10.1.0.9 cc > 10.1.0.7 outer 7 vlan 5\n"
           "NA fd01::7 dd > fd01::7 vlan 5 NEW\n");
    assert_int_equal(sniff_stats().moved, 0);
}

/* A tagged frame that this machine sends. */
static void test_vlan_outgoing(void **state)
{
    struct wire wire;

    sniff(ARPQ_SNIFFER_OUTGOING | ARPQ_SNIFFER_ARP);
    wire_begin(&wire, 0xff, V0);
    wire_tag(&wire, 0x88a8, 7);
    wire_tag(&wire, 0x8100, 5);
    wire_arp(&wire, REQUEST, V0, "10.1.0.1", "10.1.0.7");
    wire_send(&wire, "v0");
    wire_begin(&wire, 0xff, V0);
    wire_arp(&wire, REQUEST, V0, "10.1.0.1", "10.1.0.7");
    wire_send(&wire, "v0");
    EXPECT("ARP1 10.1.0.1 a0 > 10.1.0.7 outer 7 vlan 5 OUT NEW\n"
           "ARP1 10.1.0.1 a0 > 10.1.0.7 OUT NEW\n");
}

/* ---- Kinds of frames ---- */

static void test_choice_of_protocol(void **state)
{
    const struct ndp na = {136, 0xbb, "fd01::7", "fd01::9", "fd01::7", 0, 2, 0xbb, 0, 0};

    sniff(ARPQ_SNIFFER_ARP);
    send_ndp(&na);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n");
    assert_int_equal(sniff_stats().frames, 1);
    sniff(ARPQ_SNIFFER_NDP);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    send_ndp(&na);
    EXPECT("NA fd01::7 bb > fd01::7 NEW\n");
    assert_int_equal(sniff_stats().frames, 1);
    sniff(ARPQ_SNIFFER_ARP | ARPQ_SNIFFER_NDP);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    send_ndp(&na);
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n"
           "NA fd01::7 bb > fd01::7 NEW\n");
}

static void test_incoming_only(void **state)
{
    struct wire wire;

    sniff(ARPQ_SNIFFER_ARP);
    wire_begin(&wire, 0xff, V0);
    wire_arp(&wire, REQUEST, V0, "10.1.0.1", "10.1.0.7");
    wire_send(&wire, "v0");
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n");
    assert_int_equal(sniff_stats().frames, 1);
}

/* ---- Frames that the kernel makes ---- */

/* Make another machine, linked by v3 here and v3p there. */
static struct netns_second second_machine(void)
{
    struct netns_second second = netns_second();

    sh("ip link add v3 address 02:00:00:00:00:b0 type veth peer name v3p"
       " address 02:00:00:00:00:b1; ip link set v3p netns %d;"
       "sysctl -qw net.ipv6.conf.v3.router_solicitations=0 net.ipv6.conf.v3.accept_dad=0;"
       "ip link set v3 up;"
       "ip address add 10.3.0.1/24 dev v3; ip address add fd03::1/64 dev v3 nodad",
       second.pid);
    netns_sh(&second,
             "sysctl -qw net.ipv6.conf.v3p.router_solicitations=0 net.ipv6.conf.v3p.accept_dad=0;"
             "ip link set v3p up; ip address add 10.3.0.2/24 dev v3p;"
             "ip address add fd03::2/64 dev v3p nodad");
    await_link("v3");
    return second;
}

static void test_resolution(void **state)
{
    struct arpq_sniffer_options options = sniff_options(ARPQ_SNIFFER_OUTGOING);
    struct netns_second second = second_machine();

    options.ifindex = ifindex_of("v3");
    sniff_with(&options);
    netns_sh(&second, "bash -c 'echo >/dev/udp/10.3.0.1/9'");
    EXPECT("ARP1 10.3.0.2 b1 > 10.3.0.1 NEW\n"
           "ARP2 10.3.0.1 b0 > 10.3.0.2 OUT NEW\n");
    netns_sh(&second, "bash -c 'echo >/dev/udp/fd03::1/9'");
    EXPECT("NS fd03::2 b1 > fd03::1 NEW\n"
           "NA fd03::1 b0 > fd03::1 OUT NEW SOLICITED OVERRIDE\n");
    netns_second_free(&second);
}

/* ---- Comparison with tcpdump ---- */

#define DUMP "/tmp/arpq_test_sniff"

static int dump_listens(void *context)
{
    return sh_status("grep -q 'listening on' " DUMP ".%d.err", (int)getpid()) == 0;
}

/* Start tcpdump, which prints a line for each frame. Returns false where it insists on setting its
 * user, which a user namespace of one user does not allow. */
static bool start_dump(unsigned frames)
{
    sh("timeout 20 tcpdump -Z root -e -n -t -l -i v0 -Q in -c %u >" DUMP ".%d 2>" DUMP ".%d.err &",
       frames, (int)getpid(), (int)getpid());
    if (wait_until(dump_listens, NULL, ASYNC_MS))
        return true;
    if (sh_status("grep -q \"Couldn't change to\" " DUMP ".%d.err", (int)getpid()) != 0)
        not_run("tcpdump does not start");
    sh("rm -f " DUMP ".%d " DUMP ".%d.err", (int)getpid(), (int)getpid());
    return false;
}

static void read_dump(char *text, size_t size)
{
    sh("for i in $(seq 100); do grep -q 'packets captured' " DUMP
       ".%d.err && break; sleep 0.03; done",
       (int)getpid());
    sh_read(text, size, "cat " DUMP ".%d; rm -f " DUMP ".%d " DUMP ".%d.err", (int)getpid(),
            (int)getpid(), (int)getpid());
}

/* Fail unless the next line of the dump contains each of these parts. */
static void assert_line(char **dump, const char *const *parts)
{
    char *line = strsep(dump, "\n");

    assert_non_null(line);
    for (; *parts; parts++)
        if (!strstr(line, *parts)) {
            print_error("not \"%s\" in: %s\n", *parts, line);
            fail();
        }
}

static void test_tcpdump(void **state)
{
    static const char *const lines[][5] = {
        {"02:00:00:00:00:aa > ff:ff:ff:ff:ff:ff", "ethertype ARP",
         "who-has 10.1.0.7 tell 10.1.0.9"},
        {"02:00:00:00:00:bb > ff:ff:ff:ff:ff:ff", "Reply 10.1.0.7 is-at 02:00:00:00:00:bb"},
        {"02:00:00:00:00:cc > ff:ff:ff:ff:ff:ff", "vlan 5, p 1", "who-has 10.1.0.7 tell 10.1.0.9"},
        {"fd01::9 > ff02::1:ff00:7", "neighbor solicitation, who has fd01::7"},
        {"fd01::7 > fd01::9", "neighbor advertisement, tgt is fd01::7"},
        {"fe80::e > ff02::1", "router advertisement"},
    };
    const uint16_t tag = 0x2005;
    char text[4096], *dump = text;

    if (!start_dump(LENGTH(lines)))
        SKIP_NOT_RUNNABLE("this tcpdump does not start in a user namespace");
    sniff(0);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    send_arp(REPLY, 0xbb, "10.1.0.7", "10.1.0.9");
    send_tagged(&tag, 1, 0xcc);
    send_ndp(&(struct ndp){135, 0xaa, "fd01::9", "ff02::1:ff00:7", "fd01::7", 0, 1, 0xaa, 0, 0});
    send_ndp(&(struct ndp){136, 0xbb, "fd01::7", "fd01::9", "fd01::7", 0xe0000000, 2, 0xbb, 0, 0});
    send_ndp(&(struct ndp){134, 0xee, "fe80::e", "ff02::1", NULL, 0x40000708, 1, 0xee, 0, 0});
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n"
           "ARP2 10.1.0.7 bb > 10.1.0.9 NEW\n"
           "ARP1 10.1.0.9 cc > 10.1.0.7 vlan 8197 NEW\n"
           "NS fd01::9 aa > fd01::7 NEW\n"
           "NA fd01::7 bb > fd01::7 NEW ROUTER SOLICITED OVERRIDE\n"
           "RA fe80::e ee NEW\n");
    read_dump(text, sizeof text);
    for (size_t i = 0; i < LENGTH(lines); i++)
        assert_line(&dump, lines[i]);
}

/* A sniffer continues, and can be closed, after its handle is closed. */
static void test_handle_closed_first(void **state)
{
    sniff(0);
    arpq_close(h);
    h = NULL;
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.1");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.1 NEW\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_arp),
        TEST(test_all_fields),
        TEST(test_ndp),
        TEST(test_invalid_ndp),
        TEST(test_vlan),
        TEST(test_vlan_outgoing),
        TEST(test_choice_of_protocol),
        TEST(test_incoming_only),
        TEST(test_resolution),
        TEST(test_tcpdump),
        TEST(test_handle_closed_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Claims: new addresses, moves and conflicts. */
#include "test.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/sniff.h"
#include "process.h"

static void test_two_machines(void **state)
{
    sniff(ARPQ_SNIFFER_CLAIMS);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7"); /* no change */
    send_arp(REPLY, 0xbb, "10.1.0.9", "10.1.0.7");
    send_arp(REPLY, 0xaa, "10.1.0.9", "10.1.0.7");
    send_arp(REPLY, 0xbb, "10.1.0.9", "10.1.0.7"); /* a conflict is reported once */
    send_arp(REPLY, 0xbb, "10.1.0.8", "10.1.0.9");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n"
           "ARP2 10.1.0.9 bb > 10.1.0.7 MOVED was aa\n"
           "ARP2 10.1.0.9 aa > 10.1.0.7 MOVED CONFLICT was bb\n"
           "ARP2 10.1.0.9 bb > 10.1.0.7 MOVED was aa\n"
           "ARP2 10.1.0.8 bb > 10.1.0.9 NEW\n");
    assert_int_equal(sniff_stats().frames, 6);
    assert_int_equal(sniff_stats().moved, 3);
    assert_int_equal(sniff_stats().conflicts, 1);
    assert_int_equal(sniff_stats().claims, 2);
}

static void test_two_machines_ndp(void **state)
{
    const uint32_t override = 0x20000000;

    sniff(ARPQ_SNIFFER_CLAIMS);
    send_ndp(&(struct ndp){136, 0xaa, "fe80::9", "ff02::1", "fe80::9", override, 2, 0xaa, 0, 0});
    /* An advertisement without the override flag changes nothing. */
    send_ndp(&(struct ndp){136, 0xbb, "fe80::9", "ff02::1", "fe80::9", 0, 2, 0xbb, 0, 0});
    send_ndp(&(struct ndp){136, 0xbb, "fe80::9", "ff02::1", "fe80::9", override, 2, 0xbb, 0, 0});
    send_ndp(&(struct ndp){135, 0xaa, "fe80::9", "ff02::1:ff00:7", "fe80::7", 0, 1, 0xaa, 0, 0});
    EXPECT("NA fe80::9 aa > fe80::9 NEW OVERRIDE\n"
           "NA fe80::9 bb > fe80::9 MOVED OVERRIDE was aa\n"
           "NS fe80::9 aa > fe80::7 MOVED CONFLICT was bb\n");
}

/* After the damping time, a change back to the first MAC is a move, and the next conflict is
 * reported again. */
static void test_damping(void **state)
{
    struct arpq_sniffer_options options = sniff_options(ARPQ_SNIFFER_CLAIMS);

    options.damping_ms = 500;
    sniff_with(&options);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    send_arp(REQUEST, 0xbb, "10.1.0.9", "10.1.0.7");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n"
           "ARP1 10.1.0.9 bb > 10.1.0.7 MOVED was aa\n");
    sleep_ms(550);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    send_arp(REQUEST, 0xbb, "10.1.0.9", "10.1.0.7");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 MOVED was bb\n"
           "ARP1 10.1.0.9 bb > 10.1.0.7 MOVED CONFLICT was aa\n");
    /* A claim of an own address is reported again as well. */
    send_arp(REQUEST, 0xcc, "10.1.0.1", "10.1.0.7");
    send_arp(REQUEST, 0xcc, "10.1.0.1", "10.1.0.7");
    EXPECT("ARP1 10.1.0.1 cc > 10.1.0.7 NEW CONFLICT OURS\n"
           "ARP1 10.1.0.1 cc > 10.1.0.7 OURS\n");
    sleep_ms(550);
    send_arp(REQUEST, 0xcc, "10.1.0.1", "10.1.0.7");
    EXPECT("ARP1 10.1.0.1 cc > 10.1.0.7 CONFLICT OURS\n");
    assert_int_equal(sniff_stats().conflicts, 3);
}

static void test_ours(void **state)
{
    const char *node = "ff02::1:ff00:1";
    struct wire wire;

    sniff(0);
    send_arp(REPLY, 0xaa, "10.1.0.1", "10.1.0.7");
    send_arp(REQUEST, 0xbb, "0.0.0.0", "10.1.0.1");
    send_ndp(&(struct ndp){135, 0xcc, "::", node, "fd01::1", 0, 0, 0, 0, 0});
    send_ndp(&(struct ndp){136, 0xcc, "fd01::1", "ff02::1", "fd01::1", 0, 2, 0xcc, 0, 0});
    /* On a VLAN the address may belong to another machine. */
    wire_begin(&wire, 0xff, 0xaa);
    wire_tag(&wire, 0x8100, 5);
    wire_arp(&wire, REPLY, 0xaa, "10.1.0.1", "10.1.0.7");
    wire_send(&wire, "v0p");
    EXPECT("ARP2 10.1.0.1 aa > 10.1.0.7 NEW CONFLICT OURS\n"
           "ARP1 10.1.0.1 bb > 10.1.0.1 PROBE OURS\n"
           "NS fd01::1 cc > fd01::1 PROBE OURS\n"
           "NA fd01::1 cc > fd01::1 NEW CONFLICT OURS\n"
           "ARP2 10.1.0.1 aa > 10.1.0.7 vlan 5 NEW\n");
    assert_int_equal(sniff_stats().conflicts, 2);
}

/* Do what "ip address del" does, without starting a process. */
static void remove_address(const char *label)
{
    struct ifreq request;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    memset(&request, 0, sizeof request);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", label);
    assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
    close(fd);
}

/* An address is handed over: it is removed here before the other machine announces it. Both happen
 * within one clock tick, in which the library does not read events again. */
static void test_handed_over(void **state)
{
    sniff(0);
    sh("ip address add 10.1.0.50/24 dev v0");
    settle();
    send_arp(REPLY, 0xaa, "10.1.0.50", "10.1.0.7");
    EXPECT("ARP2 10.1.0.50 aa > 10.1.0.7 NEW CONFLICT OURS\n");
    for (int n = 51; n < 60; n++) {
        char want[64], address[24];

        snprintf(address, sizeof address, "10.1.0.%d", n);
        snprintf(want, sizeof want, "ARP2 %s aa > 10.1.0.7 NEW\n", address);
        sh("ip address add %s/24 dev v0 label v0:9", address);
        settle();
        EXPECT("");
        remove_address("v0:9");
        send_arp(REPLY, 0xaa, address, "10.1.0.7");
        EXPECT(want);
    }
}

/* Claims with an own MAC are never a conflict. */
static void test_own_mac(void **state)
{
    sniff(0);
    sh("ip link add v2 address 02:00:00:00:00:aa type veth peer name v2p");
    settle();
    send_arp(REPLY, 0xaa, "10.1.0.1", "10.1.0.7");
    send_arp(REPLY, 0xbb, "10.1.0.9", "10.1.0.7");
    send_arp(REPLY, 0xaa, "10.1.0.9", "10.1.0.7");
    send_arp(REPLY, 0xbb, "10.1.0.9", "10.1.0.7");
    send_arp(REPLY, 0xaa, "10.1.0.9", "10.1.0.7");
    EXPECT("ARP2 10.1.0.1 aa > 10.1.0.7 NEW\n"
           "ARP2 10.1.0.9 bb > 10.1.0.7 NEW\n"
           "ARP2 10.1.0.9 aa > 10.1.0.7 MOVED was bb\n"
           "ARP2 10.1.0.9 bb > 10.1.0.7 MOVED was aa\n"
           "ARP2 10.1.0.9 aa > 10.1.0.7 MOVED was bb\n");
    assert_int_equal(sniff_stats().conflicts, 0);
}

/* The sniffer keeps the first three quarters of the claims. It evicts the oldest of the others, and
 * reports an evicted claim as new when it appears again. */
static void test_bounded(void **state)
{
    struct arpq_sniffer_options options = sniff_options(ARPQ_SNIFFER_CLAIMS);
    char text[32];

    options.claims_max = 100;
    sniff_with(&options);
    for (int n = 0; n < 102; n++) {
        snprintf(text, sizeof text, "10.2.0.%d", n);
        send_arp(REQUEST, 0xaa, text, "10.1.0.7");
        if (n > 75)
            /* Renew claim 75, so that claim 76 is the oldest one that may be evicted. */
            send_arp(REQUEST, 0xaa, "10.2.0.75", "10.1.0.7");
    }
    while (sniff_stats().frames < 102 + 26) {
        struct arpq_sniffed frame;

        assert_true(arpq_sniffer_next(s, &frame, 0) >= 0);
    }
    assert_int_equal(sniff_stats().claims, 100);
    assert_int_equal(sniff_stats().forgotten, 2);
    send_arp(REQUEST, 0xbb, "10.2.0.0", "10.1.0.7");
    send_arp(REQUEST, 0xbb, "10.2.0.75", "10.1.0.7");
    send_arp(REQUEST, 0xbb, "10.2.0.76", "10.1.0.7");
    EXPECT("ARP1 10.2.0.0 bb > 10.1.0.7 MOVED was aa\n"
           "ARP1 10.2.0.75 bb > 10.1.0.7 MOVED was aa\n"
           "ARP1 10.2.0.76 bb > 10.1.0.7 NEW\n");
    assert_int_equal(sniff_stats().forgotten, 3);
}

/* The frames that the kernel sends when two machines have one address. */
static void test_kernel_conflict(void **state)
{
    struct netns_second second;

    second = netns_second();
    sh("ip link add v3 address 02:00:00:00:00:b0 type veth peer name v3p netns %d;"
       "sysctl -qw net.ipv6.conf.v3.router_solicitations=0 net.ipv6.conf.v3.accept_dad=1;"
       "ip link set v3 up; ip address add fd03::1/64 dev v3 nodad",
       second.pid);
    netns_sh(&second, "ip link set v3p address 02:00:00:00:00:b1; sysctl -qw"
                      " net.ipv6.conf.v3p.router_solicitations=0");
    sniff_with(&(struct arpq_sniffer_options){.size = sizeof(struct arpq_sniffer_options),
                                              .flags = ARPQ_SNIFFER_NDP,
                                              .ifindex = ifindex_of("v3")});
    /* The kernel first checks its link-local address for duplicates. */
    netns_sh(&second, "ip link set v3p up");
    EXPECT("NS fe80::ff:fe00:b1 b1 > fe80::ff:fe00:b1 PROBE\n");
    netns_sh(&second, "ip address add fd03::1/64 dev v3p");
    EXPECT("NS fd03::1 b1 > fd03::1 PROBE OURS\n");
    netns_second_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_machines), TEST(test_two_machines_ndp), TEST(test_damping),
        TEST(test_ours),         TEST(test_handed_over),      TEST(test_own_mac),
        TEST(test_bounded),      TEST(test_kernel_conflict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

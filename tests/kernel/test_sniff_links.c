/* SPDX-License-Identifier: MIT */
/* Links of a sniffer, the privilege it needs, and frames that it does not receive. */
#include "test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/sniff.h"
#include "kernel/tun.h"
#include "process.h"

static int next_code(int32_t timeout_ms)
{
    struct arpq_sniffed frame;
    int code;

    memset(&frame, 0xaa, sizeof frame);
    code = arpq_sniffer_next(s, &frame, timeout_ms);
    if (code != 1)
        assert_true(is_all_zero(&frame, sizeof frame));
    return code;
}

static int open_code(const struct arpq_sniffer_options *options)
{
    struct arpq_sniffer *made = (void *)&h;
    int code = arpq_sniffer_open(h, &made, options);

    assert_int_equal(!made, code != 0);
    arpq_sniffer_close(made);
    return code;
}

static int is_readable(void)
{
    struct pollfd fd = {.fd = arpq_sniffer_fd(s), .events = POLLIN};

    return poll(&fd, 1, 0);
}

/* ---- Arguments and rights ---- */

static void test_arguments(void **state)
{
    struct arpq_sniffer_options options = sniff_options(0);
    struct arpq_sniffer_stats stats;
    struct arpq_sniffer *made = (void *)&options;
    struct arpq_sniffed frame;

    assert_int_equal(arpq_sniffer_open(NULL, &made, NULL), -EINVAL);
    assert_null(made);
    assert_int_equal(arpq_sniffer_open(h, NULL, NULL), -EINVAL);
    assert_int_equal(open_code(NULL), 0);
    options.size = 7;
    assert_int_equal(open_code(&options), -EINVAL);
    options = sniff_options(0x20);
    assert_int_equal(open_code(&options), -EINVAL);
    options = sniff_options(0);
    options.claims_max = (16u << 20) + 1;
    assert_int_equal(open_code(&options), -EINVAL);
    options = sniff_options(0);
    options.reserved[0] = 1;
    assert_int_equal(open_code(&options), -EINVAL);
    options = sniff_options(ARPQ_SNIFFER_PROMISCUOUS);
    options.ifindex = 0;
    assert_int_equal(open_code(&options), -EINVAL);
    options = sniff_options(0);
    options.ifindex = 0x80000000u;
    assert_int_equal(open_code(&options), -EINVAL);
    options.ifindex = 0x7fffffff;
    assert_int_equal(open_code(&options), -ENODEV);
    sniff(0);
    assert_int_equal(arpq_sniffer_next(NULL, &frame, 0), -EINVAL);
    assert_int_equal(arpq_sniffer_next(s, NULL, 0), -EINVAL);
    assert_int_equal(next_code(-2), -EINVAL);
    assert_int_equal(arpq_sniffer_fd(NULL), -EINVAL);
    assert_int_equal(arpq_sniffer_stats(s, NULL), -EINVAL);
    memset(&stats, 0xaa, sizeof stats);
    assert_int_equal(arpq_sniffer_stats(NULL, &stats), -EINVAL);
    assert_true(is_all_zero(&stats, sizeof stats));
    arpq_sniffer_close(NULL);
    assert_string_equal(arpq_name(ARPQ_NAMES_SNIFFED, 0), "");
    assert_string_equal(arpq_name(ARPQ_NAMES_SNIFFED, ARPQ_SNIFFED_REDIRECT), "REDIRECT");
    assert_string_equal(arpq_name(ARPQ_NAMES_SNIFFED, ARPQ_SNIFFED_REDIRECT + 1), "");
}

static void test_privilege(void **state)
{
    pid_t child;

    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct arpq_sniffer *made = (void *)&child;

        become_nobody();
        _exit(arpq_sniffer_open(h, &made, NULL) == -EPERM && !made ? 0 : 1);
    }
    assert_ended_well(child);
}

/* A child closes the inherited sniffer. The parent's sniffer continues. */
static void test_fork(void **state)
{
    unsigned before = open_descriptors();
    pid_t child;

    sniff(ARPQ_SNIFFER_PROMISCUOUS);
    assert_int_equal(open_descriptors(), before + 1);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        arpq_sniffer_close(s);
        _exit(0);
    }
    assert_ended_well(child);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n");
}

/* ---- Waiting ---- */

static void nothing(int number)
{
}

static void test_timeout(void **state)
{
    const struct sigaction action = {.sa_handler = nothing};
    const struct sigaction keep = {.sa_handler = SIG_IGN};
    pid_t parent = getpid(), child;
    uint64_t begin;

    sniff(0);
    assert_int_equal(is_readable(), 0);
    EXPECT_TIME(0, 50)
    assert_int_equal(next_code(0), 0);
    sigaction(SIGUSR1, &action, NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (int n = 0; n < 3; n++) {
            sleep_ms(20);
            kill(parent, SIGUSR1);
        }
        _exit(0);
    }
    begin = now_ms();
    assert_int_equal(next_code(150), 0);
    assert_between(now_ms() - begin, 149, 1000);
    assert_ended_well(child);
    sigaction(SIGUSR1, &keep, NULL);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    assert_int_equal(is_readable(), 1);
    assert_int_equal(next_code(-1), 1);
    assert_int_equal(is_readable(), 0);
}

/* ---- Interfaces come and go ---- */

static void test_down_and_up(void **state)
{
    struct arpq_sniffer_options options = sniff_options(0);

    sniff(0);
    sh("ip link set v0 down");
    assert_int_equal(is_readable(), 1);
    assert_int_equal(next_code(ASYNC_MS), -ENETDOWN);
    assert_int_equal(next_code(0), 0);
    assert_int_equal(next_code(250), 0);
    assert_int_equal(open_code(&options), -ENETDOWN);
    sh("ip link set v0 up");
    await_link("v0p");
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n");
}

static void test_deleted(void **state)
{
    sniff(0);
    sh("ip link delete v0");
    assert_int_equal(next_code(ASYNC_MS), -ENODEV);
    assert_int_equal(next_code(0), -ENODEV);
    assert_int_equal(next_code(-1), -ENODEV);
}

/* The socket gets no message when a link that is down is deleted. */
static void test_deleted_while_down(void **state)
{
    sniff(0);
    sh("ip link set v0 down");
    assert_int_equal(next_code(ASYNC_MS), -ENETDOWN);
    sh("ip link delete v0");
    assert_int_equal(next_code(0), -ENODEV);
    assert_int_equal(next_code(-1), -ENODEV);
}

/* Frames that arrived earlier do not mean that the link is up again. */
static void test_deleted_behind_a_frame(void **state)
{
    sniff(0);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    sh("ip link set v0 down");
    assert_int_equal(next_code(ASYNC_MS), -ENETDOWN);
    assert_int_equal(next_code(0), 1);
    sh("ip link delete v0");
    assert_int_equal(next_code(-1), -ENODEV);
}

/* If the link is deleted during a wait, the wait ends. */
static void test_deleted_during_wait(void **state)
{
    pid_t child;

    sniff(0);
    sh("ip link set v0 down");
    assert_int_equal(next_code(ASYNC_MS), -ENETDOWN);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        sleep_ms(50);
        sh("ip link delete v0");
        _exit(0);
    }
    assert_int_equal(next_code(-1), -ENODEV);
    assert_ended_well(child);
}

static void test_all_interfaces(void **state)
{
    const struct arpq_sniffer_options all = {.size = sizeof all};
    struct arpq_sniffed frame;
    struct wire wire;

    sh("ip link add v4 type veth peer name v4p;"
       "sysctl -qw net.ipv6.conf.v4.disable_ipv6=1 net.ipv6.conf.v4p.disable_ipv6=1;"
       "ip link set v4p up; ip link set v4 up");
    await_link("v4p");
    sniff_with(&all);
    wire_begin(&wire, 0xff, 0xaa);
    wire_arp(&wire, REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    wire_send(&wire, "v4p");
    assert_int_equal(arpq_sniffer_next(s, &frame, ASYNC_MS), 1);
    assert_int_equal(frame.ifindex, ifindex_of("v4"));
    send_arp(REQUEST, 0xbb, "10.1.0.9", "10.1.0.7");
    assert_int_equal(arpq_sniffer_next(s, &frame, ASYNC_MS), 1);
    assert_int_equal(frame.ifindex, ifindex_of("v0"));
    /* On another link the address belongs to another machine. */
    assert_int_equal(frame.flags, ARPQ_SNIFFED_NEW);
    sh("ip link delete v4");
    send_arp(REQUEST, 0xbb, "10.1.0.8", "10.1.0.7");
    EXPECT("ARP1 10.1.0.8 bb > 10.1.0.7 NEW\n");
}

/* The sniffer uses the interfaces and addresses of the handle's namespace. */
static void test_netns(void **state)
{
    struct arpq_options options = {.size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS};
    struct netns_second second = netns_second();
    struct arpq_handle *there;
    struct wire wire;

    sh("sysctl -qw net.ipv6.conf.default.disable_ipv6=1;"
       "ip link add v5 type veth peer name v5p netns %d; ip link set v5 up",
       second.pid);
    netns_sh(&second, "sysctl -qw net.ipv6.conf.v5p.disable_ipv6=1; ip link set v5p up;"
                      " ip address add 10.5.0.1/24 dev v5p");
    await_link("v5");
    options.netns_fd = second.fd;
    assert_int_equal(arpq_open(&there, &options), 0);
    assert_int_equal(arpq_sniffer_open(there, &s, NULL), 0);
    wire_begin(&wire, 0xff, 0xaa);
    wire_arp(&wire, REPLY, 0xaa, "10.5.0.1", "10.5.0.7");
    wire_send(&wire, "v5");
    send_arp(REPLY, 0xaa, "10.1.0.9", "10.5.0.7"); /* an own address of the other namespace */
    EXPECT("ARP2 10.5.0.1 aa > 10.5.0.7 NEW CONFLICT OURS\n");
    arpq_sniffer_close(s);
    s = NULL;
    arpq_close(there);
    netns_second_free(&second);
}

/* ---- Accepted messages ---- */

static void flood(const char *device)
{
    const uint8_t udp[] = {0x86, 0xdd, 0x60, 0, 0, 0, 0, 8, 17, 255};
    const uint8_t echo[] = {0x86, 0xdd, 0x60, 0, 0, 0, 0, 8, 58, 255, [42] = 128};
    const uint8_t ip[60] = {8, 0, 0x45, 0, 0, 60};
    struct wire wire;

    for (int n = 0; n < 300; n++) {
        wire_begin(&wire, V0, 0xaa);
        if (n % 3 == 1)
            wire_tag(&wire, 0x8100, 5);
        wire_add(&wire, n % 3 ? udp : ip, n % 3 ? sizeof udp : sizeof ip);
        wire_add(&wire, ip, 48);
        wire_send(&wire, device);
        wire_begin(&wire, V0, 0xaa);
        wire_add(&wire, echo, sizeof echo);
        wire_send(&wire, device);
    }
}

static void test_nothing_else(void **state)
{
    sniff(0);
    flood("v0p");
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.7 NEW\n");
    assert_int_equal(sniff_stats().frames, 1);
    assert_int_equal(sniff_stats().malformed, 0);
}

static void test_cut_short(void **state)
{
    struct wire wire;

    sniff(0);
    wire_begin(&wire, 0xff, 0xaa);
    wire_arp(&wire, REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    wire.size -= 1;
    wire_send(&wire, "v0p");
    wire_begin(&wire, 0xff, 0xaa);
    wire_ndp(&wire, &(struct ndp){136, 0xdd, "fd01::7", "fd01::9", "fd01::7", 0, 0, 0, 0, 0});
    wire.size -= 1;
    wire_send(&wire, "v0p");
    assert_int_equal(next_code(50), 0);
    assert_int_equal(sniff_stats().frames, 2);
    assert_int_equal(sniff_stats().malformed, 2);
}

static void test_drops(void **state)
{
    struct arpq_sniffer_options options = sniff_options(ARPQ_SNIFFER_CLAIMS);
    uint64_t dropped;

    options.receive_buffer = 1;
    sniff_with(&options);
    assert_between(sniff_stats().receive_buffer, 1, 10000);
    for (int n = 0; n < 200; n++)
        send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.7");
    dropped = sniff_stats().dropped;
    assert_between(dropped, 100, 199);
    assert_int_equal(next_code(0), 1);
    assert_int_equal(next_code(0), 0);
    /* The statistics count each dropped frame only once. */
    assert_int_equal(sniff_stats().dropped, dropped);
    assert_int_equal(sniff_stats().frames + dropped, 200);
    sniff(0);
    assert_true(sniff_stats().receive_buffer > 100000);
}

/* The card drops a frame for a third machine unless the card is promiscuous. */
static void test_promiscuous(void **state)
{
    char text[4096];

    sh("sysctl -qw net.ipv6.conf.default.disable_ipv6=1; ip link add b0 type bridge;"
       "ip link set v0 master b0; ip link set b0 up");
    settle();
    sniff(0);
    sh_read(text, sizeof text, "ip -d link show v0");
    assert_non_null(strstr(text, "promiscuity 1 ")); /* promiscuous because of the bridge */
    sniff(ARPQ_SNIFFER_PROMISCUOUS);
    sh_read(text, sizeof text, "ip -d link show v0");
    assert_non_null(strstr(text, "promiscuity 2 "));
    send_arp(REPLY, 0xaa, "10.1.0.9", "10.1.0.7");
    EXPECT("ARP2 10.1.0.9 aa > 10.1.0.7 NEW\n");
    /* An address of the bridge is an own address on its ports. */
    sh("ip address add 10.7.0.1/24 dev b0");
    settle();
    send_arp(REPLY, 0xaa, "10.7.0.1", "10.1.0.7");
    EXPECT("ARP2 10.7.0.1 aa > 10.1.0.7 NEW CONFLICT OURS\n");
    arpq_sniffer_close(s);
    s = NULL;
    sh_read(text, sizeof text, "ip -d link show v0");
    assert_non_null(strstr(text, "promiscuity 1 "));
}

/* A link without headers and MACs. */
static void test_tun(void **state)
{
    struct wire wire = {.size = 0};
    struct arpq_sniffer_options options = sniff_options(0);
    int fd;

    sh("sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
    fd = open_tun("t0", IFF_TUN, TUN_KEEPS_TYPE);
    sh("ip link set t0 up");
    options.ifindex = ifindex_of("t0");
    sniff_with(&options);
    wire_ndp(&wire, &(struct ndp){136, 0, "fd01::7", "fd01::9", "fd01::7", 0, 2, 0xdd, 0, 0});
    assert_int_equal(write(fd, wire.bytes + 2, wire.size - 2), (ssize_t)wire.size - 2);
    EXPECT("NA fd01::7 - > fd01::7\n");
    assert_int_equal(sniff_stats().frames, 1);
    close(fd);
    assert_int_equal(next_code(ASYNC_MS), -ENODEV);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_arguments),
        TEST(test_privilege),
        TEST(test_fork),
        TEST(test_timeout),
        TEST(test_down_and_up),
        TEST(test_deleted),
        TEST(test_deleted_while_down),
        TEST(test_deleted_behind_a_frame),
        TEST(test_deleted_during_wait),
        TEST(test_all_interfaces),
        TEST(test_netns),
        TEST(test_nothing_else),
        TEST(test_cut_short),
        TEST(test_drops),
        TEST(test_promiscuous),
        TEST(test_tun),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

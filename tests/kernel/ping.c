/* SPDX-License-Identifier: MIT */
/* Three namespaces in a row, and echo requests across them. */
#include "test.h"

#include <time.h>

#include "kernel/neigh.h"
#include "kernel/ping.h"

const uint32_t path_kinds[PATH_KINDS] = {0, ARPQ_PING_RAW};

static void furnish_here(void)
{
    sh("ip addr add 10.0.0.1/24 dev a0; ip addr add fd00::1/64 dev a0 nodad;"
       "ip addr add fe80::a:1/64 dev a0 nodad; ip route add default via 10.0.0.2;"
       "ip route add default via fd00::2;"
       "cd /proc/sys/net; echo 1 | tee ipv4/neigh/a0/mcast_solicit > ipv6/neigh/a0/mcast_solicit;"
       "echo 100 | tee ipv4/neigh/a0/retrans_time_ms > ipv6/neigh/a0/retrans_time_ms;"
       "echo 0 > ipv4/icmp_ratemask; echo 255 > ipv6/icmp/ratemask");
    assert_true(netns_allow_ping(true));
}

void path_make(struct path *path)
{
    static const char no_dad[] = "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad";

    netns_enter();
    path->router = netns_second();
    path->far = netns_second();
    netns_sh(&path->router, "%s", no_dad);
    netns_sh(&path->far, "%s", no_dad);
    sh("%s", no_dad);
    sh("ip link add a0 type veth peer name a1 netns %d; ip link set a0 addrgenmode none; ip link "
       "set a0 up",
       path->router.pid);
    netns_sh(&path->router,
             "ip link set a1 addrgenmode none; ip link set a1 up; ip addr add 10.0.0.2/24 dev a1;"
             "ip addr add fd00::2/64 dev a1 nodad; ip addr add fe80::a:2/64 dev a1 nodad;"
             "ip link add b0 mtu %d type veth peer name b1 mtu %d netns %d;"
             "ip link set b0 up; ip addr add 10.0.1.2/24 dev b0;"
             "ip addr add fd01::2/64 dev b0 nodad; cd /proc/sys/net;"
             "echo 1 | tee ipv4/ip_forward > ipv6/conf/all/forwarding;"
             "echo 0 > ipv4/icmp_ratemask; echo 255 > ipv6/icmp/ratemask",
             PATH_MTU, PATH_MTU, path->far.pid);
    netns_sh(&path->far, "ip link set b1 up; ip addr add 10.0.1.3/24 dev b1;"
                         "ip addr add fd01::3/64 dev b1 nodad; ip route add default via 10.0.1.2;"
                         "ip route add default via fd01::2");
    furnish_here();
}

void path_free(struct path *path)
{
    netns_second_free(&path->router);
    netns_second_free(&path->far);
}

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int path_ping(struct arpq_handle *h, const char *target, const struct arpq_ping_options *options,
              struct arpq_ping_reply *reply)
{
    const struct arpq_ip ip = ip_of(target);
    uint64_t begin = now_ns();
    int code;

    memset(reply, 0xaa, sizeof *reply);
    code = arpq_ping(h, &ip, options, reply);
    if (code != 0 && code != -EHOSTUNREACH && code != -ETIME) {
        assert_true(is_all_zero(reply, sizeof *reply));
        return code;
    }
    assert_between(reply->rtt_ns, 1, now_ns() - begin);
    assert_int_equal(reply->reserved8, 0);
    assert_true(is_all_zero(reply->reserved, sizeof reply->reserved));
    assert_int_equal(reply->flags & ~(ARPQ_PING_RAW | ARPQ_PING_KERNEL_TIME), 0);
    assert_int_equal(reply->sequence, options ? options->sequence : 0);
    if (options)
        assert_int_equal(reply->flags & ARPQ_PING_RAW, options->flags);
    return code;
}

void path_assert_from(const struct arpq_ping_reply *reply, const char *expected)
{
    char text[ARPQ_IP_STRLEN], wanted[ARPQ_IP_STRLEN];
    const struct arpq_ip ip = ip_of(expected);

    assert_string_equal(arpq_ip_format(&reply->from, text, sizeof text),
                        arpq_ip_format(&ip, wanted, sizeof wanted));
}

/* SPDX-License-Identifier: MIT */
/* Kernels before 4.20 do not know PACKET_IGNORE_OUTGOING. A sniffer leaves out the frames that this
 * machine sends all the same. */
#include "test.h"

#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "kernel/netns.h"
#include "namespace.h"

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

#define MS 300

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t size);

static struct arpq_handle *h;
static unsigned refused;

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    if (level != SOL_PACKET || name != PACKET_IGNORE_OUTGOING)
        return __real_setsockopt(fd, level, name, value, size);
    refused++;
    errno = ENOPROTOOPT;
    return -1;
}

static int set_up(void **state)
{
    if (!namespace_enter())
        not_run("no namespace");
    sh("ip link add d0 type veth peer name d1;"
       "ip link set d0 addrgenmode none; ip link set d1 addrgenmode none;"
       "ip link set d0 up; ip link set d1 up;"
       "ip addr add 10.1.0.1/24 dev d0");
    refused = 0;
    return arpq_open(&h, NULL);
}

static int tear_down(void **state)
{
    arpq_close(h);
    return 0;
}

/* The kernel asks for an address from d0: d0 sends the request and d1 receives it. Returns how many
 * frames the interface's sniffer receives, and whether the last one was outgoing. */
static unsigned frames(const char *interface, uint32_t flags, bool *outgoing)
{
    const struct arpq_sniffer_options options = {
        .size = sizeof options, .flags = flags, .ifindex = if_nametoindex(interface)};
    struct arpq_sniffer *sniffer;
    const struct arpq_ip absent = ip_of("10.1.0.9");
    struct arpq_sniffed frame;
    struct arpq_neigh neigh;
    unsigned count = 0;

    assert_int_equal(arpq_sniffer_open(h, &sniffer, &options), 0);
    assert_int_equal(arpq_resolve(h, &absent, if_nametoindex("d0"), 0, 50, &neigh), -EHOSTUNREACH);
    while (arpq_sniffer_next(sniffer, &frame, MS) == 1 && count < 10) {
        *outgoing = frame.flags & ARPQ_SNIFFED_OUTGOING;
        count++;
    }
    arpq_sniffer_close(sniffer);
    sh("ip neigh flush dev d0");
    return count;
}

static void test_own_frames(void **state)
{
    bool outgoing = true;

    assert_int_equal(frames("d0", 0, &outgoing), 0);
    assert_int_equal(refused, 1);
    assert_true(frames("d1", 0, &outgoing) > 0);
    assert_false(outgoing);
    assert_true(frames("d0", ARPQ_SNIFFER_OUTGOING, &outgoing) > 0);
    assert_true(outgoing);
    assert_int_equal(refused, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_own_frames)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

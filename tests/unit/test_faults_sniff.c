/* SPDX-License-Identifier: MIT */
/* Make every call of a sniffer fail in turn. No received frame may be lost. */
#include "test.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/faults.h"

#define MOST 70u /* more claims than the initial capacity of the table */
#define LO 1u

int __real_ioctl(int fd, unsigned long request, void *argument);

static int packet_fd = -1;

static int set_up_socket(void **state)
{
    const struct sockaddr_ll lo = {.sll_family = AF_PACKET, .sll_ifindex = LO};

    if (set_up_netns(state) != 0)
        return -1;
    packet_fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    return packet_fd < 0 ? -1 : bind(packet_fd, (const void *)&lo, sizeof lo);
}

static int tear_down_socket(void **state)
{
    close(packet_fd);
    return tear_down(state);
}

/* Send an ARP reply for 10.9.0.n from MAC number `mac` into lo, which delivers it to the
 * sniffer. */
static void send_reply(uint8_t n, uint8_t mac)
{
    const uint8_t frame[] = {0, 0, 0, 0, 0, 0, 2,   0,  0, 0, 0, mac, 8, 6, 0, 1, 8, 0, 6, 4, 0,
                             2, 2, 0, 0, 0, 0, mac, 10, 9, 0, n, 0,   0, 0, 0, 0, 0, 0, 0, 0, 0};

    /* write() is not mocked. */
    assert_int_equal(write(packet_fd, frame, sizeof frame), sizeof frame);
}

struct answers {
    unsigned frames, news, moved, conflicts;
};

/* Read all frames. Returns the first error, or 0. */
static int read_all(struct arpq_sniffer *sniffer, struct answers *answers)
{
    int failure = 0, nothing = 0;

    for (int tries = 0; tries < 200 && nothing < 2; tries++) {
        struct arpq_sniffed frame;
        int code;

        memset(&frame, 0xaa, sizeof frame);
        code = arpq_sniffer_next(sniffer, &frame, nothing);
        assert_zeroed(code == 1 ? 1 : -1, &frame, sizeof frame);
        nothing += code == 0;
        if (failure == 0 && code < 0)
            failure = code;
        answers->frames += code == 1;
        answers->news += !!(frame.flags & ARPQ_SNIFFED_NEW);
        answers->moved += !!(frame.flags & ARPQ_SNIFFED_MOVED);
        answers->conflicts += !!(frame.flags & ARPQ_SNIFFED_CONFLICT);
    }
    return failure;
}

static int sniff(struct arpq_handle *h, uint32_t flags, unsigned frames)
{
    const struct arpq_sniffer_options options = {
        .size = sizeof options, .flags = flags, .ifindex = LO, .damping_ms = 1000000};
    struct arpq_sniffer *sniffer = (void *)&packet_fd;
    struct arpq_sniffer_stats stats;
    struct answers answers = {0};
    int code = arpq_sniffer_open(h, &sniffer, &options);

    assert_int_equal(!sniffer, code != 0);
    if (code < 0)
        return code;
    for (uint8_t n = 1; n <= frames; n++)
        send_reply(n, 2);
    send_reply(1, 3);
    send_reply(1, 2);
    code = read_all(sniffer, &answers);
    assert_int_equal(answers.frames, frames + 2);
    assert_int_equal(answers.news, frames);
    assert_int_equal(answers.moved, 2);
    /* Without memory or a clock the sniffer cannot detect a conflict. */
    if (armed != CALLOC && armed != CLOCK_GETTIME)
        assert_int_equal(answers.conflicts, 1);
    assert_int_equal(arpq_sniffer_stats(sniffer, &stats), 0);
    assert_int_equal(stats.frames, frames + 2);
    assert_int_equal(stats.claims, frames);
    arpq_sniffer_close(sniffer);
    return code;
}

static int op_sniff(void)
{
    return sniff(handle, ARPQ_SNIFFER_PROMISCUOUS | ARPQ_SNIFFER_CLAIMS, 1);
}
TEST_OF(op_sniff) /* slow: the kernel takes 10 ms to close a packet socket */

static int op_in_netns(void)
{
    const struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = netns_fd};
    struct arpq_handle *there;
    int code = arpq_open(&there, &options);

    if (code < 0)
        return code;
    code = sniff(there, 0, 1);
    arpq_close(there);
    return code;
}
SHORT_TEST_OF(op_in_netns, 1)

static void set_lo(int flags)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = (short)flags};

    assert_int_equal(__real_ioctl(peer_fd, SIOCSIFFLAGS, &request), 0);
}

/* The sniffer reports once that the interface went down. */
static int op_down(void)
{
    const struct arpq_sniffer_options options = {.size = sizeof options, .ifindex = LO};
    struct arpq_sniffer *sniffer;
    struct arpq_sniffed frame;
    int code = arpq_sniffer_open(handle, &sniffer, &options), reported = 0;

    if (code < 0)
        return code;
    set_lo(0);
    for (int tries = 0; tries < 4; tries++) {
        int next = arpq_sniffer_next(sniffer, &frame, 1);

        assert_zeroed(-1, &frame, sizeof frame);
        reported += next == -ENETDOWN;
        if (next < 0 && next != -ENETDOWN)
            code = next;
    }
    assert_int_equal(reported, 1);
    set_lo(IFF_UP | IFF_RUNNING);
    send_reply(1, 2);
    while (arpq_sniffer_next(sniffer, &frame, 1) != 1)
        assert_true(armed != CALLS);
    arpq_sniffer_close(sniffer);
    return code;
}
SHORT_TEST_OF(op_down, 1)

/* Without memory for another claim the sniffer delivers the frame later. */
static void test_growing(void **state)
{
    static const enum call calls[] = {REALLOC, CALLOC};

    assert_int_equal(arpq_open(&handle, NULL), 0);
    for (size_t i = 0; i < LENGTH(calls); i++)
        for (unsigned n = 1;; n++) {
            int code;

            arm(calls[i], n, 3, ENOMEM);
            code = sniff(handle, ARPQ_SNIFFER_ARP, MOST);
            armed = CALLS;
            /* If calloc fails, the sniffer may return 0 and remember fewer moves. */
            assert_true(code == 0 || (consumed && code == -ENOMEM));
            assert_true(calls[i] != REALLOC || (code == 0) == (consumed == 0));
            if (!consumed)
                break;
        }
    arpq_close(handle);
    handle = NULL;
}

/* Calls that no sniffer makes. */
#define NOT_HERE                                                                                   \
    (BIT(FCNTL) | BIT(IOCTL) | BIT(RECVFROM) | BIT(CONNECT) | BIT(GETIFADDRS) | BIT(GETPEERNAME) | \
     BIT(MMAP) | BIT(MADVISE) | BIT(SEND) | BIT(RECV) | BIT(SENDTO) | BIT(SENDMMSG) |              \
     BIT(EPOLL_WAIT) | (TABLES_ONLY & ~BIT(EVENTFD)))

static void test_each_was_met(void **state)
{
    assert_each_was_met((NOT_HERE & ~BIT(GETRANDOM)) | RESOLVES_ONLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_op_sniff),     cmocka_unit_test(test_op_in_netns),
        cmocka_unit_test(test_op_down),      cmocka_unit_test(test_growing),
        cmocka_unit_test(test_each_was_met),
    };

    return cmocka_run_group_tests(tests, set_up_socket, tear_down_socket);
}

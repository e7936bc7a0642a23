/* SPDX-License-Identifier: MIT */
/* False replies from a neighbour that can send any packet. */
#include "test.h"

#include <linux/if_tun.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "kernel/ping.h"
#include "kernel/tun.h"

#define TRUE_HOPS 33
#define FALSE_HOPS 99

enum lie {
    TRUTH,
    WITH_OPTIONS, /* IP options, which a raw socket receives */
    WRONG_IDENTIFIER,
    WRONG_SEQUENCE,
    WRONG_COOKIE,
    WRONG_SOURCE,
    WRONG_TYPE,
    WRONG_CHECKSUM,
    SHORT_COOKIE,
    SHORT_HEADER,
    TOO_LONG,
    /* Errors about another packet. */
    ERROR,
    OTHER_IDENTIFIER,
    OTHER_SEQUENCE,
    OTHER_COOKIE,
    OTHER_DESTINATION,
    OTHER_TYPE,
    REDIRECT,
    LIES
};

static int device = -1;
static atomic_int lie;         /* the kind of reply to send */
static atomic_bool ends_true;  /* the true reply follows the false ones */
static atomic_int repeated_ms; /* duration of the repeated false replies */
static atomic_bool over;

/* ---- The forging neighbour ---- */

struct request {
    uint8_t packet[2048]; /* the packet as it was sent */
    size_t size, header;  /* size of the packet and of its IP header */
    struct arpq_icmp icmp;
    struct arpq_ip from, to;
};

static bool read_request(struct request *r)
{
    const ssize_t size = read(device, r->packet, sizeof r->packet);
    const bool is_v6 = size > 0 && r->packet[0] >> 4 == 6;
    const size_t length = is_v6 ? 16 : 4, at = is_v6 ? 8 : 12;

    memset(&r->from, 0, sizeof r->from);
    r->from.family = is_v6 ? AF_INET6 : AF_INET;
    r->to = r->from;
    r->header = is_v6 ? 40 : 20;
    if (size < (ssize_t)r->header)
        return false;
    r->size = (size_t)size;
    memcpy(r->from.bytes, r->packet + at, length);
    memcpy(r->to.bytes, r->packet + at + length, length);
    return arpq_icmp_decode(r->from.family, NULL, NULL, r->packet + r->header, r->size - r->header,
                            &r->icmp) == 0 &&
           r->icmp.type == (is_v6 ? 128 : 8);
}

static void write_packet(const struct request *r, const struct arpq_ip *from, uint8_t hops,
                         const uint8_t *message, size_t size, bool with_options)
{
    uint8_t packet[4096] = {0x45, [8] = hops, [9] = IPPROTO_ICMP};
    size_t header = with_options ? 24 : 20;
    uint16_t sum;

    if (r->from.family == AF_INET6) {
        const uint8_t v6[8] = {0x60, [4] = (uint8_t)(size >> 8), [5] = (uint8_t)size,
                               [6] = IPPROTO_ICMPV6, [7] = hops};

        header = 40;
        memcpy(packet, v6, sizeof v6);
        memcpy(packet + 8, from->bytes, 16);
        memcpy(packet + 24, r->from.bytes, 16);
    } else {
        packet[0] = (uint8_t)(0x40 | header / 4);
        packet[2] = (uint8_t)((size + header) >> 8);
        packet[3] = (uint8_t)(size + header);
        memcpy(packet + 12, from->bytes, 4);
        memcpy(packet + 16, r->from.bytes, 4);
        memset(packet + 20, 1, header - 20); /* options: no operation */
        sum = arpq_icmp_checksum(NULL, NULL, packet, header);
        packet[10] = (uint8_t)(sum >> 8);
        packet[11] = (uint8_t)sum;
    }
    memcpy(packet + header, message, size);
    if (write(device, packet, header + size) != (ssize_t)(header + size))
        perror("write");
}

static void send_message(const struct request *r, struct arpq_icmp *icmp,
                         const struct arpq_ip *from, const uint8_t *payload, size_t size,
                         enum lie what)
{
    const bool is_true = what == TRUTH || what == WITH_OPTIONS || what == ERROR;
    uint8_t message[3000];
    int length;

    icmp->family = r->from.family;
    if (icmp->family == AF_INET6) {
        icmp->source = *from;
        icmp->destination = r->from;
    }
    length = arpq_icmp_encode(icmp, payload, size, message, sizeof message);
    if (length < 0) {
        fprintf(stderr, "lie %d: %d\n", (int)what, length);
        return;
    }
    if (what == WRONG_CHECKSUM)
        message[2] ^= 1;
    write_packet(r, from, is_true ? TRUE_HOPS : FALSE_HOPS, message,
                 what == SHORT_HEADER ? 6 : (size_t)length, what == WITH_OPTIONS);
}

static void send_reply(const struct request *r, enum lie what)
{
    const bool is_v6 = r->from.family == AF_INET6;
    struct arpq_icmp icmp = {
        .type = is_v6 ? 129 : 0, .identifier = r->icmp.identifier, .sequence = r->icmp.sequence};
    struct arpq_ip from = r->to;
    uint8_t payload[2900] = {0};
    size_t size = r->icmp.payload_length;

    memcpy(payload, r->packet + r->header + r->icmp.payload_offset, size);
    icmp.identifier ^= what == WRONG_IDENTIFIER;
    icmp.sequence ^= what == WRONG_SEQUENCE;
    payload[7] ^= what == WRONG_COOKIE;
    from.bytes[3] ^= what == WRONG_SOURCE;
    if (what == WRONG_TYPE)
        icmp.type = is_v6 ? 128 : 14;
    if (what == SHORT_COOKIE)
        size = 7;
    if (what == TOO_LONG)
        size += 500;
    send_message(r, &icmp, &from, payload, size, what);
}

static void send_error(const struct request *r, enum lie what)
{
    const bool is_v6 = r->from.family == AF_INET6;
    struct arpq_icmp icmp = {.type = is_v6 ? 3 : 11};
    struct arpq_ip router = r->to;
    uint8_t about[128];
    uint8_t *message = about + r->header;

    router.bytes[is_v6 ? 15 : 3] = 77;
    memcpy(about, r->packet, r->header + 16);
    message[5] ^= what == OTHER_IDENTIFIER;
    message[7] ^= what == OTHER_SEQUENCE;
    message[15] ^= what == OTHER_COOKIE;
    about[r->header - 1] ^= what == OTHER_DESTINATION;
    if (what == OTHER_TYPE)
        message[0] = is_v6 ? 129 : 13;
    if (what == REDIRECT && !is_v6)
        icmp.type = 5;
    if (what == REDIRECT && is_v6)
        icmp.type = 150; /* an experimental type, so it is not known whether it is an error */
    send_message(r, &icmp, &router, about, r->header + (what == ERROR ? 8 : 16), what);
}

static void reply_with(const struct request *r, enum lie what)
{
    if (what >= ERROR)
        send_error(r, what);
    else
        send_reply(r, what);
}

static void *answer(void *argument)
{
    struct pollfd poll_fd = {.fd = device, .events = POLLIN};
    struct request r;

    while (!over) {
        uint64_t end;

        if (poll(&poll_fd, 1, 20) <= 0 || !read_request(&r))
            continue;
        end = now_ms() + (uint64_t)repeated_ms;
        do
            reply_with(&r, (enum lie)lie);
        while (now_ms() < end && !over);
        if (ends_true)
            reply_with(&r, TRUTH);
    }
    return argument;
}

/* ---- Tests ---- */

static pthread_t liar;

static int set_up(void **state)
{
    netns_enter();
    device = open_tun("liar", IFF_TUN, TUN_KEEPS_TYPE);
    sh("ip link set liar addrgenmode none; ip link set liar up; ip addr add 10.0.5.1/24 dev liar;"
       "ip addr add fd05::1/64 dev liar nodad");
    assert_true(netns_allow_ping(true));
    assert_int_equal(arpq_open(&h, NULL), 0);
    return pthread_create(&liar, NULL, answer, NULL);
}

static int tear_down(void **state)
{
    over = true;
    pthread_join(liar, NULL);
    close(device);
    return fixture_tear_down(state);
}

static const char *const targets[] = {"10.0.5.9", "fd05::9"};

static int ping(int n, uint32_t answer_ms, struct arpq_ping_reply *reply)
{
    const struct arpq_ping_options options = {.size = sizeof options,
                                              .flags = path_kinds[n / 2],
                                              .answer_ms = answer_ms,
                                              .sequence = 0x1234};

    return path_ping(h, targets[n % 2], &options, reply);
}

static void test_truth(void **state)
{
    struct arpq_ping_reply reply;

    ends_true = false;
    for (lie = TRUTH; lie <= WITH_OPTIONS; lie++)
        for (int n = 0; n < 4; n++) {
            assert_int_equal(ping(n, 1000, &reply), 0);
            assert_int_equal(reply.hop_limit, TRUE_HOPS);
            assert_int_equal(reply.payload_size, 56);
        }
    lie = ERROR;
    for (int n = 0; n < 4; n++) {
        assert_int_equal(ping(n, 1000, &reply), -ETIME);
        assert_int_equal(reply.hop_limit, TRUE_HOPS);
        path_assert_from(&reply, n % 2 ? "fd05::4d" : "10.0.5.77");
    }
}

static void test_lies(void **state)
{
    struct arpq_ping_reply reply;

    for (int what = WRONG_IDENTIFIER; what < LIES; what++)
        for (int n = 0; what != ERROR && n < 4; n++) {
            lie = what;
            ends_true = true;
            assert_int_equal(ping(n, 1000, &reply), 0);
            assert_int_equal(reply.hop_limit, TRUE_HOPS);
            ends_true = false;
            assert_int_equal(ping(n, 10, &reply), -ETIMEDOUT);
        }
}

/* Other packets do not extend the timeout. */
static void test_flood(void **state)
{
    struct arpq_ping_reply reply;

    ends_true = false;
    repeated_ms = 150;
    for (int n = 0; n < 4; n++) {
        lie = n % 2 ? OTHER_SEQUENCE : WRONG_COOKIE;
        EXPECT_TIME(99, 150)
        assert_int_equal(ping(n, 100, &reply), -ETIMEDOUT);
    }
    repeated_ms = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_flood),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: MIT */
/* How ping interprets the messages on its socket: times, error reports, and messages that are not
 * for this request. */
#include "test.h"

#include <sys/socket.h>

#include "handle/interfaces.h"
#include "handle/wait.h"
#include "kernel/icmp_socket.h"
#include "kernel/sys.h"
#include "neigh/target.h"

#define FD 55
#define IDENTIFIER 0xabcd
#define SEQUENCE 0x1234

/* ---- The simulated socket ---- */

static uint64_t now_us;
static bool raw;
static int open_code, send_code, choose_code;
static bool broadcast;
static uint8_t request[2048];
static size_t request_size;
static unsigned closed;

struct answer {
    int code; /* 1: the socket returns the message */
    struct aq_icmp_message message;
    bool is_echo; /* the bytes are those of the request, except the byte at index `wrong` */
    int wrong;    /* -1: no byte is changed */
    uint64_t after_us;
};

static const struct answer *answers;
static size_t answer_count;
static int wait_code;
static unsigned waits;

int __wrap_aq_icmp_socket_open(struct aq_icmp_socket *socket,
                               const struct aq_icmp_options *options);
int __wrap_aq_icmp_socket_open(struct aq_icmp_socket *socket, const struct aq_icmp_options *options)
{
    *socket = (struct aq_icmp_socket){.fd = open_code < 0 ? -1 : FD,
                                      .family = options->family,
                                      .identifier = IDENTIFIER,
                                      .raw = raw};
    return open_code;
}

void __wrap_aq_netns_identify(uint64_t id[2]);
void __wrap_aq_netns_identify(uint64_t id[2])
{
    id[0] = id[1] = 0;
}

void __wrap_aq_sys_close(int fd);
void __wrap_aq_sys_close(int fd)
{
    assert_true(fd == FD || fd == -1);
    closed += fd == FD;
}

uint64_t __wrap_aq_sys_now_us(void);
uint64_t __wrap_aq_sys_now_us(void)
{
    return now_us;
}

int __wrap_aq_icmp_socket_send(const struct aq_icmp_socket *socket, const struct arpq_ip *to,
                               const void *message, size_t size);
int __wrap_aq_icmp_socket_send(const struct aq_icmp_socket *socket, const struct arpq_ip *to,
                               const void *message, size_t size)
{
    assert_true(size <= sizeof request);
    memcpy(request, message, size);
    request_size = size;
    return send_code;
}

int __wrap_aq_icmp_socket_receive(const struct aq_icmp_socket *socket, void *buffer, size_t size,
                                  struct aq_icmp_message *message);
int __wrap_aq_icmp_socket_receive(const struct aq_icmp_socket *socket, void *buffer, size_t size,
                                  struct aq_icmp_message *message)
{
    const struct answer *answer = answers;
    uint8_t *bytes = buffer;

    if (answer_count == 0)
        return 0;
    answers++;
    answer_count--;
    now_us += answer->after_us;
    *message = answer->message;
    if (!answer->is_echo)
        return answer->code;
    if (message->size == 0)
        message->size = request_size;
    assert_true(message->size <= size);
    memcpy(bytes, request, message->size);
    if (message->kind == AQ_ICMP_MESSAGE)
        bytes[0] = 0;
    if (answer->wrong >= 0)
        bytes[answer->wrong] ^= 1;
    if (message->kind == AQ_ICMP_MESSAGE) {
        uint16_t sum;

        memset(bytes + 2, 0, 2);
        sum = arpq_icmp_checksum(NULL, NULL, bytes, message->size);
        bytes[2] = (uint8_t)(sum >> 8);
        bytes[3] = (uint8_t)sum;
    }
    message->bytes = bytes;
    return answer->code;
}

int __wrap_aq_wait(struct arpq_handle *h, int fd, int left_ms);
int __wrap_aq_wait(struct arpq_handle *h, int fd, int left_ms)
{
    assert_int_equal(fd, FD);
    assert_between(left_ms, 1, 1000);
    waits++;
    if (wait_code == 0 && answer_count == 0) {
        now_us += (uint64_t)left_ms * 1000;
        return 0;
    }
    return wait_code < 0 ? wait_code : 1;
}

int __wrap_aq_interfaces_refresh(struct arpq_handle *h);
int __wrap_aq_interfaces_refresh(struct arpq_handle *h)
{
    return 0;
}

int __wrap_aq_interfaces_catch_up(struct arpq_handle *h);
int __wrap_aq_interfaces_catch_up(struct arpq_handle *h)
{
    return 0;
}

int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *target);
int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *target)
{
    memset(target, 0, sizeof *target);
    target->answered = broadcast ? ARPQ_NEIGH_BROADCAST : 0;
    return choose_code;
}

static struct arpq_ping_reply reply;

static const struct arpq_ip target = {.family = AF_INET, .bytes = {192, 0, 2, 9}};
static const struct arpq_ip router = {.family = AF_INET, .bytes = {192, 0, 2, 1}};

static int ping(const struct answer *given, size_t count)
{
    const struct arpq_ping_options options = {.size = sizeof options, .sequence = SEQUENCE};
    static struct aq_live live;
    struct arpq_handle h = {.netns_fd = -1, .live = &live};
    int code;

    answers = given;
    answer_count = count;
    closed = waits = 0;
    now_us = 5000000;
    memset(&reply, 0xaa, sizeof reply);
    code = arpq_ping(&h, &target, &options, &reply);
    assert_int_equal(closed, open_code == 0);
    return code;
}

static int set_up(void **state)
{
    raw = broadcast = false;
    open_code = send_code = choose_code = wait_code = 0;
    return 0;
}

#define SENT(ns)                                                                                   \
    {                                                                                              \
        .code = 1, .message = {.kind = AQ_ICMP_SENT, .time_ns = (ns) }                             \
    }

static struct answer echo(uint64_t time_ns)
{
    return (struct answer){.code = 1,
                           .message = {.kind = AQ_ICMP_MESSAGE, .from = target, .time_ns = time_ns},
                           .is_echo = true,
                           .wrong = -1,
                           .after_us = 300};
}

static struct answer report(uint8_t type, int wrong)
{
    return (struct answer){
        .code = 1,
        .message = {.kind = AQ_ICMP_REPORT, .from = router, .to = target, .type = type},
        .is_echo = true,
        .wrong = wrong};
}

/* ---- Times ---- */

static void test_times(void **state)
{
    static const struct {
        uint64_t sent_ns, came_ns, rtt_ns;
        bool by_kernel;
    } cases[] = {
        {9000000000, 9000200000, 200000, true},
        {9000000000, 9000300000, 300000, true},
        {9000000000, 9000300001, 300000, false}, /* the clock was set back */
        {9000000000, 8000000000, 300000, false},
        {9000000000, 9000000000, 300000, false},
        {0, 9000200000, 300000, false},
        {9000000000, 0, 300000, false},
        {0, 0, 300000, false},
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        const struct answer given[] = {SENT(cases[i].sent_ns), SENT(cases[i].sent_ns + 7),
                                       echo(cases[i].came_ns)};

        assert_int_equal(cases[i].sent_ns ? ping(given, 3) : ping(given + 2, 1), 0);
        assert_int_equal(reply.rtt_ns, cases[i].rtt_ns);
        assert_int_equal(reply.flags, cases[i].by_kernel ? ARPQ_PING_KERNEL_TIME : 0);
    }
}

static void test_waiting(void **state)
{
    const struct answer nothing[] = {{.code = -ENOMSG}, {.code = 0}, echo(0)};
    struct answer late = {.code = -ENOMSG, .after_us = 400000};
    const struct answer many[] = {late, late, late, echo(0), echo(0)};

    assert_int_equal(ping(nothing, 3), 0);
    assert_int_equal(ping(NULL, 0), -ETIMEDOUT);
    assert_int_equal(waits, 1);
    /* After the timeout ping reads the socket once more. */
    assert_int_equal(ping(many, 5), 0);
    assert_int_equal(answer_count, 1);
    late.after_us = 600000;
    assert_int_equal(ping((struct answer[]){late, late, late, echo(0)}, 4), -ETIMEDOUT);
    assert_int_equal(answer_count, 1);
    wait_code = 1;
    assert_int_equal(ping((struct answer[]){{.code = 0}, echo(0)}, 2), 0);
    wait_code = -ECANCELED;
    assert_int_equal(ping(nothing, 3), -ECANCELED);
    wait_code = -ENOMEM;
    assert_int_equal(ping(nothing, 3), -ENOMEM);
    wait_code = 0;
    assert_int_equal(ping((struct answer[]){{.code = -ENOBUFS}}, 1), -ENOBUFS);
}

/* ---- Messages for this request and for others ---- */

/* Checks which bytes a reply must repeat. On a raw socket without a filter these include the
 * identifier. */
static void test_echoes(void **state)
{
    for (int is_raw = 0; is_raw < 2; is_raw++)
        for (int byte = 1; byte < 64; byte++) {
            struct answer given = echo(0);
            const bool ours = (!is_raw && byte >= 4 && byte < 6) || byte >= 16 || byte == 2 ||
                              byte == 3; /* the checksum is corrected */

            raw = is_raw;
            given.wrong = byte;
            assert_int_equal(ping(&given, 1), ours ? 0 : -ETIMEDOUT);
        }
}

static void test_sizes(void **state)
{
    for (size_t size = 1; size <= 64; size++) {
        struct answer given = echo(0);

        given.message.size = size;
        assert_int_equal(ping(&given, 1), size >= 16 ? 0 : -ETIMEDOUT);
        if (size >= 16)
            assert_int_equal(reply.payload_size, size - 8);
    }
}

static void test_reports(void **state)
{
    for (int type = 0; type < 256; type++) {
        const struct answer given = report((uint8_t)type, -1);
        const int code = ping(&given, 1);

        assert_int_equal(code, type == 11                ? -ETIME
                               : type == 3 || type == 12 ? -EHOSTUNREACH
                                                         : -ETIMEDOUT);
        if (code == -ETIMEDOUT)
            continue;
        assert_int_equal(reply.type, type);
        assert_int_equal(arpq_ip_compare(&reply.from, &router), 0);
        assert_int_equal(reply.sequence, SEQUENCE);
    }
    for (int is_raw = 0; is_raw < 2; is_raw++)
        for (int byte = 0; byte < 64; byte++) {
            const struct answer given = report(3, byte);
            const bool ours =
                byte == 2 || byte == 3 || (!is_raw && byte >= 4 && byte < 6) || byte >= 16;

            raw = is_raw;
            assert_int_equal(ping(&given, 1), ours ? -EHOSTUNREACH : -ETIMEDOUT);
        }
}

static void test_cut_reports(void **state)
{
    for (size_t size = 1; size <= 64; size++) {
        struct answer given = report(3, -1);

        given.message.size = size;
        assert_int_equal(ping(&given, 1), size >= 8 ? -EHOSTUNREACH : -ETIMEDOUT);
        given.message.to.bytes[3]++;
        assert_int_equal(ping(&given, 1), -ETIMEDOUT);
    }
}

/* An error that does not show the cookie counts only if no reply comes. */
static void test_doubtful_reports(void **state)
{
    struct answer cut = report(3, -1), other = report(11, -1);
    const struct answer whole = report(11, -1);

    for (cut.message.size = 8; cut.message.size <= 17; cut.message.size++) {
        const bool certain = cut.message.size >= 16;

        assert_int_equal(ping((struct answer[]){cut, echo(0)}, 2), certain ? -EHOSTUNREACH : 0);
        assert_int_equal(reply.type, certain ? 3 : 0);
        assert_int_equal(ping((struct answer[]){cut, whole}, 2), certain ? -EHOSTUNREACH : -ETIME);
    }
    cut.message.size = other.message.size = 8;
    assert_int_equal(ping((struct answer[]){cut, other}, 2), -EHOSTUNREACH);
    assert_int_equal(reply.type, 3);
    assert_int_equal(arpq_ip_compare(&reply.from, &router), 0);
    assert_int_equal(reply.sequence, SEQUENCE);
}

/* ---- Failures ---- */

static void test_failures(void **state)
{
    static const struct {
        int result, code;
    } cases[] = {
        {-EACCES, -ENETUNREACH},   {-EHOSTUNREACH, -ENETUNREACH},
        {-EINVAL, -ENETUNREACH},   {-EADDRNOTAVAIL, -ENETUNREACH},
        {-ENETDOWN, -ENETUNREACH}, {-ENETUNREACH, -ENETUNREACH},
        {-EAGAIN, -ENOBUFS},       {-EPERM, -EPERM},
        {-EMSGSIZE, -EMSGSIZE},    {-ENOBUFS, -ENOBUFS},
    };
    static const struct arpq_ping_reply zeros;

    for (size_t i = 0; i < LENGTH(cases); i++) {
        send_code = cases[i].result;
        assert_int_equal(ping(NULL, 0), cases[i].code);
        assert_memory_equal(&reply, &zeros, sizeof zeros);
    }
    send_code = -EACCES;
    broadcast = true;
    assert_int_equal(ping(NULL, 0), -EINVAL);
    choose_code = -ENOMEM;
    assert_int_equal(ping(NULL, 0), -ENETUNREACH);
    open_code = -EMFILE;
    assert_int_equal(ping(NULL, 0), -EMFILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_times),
        TEST_SET_UP(test_waiting),
        TEST_SET_UP(test_echoes),
        TEST_SET_UP(test_sizes),
        TEST_SET_UP(test_reports),
        TEST_SET_UP(test_cut_reports),
        TEST_SET_UP(test_doubtful_reports),
        TEST_SET_UP(test_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

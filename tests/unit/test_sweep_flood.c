/* SPDX-License-Identifier: MIT */
/* A sweep ends even if answers never stop, or if the link accepts no packets. */
#include "test.h"

#include <netinet/icmp6.h>
#include <sys/socket.h>

#include "kernel/icmp_socket.h"
#include "sweep/by_arp.h"
#include "sweep/by_echo.h"
#include "sweep/ip_set.h"

#define STEPS_MOST 200000u
#define STEP_US 640u    /* the time to receive 64 packets */
#define RESOLVE_US 1000 /* 1024 addresses are resolved in a second */

/* ---- The simulated kernel of a method ---- */

static struct {
    uint64_t now_us;
    bool echo, floods, trickles, refuses, slow;
    uint64_t packets; /* packets of the flood */
    uint64_t added_us;
    uint64_t resolved_us;
    uint32_t pending, most_pending, calls;
    uint8_t query[64];
    size_t question_size;
} world;

static int any_fd(void)
{
    return 1000;
}

int __wrap_aq_namespace_run(struct arpq_handle *h, int (*work)(void *), void *context);
int __wrap_aq_namespace_run(struct arpq_handle *h, int (*work)(void *), void *context)
{
    return world.echo ? work(context) : any_fd();
}

uint64_t __wrap_aq_sys_now_us(void);
uint64_t __wrap_aq_sys_now_us(void)
{
    return world.now_us;
}

void __wrap_aq_sys_close(int fd);
void __wrap_aq_sys_close(int fd)
{
}

int __wrap_aq_sys_epoll_add(int epoll_fd, int fd);
int __wrap_aq_sys_epoll_add(int epoll_fd, int fd)
{
    return 0;
}

uint32_t __wrap_aq_sys_set_receive_buffer(int fd, uint32_t bytes);
uint32_t __wrap_aq_sys_set_receive_buffer(int fd, uint32_t bytes)
{
    return bytes;
}

uint32_t __wrap_aq_packet_socket_dropped(int fd);
uint32_t __wrap_aq_packet_socket_dropped(int fd)
{
    return 0;
}

/* Each answer for 10.1.0.5 comes from a new machine. */
static unsigned put_answer(uint8_t *bytes)
{
    static const uint8_t packet[] = {0,  1, 8, 0, 6, 4, 0, 2, 2, 0, 0,  0, 0, 0,
                                     10, 1, 0, 5, 2, 0, 0, 0, 0, 1, 10, 1, 0, 1};

    memcpy(bytes, packet, sizeof packet);
    world.packets++;
    for (unsigned i = 0; i < 4; i++)
        bytes[9 + i] = (uint8_t)(world.packets >> 8 * i);
    return sizeof packet;
}

int __wrap_aq_sys_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int __wrap_aq_sys_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    world.now_us += STEP_US;
    if (!world.floods)
        return -EAGAIN;
    for (unsigned i = 0; i < count; i++)
        messages[i].msg_len = put_answer(messages[i].msg_hdr.msg_iov->iov_base);
    return (int)count;
}

int __wrap_aq_sys_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int __wrap_aq_sys_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    return world.refuses ? -ENOBUFS : (int)count;
}

int __wrap_aq_icmp_socket_open(struct aq_icmp_socket *socket,
                               const struct aq_icmp_options *options);
int __wrap_aq_icmp_socket_open(struct aq_icmp_socket *socket, const struct aq_icmp_options *options)
{
    *socket = (struct aq_icmp_socket){.fd = any_fd(), .family = options->family};
    return 0;
}

int __wrap_aq_icmp_socket_send(const struct aq_icmp_socket *socket, const struct arpq_ip *to,
                               const void *message, size_t size);
int __wrap_aq_icmp_socket_send(const struct aq_icmp_socket *socket, const struct arpq_ip *to,
                               const void *message, size_t size)
{
    assert_true(size <= sizeof world.query);
    memcpy(world.query, message, size);
    world.question_size = size;
    return 0;
}

/* Each answer to the last request comes from a new machine. */
int __wrap_aq_icmp_socket_receive(const struct aq_icmp_socket *socket, void *buffer, size_t size,
                                  struct aq_icmp_message *message);
int __wrap_aq_icmp_socket_receive(const struct aq_icmp_socket *socket, void *buffer, size_t size,
                                  struct aq_icmp_message *message)
{
    world.now_us += STEP_US / AQ_SWEEP_BATCH;
    memset(message, 0, sizeof *message);
    if (!world.floods && (!world.trickles || ++world.calls % 2 == 0))
        return 0;
    assert_true(size >= world.question_size);
    memcpy(buffer, world.query, world.question_size);
    *(uint8_t *)buffer = ICMP6_ECHO_REPLY;
    world.packets++;
    *message = (struct aq_icmp_message){.kind = AQ_ICMP_MESSAGE,
                                        .bytes = buffer,
                                        .size = world.question_size,
                                        .from = {.family = AF_INET6, .bytes = {0xfd}}};
    memcpy(message->from.bytes + 8, &world.packets, 8);
    return 1;
}

int __wrap_arpq_resolver_open(struct arpq_handle *h, struct arpq_resolver **resolver,
                              const struct arpq_resolve_options *options);
int __wrap_arpq_resolver_open(struct arpq_handle *h, struct arpq_resolver **resolver,
                              const struct arpq_resolve_options *options)
{
    *resolver = NULL;
    return 0;
}

/* No address is resolved within a second. */
int __wrap_arpq_resolver_next(struct arpq_resolver *resolver, struct arpq_resolved *resolved,
                              int32_t timeout_ms);
int __wrap_arpq_resolver_next(struct arpq_resolver *resolver, struct arpq_resolved *resolved,
                              int32_t timeout_ms)
{
    if (world.pending == 0 || (!world.floods && world.now_us < world.added_us + 1000000))
        return 0;
    if (world.slow && world.now_us < world.resolved_us + RESOLVE_US)
        return 0;
    world.resolved_us = world.now_us;
    world.pending--;
    *resolved = (struct arpq_resolved){.code = -EHOSTUNREACH};
    return 1;
}

int __wrap_arpq_resolver_add(struct arpq_resolver *resolver, const struct arpq_ip *ip,
                             uint32_t ifindex, uint64_t token);
int __wrap_arpq_resolver_add(struct arpq_resolver *resolver, const struct arpq_ip *ip,
                             uint32_t ifindex, uint64_t token)
{
    world.pending++;
    if (world.pending > world.most_pending)
        world.most_pending = world.pending;
    world.added_us = world.now_us;
    return 0;
}

uint32_t __wrap_arpq_resolver_pending(const struct arpq_resolver *resolver);
uint32_t __wrap_arpq_resolver_pending(const struct arpq_resolver *resolver)
{
    return world.pending;
}

int __wrap_arpq_resolver_fd(const struct arpq_resolver *resolver);
int __wrap_arpq_resolver_fd(const struct arpq_resolver *resolver)
{
    return any_fd();
}

void __wrap_arpq_resolver_close(struct arpq_resolver *resolver);
void __wrap_arpq_resolver_close(struct arpq_resolver *resolver)
{
}

/* The simulated table returns this code, so that the test ends when a sweep by echo reads the
 * table. */
#define REACHED_TABLE (-EPIPE)

int __wrap_arpq_table_get(struct arpq_handle *h, const struct arpq_filter *filter,
                          struct arpq_table **table);
int __wrap_arpq_table_get(struct arpq_handle *h, const struct arpq_filter *filter,
                          struct arpq_table **table)
{
    return REACHED_TABLE;
}

/* ---- Sweeps ---- */

static struct arpq_handle handle;

static struct arpq_sweep sweep_of(const char *text, uint32_t length)
{
    struct arpq_sweep sweep = {.h = &handle,
                               .options = {.rate = 2000, .answer_ms = 300},
                               .link = {.ifindex = 2, .type = 1, .source_count = 1}};
    struct arpq_ip prefix;

    sweep.link.mac = (struct arpq_mac){.length = 6, .type = 1, .bytes = {2}};
    sweep.link.broadcast = (struct arpq_mac){.length = 6, .type = 1, .bytes = {0xff, 0xff}};
    sweep.link.source = (struct arpq_ip){.family = AF_INET, .bytes = {10, 1, 0, 1}};
    sweep.link.sources[0] = (struct arpq_ip){.family = AF_INET6, .bytes = {0xfd, [15] = 1}};
    assert_int_equal(arpq_ip_parse(text, &prefix, 0), 0);
    assert_int_equal(aq_plan_make(&sweep.plan, &prefix, length, true), 0);
    memset(&world, 0, sizeof world);
    world.now_us = 1000000;
    return sweep;
}

/* Run the sweep to its end or failure and return its code. */
static int run(struct arpq_sweep *sweep, const struct aq_sweep_method *method, uint32_t *reported)
{
    int code = 0;

    sweep->method = method;
    sweep->stats.method = method->number;
    assert_int_equal(method->start(sweep), 0);
    *reported = 0;
    for (unsigned n = 0; n < STEPS_MOST && code >= 0 && !sweep->over; n++) {
        sweep->queued = 0;
        code = method->step(sweep);
        assert_true(sweep->queued <= AQ_SWEEP_BATCH);
        *reported += sweep->queued;
        if (code == 0 && (!world.floods || world.slow))
            world.now_us = sweep->wake_us > world.now_us && sweep->wake_us != AQ_WAKEUP_NEVER
                               ? sweep->wake_us
                               : world.now_us + STEP_US;
    }
    method->count(sweep);
    method->stop(sweep);
    assert_true(code < 0 || sweep->over);
    return code;
}

static void test_flood_of_arp(void **state)
{
    struct arpq_sweep sweep = sweep_of("10.1.0.0", 24);
    uint32_t reported;

    world.floods = true;
    assert_int_equal(run(&sweep, &aq_sweep_by_arp, &reported), 0);
    assert_between(sweep.stats.sent, 2 * 255, 2560);
    assert_true(world.now_us < 1000000 + 10000000);
    /* The sweep reports the first machine, the second, and AQ_ANSWER_FURTHER more. */
    assert_int_equal(reported, 2 + AQ_ANSWER_FURTHER);
    assert_int_equal(sweep.stats.duplicates, 1 + AQ_ANSWER_FURTHER);
}

static void test_flood_of_echo_replies(void **state)
{
    struct arpq_sweep sweep = sweep_of("::", 0);
    uint32_t reported;

    world.echo = world.floods = true;
    assert_int_equal(run(&sweep, &aq_sweep_by_echo, &reported), REACHED_TABLE);
    assert_between(sweep.stats.sent, 2, AQ_ROUNDS_USUAL);
    assert_int_equal(world.pending, 0);
    assert_true(reported > 0);
    assert_true(world.now_us < 1000000 + 10000000);
}

/* A host answers from invented addresses, which cannot be resolved. At most 1024 of them are
 * pending at a time, each for a second. The sweep ends 3 s after the last round and reports each
 * address. */
static void test_flood_of_invented_addresses(void **state)
{
    struct arpq_sweep sweep = sweep_of("::", 0);
    uint32_t reported;

    world.echo = world.floods = world.slow = true;
    sweep.options.answer_ms = 1000;
    assert_int_equal(run(&sweep, &aq_sweep_by_echo, &reported), REACHED_TABLE);
    assert_int_equal(world.pending, 0);
    assert_int_equal(reported, AQ_IP_SET_MAX);
    assert_true(sweep.stats.dropped > 0);
    assert_true(world.most_pending <= 1024);
    assert_true(world.now_us < 1000000 + 15000000);
}

/* New addresses keep arriving, so the sweep cannot wait until all are resolved. */
static void test_answers_that_do_not_end(void **state)
{
    struct arpq_sweep sweep = sweep_of("::", 0);
    uint32_t reported;

    world.echo = world.trickles = true;
    assert_int_equal(run(&sweep, &aq_sweep_by_echo, &reported), REACHED_TABLE);
    assert_int_equal(world.pending, 0);
    assert_true(world.now_us < 1000000 + 10000000);
}

/* A firewall drops all packets. */
static void test_link_that_takes_nothing(void **state)
{
    struct arpq_sweep sweep = sweep_of("10.1.0.0", 24);
    uint32_t reported;

    world.refuses = true;
    assert_int_equal(run(&sweep, &aq_sweep_by_arp, &reported), -ENOBUFS);
    assert_int_equal(sweep.stats.sent, 0);
    assert_between(world.now_us, 1000000 + 900000, 1000000 + 1100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flood_of_arp),
        cmocka_unit_test(test_flood_of_echo_replies),
        cmocka_unit_test(test_flood_of_invented_addresses),
        cmocka_unit_test(test_answers_that_do_not_end),
        cmocka_unit_test(test_link_that_takes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

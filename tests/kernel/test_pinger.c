/* SPDX-License-Identifier: MIT */
/* Pinging several targets at a time, from an event loop. */
#include "test.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/ping.h"
#include "process.h"

static struct path path;
static struct arpq_handle *h;
static struct arpq_pinger *p;

static const struct arpq_ping_options quick = {.size = sizeof quick, .answer_ms = 400};

static void open_pinger(const struct arpq_ping_options *options)
{
    assert_int_equal(arpq_pinger_open(h, &p, options), 0);
}

static void close_pinger(void)
{
    arpq_pinger_close(p);
    p = NULL;
}

static void add(const char *target, uint16_t sequence, uint64_t token)
{
    const struct arpq_ip ip = ip_of(target);

    assert_int_equal(arpq_pinger_add(p, &ip, sequence, token), 0);
}

/* Each target has the result that arpq_ping has, whatever the others do. The router has
 * entries for the two hosts that do not exist. Without them it would report these hosts after 3 s,
 * and on a slow machine a later request would get the report. */
static void test_same_as_ping(void **state)
{
    static const char *const targets[] = {
        "10.0.0.2",  "10.0.1.3",    "fd00::2", "fd01::3",  "10.0.1.77",       "10.0.0.1",
        "127.0.0.1", "fd01::99:99", "::1",     "10.0.0.2", "255.255.255.255", "0.0.0.0",
    };
    struct arpq_ping_options options = quick;
    unsigned seen = 0;

    netns_sh(&path.router, "for ip in 10.0.1.77 fd01::99:99; do"
                           "  ip neigh replace $ip lladdr 02:00:00:00:00:77 dev b0; done");
    for (size_t kind = 0; kind < PATH_KINDS; kind++) {
        int32_t codes[LENGTH(targets)];
        struct arpq_ping_reply replies[LENGTH(targets)];
        struct arpq_pinged pinged;

        options.flags = path_kinds[kind];
        for (size_t i = 0; i < LENGTH(targets); i++)
            codes[i] = path_ping(h, targets[i], &options, &replies[i]);
        open_pinger(&options);
        for (size_t i = 0; i < LENGTH(targets); i++)
            add(targets[i], (uint16_t)(1000 + i), i);
        assert_int_equal(arpq_pinger_pending(p), LENGTH(targets));
        for (seen = 0; arpq_pinger_next(p, &pinged, -1) == 1;) {
            const struct arpq_ip ip = ip_of(targets[pinged.token]);

            assert_true(pinged.token < LENGTH(targets));
            assert_false(seen & 1u << pinged.token);
            seen |= 1u << pinged.token;
            if (pinged.code != codes[pinged.token])
                fail_msg("%s: %d instead of %d", targets[pinged.token], pinged.code,
                         codes[pinged.token]);
            assert_int_equal(arpq_ip_compare(&pinged.ip, &ip), 0);
            assert_int_equal(pinged.sequence, 1000 + pinged.token);
            assert_int_equal(arpq_ip_compare(&pinged.reply.from, &replies[pinged.token].from), 0);
            assert_int_equal(pinged.reply.type, replies[pinged.token].type);
            if (pinged.code == 0)
                assert_int_equal(pinged.reply.sequence, pinged.sequence);
        }
        assert_int_equal(seen, (1u << LENGTH(targets)) - 1);
        close_pinger();
    }
}

/* The requests wait at the same time. */
static void test_at_a_time(void **state)
{
    struct arpq_pinged pinged;
    uint64_t before = now_ms();
    unsigned count = 0;

    netns_sh(&path.far, "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all");
    open_pinger(&quick);
    for (uint16_t i = 0; i < 100; i++)
        add("10.0.1.3", i, i);
    while (arpq_pinger_next(p, &pinged, -1) == 1) {
        assert_int_equal(pinged.code, -ETIMEDOUT);
        assert_int_equal(pinged.token, count++);
    }
    netns_sh(&path.far, "echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_all");
    assert_int_equal(count, 100);
    assert_between(now_ms() - before, 399, 1500 * slowness());
    close_pinger();
}

/* The descriptor becomes readable for each result, and not without a reason. */
static void test_event_loop(void **state)
{
    struct pollfd fd = {.events = POLLIN};
    struct arpq_pinged pinged;
    unsigned calls = 0, count = 0;

    open_pinger(&quick);
    fd.fd = arpq_pinger_fd(p);
    assert_int_equal(poll(&fd, 1, 20), 0);
    for (uint16_t i = 0; i < 50; i++)
        add(i % 2 ? "10.0.0.2" : "fd01::3", i, i);
    add("10.0.1.77", 0, 77); /* the router reports an error, or nothing comes */
    while (arpq_pinger_pending(p) > 0) {
        int code;

        assert_int_equal(poll(&fd, 1, 5000), 1);
        code = arpq_pinger_next(p, &pinged, 0);
        assert_true(code == 0 || code == 1);
        assert_true(code == 0 || pinged.token == 77 || pinged.code == 0);
        count += code == 1;
        calls++;
    }
    assert_int_equal(arpq_pinger_next(p, &pinged, 0), -ENODATA);
    assert_int_equal(count, 51);
    assert_between(calls, 51, 400);
    assert_int_equal(poll(&fd, 1, 20), 0);
    close_pinger();
}

/* descriptors_most is 0 where they cannot be counted. */
static void fetch_all(unsigned expected, unsigned descriptors_most)
{
    struct arpq_pinged pinged;
    unsigned count = 0;
    int code;

    while ((code = arpq_pinger_next(p, &pinged, 5000)) == 1) {
        assert_int_equal(pinged.code, 0);
        assert_true(!descriptors_most || open_descriptors() <= descriptors_most);
        count++;
    }
    assert_int_equal(code, -ENODATA);
    assert_int_equal(count, expected);
}

static void test_window(void **state)
{
    struct arpq_ping_options options = quick;
    unsigned before = open_descriptors();

    options.window = 2;
    open_pinger(&options);
    for (uint16_t i = 0; i < 40; i++)
        add("10.0.1.3", i, i);
    fetch_all(40, before + 2 + 2);
    close_pinger();
    assert_int_equal(open_descriptors(), before);
}

static void test_many(void **state)
{
    unsigned before = open_descriptors();

    open_pinger(NULL);
    for (unsigned i = 0; i < 2000; i++)
        add(i % 2 ? "10.0.0.2" : "fd00::2", (uint16_t)i, i);
    fetch_all(2000, before + 2 + 128 + 1);
    close_pinger();
}

/* Short of descriptors it pings fewer at a time. */
static void test_few_descriptors(void **state)
{
    struct rlimit limit, few;
    struct arpq_pinged pinged;
    int highest;

    open_pinger(NULL);
    add("10.0.0.2", 0, 0);
    assert_int_equal(arpq_pinger_next(p, &pinged, -1), 1);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    few = limit;
    highest = dup(0);
    few.rlim_cur = (rlim_t)highest + 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (uint16_t i = 0; i < 30; i++)
        add("10.0.0.2", i, i);
    fetch_all(30, 0);
    few.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    add("10.0.0.2", 0, 0);
    assert_int_equal(arpq_pinger_next(p, &pinged, -1), 1);
    assert_int_equal(pinged.code, -EMFILE);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    close(highest);
    close_pinger();
}

/* A child that inherited the sockets of requests does not keep the descriptor readable. */
static void test_fork(void **state)
{
    const struct arpq_ping_options hasty = {.size = sizeof hasty, .answer_ms = 20};
    struct pollfd fd = {.events = POLLIN};
    struct arpq_pinged pinged;
    int ends[2], status;
    pid_t child;

    open_pinger(&hasty);
    add("10.0.0.77", 0, 5);
    assert_int_equal(arpq_pinger_next(p, &pinged, 0), 0); /* sends it */
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char byte;

        close(ends[1]);
        _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(ends[0]);
    assert_int_equal(arpq_pinger_next(p, &pinged, -1), 1);
    assert_int_equal(pinged.code, -ETIMEDOUT);
    sleep_ms(400); /* the kernel reports on the socket that nobody has the address */
    fd.fd = arpq_pinger_fd(p);
    assert_int_equal(poll(&fd, 1, 20), 0);
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close_pinger();
}

static void test_closing(void **state)
{
    unsigned before = open_descriptors();
    struct arpq_handle *first = h;
    struct arpq_pinged pinged;

    assert_int_equal(arpq_open(&h, NULL), 0);
    open_pinger(NULL);
    arpq_close(h);
    h = first;
    add("10.0.0.2", 1, 1);
    add("10.0.0.2", 2, 2);
    add("10.0.0.2", 3, 3);
    assert_int_equal(arpq_pinger_next(p, &pinged, -1), 1);
    assert_int_equal(arpq_pinger_pending(p), 2);
    close_pinger();
    assert_int_equal(open_descriptors(), before);
}

static void test_bad_arguments(void **state)
{
    const struct arpq_ping_options bad[] = {
        {.size = 4},
        {.size = sizeof bad[0], .flags = 0x80},
        {.size = sizeof bad[0], .sequence = 1},
        {.size = sizeof bad[0], .answer_ms = ARPQ_FOREVER},
        {.size = sizeof bad[0], .window = 4097},
        {.size = sizeof bad[0], .reserved = {0, 1}},
    };
    const struct arpq_ip ip = ip_of("10.0.0.2");
    struct arpq_pinged pinged;

    for (size_t i = 0; i < LENGTH(bad); i++) {
        p = (void *)h;
        assert_int_equal(arpq_pinger_open(h, &p, &bad[i]), -EINVAL);
        assert_null(p);
    }
    assert_int_equal(arpq_pinger_open(NULL, &p, NULL), -EINVAL);
    assert_int_equal(arpq_pinger_open(h, NULL, NULL), -EINVAL);
    assert_int_equal(arpq_pinger_add(NULL, &ip, 0, 0), -EINVAL);
    assert_int_equal(arpq_pinger_next(NULL, &pinged, 0), -EINVAL);
    assert_int_equal(arpq_pinger_fd(NULL), -EINVAL);
    assert_int_equal(arpq_pinger_pending(NULL), 0);
    arpq_pinger_close(NULL);
    open_pinger(NULL);
    assert_int_equal(arpq_pinger_add(p, NULL, 0, 0), -EINVAL);
    assert_int_equal(arpq_pinger_next(p, NULL, 0), -EINVAL);
    assert_int_equal(arpq_pinger_next(p, &pinged, -2), -EINVAL);
    assert_int_equal(arpq_pinger_next(p, &pinged, -1), -ENODATA);
    assert_int_equal(arpq_pinger_next(p, &pinged, 0), -ENODATA);
    close_pinger();
}

static int make_path(void **state)
{
    path_make(&path);
    return arpq_open(&h, NULL);
}

static int free_path(void **state)
{
    arpq_close(h);
    path_free(&path);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_ping),  cmocka_unit_test(test_at_a_time),
        cmocka_unit_test(test_event_loop),    cmocka_unit_test(test_window),
        cmocka_unit_test(test_many),          cmocka_unit_test(test_few_descriptors),
        cmocka_unit_test(test_fork),          cmocka_unit_test(test_closing),
        cmocka_unit_test(test_bad_arguments),
    };

    return cmocka_run_group_tests(tests, make_path, free_path);
}

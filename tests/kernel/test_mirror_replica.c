/* SPDX-License-Identifier: MIT */
/* A mirror follows the kernel through link changes, many changes and overruns, and reports them by
 * events, statistics and its descriptor. */
#include "test.h"

#include <poll.h>
#include <pthread.h>

#include "kernel/mirror.h"
#include "kernel/mirror_events.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"

/* A mirror pauses for four times as long as a dump takes, and dumps are slow on a busy machine. */
#define ASYNC_MS 10000

#define SOME_ENTRIES                                                                               \
    "ip neigh replace 10.1.0.8 dev v0 lladdr " MAC_A " nud stale;"                                 \
    "ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B " nud permanent;"                             \
    "ip neigh replace fd01::8 dev v0 lladdr " MAC_A " nud reachable;"                              \
    "ip neigh replace fd01::9 dev v0 lladdr " MAC_B " nud permanent;"                              \
    "ip neigh replace 10.1.0.9 dev v0p lladdr " MAC_C " nud permanent;"

static void test_links(void **state)
{
    struct netns_second second = netns_second();

    sh(SOME_ENTRIES);
    open_mirror(0);
    SAME(5);
    sh("ip link set v0 down");
    sync_mirror();
    SAME(1);
    FAILS_ON("10.1.0.9", "v0", -ENOENT);
    MAC_IS("10.1.0.9", MAC_C);
    sh("ip link set v0 up; " SOME_ENTRIES);
    sync_mirror();
    SAME(5);
    sh("ip link set v0 address " MAC_C);
    sync_mirror();
    SAME(1);
    sh(SOME_ENTRIES);
    if (can_rename_up())
        sh("ip link set v0 name w0; ip link set w0 name v0");
    else
        report_not_runnable("the renaming in test_links", RENAMES_DOWN_ONLY);
    sync_mirror();
    SAME(5);
    sh("ip link set v0 netns %d", second.pid);
    sync_mirror();
    SAME(1);
    FAILS("fd01::9", -ENOENT);
    sh("ip link del v0p");
    sync_mirror();
    SAME(0);
    FAILS("10.1.0.9", -ENOENT);
    netns_second_free(&second);
}

static void test_large(void **state)
{
    struct arpq_mac a = mac_of(MAC_A), b = mac_of(MAC_B);
    static struct arpq_neigh found[LARGE];

    open_mirror(0);
    fill(MAC_A);
    while (arpq_mirror_sync(m) > 0)
        continue;
    SAME(LARGE);
    assert_int_equal(stats_of().overruns, 0);
    assert_int_equal(stats_of().dumps, 1);
    assert_true(stats_of().entries >= LARGE);
    assert_int_equal(arpq_mirror_find_mac(m, &a, found, LARGE), LARGE);
    fill(MAC_B);
    while (arpq_mirror_sync(m) > 0)
        continue;
    SAME(LARGE);
    assert_int_equal(arpq_mirror_find_mac(m, &a, found, LARGE), 0);
    assert_int_equal(arpq_mirror_find_mac(m, &b, found, LARGE), LARGE);
    assert_int_equal(stats_of().moved, LARGE);
    assert_int_equal(stats_of().conflicts, 0);
    open_mirror(0);
    SAME(LARGE);
    sh("ip link set v0 down");
    while (arpq_mirror_sync(m) > 0)
        continue;
    SAME(0);
    assert_int_equal(arpq_mirror_find_mac(m, &b, found, LARGE), 0);
}

static char event_log[4096];

static void write_event_log(const struct arpq_event *event, void *context)
{
    char ip[ARPQ_IP_STRLEN];

    if (event->neigh.ip.family && is_group(&event->neigh.ip))
        return;
    sprintf(event_log + strlen(event_log), "%s %s %u\n", arpq_name(ARPQ_NAMES_EVENT, event->type),
            arpq_ip_format(&event->neigh.ip, ip, sizeof ip), event->flags);
}

static void test_order_of_events(void **state)
{
    struct arpq_mirror_options options = options_of(0);

    event_log[0] = '\0';
    options.on_event = write_event_log;
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A);
    open_with(&options);
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B ";"
       "ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A "; ip neigh del 10.1.0.9 dev v0");
    sync_mirror();
    assert_string_equal(event_log, "NEIGH_ADDED 10.1.0.9 1\nSYNCED  0\nNEIGH_MOVED 10.1.0.9 0\n"
                                   "NEIGH_MOVED 10.1.0.9 2\nCONFLICT 10.1.0.9 0\n"
                                   "NEIGH_CHANGED 10.1.0.9 0\nNEIGH_REMOVED 10.1.0.9 0\n");
    assert_int_equal(stats_of().moved, 2);
    assert_int_equal(stats_of().conflicts, 1);
    assert_int_equal(stats_of().events, 4);
}

/* The kernel adds entries of groups at any time, and each new entry is looked up once more. */
static void expect_quiet(struct pollfd *fd)
{
    for (int i = 0; poll(fd, 1, 20) > 0; i++) {
        assert_true(i < 100);
        sync_mirror();
    }
}

static void test_descriptor(void **state)
{
    struct pollfd fd = {.events = POLLIN};

    open_mirror(0);
    fd.fd = arpq_mirror_fd(m);
    expect_quiet(&fd);
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A);
    assert_int_equal(poll(&fd, 1, 0), 1);
    FAILS("10.1.0.9", -ENOENT);
    assert_true(arpq_mirror_sync(m) >= 1);
    MAC_IS("10.1.0.9", MAC_A);
    expect_quiet(&fd);
    assert_int_equal(arpq_mirror_fd(NULL), -EINVAL);
    assert_int_equal(arpq_mirror_sync(NULL), -EINVAL);
    assert_int_equal(arpq_mirror_stats(m, NULL), -EINVAL);
    arpq_mirror_close(NULL);
}

/* Wait, sync and look up, as a program does. */
static void run_until_quiet(void)
{
    struct arpq_ip ip = ip_of("fd01::9");
    struct arpq_mac mac;
    struct pollfd fd = {.fd = arpq_mirror_fd(m), .events = POLLIN};

    while (poll(&fd, 1, 20) > 0 || busy || stats_of().stale) {
        sync_mirror();
        assert_int_equal(arpq_mirror_lookup(m, &ip, 0, &mac), 0);
        assert_int_equal(mac.bytes[5], 0xcc);
    }
}

static void test_overruns(void **state)
{
    struct arpq_mirror_options options = options_of(0);
    uint64_t before = now_ms();
    pthread_t thread;

    sh("ip neigh add fd01::9 dev v0 lladdr " MAC_C);
    count_events_of(&options);
    options.receive_buffer = 4096;
    open_with(&options);
    busy = true;
    assert_int_equal(pthread_create(&thread, NULL, flood, NULL), 0);
    run_until_quiet();
    pthread_join(thread, NULL);
    assert_true(stats_of().overruns > 0);
    /* At most one dump in 100 ms. */
    assert_true(stats_of().dumps <= 3 + (now_ms() - before) / 100);
    /* If another overrun happens during a dump, the mirror reads the table once more. */
    assert_true((uint64_t)mirror_events.synced <= stats_of().dumps);
    assert_int_equal(mirror_events.overruns, mirror_events.synced - 1);
    SAME(999);
}

static int is_complete(void *context)
{
    struct arpq_mac mac = mac_of(context);

    return arpq_mirror_find_mac(m, &mac, NULL, 0) == LARGE && !stats_of().stale;
}

static void test_overruns_with_thread(void **state)
{
    struct arpq_mirror_options options = options_of(ARPQ_MIRROR_THREAD);
    char a[] = MAC_A, b[] = MAC_B;

    options.receive_buffer = 2048;
    open_with(&options);
    fill(a);
    assert_true(wait_until(is_complete, a, ASYNC_MS));
    fill(b);
    assert_true(wait_until(is_complete, b, ASYNC_MS));
    SAME(LARGE);
}

static void test_receive_buffer(void **state)
{
    struct arpq_mirror_options options = options_of(0);

    options.receive_buffer = 1u << 20;
    open_with(&options);
    assert_int_equal(stats_of().receive_wanted, 2u << 20);
    assert_int_equal(stats_of().receive_buffer, 2u << 20);
}

static void test_other_namespace(void **state)
{
    struct netns_second second = netns_second();
    const struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = second.fd};

    arpq_close(h);
    h = NULL;
    assert_int_equal(arpq_open(&h, &options), 0);
    netns_sh(&second, "ip link add x0 type bridge; ip link set x0 up;"
                      "ip neigh add 10.7.0.9 dev x0 lladdr " MAC_A);
    open_mirror(ARPQ_MIRROR_THREAD);
    MAC_IS("10.7.0.9", MAC_A);
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A);
    netns_sh(&second, "ip neigh replace 10.7.0.9 dev x0 lladdr " MAC_B);
    sync_mirror();
    MAC_IS("10.7.0.9", MAC_B);
    FAILS("10.1.0.9", -ENOENT);
    netns_second_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_links),          TEST(test_large),           TEST(test_order_of_events),
        TEST(test_descriptor),     TEST(test_overruns),        TEST(test_overruns_with_thread),
        TEST(test_receive_buffer), TEST(test_other_namespace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

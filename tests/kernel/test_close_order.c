/* SPDX-License-Identifier: MIT */
/* Closing a handle before the objects that were opened on it. */
#include "test.h"

#include <errno.h>
#include <unistd.h>

#include <arpq.h>

#include "kernel/mirror.h"
#include "kernel/netns.h"
#include "process.h"

static void close_handle(void)
{
    arpq_close(h);
    h = NULL;
}

static void test_mirror(void **state)
{
    for (uint32_t flags = 0; flags <= ARPQ_MIRROR_THREAD; flags++) {
        unsigned descriptors = open_descriptors();

        assert_int_equal(arpq_open(&h, NULL), 0);
        sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A);
        open_mirror(flags);
        close_handle();
        sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B);
        sync_mirror();
        MAC_IS("10.1.0.9", MAC_B);
        arpq_mirror_close(m);
        m = NULL;
        assert_int_equal(open_descriptors(), descriptors);
    }
}

static void test_watch(void **state)
{
    unsigned descriptors = open_descriptors();
    struct arpq_watch *watch;
    struct arpq_event event;

    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_watch_open(h, &watch, NULL), 0);
    close_handle();
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A);
    assert_int_equal(arpq_watch_next(watch, &event, 2000), 1);
    assert_int_equal(event.type, ARPQ_EVENT_NEIGH_ADDED);
    arpq_watch_close(watch);
    assert_int_equal(open_descriptors(), descriptors);
}

static void test_resolver(void **state)
{
    const struct arpq_resolve_options options = {.size = sizeof options, .answer_ms = 50};
    const struct arpq_ip ip = ip_of("10.1.0.77");
    unsigned descriptors = open_descriptors();
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;

    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolver_open(h, &resolver, &options), 0);
    assert_int_equal(arpq_resolver_add(resolver, &ip, 0, 7), 0);
    close_handle();
    assert_int_equal(arpq_resolver_next(resolver, &resolved, -1), 1);
    assert_int_equal(resolved.code, -EHOSTUNREACH);
    arpq_resolver_close(resolver);
    assert_int_equal(open_descriptors(), descriptors);
}

/* With several objects, the last one closed frees the handle. */
static void test_any_order(void **state)
{
    unsigned descriptors = open_descriptors();

    for (int order = 0; order < 4; order++) {
        struct arpq_watch *watches[2];

        assert_int_equal(arpq_open(&h, NULL), 0);
        for (int i = 0; i < 2; i++)
            assert_int_equal(arpq_watch_open(h, &watches[i], NULL), 0);
        if (order & 1)
            close_handle();
        arpq_watch_close(watches[order >> 1]);
        arpq_watch_close(watches[!(order >> 1)]);
        if (h)
            close_handle();
        assert_int_equal(open_descriptors(), descriptors);
    }
}

static int close_first_handle(void **state)
{
    int code = set_up(state);

    close_handle();
    return code;
}

#define CLOSE_TEST(name) cmocka_unit_test_setup_teardown(name, close_first_handle, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {CLOSE_TEST(test_mirror), CLOSE_TEST(test_watch),
                                       CLOSE_TEST(test_resolver), CLOSE_TEST(test_any_order)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* The queue of a watch: order, growth, and release of memory. */
#include "test.h"

#include <sys/socket.h>

#include "mirror/watch_queue.h"

static void put(struct aq_watch_queue *queue, uint32_t number)
{
    struct arpq_neigh neigh = {.ifindex = number, .ip = {.family = AF_INET}};
    struct arpq_mac mac = {.length = 6, .bytes = {(uint8_t)number}};
    const struct aq_change change = {.type = ARPQ_EVENT_NEIGH_CHANGED,
                                     .flags = ARPQ_EVENT_RESYNC,
                                     .old_state = number + 1,
                                     .neigh = &neigh,
                                     .old_mac = &mac};

    assert_int_equal(aq_watch_queue_reserve(queue, AQ_CHANGES_MAX), 0);
    aq_watch_queue_put(queue, &change);
    memset(&neigh, 0xaa, sizeof neigh); /* the queue has a copy */
    memset(&mac, 0xaa, sizeof mac);
}

static void take(struct aq_watch_queue *queue, uint32_t number)
{
    struct arpq_event event;

    memset(&event, 0xaa, sizeof event);
    assert_true(aq_watch_queue_take(queue, &event));
    assert_int_equal(event.type, ARPQ_EVENT_NEIGH_CHANGED);
    assert_int_equal(event.flags, ARPQ_EVENT_RESYNC);
    assert_int_equal(event.old_state, number + 1);
    assert_int_equal(event.neigh.ifindex, number);
    assert_int_equal(event.old_mac.bytes[0], (uint8_t)number);
    assert_int_equal(event.interface.ifindex, 0);
    assert_int_equal(event.address.ifindex, 0);
}

static void test_order(void **state)
{
    struct aq_watch_queue queue = {0};
    struct arpq_event event;

    assert_false(aq_watch_queue_take(&queue, &event));
    for (uint32_t n = 0; n < 1000; n++)
        put(&queue, n);
    for (uint32_t n = 0; n < 1000; n++)
        take(&queue, n);
    assert_false(aq_watch_queue_take(&queue, &event));
    aq_watch_queue_free(&queue);
    assert_null(queue.ring);
}

/* Grow the queue with the oldest event at each position. */
static void test_growth_while_wrapped(void **state)
{
    for (uint32_t first = 0; first < 64; first++) {
        struct aq_watch_queue queue = {0};
        uint32_t in = 0, out = 0;

        while (in < first)
            put(&queue, in++);
        while (out < in)
            take(&queue, out++);
        while (in < first + 300) {
            put(&queue, in++);
            assert_true(queue.count <= queue.capacity);
        }
        assert_int_equal(queue.capacity, 512);
        while (out < in)
            take(&queue, out++);
        aq_watch_queue_free(&queue);
    }
}

static void test_ring_is_kept(void **state)
{
    struct aq_watch_queue queue = {0};
    struct aq_queued *ring;

    put(&queue, 0);
    ring = queue.ring;
    take(&queue, 0);
    for (uint32_t n = 0; n < 1000; n++) {
        put(&queue, n);
        take(&queue, n);
    }
    assert_ptr_equal(queue.ring, ring);
    aq_watch_queue_free(&queue);
}

/* After a flood the queue releases its memory. */
static void test_shrink(void **state)
{
    struct aq_watch_queue queue = {0};

    for (uint32_t n = 0; n < 5000; n++)
        put(&queue, n);
    assert_true(queue.capacity >= 5000);
    for (uint32_t n = 0; n < 5000; n++)
        take(&queue, n);
    assert_null(queue.ring);
    assert_int_equal(queue.capacity, 0);
    put(&queue, 7);
    take(&queue, 7);
    aq_watch_queue_free(&queue);
}

static void test_every_kind(void **state)
{
    const struct arpq_interface interface = {.ifindex = 4, .name = "eth4"};
    const struct arpq_address address = {.ifindex = 5, .prefix_length = 24};
    const struct aq_change changes[] = {
        {.type = ARPQ_EVENT_INTERFACE_CHANGED, .old_flags = 9, .interface = &interface},
        {.type = ARPQ_EVENT_ADDRESS_ADDED, .address = &address},
        {.type = ARPQ_EVENT_SYNCED},
    };
    struct aq_watch_queue queue = {0};
    struct arpq_event event;

    put(&queue, 3); /* used slots, to check that nothing of an old event remains */
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(aq_watch_queue_reserve(&queue, 1), 0);
        aq_watch_queue_put(&queue, &changes[i]);
    }
    take(&queue, 3);
    assert_true(aq_watch_queue_take(&queue, &event));
    assert_memory_equal(&event.interface, &interface, sizeof interface);
    assert_int_equal(event.old_flags, 9);
    assert_int_equal(event.neigh.ifindex, 0);
    assert_true(aq_watch_queue_take(&queue, &event));
    assert_memory_equal(&event.address, &address, sizeof address);
    assert_true(aq_watch_queue_take(&queue, &event));
    assert_int_equal(event.type, ARPQ_EVENT_SYNCED);
    assert_int_equal(event.neigh.ifindex, 0);
    assert_int_equal(event.old_mac.length, 0);
    aq_watch_queue_free(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),        cmocka_unit_test(test_growth_while_wrapped),
        cmocka_unit_test(test_ring_is_kept), cmocka_unit_test(test_shrink),
        cmocka_unit_test(test_every_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

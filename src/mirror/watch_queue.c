/* SPDX-License-Identifier: MIT */
#include "mirror/watch_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/event.h"

#define CAPACITY_MIN 64u

/* A larger ring is freed when it becomes empty. */
#define CAPACITY_KEPT 4096u

/* A copy of a change and of the one object that the change concerns. */
struct aq_queued {
    uint32_t type, flags, old_state, old_flags;
    union {
        struct {
            struct arpq_neigh neigh;
            struct arpq_mac old_mac;
        };
        struct arpq_interface interface;
        struct arpq_address address;
    };
};

/* Set the pointer first: a child that is forked in between must not free the old ring. */
static void watch_queue_replace(struct aq_watch_queue *queue, struct aq_queued *ring)
{
    struct aq_queued *old = queue->ring;

    queue->ring = ring;
    free(old);
}

int aq_watch_queue_reserve(struct aq_watch_queue *queue, uint32_t more)
{
    uint32_t capacity = queue->capacity ? queue->capacity : CAPACITY_MIN;
    struct aq_queued *ring;

    if (queue->capacity - queue->count >= more)
        return 0;
    while (capacity - queue->count < more)
        capacity *= 2;
    ring = malloc(capacity * sizeof *ring);
    if (!ring)
        return -ENOMEM;
    for (uint32_t i = 0; i < queue->count; i++)
        ring[i] = queue->ring[(queue->first + i) & (queue->capacity - 1)];
    watch_queue_replace(queue, ring);
    queue->capacity = capacity;
    queue->first = 0;
    return 0;
}

void aq_watch_queue_put(struct aq_watch_queue *queue, const struct aq_change *change)
{
    struct aq_queued *at = &queue->ring[(queue->first + queue->count++) & (queue->capacity - 1)];

    memset(at, 0, sizeof *at);
    at->type = change->type;
    at->flags = change->flags;
    at->old_state = change->old_state;
    at->old_flags = change->old_flags;
    if (change->neigh)
        at->neigh = *change->neigh;
    if (change->old_mac)
        at->old_mac = *change->old_mac;
    if (change->interface)
        at->interface = *change->interface;
    if (change->address)
        at->address = *change->address;
}

static void watch_queue_read(const struct aq_queued *at, struct arpq_event *event)
{
    struct aq_change change = {.type = at->type,
                               .flags = at->flags,
                               .old_state = at->old_state,
                               .old_flags = at->old_flags};

    if (at->type <= ARPQ_EVENT_CONFLICT) {
        change.neigh = &at->neigh;
        change.old_mac = &at->old_mac;
    } else if (at->type >= ARPQ_EVENT_ADDRESS_ADDED) {
        change.address = &at->address;
    } else if (at->type >= ARPQ_EVENT_INTERFACE_ADDED) {
        change.interface = &at->interface;
    }
    aq_event_from_change(&change, event);
}

bool aq_watch_queue_take(struct aq_watch_queue *queue, struct arpq_event *event)
{
    if (queue->count == 0)
        return false;
    watch_queue_read(&queue->ring[queue->first], event);
    queue->first = (queue->first + 1) & (queue->capacity - 1);
    if (--queue->count == 0 && queue->capacity > CAPACITY_KEPT)
        aq_watch_queue_free(queue);
    return true;
}

void aq_watch_queue_free(struct aq_watch_queue *queue)
{
    watch_queue_replace(queue, NULL);
    queue->first = queue->count = queue->capacity = 0;
}

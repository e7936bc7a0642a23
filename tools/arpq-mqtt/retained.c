/* SPDX-License-Identifier: MIT */
#include "retained.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define FIRST_CAPACITY 256

/* FNV-1a. The names are those of neighbours of this machine: a host on the link may choose some of
 * them, but not more than the kernel's table takes. */
static size_t hash_of(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return (size_t)(hash ^ hash >> 32);
}

static struct retained_topic **place_of(const struct retained *r, const char *name)
{
    struct retained_topic **place = &r->buckets[hash_of(name) & (r->capacity - 1)];

    while (*place && strcmp((*place)->name, name) != 0)
        place = &(*place)->chain;
    return place;
}

static struct retained_topic *find(const struct retained *r, const char *name)
{
    return r->capacity == 0 ? NULL : *place_of(r, name);
}

static void grow(struct retained *r)
{
    struct retained old = *r;

    r->capacity = old.capacity == 0 ? FIRST_CAPACITY : 2 * old.capacity;
    r->buckets = memory_check(calloc(r->capacity, sizeof(struct retained_topic *)));
    for (size_t i = 0; i < old.capacity; i++)
        while (old.buckets[i]) {
            struct retained_topic *topic = old.buckets[i];
            struct retained_topic **place = &r->buckets[hash_of(topic->name) & (r->capacity - 1)];

            old.buckets[i] = topic->chain;
            topic->chain = *place;
            *place = topic;
        }
    free(old.buckets);
}

static struct retained_topic *add(struct retained *r, const char *name, bool of_list)
{
    const size_t size = strlen(name) + 1;
    struct retained_topic *topic, **place;

    if (r->count >= r->capacity)
        grow(r);
    topic = memory_check(calloc(1, sizeof *topic + size));
    memcpy(topic->name, name, size);
    topic->of_list = of_list;
    place = place_of(r, name);
    *place = topic;
    r->count++;
    return topic;
}

/* ---- The queue ---- */

static struct retained_queue *queue_of(struct retained *r, const struct retained_topic *topic)
{
    return &r->queues[topic->first ? 0 : 1];
}

/* A topic that flies goes to the queue when it lands, so that the broker gets its messages in
 * order. */
static void enqueue(struct retained *r, struct retained_topic *topic)
{
    topic->first = topic->of_list == (topic->payload != NULL);
    if (topic->flying) {
        topic->changed = true;
        r->first_changed += topic->first;
        return;
    }
    struct retained_queue *queue = queue_of(r, topic);
    topic->queued = true;
    topic->before = queue->last;
    topic->behind = NULL;
    *(queue->last ? &queue->last->behind : &queue->first) = topic;
    queue->last = topic;
}

static void dequeue(struct retained *r, struct retained_topic *topic)
{
    if (topic->changed)
        r->first_changed -= topic->first;
    topic->changed = false;
    if (!topic->queued)
        return;
    struct retained_queue *queue = queue_of(r, topic);
    topic->queued = false;
    *(topic->before ? &topic->before->behind : &queue->first) = topic->behind;
    *(topic->behind ? &topic->behind->before : &queue->last) = topic->before;
}

static void release(struct retained *r, struct retained_topic *topic)
{
    *place_of(r, topic->name) = topic->chain;
    dequeue(r, topic);
    r->count--;
    free(topic->payload);
    free(topic);
}

/* Keeps its place in the queue unless it belongs to the other part now. */
static void send_topic(struct retained *r, struct retained_topic *topic)
{
    topic->unknown = false;
    if ((topic->queued || topic->changed) &&
        topic->first == (topic->of_list == (topic->payload != NULL)))
        return;
    dequeue(r, topic);
    enqueue(r, topic);
}

/* ---- What the broker should have ---- */

void retained_set(struct retained *r, const char *name, const char *payload, uint32_t ifindex,
                  bool of_list)
{
    struct retained_topic *topic = find(r, name);

    if (!topic)
        topic = add(r, name, of_list);
    topic->ifindex = ifindex;
    topic->reading = r->reading;
    if (topic->payload && strcmp(topic->payload, payload) == 0)
        return;
    free(topic->payload);
    topic->payload = memory_check(strdup(payload));
    send_topic(r, topic);
}

/* If the broker has a topic that this program did not send, its list names it later. */
static void clear_topic(struct retained *r, struct retained_topic *topic)
{
    if (!topic->payload)
        return;
    if (!topic->there) {
        release(r, topic);
        return;
    }
    free(topic->payload);
    topic->payload = NULL;
    send_topic(r, topic);
}

/* If an interface was created again, the topic may already belong to the new one. */
void retained_clear(struct retained *r, const char *name, uint32_t ifindex)
{
    struct retained_topic *topic = find(r, name);

    if (topic && topic->ifindex == ifindex)
        clear_topic(r, topic);
}

/* Calls a function for each topic; it may release the topic. */
static void each_topic(struct retained *r,
                       void (*one)(struct retained *r, struct retained_topic *topic, uint32_t n),
                       uint32_t n)
{
    for (size_t i = 0; i < r->capacity; i++)
        for (struct retained_topic *topic = r->buckets[i], *next; topic; topic = next) {
            next = topic->chain;
            one(r, topic, n);
        }
}

static void clear_of_interface(struct retained *r, struct retained_topic *topic, uint32_t ifindex)
{
    if (topic->ifindex == ifindex)
        clear_topic(r, topic);
}

void retained_clear_interface(struct retained *r, uint32_t ifindex)
{
    each_topic(r, clear_of_interface, ifindex);
}

void retained_begin_reading(struct retained *r)
{
    r->reading++;
}

static void clear_unread(struct retained *r, struct retained_topic *topic, uint32_t reading)
{
    if (topic->reading != reading)
        clear_topic(r, topic);
}

void retained_end_reading(struct retained *r)
{
    each_topic(r, clear_unread, r->reading);
}

/* ---- What the broker has ---- */

/* What is to be removed is sent again: to remove what is not there does no harm. */
static void forget_topic(struct retained *r, struct retained_topic *topic, uint32_t unused)
{
    (void)unused;
    dequeue(r, topic);
    topic->flying = false;
    topic->unknown = topic->payload != NULL;
    if (!topic->unknown)
        enqueue(r, topic);
}

void retained_forget(struct retained *r)
{
    each_topic(r, forget_topic, 0);
}

/* Returns the topic. It is added to be removed if the broker should not have it. */
static struct retained_topic *mark_there(struct retained *r, const char *name, bool of_list)
{
    struct retained_topic *topic = find(r, name);

    if (!topic) {
        topic = add(r, name, of_list);
        send_topic(r, topic);
    }
    topic->there = true;
    return topic;
}

void retained_found(struct retained *r, const char *name)
{
    struct retained_topic *topic = mark_there(r, name, true);

    if (topic->payload)
        topic->unknown = false;
}

void retained_suspected(struct retained *r, const char *name)
{
    mark_there(r, name, false);
}

static void send_unknown_topic(struct retained *r, struct retained_topic *topic, uint32_t unused)
{
    (void)unused;
    if (topic->unknown)
        send_topic(r, topic);
}

void retained_send_unknown(struct retained *r)
{
    each_topic(r, send_unknown_topic, 0);
}

/* ---- Sending ---- */

struct retained_topic *retained_next(struct retained *r)
{
    struct retained_topic *topic = r->queues[0].first;

    if (!topic && r->first_changed == 0)
        topic = r->queues[1].first;
    if (!topic)
        return NULL;
    dequeue(r, topic);
    topic->flying = true;
    topic->there = true;
    return topic;
}

void retained_acknowledged(struct retained *r, struct retained_topic *topic)
{
    const bool changed = topic->changed;

    dequeue(r, topic);
    topic->flying = false;
    if (changed)
        enqueue(r, topic);
    else if (!topic->payload)
        release(r, topic);
}

static void release_topic(struct retained *r, struct retained_topic *topic, uint32_t unused)
{
    (void)unused;
    release(r, topic);
}

void retained_free(struct retained *r)
{
    each_topic(r, release_topic, 0);
    free(r->buckets);
    *r = (struct retained){0};
}

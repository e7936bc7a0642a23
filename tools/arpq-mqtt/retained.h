/* SPDX-License-Identifier: MIT */
/* The retained messages that the broker should have, and which of them it has. A topic that changes
 * again before it is sent is sent once, and one that is cleared before it is sent is dropped: memory
 * is bounded by the number of topics that the broker should have or may have.
 *
 * The list in the broker (topic.h) must name every entry that the broker has, also if the program or
 * the connection ends at any time. So a topic of the list is set before the entries and cleared after
 * them: the queue has two parts, and the second one waits until the first is sent. */
#ifndef ARPQ_MQTT_RETAINED_H
#define ARPQ_MQTT_RETAINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct retained_topic {
    struct retained_topic *chain;           /* the next one of the same bucket */
    struct retained_topic *before, *behind; /* in a part of the queue; only if queued */
    char *payload;                          /* NULL: the broker should have none */
    uint32_t ifindex;                       /* the interface that the entry belongs to */
    uint32_t reading;                       /* the last reading of the table that had it */
    bool of_list;                           /* and not an entry */
    bool queued;                            /* to be sent */
    bool first;                             /* in the first part, or to go there when it lands */
    bool flying;                            /* sent and not acknowledged */
    bool changed;                           /* while it was flying */
    bool unknown;                           /* the broker has not said what it has */
    bool there;                             /* the broker may have it: sent, or in its list */
    char name[];
};

struct retained_queue {
    struct retained_topic *first, *last;
};

struct retained {
    struct retained_topic **buckets;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
    size_t first_changed; /* topics that fly and are to go to the first part then */
    uint32_t reading;
    struct retained_queue queues[2];
};

/* ---- What the broker should have ---- */

void retained_set(struct retained *r, const char *name, const char *payload, uint32_t ifindex,
                  bool of_list);
void retained_clear(struct retained *r, const char *name, uint32_t ifindex);

/* Clears all topics of an interface that was removed. */
void retained_clear_interface(struct retained *r, uint32_t ifindex);

/* The table is read again from here on: retained_end_reading clears what was not set since. */
void retained_begin_reading(struct retained *r);
void retained_end_reading(struct retained *r);

/* ---- What the broker has ---- */

/* After a new connection: nothing is known, and what was flying may be lost. */
void retained_forget(struct retained *r);

/* The broker has this topic of the list. */
void retained_found(struct retained *r, const char *name);

/* The broker may have this entry, with any content. */
void retained_suspected(struct retained *r, const char *name);

/* The list has ended: sends all that it did not name. */
void retained_send_unknown(struct retained *r);

/* ---- Sending ---- */

/* Returns the next topic to send and marks it as flying, or NULL if there is none now. */
struct retained_topic *retained_next(struct retained *r);

/* The broker has acknowledged the topic, which may no longer exist after the call. */
void retained_acknowledged(struct retained *r, struct retained_topic *topic);

void retained_free(struct retained *r);

#endif

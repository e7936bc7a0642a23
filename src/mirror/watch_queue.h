/* SPDX-License-Identifier: MIT */
/* Changes that wait for arpq_watch_next. */
#ifndef AQ_MIRROR_WATCH_QUEUE_H
#define AQ_MIRROR_WATCH_QUEUE_H

#include <stdbool.h>

#include "mirror/notify.h"

struct aq_watch_queue {
    struct aq_queued *ring;
    uint32_t first, count, capacity;
};

/* Reserve memory for `more` further changes. Returns 0 or -ENOMEM. */
int aq_watch_queue_reserve(struct aq_watch_queue *queue, uint32_t more);

/* Append a change. The caller has reserved memory for it. */
void aq_watch_queue_put(struct aq_watch_queue *queue, const struct aq_change *change);

/* Remove the oldest change. Returns false if there is none. */
bool aq_watch_queue_take(struct aq_watch_queue *queue, struct arpq_event *event);

void aq_watch_queue_free(struct aq_watch_queue *queue);

#endif

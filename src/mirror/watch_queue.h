/* SPDX-License-Identifier: MIT */
/* Changes that wait to be asked for, in order. */
#ifndef AQ_MIRROR_WATCH_QUEUE_H
#define AQ_MIRROR_WATCH_QUEUE_H

#include <stdbool.h>

#include "mirror/notify.h"

struct aq_watch_queue {
    struct aq_queued *ring;
    uint32_t first, count, capacity;
};

/* Make room for that many more: 0 or -ENOMEM. */
int aq_watch_queue_reserve(struct aq_watch_queue *queue, uint32_t more);

/* Room has been reserved. */
void aq_watch_queue_put(struct aq_watch_queue *queue, const struct aq_change *change);

/* Whether there was one. */
bool aq_watch_queue_take(struct aq_watch_queue *queue, struct arpq_event *event);

void aq_watch_queue_free(struct aq_watch_queue *queue);

#endif

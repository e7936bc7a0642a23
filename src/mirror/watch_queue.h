/* SPDX-License-Identifier: MIT */
/* Changes that wait to be asked for, in order. */
#ifndef AQ_WATCH_QUEUE_H
#define AQ_WATCH_QUEUE_H

#include "mirror/replica.h"

struct aq_queue {
    struct aq_queued *ring;
    uint32_t first, count, room;
};

/* Make room for that many more: 0 or -ENOMEM. */
int aq_queue_reserve(struct aq_queue *queue, uint32_t more);

/* Room has been reserved. */
void aq_queue_put(struct aq_queue *queue, const struct aq_change *change);

/* Whether there was one. */
bool aq_queue_take(struct aq_queue *queue, struct arpq_event *event);

void aq_queue_free(struct aq_queue *queue);

#endif

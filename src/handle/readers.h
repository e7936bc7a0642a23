/* SPDX-License-Identifier: MIT */
/* Hazard pointers: many threads read views while one replaces them. */
#ifndef AQ_HANDLE_READERS_H
#define AQ_HANDLE_READERS_H

#include <stdatomic.h>
#include <stdint.h>

#include "ifmap/view.h"

#define AQ_READERS 64

struct arpq;

/* The view that a thread is reading, on a cache line of its own; NULL: none. */
struct aq_reader {
    _Alignas(64) _Atomic(struct aq_view *) view;
};

/* Begin to read the current view. It stays valid until aq_readers_leave. */
struct aq_view *aq_readers_enter(struct arpq *h, struct aq_reader **reader);
void aq_readers_leave(struct aq_reader *reader);

/* Publish a new view, and free replaced ones that no thread reads. Under live->update. */
void aq_readers_publish(struct arpq *h, struct aq_view *view);

/* Free every view, when no thread uses the handle any more. */
void aq_readers_free(struct arpq *h);

/* A number of the calling thread, from 0; and the number of a slot, which is the same modulo
 * AQ_READERS while slots are free. */
uint32_t aq_readers_thread(void);
uint32_t aq_readers_number(const struct arpq *h, const struct aq_reader *reader);

#endif

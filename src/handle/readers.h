/* SPDX-License-Identifier: MIT */
/* Hazard pointers: many threads read views while one replaces them. */
#ifndef AQ_HANDLE_READERS_H
#define AQ_HANDLE_READERS_H

#include <stdatomic.h>
#include <stdint.h>

#include "ifmap/view.h"

#define AQ_READERS 64

struct arpq_handle;

/* The view that a thread is reading, on a cache line of its own; NULL: none. */
struct aq_reader {
    _Alignas(64) _Atomic(struct aq_view *) view;
};

/* Begin to read the current view. It stays valid until aq_readers_leave. */
struct aq_view *aq_readers_enter(struct arpq_handle *h, struct aq_reader **reader);
void aq_readers_leave(struct aq_reader *reader);

/* Publish a new view, and free replaced ones that no thread reads. The caller holds
 * live->update. */
void aq_readers_publish(struct arpq_handle *h, struct aq_view *view);

/* Free every view. The caller ensures that no thread uses the handle any more. */
void aq_readers_free(struct arpq_handle *h);

/* aq_readers_thread returns the number of the calling thread, counted from 0. aq_readers_number
 * returns the number of a slot: the thread number modulo AQ_READERS, unless that slot was in
 * use. */
uint32_t aq_readers_thread(void);
uint32_t aq_readers_number(const struct arpq_handle *h, const struct aq_reader *reader);

#endif

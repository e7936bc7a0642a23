/* SPDX-License-Identifier: MIT */
/* Hazard pointers: many threads read views while one replaces them. */
#ifndef AQ_HANDLE_READERS_H
#define AQ_HANDLE_READERS_H

#include <stdatomic.h>
#include <stdint.h>

#include "ifmap/view.h"

#define AQ_READERS 64

struct arpq;

/* A reader's announcement of the view it is looking at, on a cache line of its own. */
struct aq_reader {
    _Alignas(64) _Atomic(struct aq_view *) view;
};

struct aq_view *aq_readers_enter(struct arpq *h, struct aq_reader **reader);
void aq_readers_leave(struct aq_reader *reader);

/* Publish a new view; free those that nobody reads any more. Under live->update. */
void aq_readers_publish(struct arpq *h, struct aq_view *view);

/* A number for the calling thread, from 0, dense enough to tell threads apart; and that
 * of a reader's slot, which is the same while there are no more threads than slots. */
uint32_t aq_readers_thread(void);
uint32_t aq_readers_number(const struct arpq *h, const struct aq_reader *reader);

#endif

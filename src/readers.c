/* SPDX-License-Identifier: MIT */
/*
 * Hazard pointers. A reader announces the view it is about to use in a slot of its
 * own and looks again whether it is still the current one; a writer that replaced a
 * view frees it once no slot names it. Readers never wait for a writer, and two
 * readers touch no common cache line but the read-only ones.
 */
#include <sched.h>

#include "handle.h"

/* A slot to try first: thread stacks are far apart, so the address of a local is a
 * cheap name for the calling thread. */
static size_t first_slot(void)
{
    char here;

    return (((uintptr_t)&here >> 16) * 0x9e3779b97f4a7c15u >> 32) % AQ_READERS;
}

struct aq_view *aq_readers_enter(struct arpq *h, struct aq_reader **reader)
{
    size_t at = first_slot();

    for (size_t tried = 1;; at = (at + 1) % AQ_READERS, tried++) {
        struct aq_view *view = atomic_load(&h->view);
        struct aq_view *free_slot = NULL;

        if (atomic_compare_exchange_strong(&h->live->readers[at].view, &free_slot, view)) {
            if (atomic_load(&h->view) == view) {
                *reader = &h->live->readers[at];
                return view;
            }
            aq_readers_leave(&h->live->readers[at]);
        }
        /* A slot is held for some 20 ns; more threads than slots is a crowd. */
        if (tried % AQ_READERS == 0)
            sched_yield();
    }
}

void aq_readers_leave(struct aq_reader *reader)
{
    atomic_store_explicit(&reader->view, NULL, memory_order_release);
}

static bool is_read(struct aq_live *live, const struct aq_view *view)
{
    for (size_t i = 0; i < AQ_READERS; i++)
        if (atomic_load(&live->readers[i].view) == view)
            return true;
    return false;
}

void aq_readers_publish(struct arpq *h, struct aq_view *view)
{
    struct aq_view *old = atomic_exchange(&h->view, view);
    struct aq_view **link = &h->retired;

    if (old) {
        *aq_view_next(old) = h->retired;
        h->retired = old;
    }
    while (*link) {
        struct aq_view *retired = *link;

        if (is_read(h->live, retired)) {
            link = aq_view_next(retired);
            continue;
        }
        *link = *aq_view_next(retired);
        aq_view_free(retired);
    }
}

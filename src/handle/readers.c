/* SPDX-License-Identifier: MIT */
/*
 * Hazard pointers. A reader writes the view that it is about to use into a slot, then checks that
 * this view is still the current one. A writer frees a replaced view when no slot holds it. Readers
 * never wait for a writer, and two readers never write to the same cache line.
 */
#include <sched.h>

#include "handle/handle.h"
#include "handle/readers.h"

uint32_t aq_readers_thread(void)
{
    static _Atomic uint32_t last;
    static _Thread_local uint32_t number;

    if (number == 0)
        number = atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
    return number - 1;
}

uint32_t aq_readers_number(const struct arpq_handle *h, const struct aq_reader *reader)
{
    return (uint32_t)(reader - h->live->readers);
}

struct aq_view *aq_readers_enter(struct arpq_handle *h, struct aq_reader **reader)
{
    size_t at = aq_readers_thread() % AQ_READERS;

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
        /* There are more threads than slots, and all slots are in use. A slot is usually in use for
         * about 20 ns, and for an ioctl if the view may be old. */
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

void aq_readers_publish(struct arpq_handle *h, struct aq_view *view)
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

void aq_readers_free(struct arpq_handle *h)
{
    aq_view_free(atomic_load(&h->view));
    while (h->retired) {
        struct aq_view *view = h->retired;

        h->retired = *aq_view_next(view);
        aq_view_free(view);
    }
}

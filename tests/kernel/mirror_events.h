/* SPDX-License-Identifier: MIT */
/* Events that a mirror reports to the tests. */
#ifndef ARPQ_TEST_KERNEL_MIRROR_EVENTS_H
#define ARPQ_TEST_KERNEL_MIRROR_EVENTS_H

#include <pthread.h>
#include <stdatomic.h>

#include <arpq.h>

extern struct mirror_events {
    atomic_int added, moved, synced, overruns;
    atomic_bool on_main, unblocked, after_synced;
    pthread_t main;
} mirror_events;

/* Set on_event so that it counts events in `mirror_events`, starting from zero. */
void count_events_of(struct arpq_mirror_options *options);

extern atomic_bool busy;

/* A thread that changes entries for a second and then clears `busy`. */
void *flood(void *unused);

#endif

/* SPDX-License-Identifier: MIT */
/* What a mirror under test is made to hear. */
#ifndef ARPQ_TEST_KERNEL_MIRROR_EVENTS_H
#define ARPQ_TEST_KERNEL_MIRROR_EVENTS_H

#include <pthread.h>
#include <stdatomic.h>

#include <arpq.h>

extern struct heard {
    atomic_int added, moved, synced, overruns;
    atomic_bool on_main, unblocked, after_synced;
    pthread_t main;
} heard;

/* Count events in heard, from none. */
void expect_to_hear(struct arpq_mirror_options *options);

extern atomic_bool busy;

/* A thread: changes entries for a second, then busy is false. */
void *flood(void *unused);

#endif

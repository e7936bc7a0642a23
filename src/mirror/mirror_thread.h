/* SPDX-License-Identifier: MIT */
/* The thread that keeps a mirror's replica current. */
#ifndef AQ_MIRROR_MIRROR_THREAD_H
#define AQ_MIRROR_MIRROR_THREAD_H

#include "mirror/replica.h"

struct aq_mirror_thread {
    struct aq_replica *replica;
    pthread_t thread;
    uint32_t epoch; /* of the handle in the process that has the thread */
    atomic_bool running;
    atomic_bool stopping;
    int stop_fd; /* eventfd that ends the wait */
    int wake_fd; /* epoll of stop_fd and the replica */
    pthread_mutex_t mutex;
    pthread_cond_t stop; /* ends a pause */
};

/* Prepare zeroed memory, so that aq_mirror_thread_stop can be called. */
void aq_mirror_thread_init(struct aq_mirror_thread *thread);

/* Start the thread with all signals blocked. The caller must call aq_mirror_thread_stop even
 * after an error. */
int aq_mirror_thread_start(struct aq_mirror_thread *thread, struct aq_replica *replica);
void aq_mirror_thread_stop(struct aq_mirror_thread *thread);

#endif

/* SPDX-License-Identifier: MIT */
/* Events that a mirror reports to the tests. */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "kernel/mirror.h"
#include "kernel/mirror_events.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"

struct mirror_events mirror_events;
atomic_bool busy;

static void hear(const struct arpq_event *event, void *context)
{
    sigset_t blocked;

    assert_ptr_equal(context, &mirror_events);
    mirror_events.added += event->type == ARPQ_EVENT_NEIGH_ADDED && !is_group(&event->neigh.ip);
    mirror_events.moved += event->type == ARPQ_EVENT_NEIGH_MOVED;
    mirror_events.overruns += event->type == ARPQ_EVENT_OVERRUN;
    if (event->type == ARPQ_EVENT_SYNCED)
        mirror_events.synced++;
    if (event->type == ARPQ_EVENT_NEIGH_MOVED) {
        mirror_events.after_synced = mirror_events.synced > 0;
        mirror_events.on_main = pthread_equal(pthread_self(), mirror_events.main) != 0;
        pthread_sigmask(SIG_BLOCK, NULL, &blocked);
        for (int number = 1; number < 32; number++)
            if (number != SIGKILL && number != SIGSTOP && !sigismember(&blocked, number))
                mirror_events.unblocked = true;
    }
}

void count_events_of(struct arpq_mirror_options *options)
{
    memset(&mirror_events, 0, sizeof mirror_events);
    mirror_events.main = pthread_self();
    options->on_event = hear;
    options->context = &mirror_events;
}

void *flood(void *unused)
{
    uint64_t end = now_ms() + 1000;

    for (int i = 0; now_ms() < end; i++)
        sh("for i in $(seq 2 1000); do echo neigh replace 10.1.$((i / 250)).$((i %% 250))"
           " dev v0 lladdr %s nud permanent; done | ip -batch -",
           i % 2 ? MAC_A : MAC_B);
    busy = false;
    return NULL;
}

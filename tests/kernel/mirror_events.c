/* SPDX-License-Identifier: MIT */
/* What a mirror under test is made to hear. */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "kernel/mirror.h"
#include "kernel/mirror_events.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"

struct heard heard;
atomic_bool busy;

static void hear(const struct arpq_event *event, void *context)
{
    sigset_t blocked;

    assert_ptr_equal(context, &heard);
    heard.added += event->type == ARPQ_EVENT_NEIGH_ADDED && !is_group(&event->neigh.ip);
    heard.moved += event->type == ARPQ_EVENT_NEIGH_MOVED;
    heard.overruns += event->type == ARPQ_EVENT_OVERRUN;
    if (event->type == ARPQ_EVENT_SYNCED)
        heard.synced++;
    if (event->type == ARPQ_EVENT_NEIGH_MOVED) {
        heard.after_synced = heard.synced > 0;
        heard.on_main = pthread_equal(pthread_self(), heard.main) != 0;
        pthread_sigmask(SIG_BLOCK, NULL, &blocked);
        for (int number = 1; number < 32; number++)
            if (number != SIGKILL && number != SIGSTOP && !sigismember(&blocked, number))
                heard.unblocked = true;
    }
}

void expect_to_hear(struct arpq_mirror_options *options)
{
    memset(&heard, 0, sizeof heard);
    heard.main = pthread_self();
    options->on_event = hear;
    options->context = &heard;
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

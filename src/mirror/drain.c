/* SPDX-License-Identifier: MIT */
#include "mirror/drain.h"

#include <errno.h>

#include "mirror/apply.h"

/* Batches in one go, the rest is for the next sync. */
#define BATCHES_MAX 1024

/* Events are lost: tell so once, until they are made up for. */
static int drain_on_overrun(struct aq_replica *replica)
{
    const struct aq_change overrun = {.type = ARPQ_EVENT_OVERRUN};
    int code;

    replica->stale = true;
    if (replica->overrun_reported)
        return 0;
    code = aq_notify_reserve(replica);
    if (code < 0)
        return code;
    replica->overrun_reported = true;
    aq_notify(replica, &overrun);
    return 0;
}

int aq_drain(struct aq_replica *replica)
{
    int failure = 0;

    replica->drained = false;
    for (int batches = 0; batches < BATCHES_MAX; batches++) {
        int code = aq_rtnl_events(&replica->event, replica->buffers, aq_apply_neigh, replica);

        replica->drained = code == -EAGAIN;
        if (replica->drained)
            break;
        if (code >= 0)
            continue;
        /* Until it is drained the socket takes nothing new: go on to its end first. */
        replica->stats.overruns += code == -ENOBUFS;
        if (code != -ENOBUFS && code != -EMSGSIZE)
            failure = code;
        code = drain_on_overrun(replica);
        if (failure == 0)
            failure = code;
        if (failure < 0 && failure != -ENOMEM)
            break;
    }
    return failure;
}

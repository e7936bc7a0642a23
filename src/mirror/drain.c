/* SPDX-License-Identifier: MIT */
#include "mirror/drain.h"

#include <errno.h>

#include "kernel/rtnl_event.h"
#include "mirror/apply.h"

/* Reads of the event socket in one call; the next sync continues. */
#define BATCHES_MAX 1024

/* Events were lost: report it once until the next resync. */
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
        /* After an overrun the socket drops new events until it is drained: read on to the end. */
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

/* SPDX-License-Identifier: MIT */
#include "mirror/drain.h"

#include <errno.h>

#include "kernel/rtnl_event.h"
#include "kernel/sys.h"
#include "mirror/apply.h"

/* The time for one call. The next sync does the rest, so that a flood cannot block the caller. */
#define DRAIN_US 5000u

/* Events were lost: report this at most once before the next resync. */
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
    const uint64_t until_us = aq_sys_now_us() + DRAIN_US;
    int failure = 0;

    replica->drained = false;
    do {
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
    } while (aq_sys_now_us() < until_us);
    return failure;
}

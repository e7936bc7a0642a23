/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "mirror/replica.h"

/* Batches in one go, the rest is for the next sync. */
#define BATCHES_MAX 1024

/* Events are lost: tell so once, until they are made up for. */
static int lose(struct aq_follow *follow)
{
    const struct aq_change overrun = {.type = ARPQ_EVENT_OVERRUN};
    int code;

    follow->stale = true;
    if (follow->told)
        return 0;
    code = aq_follow_reserve(follow);
    if (code < 0)
        return code;
    follow->told = true;
    aq_follow_tell(follow, &overrun);
    return 0;
}

int aq_follow_drain(struct aq_follow *follow)
{
    int failure = 0;

    follow->drained = false;
    for (int batches = 0; batches < BATCHES_MAX; batches++) {
        int code = aq_rtnl_events(&follow->event, follow->batch, aq_follow_apply, follow);

        follow->drained = code == -EAGAIN;
        if (follow->drained)
            break;
        if (code >= 0)
            continue;
        /* Until it is drained the socket takes nothing new: go on to its end first. */
        follow->stats.overruns += code == -ENOBUFS;
        if (code != -ENOBUFS && code != -EMSGSIZE)
            failure = code;
        code = lose(follow);
        if (failure == 0)
            failure = code;
        if (failure < 0 && failure != -ENOMEM)
            break;
    }
    return failure;
}

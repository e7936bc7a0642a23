/* SPDX-License-Identifier: MIT */
#include "sweep/resolution.h"

#include <errno.h>

#include "sweep/setup.h"

#define KERNEL_REPEATS_MS 1000u
#define KERNEL_REQUESTS_USUAL 2u
#define KERNEL_REQUESTS_MOST 3u

/* The most addresses that wait for an answer, or for space in the kernel's table. */
#define PENDING_MOST 1024u

/* The most times that an address is tried while the kernel's table is full. The token of an address
 * is its number plus TRY for each further try. */
#define TRIES_MOST 10u
#define TRY ((uint64_t)1 << 32)

uint32_t aq_resolution_requests(const struct arpq_sweep *sweep)
{
    uint32_t most = sweep->options.attempts;

    if (!most)
        return KERNEL_REQUESTS_USUAL;
    return most < KERNEL_REQUESTS_MOST ? most : KERNEL_REQUESTS_MOST;
}

uint32_t aq_resolution_answer_ms(const struct arpq_sweep *sweep)
{
    uint64_t repeats = aq_resolution_requests(sweep) - 1;
    uint64_t us = repeats * KERNEL_REPEATS_MS * 1000 + aq_sweep_timeout_us(sweep);
    uint64_t late_us = aq_sweep_late_us(sweep);

    return (uint32_t)((us > late_us ? us : late_us) / 1000);
}

int aq_resolution_open(struct arpq_sweep *sweep, struct aq_resolution *resolution)
{
    const struct arpq_resolve_options options = {.size = sizeof options,
                                                 .answer_ms = aq_resolution_answer_ms(sweep)};
    int code = arpq_resolver_open(sweep->h, &resolution->resolver, &options);

    if (code < 0)
        return code;
    return aq_wakeup_add(&sweep->wakeup, arpq_resolver_fd(resolution->resolver));
}

void aq_resolution_close(struct aq_resolution *resolution)
{
    arpq_resolver_close(resolution->resolver);
    resolution->resolver = NULL;
}

bool aq_resolution_has_space(const struct aq_resolution *resolution)
{
    return arpq_resolver_pending(resolution->resolver) < PENDING_MOST;
}

static int resolution_try(struct arpq_sweep *sweep, struct aq_resolution *resolution,
                          uint64_t token, uint32_t ifindex)
{
    struct arpq_ip ip;
    int code;

    aq_plan_ip(&sweep->plan, (uint32_t)token, &ip);
    code = arpq_resolver_add(resolution->resolver, &ip, ifindex, token);
    resolution->lowest += code == 0 && aq_sweep_is_lowest(sweep, &ip);
    return code;
}

int aq_resolution_add(struct arpq_sweep *sweep, struct aq_resolution *resolution, uint32_t number,
                      uint32_t ifindex)
{
    return resolution_try(sweep, resolution, number, ifindex);
}

/* A machine is present if the kernel has confirmed it; other entries may be out of date. */
static void resolution_report(struct arpq_sweep *sweep, const struct arpq_resolved *resolved)
{
    struct arpq_found *found = aq_sweep_report(sweep, &resolved->neigh.ip);

    found->mac = resolved->neigh.mac;
    found->ifindex = resolved->ifindex;
    if (resolved->neigh.state != ARPQ_STATE_REACHABLE) {
        found->flags = ARPQ_FOUND_TABLE;
        return;
    }
    found->attempt = 1 + (uint32_t)(resolved->took_us / (KERNEL_REPEATS_MS * 1000));
    /* After a second request it is unknown which request the machine answered. */
    if (found->attempt == 1)
        found->rtt_us = (uint32_t)resolved->took_us;
    sweep->stats.received++;
}

static int resolution_settle(struct arpq_sweep *sweep, struct aq_resolution *resolution,
                             const struct arpq_resolved *resolved)
{
    bool gone = resolved->code == -ENETDOWN || resolved->code == -ENODEV;

    if (resolved->code == 0) {
        /* Before Linux 5.14 the lowest address of a subnet is a broadcast address. */
        if (!(resolved->neigh.flags & ARPQ_NEIGH_BROADCAST))
            resolution_report(sweep, resolved);
        return 0;
    }
    if (resolved->code == -ENOBUFS) {
        sweep->stats.deferred++;
        if (resolved->token / TRY < TRIES_MOST)
            return resolution_try(sweep, resolution, resolved->token + TRY, resolved->ifindex);
    }
    if (gone && resolved->ifindex == sweep->link.ifindex)
        return resolved->code;
    resolution->silent++;
    return 0;
}

int aq_resolution_fetch(struct arpq_sweep *sweep, struct aq_resolution *resolution)
{
    struct arpq_resolved resolved;
    int code = 0;

    for (unsigned n = sweep->queued; n < AQ_SWEEP_BATCH && code == 0; n++) {
        code = arpq_resolver_next(resolution->resolver, &resolved, 0);
        if (code != 1)
            return code == -ENODATA ? 0 : code;
        resolution->lowest -= aq_sweep_is_lowest(sweep, &resolved.ip);
        code = resolution_settle(sweep, resolution, &resolved);
    }
    return code < 0 ? code : 1;
}

bool aq_resolution_is_pending(const struct arpq_sweep *sweep,
                              const struct aq_resolution *resolution)
{
    uint32_t unwanted = aq_sweep_waits_for_lowest(sweep) ? 0 : resolution->lowest;

    return arpq_resolver_pending(resolution->resolver) > unwanted;
}

/* SPDX-License-Identifier: MIT */
#include "resolve/resolver.h"

#include <errno.h>
#include <limits.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "handle/deadline.h"
#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/namespace.h"
#include "handle/options.h"
#include "handle/wait.h"
#include "kernel/rtnl_event.h"
#include "kernel/sys.h"
#include "resolve/limit.h"
#include "resolve/work.h"

#define LEAST offsetof(struct arpq_resolve_options, answer_ms)
#define KNOWN offsetof(struct arpq_resolve_options, reserved)

/* The kernel sends three requests, one each second. To confirm a known address, the kernel first
 * waits 5 s for a confirmation by a higher protocol layer and then probes that address three
 * times. */
#define ANSWER_MS 3500u
#define ANSWER_CONFIRM_MS 12000u
#define WINDOW 1024u
#define WINDOW_MAX 65536u

/* Holds the events of a full window, and as many events of other neighbours. */
#define RECEIVE_BUFFER (4u * 1024 * 1024)

/* The most addresses at a time. Each one takes about 600 bytes. */
#define PENDING_MAX 1048576u

#define US_PER_MS 1000u

/* ---- Open and close ---- */

static int resolver_read_options(const struct arpq_resolve_options *from, struct arpq_resolver *r)
{
    struct arpq_resolve_options options;
    bool confirms;
    int code = aq_options_read(from, LEAST, KNOWN, AQ_RESOLVE_FLAGS, &options, sizeof options);

    if (code < 0)
        return code;
    if (options.window > WINDOW_MAX)
        return -EINVAL;
    confirms = options.flags & ARPQ_RESOLVE_REVALIDATE || options.max_age_ms;
    if (options.answer_ms == 0)
        options.answer_ms = confirms ? ANSWER_CONFIRM_MS : ANSWER_MS;
    r->flags = options.flags;
    r->max_age_ms = options.max_age_ms;
    r->window = options.window ? options.window : WINDOW;
    r->timeout_us =
        options.answer_ms == ARPQ_FOREVER ? AQ_NEVER : (uint64_t)options.answer_ms * US_PER_MS;
    return 0;
}

static int resolver_open_event_socket(void *context)
{
    return aq_rtnl_open(context, AQ_RTNL_GROUP(RTNLGRP_NEIGH));
}

static int resolver_open_descriptors(struct arpq_resolver *r)
{
    int code = aq_namespace_run(r->h, resolver_open_event_socket, &r->event);

    if (code < 0)
        return code;
    (void)aq_sys_set_receive_buffer(r->event.fd, RECEIVE_BUFFER);
    code = aq_wakeup_open(&r->wakeup);
    return code < 0 ? code : aq_wakeup_add(&r->wakeup, r->event.fd);
}

static int resolver_set_up(struct arpq_resolver *r)
{
    int code = aq_interfaces_refresh(r->h);

    if (code == 0 && !r->h->has_rtnl)
        code = -EOPNOTSUPP;
    if (code == 0)
        code = aq_pending_init(&r->pending);
    if (code < 0)
        return code;
    r->buffers = aq_rtnl_buffers_make(AQ_RTNL_NEIGH_EVENT_SIZE);
    return r->buffers ? aq_sys_unify_refusal(resolver_open_descriptors(r)) : -ENOMEM;
}

int arpq_resolver_open(struct arpq_handle *h, struct arpq_resolver **resolver,
                       const struct arpq_resolve_options *options)
{
    struct arpq_resolver *new_resolver;
    int code;

    aq_detail_begin(h);
    if (resolver)
        *resolver = NULL;
    if (!h || !resolver)
        return -EINVAL;
    new_resolver = aligned_alloc(_Alignof(struct arpq_resolver), sizeof *new_resolver);
    if (!new_resolver)
        return -ENOMEM;
    memset(new_resolver, 0, sizeof *new_resolver);
    new_resolver->h = aq_handle_ref(h);
    aq_wakeup_init(&new_resolver->wakeup);
    new_resolver->budgets[0].family = AF_INET;
    new_resolver->budgets[1].family = AF_INET6;
    aq_rtnl_init(&new_resolver->event, &h->live->detail);
    code = resolver_read_options(options, new_resolver);
    if (code == 0)
        code = resolver_set_up(new_resolver);
    if (code < 0) {
        arpq_resolver_close(new_resolver);
        return code;
    }
    new_resolver->epoch = aq_handle_epoch(h);
    *resolver = new_resolver;
    return 0;
}

void arpq_resolver_close(struct arpq_resolver *resolver)
{
    if (!resolver)
        return;
    if (aq_handle_epoch(resolver->h) == resolver->epoch && !resolver->keeps_entries)
        aq_work_abandon(resolver);
    aq_rtnl_close(&resolver->event);
    aq_wakeup_close(&resolver->wakeup);
    aq_rtnl_buffers_free(resolver->buffers);
    aq_pending_free(&resolver->pending);
    aq_handle_unref(resolver->h);
    free(resolver);
}

int arpq_resolver_fd(const struct arpq_resolver *resolver)
{
    return resolver ? resolver->wakeup.fd : -EINVAL;
}

uint32_t arpq_resolver_pending(const struct arpq_resolver *resolver)
{
    return resolver ? resolver->pending.count : 0;
}

/* ---- Add and next ---- */

/* Set the timer that makes the descriptor readable when the resolver has work again. */
static int resolver_set_alarm(struct arpq_resolver *r)
{
    return aq_sys_unify_refusal(aq_wakeup_set_alarm(&r->wakeup, aq_limit_next(r)));
}

/* Wait at most `left` milliseconds (-1: no limit), but not past the time of the next work,
 * because a sandbox may refuse the timer. */
static int resolver_wait(struct arpq_resolver *r, int left)
{
    uint64_t next = aq_limit_next(r), now = aq_sys_now_us(), wait_ms;

    if (next != AQ_NEVER) {
        wait_ms = next > now ? (next - now + US_PER_MS - 1) / US_PER_MS : 0;
        if (wait_ms < (uint64_t)(left < 0 ? INT_MAX : left))
            left = (int)wait_ms;
    }
    return aq_wait(r->h, r->wakeup.fd, left);
}

int arpq_resolver_add(struct arpq_resolver *resolver, const struct arpq_ip *ip, uint32_t ifindex,
                      uint64_t token)
{
    struct aq_wait *wait;

    aq_detail_begin(resolver ? resolver->h : NULL);
    if (!resolver || !ip)
        return -EINVAL;
    if (resolver->pending.count >= PENDING_MAX)
        return -ENOBUFS;
    wait = aq_pending_add(&resolver->pending);
    if (!wait)
        return -ENOMEM;
    wait->ip = *ip;
    wait->ifindex = ifindex;
    wait->token = token;
    wait->added_us = aq_sys_now_us();
    (void)resolver_set_alarm(resolver);
    return 0;
}

static bool resolver_take(struct arpq_resolver *r, struct arpq_resolved *resolved)
{
    struct aq_wait *wait = r->pending.stages[AQ_STAGE_DONE].first;

    if (!wait)
        return false;
    resolved->neigh = wait->neigh;
    resolved->ip = wait->ip;
    resolved->ifindex = wait->ifindex;
    resolved->code = wait->code;
    resolved->token = wait->token;
    resolved->took_us = aq_sys_now_us() - wait->added_us;
    aq_pending_drop(&r->pending, wait);
    return true;
}

int arpq_resolver_next(struct arpq_resolver *resolver, struct arpq_resolved *resolved,
                       int32_t timeout_ms)
{
    uint64_t deadline_us = aq_deadline(timeout_ms);

    aq_detail_begin(resolver ? resolver->h : NULL);
    if (resolved)
        memset(resolved, 0, sizeof *resolved);
    if (!resolver || !resolved || timeout_ms < -1)
        return -EINVAL;
    for (;;) {
        int code, alarm_code, left;

        if (resolver_take(resolver, resolved))
            return 1;
        code = aq_sys_unify_refusal(aq_work(resolver));
        alarm_code = resolver_set_alarm(resolver);
        if (code == 0 && timeout_ms == 0)
            code = alarm_code;
        if (resolver_take(resolver, resolved))
            return 1;
        if (code < 0)
            return code;
        if (resolver->pending.count == 0)
            return -ENODATA;
        left = aq_deadline_left(timeout_ms, deadline_us);
        if (left == 0)
            return 0;
        code = resolver_wait(resolver, left);
        if (code < 0)
            return code;
    }
}

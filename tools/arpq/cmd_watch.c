/* SPDX-License-Identifier: MIT */
/* arpq watch: prints changes of the neighbour table when they happen. */
#include "cmd_watch.h"

#include "clock.h"
#include "event.h"
#include "loop.h"
#include "report.h"

struct watch_run {
    const struct tool *t;
    struct loop loop;
    struct arpq_watch *watch;
    int64_t deadline; /* in clock_ms(); INT64_MAX: none */
    uint64_t printed;
    bool synced; /* all initial entries have been printed */
};

/* The library applies the filter to neighbours only; this applies it to the other events. */
static bool is_wanted(const struct tool *t, const struct arpq_event *event)
{
    const struct arpq_address *address = &event->address;

    if (event->interface.index != 0)
        return t->filter.ifindex == 0 || t->filter.ifindex == event->interface.index;
    if (address->ifindex != 0)
        return (t->filter.ifindex == 0 || t->filter.ifindex == address->ifindex) &&
               (t->filter.family == 0 || t->filter.family == address->ip.family);
    return true;
}

static enum loop_state take_event(struct watch_run *r)
{
    struct arpq_event event;
    int code = arpq_watch_next(r->watch, &event, 0);

    if (code < 0) {
        report_kernel(r->t, "cannot watch any longer", code);
        return LOOP_FAILED;
    }
    if (code == 0)
        return LOOP_TIMEOUT;
    if (event.type == ARPQ_EVENT_SYNCED)
        r->synced = true;
    if (!is_wanted(r->t, &event))
        return LOOP_CONTINUE;
    event_print(r->t, &event);
    enum loop_state state = loop_write(&r->loop);
    if (state == LOOP_CONTINUE && ++r->printed == r->t->count)
        return LOOP_STOP;
    return state;
}

/* The initial entries are printed completely, however short the timeout. */
static bool is_over(const struct watch_run *r)
{
    return r->synced && clock_ms() >= r->deadline;
}

static enum status run_watch(struct watch_run *r)
{
    enum loop_state state;

    do {
        state = take_event(r);
        if (state == LOOP_TIMEOUT)
            state = clock_ms() >= r->deadline
                        ? LOOP_STOP
                        : loop_wait(&r->loop, arpq_watch_fd(r->watch), r->deadline);
    } while ((state == LOOP_CONTINUE || state == LOOP_TIMEOUT) && !is_over(r));
    return state == LOOP_FAILED ? ERROR : FOUND;
}

enum status cmd_watch(const struct tool *t, int count, char **args)
{
    struct arpq_watch_options options = {.size = sizeof options, .flags = t->watch_flags};
    struct watch_run r = {.t = t, .deadline = INT64_MAX};
    enum status status = ERROR;

    (void)count;
    (void)args;
    if (t->timeout_ms >= 0)
        r.deadline = clock_ms() + t->timeout_ms;
    r.synced = (t->watch_flags & ARPQ_WATCH_EXISTING) == 0;
    options.filter = t->filter;
    if (!loop_begin(&r.loop))
        return ERROR;
    int code = arpq_watch_open(t->h, &r.watch, &options);
    if (code == 0)
        status = run_watch(&r);
    else
        report_kernel(t, "cannot watch the neighbour table", code);
    arpq_watch_close(r.watch);
    loop_end(&r.loop);
    return status;
}

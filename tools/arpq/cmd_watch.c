/* SPDX-License-Identifier: MIT */
/* arpq watch: changes of the neighbour table, as they happen. */
#include "arpq_tool.h"

struct run {
    const struct tool *t;
    struct loop loop;
    struct arpq_watch *watch;
    int64_t deadline; /* of now_ms(); INT64_MAX: none */
    uint64_t printed;
    bool synced; /* all that was there at first has been told */
};

/* The library's filter is about neighbours. */
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

static enum standing take_event(struct run *r)
{
    struct arpq_event event;
    int code = arpq_watch_next(r->watch, &event, 0);

    if (code < 0) {
        report_kernel(r->t, "cannot watch any longer", code);
        return FAILED;
    }
    if (code == 0)
        return NOTHING;
    if (event.type == ARPQ_EVENT_SYNCED)
        r->synced = true;
    if (!is_wanted(r->t, &event))
        return GO_ON;
    print_event(r->t, &event);
    enum standing standing = loop_write(&r->loop);
    if (standing == GO_ON && ++r->printed == r->t->count)
        return STOP;
    return standing;
}

/* However short the time, what was there at first is told to its end. */
static bool is_over(const struct run *r)
{
    return r->synced && now_ms() >= r->deadline;
}

static enum verdict watch(struct run *r)
{
    enum standing standing;

    do {
        standing = take_event(r);
        if (standing == NOTHING)
            standing = now_ms() >= r->deadline
                           ? STOP
                           : loop_wait(&r->loop, arpq_watch_fd(r->watch), r->deadline);
    } while ((standing == GO_ON || standing == NOTHING) && !is_over(r));
    return standing == FAILED ? ERROR : FOUND;
}

enum verdict cmd_watch(const struct tool *t, int count, char **args)
{
    struct arpq_watch_options options = {.size = sizeof options, .flags = t->watch_flags};
    struct run r = {.t = t, .deadline = INT64_MAX};
    enum verdict verdict = ERROR;

    (void)count;
    (void)args;
    if (t->timeout_ms >= 0)
        r.deadline = now_ms() + t->timeout_ms;
    r.synced = (t->watch_flags & ARPQ_WATCH_EXISTING) == 0;
    options.filter = t->filter;
    if (!loop_begin(&r.loop))
        return ERROR;
    int code = arpq_watch_open(t->h, &r.watch, &options);
    if (code == 0)
        verdict = watch(&r);
    else
        report_kernel(t, "cannot watch the neighbour table", code);
    arpq_watch_close(r.watch);
    loop_end(&r.loop);
    return verdict;
}

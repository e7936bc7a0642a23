/* SPDX-License-Identifier: MIT */
/* arpq watch: prints changes of the neighbour table when they happen. */
#include "cmd_watch.h"

#include <string.h>

#include "clock.h"
#include "device.h"
#include "event.h"
#include "loop.h"
#include "options.h"
#include "report.h"
#include "select.h"

struct watch_run {
    const struct tool *t;
    struct loop loop;
    struct arpq_watch *watch;
    uint32_t ifindex; /* the interface that --dev names now, or 0 */
    int64_t deadline; /* in clock_ms(); INT64_MAX means no deadline */
    uint64_t printed;
    bool synced; /* all initial entries have been printed */
};

/* ---- --dev: the interface may be removed and created again, with another index. ---- */

/* Follows the interface that --dev names. If --dev is an alternative name or a label, resolves it
 * again, because the event contains only the main name. Returns true if the event is about this
 * interface. */
static bool follow_interface(struct watch_run *r, const struct arpq_event *event)
{
    const uint32_t index = event->interface.ifindex;
    const bool was_ours = index == r->ifindex;

    if (event->type == ARPQ_EVENT_INTERFACE_REMOVED) {
        if (was_ours)
            r->ifindex = 0;
        return was_ours;
    }
    if (strcmp(event->interface.name, r->t->dev) == 0)
        r->ifindex = index;
    else if (r->ifindex == 0)
        arpq_interface_index(r->t->h, r->t->dev, &r->ifindex);
    if (index == r->ifindex)
        device_remember(index, event->interface.name);
    return index == r->ifindex;
}

/* The library filters neighbours, but not by --dev. This function filters by --dev, and filters the
 * events of interfaces and addresses. */
static bool is_wanted(struct watch_run *r, const struct arpq_event *event)
{
    const struct arpq_address *address = &event->address;

    if (event->interface.ifindex != 0) {
        const bool ours = !r->t->dev || follow_interface(r, event);

        if (ours && r->t->dev && event->type == ARPQ_EVENT_INTERFACE_REMOVED)
            report_waiting(r->t->dev, "the interface was removed");
        return ours && (r->t->watch_flags & ARPQ_WATCH_INTERFACES);
    }
    if (address->ifindex != 0)
        return (!r->t->dev || r->ifindex == address->ifindex) &&
               (r->t->filter.family == 0 || r->t->filter.family == address->ip.family);
    return event->neigh.ip.family == 0 || !r->t->dev || event->neigh.ifindex == r->ifindex;
}

/* ---- Events ---- */

static enum loop_state take_event(struct watch_run *r)
{
    struct arpq_event event;
    int code = arpq_watch_next(r->watch, &event, 0);

    if (code < 0) {
        report_kernel(r->t, "cannot go on watching", code);
        return LOOP_FAILED;
    }
    if (code == 0)
        return LOOP_TIMEOUT;
    if (event.type == ARPQ_EVENT_SYNCED)
        r->synced = true;
    if (!is_wanted(r, &event))
        return LOOP_CONTINUE;
    event_print(r->t, &event);
    enum loop_state state = loop_write(&r->loop);
    if (state == LOOP_CONTINUE && ++r->printed == r->t->count)
        return LOOP_STOP;
    return state;
}

/* Even with a short timeout, the tool prints all initial entries. */
static bool is_over(const struct watch_run *r)
{
    return r->synced && clock_ms() >= r->deadline;
}

static enum status watch_events(struct watch_run *r)
{
    enum loop_state state;

    do {
        state = take_event(r);
        if (state == LOOP_TIMEOUT)
            state = clock_ms() >= r->deadline
                        ? LOOP_STOP
                        : loop_wait(&r->loop, arpq_watch_fd(r->watch), r->deadline);
    } while ((state == LOOP_CONTINUE || state == LOOP_TIMEOUT) && !is_over(r));
    if (r->loop.unread)
        return UNREAD;
    return state == LOOP_FAILED ? ERROR : FOUND;
}

static enum status run_watch(struct tool *t, int count, char **args)
{
    struct arpq_watch_options options = {.size = sizeof options, .flags = t->watch_flags};
    struct watch_run r = {.t = t, .deadline = INT64_MAX};
    enum status status = select_entries(t, count, args);

    if (status != FOUND)
        return status;
    status = ERROR;
    if (t->timeout_ms >= 0)
        r.deadline = clock_ms() + t->timeout_ms;
    r.synced = (t->watch_flags & ARPQ_WATCH_EXISTING) == 0;
    r.ifindex = t->ifindex;
    if (t->ifindex != 0) {
        char name[ARPQ_IFNAME_SIZE];

        device_name(t, t->ifindex, name);
        device_remember(t->ifindex, name);
    }
    options.filter = t->filter;
    if (t->dev) {
        options.flags |= ARPQ_WATCH_INTERFACES;
        options.filter.ifindex = 0;
    }
    if (!loop_begin(&r.loop))
        return ERROR;
    int code = arpq_watch_open(t->h, &r.watch, &options);
    if (code == 0 && t->dev && r.ifindex == 0)
        report_waiting(t->dev, "no interface of this name");
    if (code == 0)
        status = watch_events(&r);
    else
        report_kernel(t, "cannot watch the neighbour table", code);
    arpq_watch_close(r.watch);
    loop_end(&r.loop);
    return status;
}

static const struct option_note notes[] = {
    {OPTION_DEV, "this interface only, also after it was removed and created again"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_watch = {
    .name = "watch",
    .synopsis = "[OPTION...] [NAME] [IP[/LENGTH]]",
    .summary = "Print changes of the neighbour table when they happen",
    .help =
        "A signal (Ctrl-C) ends it. The words of ip(8) may be used instead of options: dev NAME,\n"
        "to PREFIX, lladdr MAC, proto NAME, link (--interfaces), address (--addresses).\n",
    .run = run_watch,
    .most = 2,
    .takes = OPTIONS_ALWAYS | OPTIONS_FILTER | OPTIONS_PEOPLE | BIT(EXISTING) | BIT(INTERFACES) |
             BIT(ADDRESSES) | BIT(TIMEOUT) | BIT(COUNT),
    .notes = notes,
    .follows_dev = true,
};

/* SPDX-License-Identifier: MIT */
#include "stats_events.h"

#include "clock.h"
#include "metrics.h"
#include "number_name.h"
#include "report.h"

static const char *const family_names[FAMILIES] = {"ipv4", "ipv6"};

enum status stats_events_open(struct stats_events *events, const struct tool *t)
{
    struct arpq_watch_options options = {.size = sizeof options, .filter = t->filter};
    int code = arpq_watch_open(t->h, &events->watch, &options);

    return code == 0 ? FOUND : report_kernel(t, "cannot watch the neighbour table", code);
}

static void count_event(struct stats_events *events, const struct arpq_event *event)
{
    const uint32_t type = event->type - ARPQ_EVENT_NEIGH_ADDED;

    if (type < EVENT_TYPES)
        events->counts[event->neigh.ip.family == AF_INET6][type]++;
}

/* Also ends at the deadline if events never stop. */
static enum loop_state take_events(struct stats_events *events, const struct tool *t, int64_t until)
{
    struct arpq_event event;
    int code;

    while (clock_ms() < until && (code = arpq_watch_next(events->watch, &event, 0)) != 0) {
        if (code < 0) {
            report_kernel(t, "cannot go on watching", code);
            return LOOP_FAILED;
        }
        count_event(events, &event);
    }
    return LOOP_CONTINUE;
}

enum loop_state stats_events_count(struct stats_events *events, const struct tool *t,
                                   struct loop *loop, int64_t until)
{
    enum loop_state state;

    do {
        state = take_events(events, t, until);
        if (state == LOOP_CONTINUE)
            state = loop_wait(loop, arpq_watch_fd(events->watch), until);
    } while (state == LOOP_CONTINUE);
    return state;
}

static void write_overruns(const struct stats_events *events, FILE *out)
{
    static const struct metrics_label none[] = {{NULL, NULL}};
    struct arpq_sync_stats stats;

    if (arpq_watch_stats(events->watch, &stats) != 0)
        return;
    metrics_family(out, "arpq_watch_overruns_total",
                   "Times that the kernel dropped events because they were read too slowly.");
    metrics_sample(out, "arpq_watch_overruns_total", none, stats.overruns);
}

void stats_events_write(const struct stats_events *events, const struct tool *t, FILE *out)
{
    char type[NUMBER_STRLEN];

    if (!events->watch)
        return;
    metrics_family(out, "arpq_events_total",
                   "Changes of entries since arpq was started, by family and kind.");
    for (size_t f = 0; f < FAMILIES; f++)
        for (uint32_t n = 0; n < EVENT_TYPES; n++) {
            const struct metrics_label labels[] = {
                {"family", family_names[f]},
                {"event",
                 number_name_lower(ARPQ_NAMES_EVENT, ARPQ_EVENT_NEIGH_ADDED + n, '_', type)},
                {NULL, NULL}};

            if (t->filter.family == 0 || (t->filter.family == AF_INET6) == (f == 1))
                metrics_sample(out, "arpq_events_total", labels, events->counts[f][n]);
        }
    write_overruns(events, out);
}

void stats_events_close(struct stats_events *events)
{
    arpq_watch_close(events->watch);
    events->watch = NULL;
}

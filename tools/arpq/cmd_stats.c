/* SPDX-License-Identifier: MIT */
/* arpq stats: prints the kernel's statistics of the neighbour tables. */
#include "cmd_stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "json.h"
#include "options.h"
#include "report.h"
#include "stats_metrics.h"

struct figure {
    const char *key;   /* in JSON */
    const char *title; /* in text */
    uint64_t value;
};
#define FIGURES 19

static void collect_figures(const struct arpq_table_stats *s, struct figure figures[FIGURES])
{
    const struct figure all[FIGURES] = {
        {"entries", "entries", s->entries},
        {"hash_size", "hash buckets", s->hash_size},
        {"gc_thresh1", "gc_thresh1 (below: nothing is collected)", s->gc_thresh1},
        {"gc_thresh2", "gc_thresh2 (above: collected after 5 s)", s->gc_thresh2},
        {"gc_thresh3", "gc_thresh3 (above: no entry is made)", s->gc_thresh3},
        {"gc_interval_ms", "collector's interval (ms)", s->gc_interval_ms},
        {"allocs", "entries made", s->allocs},
        {"destroys", "entries freed", s->destroys},
        {"hash_grows", "growths of the hash table", s->hash_grows},
        {"resolve_failed", "failed resolutions", s->resolve_failed},
        {"lookups", "lookups", s->lookups},
        {"hits", "lookups that found an entry", s->hits},
        {"probes_multicast", "solicitations received, to a group", s->probes_multicast},
        {"probes_unicast", "solicitations received, to one", s->probes_unicast},
        {"gc_periodic", "collections, periodic", s->gc_periodic},
        {"gc_forced", "collections, forced", s->gc_forced},
        {"table_full", "times that the table was full", s->table_full},
        {"forged", "messages that the kernel did not send", s->forged},
    };

    for (size_t i = 0; i < FIGURES; i++)
        figures[i] = all[i];
}

/* Returns how full the table is, in tenths of a percent, or -1 if there is no threshold. */
static int64_t fullness(const struct arpq_table_stats *s)
{
    if (s->gc_thresh3 == 0)
        return -1;
    return (int64_t)((uint64_t)s->entries * 1000 / s->gc_thresh3);
}

static void print_text_stats(const struct arpq_table_stats *s, const struct figure *figures,
                             const char *family)
{
    int64_t full = fullness(s);

    printf("%s\n", family);
    for (const struct figure *f = figures; f->key; f++)
        printf("  %-42s %12" PRIu64 "\n", f->title, f->value);
    if (full >= 0)
        printf("  %-42s %10" PRId64 ".%d%%\n", "full (entries of gc_thresh3)", full / 10,
               (int)(full % 10));
}

static void print_json_stats(const struct arpq_table_stats *s, const struct figure *figures,
                             const char *family)
{
    struct json_object *object = json_new();
    int64_t full = fullness(s);

    json_text(object, "family", family);
    for (const struct figure *f = figures; f->key; f++)
        json_number(object, f->key, f->value);
    if (full >= 0)
        json_number(object, "full_percent", (uint64_t)full / 10);
    json_print(object);
}

/* Missing IPv6 support in the kernel is an error only with -6. */
static enum status print_family(const struct tool *t, uint16_t family)
{
    struct figure figures[FIGURES];
    struct arpq_table_stats stats;
    int code = arpq_table_stats(t->h, family, &stats);

    if (code == -EAFNOSUPPORT && t->filter.family == 0)
        return FOUND;
    if (code != 0)
        return report_kernel(t, "cannot read the figures of the neighbour table", code);
    collect_figures(&stats, figures);
    if (t->json)
        print_json_stats(&stats, figures, family == AF_INET ? "inet" : "inet6");
    else
        print_text_stats(&stats, figures, family == AF_INET ? "IPv4" : "IPv6");
    return FOUND;
}

static enum status run_metrics(const struct tool *t)
{
    if (t->json)
        return report_usage("--openmetrics and --json exclude each other");
    if (options_given(t, OPTION_INTERVAL) && !t->output)
        return report_usage("--interval: only with --output");
    if (options_given(t, OPTION_INTERVAL) && t->interval_ms < 1000)
        return report_usage("--interval: not 1 second or more");
    return stats_metrics_run(t);
}

static enum status run_stats(struct tool *t, int count, char **args)
{
    enum status status = FOUND;

    (void)count;
    (void)args;
    if (options_given(t, OPTION_OPENMETRICS))
        return run_metrics(t);
    if (t->output || options_given(t, OPTION_INTERVAL))
        return report_usage("%s: only with --openmetrics", t->output ? "--output" : "--interval");
    if (t->filter.family != AF_INET6)
        status = print_family(t, AF_INET);
    if (t->filter.family != AF_INET)
        status = status_worst(status, print_family(t, AF_INET6));
    return status;
}

static const struct option_note notes[] = {
    {OPTION_INTERVAL, "write the file in this interval, and count changes, until a signal"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_stats = {
    .name = "stats",
    .synopsis = "[OPTION...]",
    .summary = "Print the kernel's statistics of the neighbour tables",
    .help = "",
    .run = run_stats,
    .takes = OPTIONS_ALWAYS | OPTIONS_FAMILY | BIT(OPENMETRICS) | BIT(OUTPUT) | BIT(INTERVAL),
    .notes = notes,
};

/* SPDX-License-Identifier: MIT */
/* arpq_bench compares the library with raw system calls. See README.md. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "method/clock.h"
#include "method/report.h"
#include "rows/rows.h"

#define QUICK_LARGEST 10000u

struct options {
    int quick;
    int json;
    int check;
    const char *only; /* the group to measure, or NULL for all groups */
};

static void usage(void)
{
    fputs(
        "usage: arpq_bench [--quick] [--json] [--check] [--only GROUP]\n"
        "  --quick  few rounds, no large table, no 1000 interfaces\n"
        "  --json   one object per line\n"
        "  --check  exit status 1 when a goal is missed\n"
        "  --only   packets, lookup, interfaces, table, mirror, readers, events, resolve, sweep,\n"
        "           routes (or its first letters), or curves, which the plots show\n",
        stderr);
}

/* Returns -1 for an unknown option. */
static int read_options(int argc, char **argv, struct options *options)
{
    const struct option table[] = {{"quick", no_argument, &options->quick, 1},
                                   {"json", no_argument, &options->json, 1},
                                   {"check", no_argument, &options->check, 1},
                                   {"only", required_argument, NULL, 'o'},
                                   {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", table, NULL)) == 0 || option == 'o')
        if (option == 'o')
            options->only = optarg;
    return option == -1 && optind == argc ? 0 : -1;
}

/* The curves of the plots repeat other groups at more sizes. Only --only selects them. */
static int is_selected(const struct options *options, const char *group)
{
    if (!options->only)
        return strcmp(group, "curves") != 0;
    return strncmp(group, options->only, strlen(options->only)) == 0;
}

/* Single lookups in small tables, and with 1000 interfaces. */
static void measure_lookups(const struct options *options, const struct timing *timing)
{
    struct net_namespace few, many;

    namespace_create(&few,
                     &(struct namespace_size){.links = 2, .neighbours = 16, .neighbours_v6 = 16});
    rows_hits(&few, "16 entries", timing);
    rows_misses(timing);
    rows_entries(&few, timing);
    rows_threads(&few, timing);
    rows_fairness(&few, options->quick);
    rows_frames(timing);
    rows_footprint();
    rows_idle();
    if (!options->quick) {
        namespace_create(&many, &(struct namespace_size){.links = 1000, .neighbours = 16});
        rows_links(&few, &many, timing);
        namespace_close(&many);
    }
    namespace_close(&few);
}

static void measure_interfaces(const struct options *options, const struct timing *timing)
{
    struct net_namespace ns;

    namespace_create(
        &ns, &(struct namespace_size){.links = options->quick ? 100 : 1000, .addresses = 10});
    rows_interfaces(&ns, timing);
    namespace_close(&ns);
}

/* A namespace with a table of one size, and the rows that are measured in it. */
struct sized {
    uint32_t entries;
    uint32_t event_size; /* the table size at which events are measured */
    const struct timing *timing;
    int quick;
    struct net_namespace ns;
    struct producer *producer;
};

static void lookup_rows(const struct sized *s)
{
    char what[32];

    snprintf(what, sizeof what, "%u entries", s->entries);
    rows_hits(&s->ns, what, s->timing);
    if (s->entries > 1000)
        rows_threads(&s->ns, s->timing);
    rows_peers(&s->ns, s->entries == 1000);
}

static void table_rows(const struct sized *s)
{
    rows_table(&s->ns, s->timing);
    if (s->entries == s->event_size)
        rows_processes(&s->ns, s->quick);
    if (s->entries <= 100000)
        rows_table_peers(&s->ns, s->entries <= 10000);
    if (s->entries == 1000 || s->entries == 100000)
        rows_many(&s->ns, s->timing);
}

static void mirror_rows(const struct sized *s)
{
    rows_mirror(&s->ns, s->timing);
    if (s->entries >= s->event_size)
        rows_restart(&s->ns, s->producer, s->timing);
}

static void reader_rows(const struct sized *s)
{
    rows_readers(&s->ns, s->producer, s->timing);
}

static void event_rows(const struct sized *s)
{
    rows_events(&s->ns, s->producer, s->quick);
}

static void curve_rows(const struct sized *s)
{
    rows_curves(&s->ns, s->timing);
    if (s->entries == s->event_size)
        rows_events(&s->ns, s->producer, s->quick);
}

static void resolve_rows(const struct sized *s)
{
    rows_resolve(s->timing);
}

static int at_goal_sizes(const struct sized *s)
{
    return s->entries == 1000 || s->entries == 100000;
}

static int at_any_size(const struct sized *s)
{
    return s->entries > 0;
}

static int at_large_sizes(const struct sized *s)
{
    return s->entries >= 10000;
}

/* For a group that creates its own namespace. */
static int at_no_size(const struct sized *s)
{
    (void)s;
    return 0;
}

static int at_event_size(const struct sized *s)
{
    return s->entries == s->event_size;
}

static int at_smallest_size(const struct sized *s)
{
    return s->entries == 1000;
}

static const struct group {
    const char *name;
    int (*fits)(const struct sized *s);
    void (*measure)(const struct sized *s);
} groups[] = {
    {"lookup", at_goal_sizes, lookup_rows},
    {"interfaces", at_no_size, NULL},
    {"table", at_any_size, table_rows},
    {"mirror", at_large_sizes, mirror_rows},
    {"readers", at_event_size, reader_rows},
    {"events", at_event_size, event_rows},
    {"curves", at_any_size, curve_rows},
    {"resolve", at_smallest_size, resolve_rows}}; /* last: resolve_rows leaves the namespace */

#define GROUPS (sizeof groups / sizeof *groups)

/* Measures all rows of one table size in one namespace. Creates no namespace if no selected group
 * needs one. */
static void measure_size(const struct options *options, struct sized *s)
{
    int fitting = 0;

    for (unsigned i = 0; i < GROUPS; i++)
        fitting += is_selected(options, groups[i].name) && groups[i].fits(s);
    if (!fitting)
        return;
    s->producer = producer_create(producer_change_neighbour);
    namespace_create(&s->ns, &(struct namespace_size){.links = 2, .neighbours = s->entries});
    namespace_settle();
    for (unsigned i = 0; i < GROUPS; i++)
        if (is_selected(options, groups[i].name) && groups[i].fits(s))
            groups[i].measure(s);
    namespace_close(&s->ns);
    producer_free(s->producer);
}

static int is_valid_group(const struct options *options)
{
    int meant = is_selected(options, "sweep") + is_selected(options, "packets") +
                is_selected(options, "routes");

    for (unsigned i = 0; i < GROUPS; i++)
        meant += is_selected(options, groups[i].name);
    return meant > 0;
}

/* Small tables are measured first: the kernel has one table for all namespaces, and the table never
 * shrinks. A dump also walks the empty buckets and the entries of other namespaces. */
int main(int argc, char **argv)
{
    static const uint32_t sizes[] = {1000, 10000, 100000, 1000000};
    struct options options = {0};
    struct timing timing = {.rounds = 60, .round_ns = 5000000};
    struct sized sized = {.event_size = 100000, .timing = &timing};

    if (read_options(argc, argv, &options) || !is_valid_group(&options)) {
        usage();
        return BENCH_NO_SETUP;
    }
    if (options.quick) {
        timing = (struct timing){.rounds = 9, .round_ns = 2000000};
        sized.event_size = QUICK_LARGEST;
        sized.quick = 1;
    }
    cpu_count();
    cpu_pin(0);
    report_begin(options.json ? REPORT_JSON : REPORT_TABLE);
    if (is_selected(&options, "packets"))
        rows_packets(&timing);
    if (is_selected(&options, "sweep"))
        rows_sweep(options.quick);
    if (is_selected(&options, "curves"))
        rows_sweep_losses();
    if (is_selected(&options, "lookup"))
        measure_lookups(&options, &timing);
    if (is_selected(&options, "interfaces"))
        measure_interfaces(&options, &timing);
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (!options.quick || sizes[i] <= QUICK_LARGEST) {
            sized.entries = sizes[i];
            measure_size(&options, &sized);
        }
    if (is_selected(&options, "routes"))
        rows_routes(options.quick, &timing);
    return options.check && report_missed() ? 1 : 0;
}

/* SPDX-License-Identifier: MIT */
/* There is no series for an address, and one for a family, device and state only if entries have it:
 * the number of series is bounded by that of the devices. */
#include "stats_metrics.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "devices.h"
#include "loop.h"
#include "memory.h"
#include "metrics.h"
#include "number_name.h"
#include "options.h"
#include "output_file.h"
#include "report.h"
#include "stats_events.h"

#define STATES 9 /* NONE, then one for each bit of a state */

static const char *const family_names[FAMILIES] = {"ipv4", "ipv6"};

/* The entries of one device, by family and state. */
struct device_counts {
    const char *name;
    uint64_t entries[FAMILIES][STATES];
};

/* ---- The kernel's statistics of the whole tables ---- */

static const struct table_metric {
    const char *name, *help;
    uint16_t offset, size;
    const char *kind; /* value of the label "kind", or NULL */
} table_metrics[] = {
#define METRIC(member, kind, name, help)                                                           \
    {                                                                                              \
        name, help, offsetof(struct arpq_table_stats, member),                                     \
            sizeof((struct arpq_table_stats *)0)->member, kind                                     \
    }
    METRIC(entries, NULL, "arpq_table_entries", "Entries of all network namespaces."),
    METRIC(hash_size, NULL, "arpq_table_hash_buckets", "Buckets of the hash table."),
    METRIC(gc_thresh1, NULL, "arpq_table_gc_thresh1",
           "Number of entries below which the kernel collects none (gc_thresh1)."),
    METRIC(gc_thresh2, NULL, "arpq_table_gc_thresh2",
           "Number of entries above which the kernel collects old ones (gc_thresh2)."),
    METRIC(gc_thresh3, NULL, "arpq_table_gc_thresh3",
           "Number of entries above which the kernel creates no entry (gc_thresh3)."),
    METRIC(gc_interval_ms, NULL, "arpq_table_gc_interval_seconds",
           "Time between two runs of the garbage collector."),
    METRIC(allocs, NULL, "arpq_table_entries_created_total", "Entries that the kernel created."),
    METRIC(destroys, NULL, "arpq_table_entries_freed_total", "Entries that the kernel freed."),
    METRIC(hash_grows, NULL, "arpq_table_hash_growths_total", "Growths of the hash table."),
    METRIC(resolve_failed, NULL, "arpq_table_resolutions_failed_total",
           "Resolutions that no host answered."),
    METRIC(lookups, NULL, "arpq_table_lookups_total", "Lookups by the kernel."),
    METRIC(hits, NULL, "arpq_table_lookup_hits_total", "Lookups that found an entry."),
    METRIC(probes_multicast, "multicast", "arpq_table_solicitations_received_total",
           "Solicitations that this machine received, by the kind of their destination."),
    METRIC(probes_unicast, "unicast", "arpq_table_solicitations_received_total", NULL),
    METRIC(gc_periodic, "periodic", "arpq_table_gc_runs_total",
           "Runs of the garbage collector, by their cause."),
    METRIC(gc_forced, "forced", "arpq_table_gc_runs_total", NULL),
    METRIC(table_full, NULL, "arpq_table_overflows_total",
           "Entries that the kernel did not create because the table was full."),
};

static uint64_t value_of(const struct table_metric *metric, const struct arpq_table_stats *stats)
{
    const char *member = (const char *)stats + metric->offset;

    return metric->size == sizeof(uint64_t) ? *(const uint64_t *)(const void *)member
                                            : *(const uint32_t *)(const void *)member;
}

static void write_table_metric(FILE *out, const struct table_metric *metric, size_t family,
                               const struct arpq_table_stats *stats)
{
    const struct metrics_label labels[] = {{"family", family_names[family]},
                                           {metric->kind ? "kind" : NULL, metric->kind},
                                           {NULL, NULL}};
    const uint64_t value = value_of(metric, stats);

    if (metric->offset == offsetof(struct arpq_table_stats, gc_interval_ms))
        metrics_sample_ms(out, metric->name, labels, value);
    else
        metrics_sample(out, metric->name, labels, value);
}

static bool is_selected(const struct tool *t, size_t family)
{
    return t->filter.family == 0 || t->filter.family == (family == 0 ? AF_INET : AF_INET6);
}

/* Missing IPv6 support in the kernel is an error only with -6. */
static enum status read_tables(const struct tool *t, struct arpq_table_stats stats[FAMILIES],
                               bool any[FAMILIES])
{
    for (size_t f = 0; f < FAMILIES; f++) {
        int code;

        any[f] = is_selected(t, f);
        if (!any[f])
            continue;
        code = arpq_table_stats(t->h, f == 0 ? AF_INET : AF_INET6, &stats[f]);
        any[f] = code == 0;
        if (code != 0 && (code != -EAFNOSUPPORT || t->filter.family != 0))
            return report_kernel(t, "cannot read the figures of the neighbour table", code);
    }
    return FOUND;
}

static enum status write_tables(const struct tool *t, FILE *out)
{
    struct arpq_table_stats stats[FAMILIES];
    bool any[FAMILIES] = {false};
    enum status status = read_tables(t, stats, any);

    if (status != FOUND)
        return status;
    for (size_t i = 0; i < LENGTH(table_metrics); i++) {
        if (table_metrics[i].help)
            metrics_family(out, table_metrics[i].name, table_metrics[i].help);
        for (size_t f = 0; f < FAMILIES; f++)
            if (any[f])
                write_table_metric(out, &table_metrics[i], f, &stats[f]);
    }
    return FOUND;
}

/* ---- Entries by device, family and state ---- */

/* Returns the place of a state among those of device_counts. */
static size_t state_place(uint32_t state)
{
    size_t place = 0;

    for (; state != 0 && place < STATES - 1; state >>= 1)
        place++;
    return place;
}

static void write_counts(FILE *out, const struct device_counts *counts, size_t devices)
{
    char name[NUMBER_STRLEN];

    metrics_family(out, "arpq_entries", "Entries by family, device and state.");
    for (size_t i = 0; i < devices * FAMILIES * STATES; i++) {
        const struct device_counts *device = &counts[i / (FAMILIES * STATES)];
        const size_t family = i / STATES % FAMILIES, place = i % STATES;
        const uint32_t state = place == 0 ? ARPQ_STATE_NONE : UINT32_C(1) << (place - 1);
        const struct metrics_label labels[] = {
            {"family", family_names[family]},
            {"device", device->name},
            {"state", number_name_lower(ARPQ_NAMES_STATE, state, '_', name)},
            {NULL, NULL}};

        if (device->entries[family][place] != 0)
            metrics_sample(out, "arpq_entries", labels, device->entries[family][place]);
    }
}

static void count_entries(const struct tool *t, FILE *out, const struct arpq_table *table)
{
    struct devices devices = {0};
    struct device_counts *counts;

    for (uint32_t n = 0; n < arpq_table_count(table); n++)
        devices_find(&devices, t, arpq_table_at(table, n)->ifindex);
    devices_rank(&devices);
    counts = memory_check(calloc(devices.count + 1, sizeof *counts));
    for (uint32_t n = 0; n < arpq_table_count(table); n++) {
        const struct arpq_neigh *neigh = arpq_table_at(table, n);
        const struct devices_entry *device = devices_find(&devices, t, neigh->ifindex);

        counts[device->rank].name = device->name;
        counts[device->rank].entries[neigh->ip.family == AF_INET6][state_place(neigh->state)]++;
    }
    write_counts(out, counts, devices.count);
    free(counts);
    devices_free(&devices);
}

static enum status write_entries(const struct tool *t, FILE *out)
{
    struct arpq_table *table;
    int code = arpq_table_get(t->h, &t->filter, &table);

    if (code != 0)
        return report_kernel(t, "cannot read the neighbour table", code);
    count_entries(t, out, table);
    arpq_table_free(table);
    return FOUND;
}

/* ---- The output ---- */

static enum status write_all_metrics(const struct tool *t, const struct stats_events *events,
                                     FILE *out)
{
    const struct metrics_label version[] = {{"version", arpq_version()}, {NULL, NULL}};
    enum status status;

    metrics_family(out, "arpq_info", "The version of libarpq.");
    metrics_sample(out, "arpq_info", version, 1);
    status = write_entries(t, out);
    if (status == FOUND)
        status = write_tables(t, out);
    stats_events_write(events, t, out);
    metrics_end(out);
    return status;
}

/* Collects all metrics in memory first, so that a failure leaves the file as it was. */
static enum status write_once(const struct tool *t, const struct stats_events *events)
{
    char *text = NULL;
    size_t size;
    FILE *out = memory_check(open_memstream(&text, &size));
    enum status status = write_all_metrics(t, events, out);

    if (fclose(out) != 0)
        memory_check(NULL);
    if (status == FOUND && t->output)
        status = output_file_write(t->output, text, size);
    else if (status == FOUND)
        fwrite(text, 1, size, stdout);
    free(text);
    return status;
}

/* A file that cannot be written now, because the disk is full for example, may be written later:
 * only the first time it ends the command. */
static enum status write_repeatedly(const struct tool *t, struct stats_events *events)
{
    enum loop_state state = LOOP_TIMEOUT;
    int64_t next = clock_ms();
    struct loop loop;

    if (!loop_begin(&loop))
        return ERROR;
    enum status status = write_once(t, events);
    while (status == FOUND && state == LOOP_TIMEOUT) {
        next += t->interval_ms;
        if (next < clock_ms())
            next = clock_ms();
        state = stats_events_count(events, t, &loop, next);
        if (state == LOOP_TIMEOUT)
            write_once(t, events);
    }
    loop_end(&loop);
    return state == LOOP_FAILED ? ERROR : status;
}

enum status stats_metrics_run(const struct tool *t)
{
    struct stats_events events = {0};
    enum status status;

    if (!options_given(t, OPTION_INTERVAL))
        return write_once(t, &events);
    status = stats_events_open(&events, t);
    if (status == FOUND)
        status = write_repeatedly(t, &events);
    stats_events_close(&events);
    return status;
}

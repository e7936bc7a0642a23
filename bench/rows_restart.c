/* SPDX-License-Identifier: MIT */
/* Reading the whole table into a mirror: at the start, and after events were lost. */
#include <poll.h>
#include <stdio.h>

#include "contestants/arpq.h"
#include "contestants/raw_table.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/producer.h"
#include "method/report.h"
#include "rows/rows.h"

#define GOAL 3
#define GOAL_ENTRIES 100000u /* from this size on there is a goal */
#define BURST 2000u          /* changes at once: far more than the small buffer holds */
#define SMALL_BUFFER 4096u
#define TIMEOUT_NS 20000000000u

struct restart {
    const struct net_namespace *ns;
    struct producer *producer;
    struct arpq *handle;
    struct raw_dump raw;
    struct bench_mirror starved; /* with the small buffer */
};

static uint64_t read_raw(void *self)
{
    struct restart *r = self;
    uint64_t began = clock_ns();
    size_t entries = raw_dump_run(&r->raw);
    uint64_t took = clock_ns() - began;

    if (entries < r->ns->size.neighbours)
        fail(0, "entries are missing in a dump");
    return took;
}

static uint64_t open_mirror(void *self)
{
    struct restart *r = self;
    struct arpq_mirror_stats stats;
    struct arpq_mirror *mirror;
    uint64_t began = clock_ns();
    int code = arpq_mirror_open(r->handle, &mirror, NULL);
    uint64_t took = clock_ns() - began;

    if (code)
        fail(-code, "arpq_mirror_open");
    arpq_mirror_stats(mirror, &stats);
    if (stats.entries < r->ns->size.neighbours)
        fail(0, "entries are missing in a mirror");
    arpq_mirror_close(mirror);
    return took;
}

/* A mirror does not read the table again at once when it has done so just before, hence its own
 * word on how long the reading took. */
static uint64_t recover_mirror(void *self)
{
    struct restart *r = self;
    uint64_t overruns = bench_mirror_stats(&r->starved).overruns;
    uint64_t began = clock_ns();
    struct arpq_mirror_stats stats;

    producer_send(r->producer, r->ns, BURST, 0);
    do {
        poll(NULL, 0, 1);
        bench_mirror_sync(&r->starved);
        stats = bench_mirror_stats(&r->starved);
        if (clock_ns() - began > TIMEOUT_NS)
            fail(0, "a mirror does not recover from an overrun");
    } while (stats.overruns == overruns || stats.stale);
    return stats.last_dump_us * 1000;
}

static void report_restart(const struct restart *r, const char *what, const struct score *arpq,
                           const struct score *raw)
{
    double goal = r->ns->size.neighbours >= GOAL_ENTRIES ? GOAL : 0;
    char name[80];

    snprintf(name, sizeof name, "mirror %s, %u", what, r->ns->size.neighbours);
    report_row(&(struct row){name, "us", arpq->ns / 1000, raw->ns / 1000, arpq->ratio, goal, 0});
}

void rows_restart(const struct net_namespace *ns, struct producer *producer,
                  const struct timing *timing)
{
    struct restart r = {.ns = ns, .producer = producer};
    unsigned rounds = repeat_rounds(ns->size.neighbours, timing);
    struct score s[2];
    int code = arpq_open(&r.handle, NULL);

    if (code)
        fail(-code, "arpq_open");
    raw_dump_open(&r.raw);
    repeat((struct timed_run[]){{read_raw, &r}, {open_mirror, &r}}, 2, rounds, s);
    report_restart(&r, "start", &s[1], &s[0]);
    bench_mirror_open(&r.starved, SMALL_BUFFER);
    repeat((struct timed_run[]){{read_raw, &r}, {recover_mirror, &r}}, 2, rounds, s);
    report_restart(&r, "overrun recovery", &s[1], &s[0]);
    bench_mirror_close(&r.starved);
    raw_dump_close(&r.raw);
    arpq_close(r.handle);
}

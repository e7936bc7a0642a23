/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "contestants/arpq.h"
#include "contestants/cacheline.h"
#include "contestants/raw_table.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/producer.h"
#include "method/report.h"
#include "rows/rows.h"

/* -- lookups and memory -- */

#define MEMORY_GOAL 96
#define MANY_GOAL 0.3
#define MANY_GOAL_ENTRIES 1000000u /* the goal of lookup_many applies to a table of this size */

struct mirror_rows {
    const struct net_namespace *ns;
    const struct timing *timing;
    struct bench_mirror mirror;
    struct cachelines lines;
    struct keys keys;
};

static void report_lookup(const struct mirror_rows *c, const char *what, const struct score *arpq,
                          const struct score *line, double goal)
{
    char name[80];

    snprintf(name, sizeof name, "mirror %s, %u", what, c->ns->size.neighbours);
    report_row(&(struct row){name, "ns", arpq->ns, line->ns, arpq->ratio, goal, 0});
}

static double lookup_goal(uint32_t entries)
{
    return entries <= 10000 ? 2 : 1.1;
}

static void compare_hits(struct mirror_rows *c)
{
    struct score s[4];

    compare((struct contestant[]){{cacheline_read, &c->lines, &c->keys},
                                  {bench_mirror_hits, &c->mirror, &c->keys},
                                  {bench_mirror_hits_any, &c->mirror, &c->keys},
                                  {bench_mirror_gets, &c->mirror, &c->keys}},
            4, c->timing, s);
    report_lookup(c, "lookup, interface given", &s[1], &s[0], lookup_goal(c->ns->size.neighbours));
    report_lookup(c, "lookup, any interface", &s[2], &s[0], 0);
    report_lookup(c, "get, interface given", &s[3], &s[0], 0);
}

static void compare_batches_and_misses(struct mirror_rows *c)
{
    struct keys absent;
    struct score s[4];
    double goal = c->ns->size.neighbours == MANY_GOAL_ENTRIES ? MANY_GOAL : 0;
    char name[80];

    keys_create_absent(&absent);
    compare((struct contestant[]){{cacheline_read, &c->lines, &c->keys},
                                  {bench_mirror_hits_many, &c->mirror, &c->keys},
                                  {bench_mirror_misses, &c->mirror, &absent},
                                  {bench_mirror_hits, &c->mirror, &c->keys}},
            4, c->timing, s);
    snprintf(name, sizeof name, "mirror lookup_many by 64 / lookup, %u", c->ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[1].ns, s[3].ns, s[1].ns / s[3].ns, goal, 0});
    report_lookup(c, "miss, interface given", &s[2], &s[0], 0);
    keys_free(&absent);
}

static void report_memory(const struct mirror_rows *c)
{
    struct arpq_sync_stats stats = bench_mirror_stats(&c->mirror);
    double bytes = (double)stats.memory / (double)stats.entries;
    double goal = c->ns->size.neighbours >= 100000 ? MEMORY_GOAL : 0;
    char name[80];

    snprintf(name, sizeof name, "mirror memory per entry, %u", c->ns->size.neighbours);
    report_row(&(struct row){name, "B", bytes, 0, bytes, goal, 0});
}

void rows_mirror(const struct net_namespace *ns, const struct timing *timing)
{
    struct mirror_rows c = {.ns = ns, .timing = timing};

    bench_mirror_open(&c.mirror, 0);
    keys_create(&c.keys, ns->v4, ns->size.neighbours);
    c.mirror.ips = keys_pack(&c.keys);
    cacheline_open(&c.lines, ns, &c.keys);
    compare_hits(&c);
    compare_batches_and_misses(&c);
    report_memory(&c);
    cacheline_close(&c.lines);
    free(c.mirror.ips);
    keys_free(&c.keys);
    bench_mirror_close(&c.mirror);
}

/* -- reads of the whole table: when a mirror opens, and after it has lost events -- */

#define START_GOAL 2
#define RECOVERY_GOAL 1.5
#define RESTART_GOAL_ENTRIES 1000000u /* the goals apply to a table of this size */
#define BURST 2000u                   /* changes at once, far more than SMALL_BUFFER holds */
#define SMALL_BUFFER 4096u
#define TIMEOUT_NS 60000000000u

struct restart {
    const struct net_namespace *ns;
    struct producer *producer;
    struct arpq_handle *handle;
    struct raw_dump raw;
    struct bench_mirror starved; /* its receive buffer has SMALL_BUFFER bytes */
};

static uint64_t dump_raw(void *self)
{
    struct restart *r = self;
    uint64_t began = clock_thread_ns();
    size_t entries = raw_dump_run(&r->raw);
    uint64_t took = clock_thread_ns() - began;

    if (entries < r->ns->size.neighbours)
        fail(0, "entries are missing in a dump");
    return took;
}

static uint64_t open_mirror(void *self)
{
    struct restart *r = self;
    struct arpq_sync_stats stats;
    struct arpq_mirror *mirror;
    uint64_t began = clock_thread_ns();
    int code = arpq_mirror_open(r->handle, &mirror, NULL);
    uint64_t took = clock_thread_ns() - began;

    if (code)
        fail(-code, "arpq_mirror_open");
    arpq_mirror_stats(mirror, &stats);
    if (stats.entries < r->ns->size.neighbours)
        fail(0, "entries are missing in a mirror");
    arpq_mirror_close(mirror);
    return took;
}

/* Returns the time from stats.last_dump_us, because a mirror delays a dump that would follow the
 * previous dump too soon. */
static uint64_t recover_mirror(void *self)
{
    struct restart *r = self;
    uint64_t overruns = bench_mirror_stats(&r->starved).overruns;
    uint64_t began = clock_ns();
    struct arpq_sync_stats stats;

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
                           const struct score *raw, double goal)
{
    char name[80];

    snprintf(name, sizeof name, "mirror %s, %u", what, r->ns->size.neighbours);
    report_row(&(struct row){name, "us", arpq->ns / 1000, raw->ns / 1000, arpq->ratio,
                             r->ns->size.neighbours == RESTART_GOAL_ENTRIES ? goal : 0, 0});
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
    repeat((struct timed_run[]){{dump_raw, &r}, {open_mirror, &r}}, 2, rounds, s);
    report_restart(&r, "start", &s[1], &s[0], START_GOAL);
    bench_mirror_open(&r.starved, SMALL_BUFFER);
    repeat((struct timed_run[]){{dump_raw, &r}, {recover_mirror, &r}}, 2, rounds, s);
    report_restart(&r, "overrun recovery", &s[1], &s[0], RECOVERY_GOAL);
    bench_mirror_close(&r.starved);
    raw_dump_close(&r.raw);
    arpq_close(r.handle);
}

/* -- idle -- */

#define IDLE_MS 1000

/* Returns the number of voluntary context switches of the other threads of this process. */
static long other_threads_switches(void)
{
    FILE *output = popen("cat /proc/$PPID/task/*/status | awk '/^Pid/ { other = $2 != pid }"
                         " /^voluntary/ && other { n += $2 } END { print n + 0 }'"
                         " pid=$PPID",
                         "r");
    long switches = -1;

    if (!output || fscanf(output, "%ld", &switches) != 1)
        fail(0, "the threads of this process");
    pclose(output);
    return switches;
}

void rows_idle(void)
{
    const struct arpq_mirror_options options = {.size = sizeof options,
                                                .flags = ARPQ_MIRROR_THREAD};
    struct arpq_resolver *resolver = NULL;
    struct arpq_mirror *mirror = NULL;
    struct arpq_watch *watch = NULL;
    struct pollfd fds[2];
    struct arpq_handle *h = NULL;
    long before;
    double wakeups;
    int ready;

    if (arpq_open(&h, NULL) || arpq_watch_open(h, &watch, NULL) ||
        arpq_mirror_open(h, &mirror, &options) || arpq_resolver_open(h, &resolver, NULL))
        fail(0, "a watch, a mirror and a resolver");
    fds[0] = (struct pollfd){.fd = arpq_watch_fd(watch), .events = POLLIN};
    fds[1] = (struct pollfd){.fd = arpq_resolver_fd(resolver), .events = POLLIN};
    before = other_threads_switches();
    ready = poll(fds, 2, IDLE_MS);
    wakeups = (double)(other_threads_switches() - before + ready);
    report_row(
        &(struct row){"idle watch, mirror, resolver: wake-ups", "", wakeups, 0, wakeups, 0.5, 0});
    arpq_resolver_close(resolver);
    arpq_mirror_close(mirror);
    arpq_watch_close(watch);
    arpq_close(h);
}

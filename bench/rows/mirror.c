/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "contestants/arpq.h"
#include "contestants/cacheline.h"
#include "method/report.h"
#include "rows/rows.h"

#define MEMORY_GOAL 96
#define MANY_GOAL_ENTRIES 1000000u /* the size that the goal of lookup_many is for */

struct mirror_rows {
    const struct net_namespace *ns;
    const struct timing *timing;
    struct bench_mirror mirror;
    struct cachelines lines;
    struct keys keys;
};

/* A line with the time, whose goal is absolute. */
static void report_ns(const struct mirror_rows *c, const char *what, const struct score *arpq,
                      const struct score *line, double goal)
{
    char name[80];

    snprintf(name, sizeof name, "mirror %s, %u", what, c->ns->size.neighbours);
    report_row(&(struct row){name, "ns", arpq->ns, line->ns, arpq->ns, goal, 0});
}

static double lookup_goal(uint32_t entries)
{
    if (entries <= 10000)
        return 30;
    return entries <= 100000 ? 60 : 140;
}

static void compare_hits(struct mirror_rows *c)
{
    struct score s[4];

    compare((struct contestant[]){{cacheline_read, &c->lines, &c->keys},
                                  {bench_mirror_hits, &c->mirror, &c->keys},
                                  {bench_mirror_hits_any, &c->mirror, &c->keys},
                                  {bench_mirror_gets, &c->mirror, &c->keys}},
            4, c->timing, s);
    report_ns(c, "lookup, interface given", &s[1], &s[0], lookup_goal(c->ns->size.neighbours));
    report_row(&(struct row){"  against one random cache line", "", 0, 0, s[1].ratio, 0, 0});
    report_ns(c, "lookup, any interface", &s[2], &s[0], 0);
    report_ns(c, "get, interface given", &s[3], &s[0], 0);
}

static void compare_batches_and_misses(struct mirror_rows *c)
{
    struct keys absent;
    struct score s[3];
    double goal = c->ns->size.neighbours == MANY_GOAL_ENTRIES ? 60 : 0;

    keys_create_absent(&absent);
    compare((struct contestant[]){{cacheline_read, &c->lines, &c->keys},
                                  {bench_mirror_batches, &c->mirror, &c->keys},
                                  {bench_mirror_misses, &c->mirror, &absent}},
            3, c->timing, s);
    report_ns(c, "lookup_many by 64", &s[1], &s[0], goal);
    report_ns(c, "miss, interface given", &s[2], &s[0], 0);
    keys_free(&absent);
}

static void report_memory(const struct mirror_rows *c)
{
    struct arpq_mirror_stats stats = bench_mirror_stats(&c->mirror);
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
    c.mirror.ips = keys_pack(&c.keys, MIRROR_BATCH);
    cacheline_open(&c.lines, ns, &c.keys);
    compare_hits(&c);
    compare_batches_and_misses(&c);
    report_memory(&c);
    cacheline_close(&c.lines);
    free(c.mirror.ips);
    keys_free(&c.keys);
    bench_mirror_close(&c.mirror);
}

/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "contestants/arpq.h"
#include "contestants/raw_table.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/report.h"
#include "rows/rows.h"

static void compare_thread_hits(const struct net_namespace *ns, const struct timing *timing)
{
    struct raw_arp raw[2];
    struct bench_arpq arpq;
    struct keys keys;
    struct score s[2];
    char name[64];

    raw_arp_open(&raw[0]);
    raw_arp_open(&raw[1]);
    bench_arpq_open(&arpq, 0);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    compare_threads((struct thread_pair[]){{raw_arp_hits, {&raw[0], &raw[1]}, &keys},
                                           {bench_arpq_hits_v4, {&arpq, &arpq}, &keys}},
                    timing, s);
    snprintf(name, sizeof name, "2 threads, 1 handle, IPv4 hit, %u entries", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[1].ns, s[0].ns, s[1].ratio, 0, 0.95});
    keys_free(&keys);
    bench_arpq_close(&arpq);
    raw_arp_close(&raw[1]);
    raw_arp_close(&raw[0]);
}

static void compare_thread_entries(const struct net_namespace *ns, const struct timing *timing)
{
    struct raw_get raw[2];
    struct bench_arpq arpq;
    struct keys keys;
    struct score s[2];

    raw_get_open(&raw[0], AF_INET);
    raw_get_open(&raw[1], AF_INET);
    bench_arpq_open(&arpq, 0);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    compare_threads((struct thread_pair[]){{raw_get_hits_v4, {&raw[0], &raw[1]}, &keys},
                                           {bench_arpq_gets_v4, {&arpq, &arpq}, &keys}},
                    timing, s);
    report_row(&(struct row){"2 threads, 1 handle, IPv4 full entry", "ns", s[1].ns, s[0].ns,
                             s[1].ratio, 0, 0});
    keys_free(&keys);
    bench_arpq_close(&arpq);
    raw_get_close(&raw[1]);
    raw_get_close(&raw[0]);
}

void rows_threads(const struct net_namespace *ns, const struct timing *timing)
{
    if (cpu_count() < 2) {
        report_row(&(struct row){"2 threads: skipped, one processor only", "", 0, 0, 0, 0, 0});
        return;
    }
    compare_thread_hits(ns, timing);
    compare_thread_entries(ns, timing);
}

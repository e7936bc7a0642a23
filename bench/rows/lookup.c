/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "contestants/arpq.h"
#include "contestants/raw_table.h"
#include "method/report.h"
#include "rows/rows.h"

void rows_hits(const struct net_namespace *ns, double goal, const struct timing *timing)
{
    struct raw_arp raw;
    struct bench_arpq chosen, given;
    struct keys keys;
    struct score s[3];
    char name[64];

    raw_arp_open(&raw);
    bench_arpq_open(&chosen, 0);
    bench_arpq_open(&given, LINK_IFINDEX);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    compare((struct contestant[]){{raw_arp_hits, &raw, &keys},
                                  {bench_arpq_hits_v4, &chosen, &keys},
                                  {bench_arpq_hits_v4, &given, &keys}},
            3, timing, s);
    snprintf(name, sizeof name, "IPv4 hit, %u entries, interface chosen", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[1].ns, s[0].ns, s[1].ratio, goal, 0});
    snprintf(name, sizeof name, "IPv4 hit, %u entries, interface given", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[2].ns, s[0].ns, s[2].ratio, goal, 0});
    keys_free(&keys);
    bench_arpq_close(&given);
    bench_arpq_close(&chosen);
    raw_arp_close(&raw);
}

void rows_misses(const struct timing *timing)
{
    struct raw_miss raw;
    struct bench_arpq chosen, given;
    struct keys keys;
    struct score s[3];

    raw_arp_open(&raw.arp);
    raw_get_open(&raw.get, AF_INET);
    bench_arpq_open(&chosen, 0);
    bench_arpq_open(&given, LINK_IFINDEX);
    keys_create_absent(&keys);
    compare((struct contestant[]){{raw_miss_run, &raw, &keys},
                                  {bench_arpq_misses, &chosen, &keys},
                                  {bench_arpq_misses, &given, &keys}},
            3, timing, s);
    report_row(
        &(struct row){"IPv4 miss, interface chosen", "ns", s[1].ns, s[0].ns, s[1].ratio, 1.3, 0});
    report_row(
        &(struct row){"IPv4 miss, interface given", "ns", s[2].ns, s[0].ns, s[2].ratio, 1.3, 0});
    keys_free(&keys);
    bench_arpq_close(&given);
    bench_arpq_close(&chosen);
    raw_get_close(&raw.get);
    raw_arp_close(&raw.arp);
}

/* Either side through the handle of its own world, in the same rounds. */
void rows_links(const struct net_namespace *one, const struct net_namespace *many,
                const struct timing *timing)
{
    struct raw_arp raw_one, raw_many;
    struct bench_arpq arpq_one, arpq_many;
    struct keys keys_one, keys_many;
    struct score s[4];

    keys_create(&keys_one, one->v4, one->size.neighbours);
    keys_create(&keys_many, many->v4, many->size.neighbours);
    namespace_enter(one);
    raw_arp_open(&raw_one);
    bench_arpq_open(&arpq_one, 0);
    namespace_enter(many);
    raw_arp_open(&raw_many);
    bench_arpq_open(&arpq_many, 0);
    compare((struct contestant[]){{bench_arpq_hits_v4, &arpq_one, &keys_one},
                                  {bench_arpq_hits_v4, &arpq_many, &keys_many},
                                  {raw_arp_hits_by_link, &raw_one, &keys_one},
                                  {raw_arp_hits_by_link, &raw_many, &keys_many}},
            4, timing, s);
    report_row(&(struct row){"IPv4 hit, 1000 interfaces up (raw: one)", "ns", s[1].ns, s[0].ns,
                             s[1].ratio, 1.25, 0});
    report_row(&(struct row){"  of which the kernel: raw SIOCGARP, both", "ns", s[3].ns, s[2].ns,
                             s[3].ns / s[2].ns, 0, 0});
    bench_arpq_close(&arpq_many);
    bench_arpq_close(&arpq_one);
    raw_arp_close(&raw_many);
    raw_arp_close(&raw_one);
    keys_free(&keys_many);
    keys_free(&keys_one);
}

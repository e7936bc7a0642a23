/* SPDX-License-Identifier: MIT */
/* Measures hits with a large routing table, with a changing routing table and with policy rules.
 * The raw calls name the device, so that the kernel looks up no route for them. */
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>

#include "contestants/arpq.h"
#include "method/clock.h"
#include "method/producer.h"
#include "method/report.h"
#include "rows/rows.h"

#define GOAL_HIT 1.25
#define GOAL_OPEN_US 100
#define OPENS 50u

#define FULL_TABLE 900000u
#define FULL_TABLE_QUICK 20000u
#define FIRST_ROUTE 0x0b000000u /* 11.0.0.0 */
#define GATEWAY 0x0a010000u     /* the first neighbour */
#define CHANGES_PER_SECOND 10000u

static void create_namespace(struct net_namespace *ns)
{
    namespace_create(ns, &(struct namespace_size){.links = 2, .neighbours = 16});
}

/* Measures the work of a process that looks up one address: open, look up, close. */
static void report_first_lookup(const struct net_namespace *ns, const char *what, double goal)
{
    struct bench_arpq arpq;
    struct keys keys;
    double us[OPENS], took;
    char name[64];

    keys_create(&keys, ns->v4, ns->size.neighbours);
    for (unsigned i = 0; i < OPENS; i++) {
        uint64_t began = clock_thread_ns();

        bench_arpq_open(&arpq, 0);
        if (bench_arpq_hits_v4(&arpq, &keys, i, 1))
            fail(0, "a wrong answer to the first lookup");
        bench_arpq_close(&arpq);
        us[i] = (double)(clock_thread_ns() - began) / 1000;
    }
    took = median(us, OPENS);
    snprintf(name, sizeof name, "open, hit, close, %s", what);
    report_row(&(struct row){name, "us", took, 0, took, goal, 0});
    keys_free(&keys);
}

/* wg-quick(8) adds the first two rules for a peer with AllowedIPs 0.0.0.0/0. The third rule is like
 * a rule that Tailscale adds. The VPN is link 1. */
static void measure_rules(const struct timing *timing)
{
    struct net_namespace ns;

    create_namespace(&ns);
    if (system("set -e; ip route add default dev b1 table 51820;"
               "ip rule add not fwmark 51820 table 51820;"
               "ip rule add table main suppress_prefixlength 0;"
               "ip rule add fwmark 0x80000/0xff0000 table main"))
        fail(0, "policy rules");
    rows_hits_at_most(&ns, "3 policy rules", GOAL_HIT, timing);
    report_first_lookup(&ns, "3 policy rules", GOAL_OPEN_US);
    namespace_close(&ns);
}

static void measure_changes(const struct timing *timing)
{
    struct producer *producer = producer_create(producer_change_route);
    struct net_namespace ns;
    uint64_t began;
    double per_second;
    pid_t child;

    create_namespace(&ns);
    report_first_lookup(&ns, "3 routes", GOAL_OPEN_US);
    cpu_unpin();
    child = producer_start(producer, &ns, CHANGES_PER_SECOND);
    cpu_pin(0);
    began = clock_ns();
    rows_hits_at_most(&ns, "10000 routes/s", GOAL_HIT, timing);
    per_second = (double)producer->sent * 1e9 / (double)(clock_ns() - began);
    producer_stop(producer, child);
    report_row(&(struct row){"  routes changed during it", "k/s", per_second / 1000, 0,
                             per_second / 1000, 0, 0});
    producer_free(producer);
    namespace_close(&ns);
}

static void measure_full_table(uint32_t routes, const struct timing *timing)
{
    struct net_namespace ns;
    struct rtnl r;
    char what[32];

    create_namespace(&ns);
    rtnl_open(&r);
    for (uint32_t i = 0; i < routes; i++)
        topology_add_route(&r, &(struct route){.to = FIRST_ROUTE + (i << 8),
                                               .length = 24,
                                               .type = RTN_UNICAST,
                                               .table = RT_TABLE_MAIN,
                                               .ifindex = LINK_IFINDEX,
                                               .gateway = GATEWAY});
    rtnl_close(&r);
    snprintf(what, sizeof what, "%u routes", routes);
    rows_hits_at_most(&ns, what, GOAL_HIT, timing);
    report_first_lookup(&ns, what, 0);
    namespace_close(&ns);
}

void rows_routes(int quick, const struct timing *timing)
{
    measure_rules(timing);
    measure_changes(timing);
    measure_full_table(quick ? FULL_TABLE_QUICK : FULL_TABLE, timing);
}

/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "contestants/arpq.h"
#include "contestants/peers.h"
#include "contestants/raw_table.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/report.h"
#include "rows/rows.h"

void rows_hits_at_most(const struct net_namespace *ns, const char *what, double goal,
                       const struct timing *timing)
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
    snprintf(name, sizeof name, "IPv4 hit, %s, interface chosen", what);
    report_row(&(struct row){name, "ns", s[1].ns, s[0].ns, s[1].ratio, goal, 0});
    snprintf(name, sizeof name, "IPv4 hit, %s, interface given", what);
    report_row(&(struct row){name, "ns", s[2].ns, s[0].ns, s[2].ratio, goal, 0});
    keys_free(&keys);
    bench_arpq_close(&given);
    bench_arpq_close(&chosen);
    raw_arp_close(&raw);
}

void rows_hits(const struct net_namespace *ns, const char *what, const struct timing *timing)
{
    rows_hits_at_most(ns, what, 1.12, timing);
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

/* Each handle and each raw socket belongs to one of the two namespaces. The same rounds measure all
 * of them. */
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
                             s[1].ratio, 1.15, 0});
    report_row(&(struct row){"  of which the kernel: raw SIOCGARP, both", "ns", s[3].ns, s[2].ns,
                             s[3].ns / s[2].ns, 0, 0});
    bench_arpq_close(&arpq_many);
    bench_arpq_close(&arpq_one);
    raw_arp_close(&raw_many);
    raw_arp_close(&raw_one);
    keys_free(&keys_many);
    keys_free(&keys_one);
}

/* The library chooses the interface in the row names[0]. The caller gives the interface in the row
 * names[1]. */
static void compare_entries(const char *const names[2], run_fn raw_run, run_fn arpq_run, int family,
                            const struct keys *keys, const struct timing *timing)
{
    struct raw_get raw;
    struct bench_arpq chosen, given;
    struct score s[3];

    raw_get_open(&raw, family);
    bench_arpq_open(&chosen, 0);
    bench_arpq_open(&given, LINK_IFINDEX);
    compare((struct contestant[]){{raw_run, &raw, keys},
                                  {arpq_run, &chosen, keys},
                                  {arpq_run, &given, keys}},
            3, timing, s);
    report_row(&(struct row){names[0], "ns", s[1].ns, s[0].ns, s[1].ratio, 1.10, 0});
    report_row(&(struct row){names[1], "ns", s[2].ns, s[0].ns, s[2].ratio, 1.10, 0});
    bench_arpq_close(&given);
    bench_arpq_close(&chosen);
    raw_get_close(&raw);
}

void rows_entries(const struct net_namespace *ns, const struct timing *timing)
{
    static const char *const get_v4[] = {"IPv4 full entry, interface chosen",
                                         "IPv4 full entry, interface given"};
    static const char *const get_v6[] = {"IPv6 full entry, interface chosen",
                                         "IPv6 full entry, interface given"};
    static const char *const hit_v6[] = {"IPv6 hit, interface chosen", "IPv6 hit, interface given"};
    struct keys v4, v6;

    keys_create(&v4, ns->v4, ns->size.neighbours);
    keys_create(&v6, ns->v6, ns->size.neighbours_v6);
    compare_entries(get_v4, raw_get_hits_v4, bench_arpq_gets_v4, AF_INET, &v4, timing);
    compare_entries(get_v6, raw_get_hits_v6, bench_arpq_gets_v6, AF_INET6, &v6, timing);
    compare_entries(hit_v6, raw_get_hits_v6, bench_arpq_hits_v6, AF_INET6, &v6, timing);
    keys_free(&v6);
    keys_free(&v4);
}

void rows_many(const struct net_namespace *ns, const struct timing *timing)
{
    static struct raw_many raw;
    struct bench_arpq chosen, given;
    struct keys keys;
    struct score s[3];
    char name[80];

    bench_arpq_open(&chosen, 0);
    raw_many_open(&raw);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    chosen.ips = keys_pack(&keys);
    given = chosen;
    given.ifindex = LINK_IFINDEX;
    compare((struct contestant[]){{raw_many_hits, &raw, &keys},
                                  {bench_arpq_gets_many, &chosen, &keys},
                                  {bench_arpq_gets_many, &given, &keys}},
            3, timing, s);
    snprintf(name, sizeof name, "get_many by 64, %u, interface chosen", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[1].ns, s[0].ns, s[1].ratio, 1.10, 0});
    snprintf(name, sizeof name, "get_many by 64, %u, interface given", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[2].ns, s[0].ns, s[2].ratio, 1.10, 0});
    free(chosen.ips);
    keys_free(&keys);
    raw_many_close(&raw);
    bench_arpq_close(&chosen);
}

#define PEER_NS 150000000u /* time limit for one peer */
#define PEER_CALLS 20000u

double rows_time_peer(const struct peer *peer, const struct keys *keys)
{
    void *state = peer->open();
    uint64_t began, took;
    size_t calls = 0;

    if (!state)
        fail(0, peer->name);
    began = clock_ns();
    do {
        const struct target *t = &keys->at[calls++ & keys->mask];
        uint8_t mac[6];

        if (peer->get(state, t, mac) || answer_wrong_v4(t, mac))
            fail(0, peer->name);
        took = clock_ns() - began;
    } while (took < PEER_NS && calls < PEER_CALLS);
    peer->close(state);
    return (double)took / (double)calls;
}

static void report_peer(const struct peer *peer, const struct net_namespace *ns)
{
    struct keys keys;
    char name[80];

    if (!peer)
        return;
    keys_create(&keys, ns->v4, ns->size.neighbours);
    snprintf(name, sizeof name, "%s, %u", peer->name, ns->size.neighbours);
    report_row(&(struct row){name, "ns", 0, rows_time_peer(peer, &keys), 0, 0, 0});
    keys_free(&keys);
}

void rows_peers(const struct net_namespace *ns, int proc)
{
    report_peer(peer_libdnet(), ns);
    report_peer(peer_libnl(), ns);
    if (proc)
        report_peer(peer_proc(), ns);
}

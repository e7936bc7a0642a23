/* SPDX-License-Identifier: MIT */
/* What the plots show: lookups by table size, lists by table size, and sweeps of a link that loses
 * requests. A row is named "CHART: SERIES, X". */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "contestants/arpq.h"
#include "contestants/peers.h"
#include "contestants/raw_table.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/report.h"
#include "rows/rows.h"

#define PEERS_LARGEST 100000u /* a cache of libnl takes long to fill */
#define PROC_LARGEST 10000u   /* /proc/net/arp takes quadratic time */

/* Returns the nanoseconds of a lookup by python-arpreq, or 0 where it is missing. */
static double time_arpreq(const struct keys *keys)
{
    char path[] = "/tmp/arpq_bench.XXXXXX", command[512];
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    double ns = 0;

    if (!file)
        fail(0, "a temporary file");
    for (size_t i = 0; i < 4096; i++) {
        const uint8_t *b = keys->at[i & keys->mask].ip.bytes;

        fprintf(file, "%u.%u.%u.%u\n", b[0], b[1], b[2], b[3]);
    }
    fclose(file);
    snprintf(command, sizeof command, "python3 '%s' <%s 2>/dev/null", BENCH_ARPREQ, path);
    file = popen(command, "r");
    if (!file || fscanf(file, "%lf", &ns) != 1)
        ns = 0;
    if (file)
        pclose(file);
    unlink(path);
    return ns;
}

static void lookup_peers(const struct net_namespace *ns, const struct keys *keys)
{
    const bool small = ns->size.neighbours <= PROC_LARGEST;
    const struct peer *const peers[] = {peer_libdnet(), peer_libnl(), small ? peer_proc() : NULL};
    static const char *const names[] = {"libdnet", "libnl-route (its cache)", "/proc/net/arp"};
    const double n = ns->size.neighbours;
    double took = time_arpreq(keys);

    if (took > 0)
        report_point("lookup", "python-arpreq", n, "ns", took);
    if (ns->size.neighbours > PEERS_LARGEST)
        return;
    for (unsigned i = 0; i < sizeof peers / sizeof *peers; i++)
        if (peers[i])
            report_point("lookup", names[i], n, "ns", rows_time_peer(peers[i], keys));
}

void rows_curves(const struct net_namespace *ns, const struct timing *timing)
{
    const double n = ns->size.neighbours;
    struct raw_arp arp;
    struct raw_get get;
    struct bench_arpq library;
    struct bench_mirror mirror;
    struct keys keys;
    struct score s[4];

    raw_arp_open(&arp);
    raw_get_open(&get, AF_INET);
    bench_arpq_open(&library, 0);
    bench_mirror_open(&mirror, 0);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    compare((struct contestant[]){{raw_arp_hits, &arp, &keys},
                                  {raw_get_hits_v4, &get, &keys},
                                  {bench_arpq_hits_v4, &library, &keys},
                                  {bench_mirror_hits_any, &mirror, &keys}},
            4, timing, s);
    report_point("lookup", "SIOCGARP, bare", n, "ns", s[0].ns);
    report_point("lookup", "RTM_GETNEIGH, bare", n, "ns", s[1].ns);
    report_point("lookup", "libarpq", n, "ns", s[2].ns);
    report_point("lookup", "libarpq, mirror", n, "ns", s[3].ns);
    bench_mirror_close(&mirror);
    bench_arpq_close(&library);
    raw_get_close(&get);
    raw_arp_close(&arp);
    lookup_peers(ns, &keys);
    keys_free(&keys);
    rows_table(ns, timing);
    if (ns->size.neighbours <= PEERS_LARGEST)
        rows_table_peers(ns, ns->size.neighbours <= PROC_LARGEST);
}

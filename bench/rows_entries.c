/* SPDX-License-Identifier: MIT */
#include "contestants/arpq.h"
#include "contestants/raw_table.h"
#include "method/report.h"
#include "rows/rows.h"

/* Contestants 1 and 2 are the library with the interface chosen and given. */
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

/* SPDX-License-Identifier: MIT */
/* arpq get IP...: prints whole neighbour entries. */
#include "cmd_get.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "arguments.h"
#include "neigh.h"
#include "report.h"
#include "vendor.h"

static void print_age(const char *name, uint64_t ms)
{
    printf(" %s %" PRIu64 ".%02us", name, ms / 1000, (unsigned)(ms % 1000 / 10));
}

static void print_entry_statistics(const struct arpq_neigh *neigh)
{
    print_age("used", neigh->used_ms);
    print_age("confirmed", neigh->confirmed_ms);
    print_age("updated", neigh->updated_ms);
    printf(" probes %" PRIu32, neigh->probes);
    if (neigh->refcount != 0)
        printf(" ref %" PRIu32, neigh->refcount);
}

static void print_text_entry(const struct tool *t, const struct arpq_neigh *neigh)
{
    neigh_print(t, neigh);
    if (!neigh_is_synthetic(neigh))
        print_entry_statistics(neigh);
    neigh_print_origin(neigh);
    if (t->vendor)
        vendor_print(&neigh->mac, " vendor ");
    putchar('\n');
}

/* An entry without a MAC address is printed, but counts as not found. */
static enum status get_entry(const struct tool *t, const char *asked, const struct arpq_ip *ip)
{
    struct arpq_neigh neigh;
    int code = arpq_neigh_get(t->h, ip, t->ifindex, t->lookup_flags, &neigh);

    if (code != 0)
        return report_address(t, asked, ip, code);
    if (t->json)
        neigh_json_entry(t, asked, ip, &neigh, true);
    else
        print_text_entry(t, &neigh);
    return neigh.mac.length != 0 ? FOUND : NOT_FOUND;
}

static enum status run_get(struct tool *t, int count, char **args)
{
    return arguments_each_address(t, count, args, get_entry);
}

const struct command cmd_get = {
    .name = "get",
    .synopsis = "[OPTION...] IP...",
    .summary = "Print the whole neighbour entry of each IP address",
    .help = "used, confirmed and updated say how long ago that happened.\n",
    .run = run_get,
    .least = 1,
    .most = INT_MAX,
    .takes = OPTIONS_ALWAYS | OPTIONS_ADDRESSES,
};

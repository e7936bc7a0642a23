/* SPDX-License-Identifier: MIT */
/* arpq IP...: prints only the MAC address. */
#include "cmd_lookup.h"

#include <limits.h>

#include "arguments.h"
#include "neigh.h"
#include "report.h"

/* arpq_lookup does not return the interface, so this function also reads the whole entry. If it
 * cannot read the entry, it prints only the address and the MAC address. */
static void print_json_answer(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                              const struct arpq_mac *mac)
{
    struct arpq_neigh neigh;

    if (arpq_neigh_get(t->h, ip, t->ifindex, t->lookup_flags, &neigh) != 0 ||
        neigh.mac.length == 0) {
        neigh = (struct arpq_neigh){.ip = *ip, .mac = *mac};
        neigh.ifindex = t->ifindex != 0 ? t->ifindex : ip->scope;
    }
    neigh_json_entry(t, asked, ip, &neigh, false);
}

static enum status lookup_address(const struct tool *t, const char *asked, const struct arpq_ip *ip)
{
    struct arpq_mac mac;
    int code = arpq_lookup(t->h, ip, t->ifindex, t->lookup_flags, &mac);

    if (code != 0)
        return report_address(t, asked, ip, code);
    if (t->json)
        print_json_answer(t, asked, ip, &mac);
    else
        neigh_print_answer(t, asked, &mac);
    return FOUND;
}

static enum status run_lookup(struct tool *t, int count, char **args)
{
    return arguments_each_address(t, count, args, lookup_address);
}

const struct command cmd_lookup = {
    .name = "lookup",
    .synopsis = "[OPTION...] IP...",
    .summary = "Print the MAC address of each IP address",
    .help =
        "The answer is that of the kernel's tables: no packet is sent. 'lookup' may be left out.\n",
    .run = run_lookup,
    .least = 1,
    .most = INT_MAX,
    .takes = OPTIONS_ALWAYS | OPTIONS_ADDRESSES,
};

/* SPDX-License-Identifier: MIT */
/* arpq del IP...: removes entries. */
#include "cmd_del.h"

#include <errno.h>
#include <limits.h>

#include "arguments.h"
#include "neigh.h"
#include "options.h"
#include "report.h"

static uint32_t delete_flags(const struct tool *t)
{
    return (options_given(t, OPTION_PROXY) ? ARPQ_NEIGH_DELETE_PROXY : 0) |
           (t->set_flags & ARPQ_NEIGH_SET_NETMASK ? ARPQ_NEIGH_DELETE_NETMASK : 0);
}

/* Returns NULL if the text of arpq_strerror suffices. */
static const char *delete_error_message(const struct tool *t, int code)
{
    if (code == -EPERM)
        return "removing an entry needs CAP_NET_ADMIN";
    if (code == -ENOENT)
        return options_given(t, OPTION_PROXY)
                   ? "there is no such entry; 'arpq show --proxy' lists the entries"
                   : "there is no such entry; 'arpq show' lists the entries";
    if (code == -ENETUNREACH)
        return "no interface of this machine reaches it directly; --dev names one";
    if (code == -EINVAL && (t->set_flags & ARPQ_NEIGH_SET_NETMASK))
        return "--netmask 0.0.0.0 goes with the address 0.0.0.0";
    return NULL;
}

/* JSON output shows the entry as it was before its removal, as arpq watch does. */
static enum status delete_one(const struct tool *t, const char *asked, const struct arpq_ip *ip)
{
    struct arpq_neigh last = {.ip = *ip, .ifindex = t->ifindex};
    uint32_t flags = delete_flags(t);

    if (flags != 0)
        last.flags = ARPQ_NEIGH_PROXY;
    else if (t->json && arpq_neigh_get(t->h, ip, t->ifindex, 0, &last) != 0)
        last = (struct arpq_neigh){.ip = *ip, .ifindex = t->ifindex};
    int code = arpq_neigh_delete(t->h, ip, t->ifindex, flags);
    if (code != 0)
        return report_address_as(t, asked, ip, code, delete_error_message(t, code));
    if (t->json)
        neigh_json_entry(t, asked, ip, &last, false);
    return FOUND;
}

static enum status accept_one(const struct tool *t, const char *asked, const struct arpq_ip *ip)
{
    (void)t;
    (void)asked;
    (void)ip;
    return FOUND;
}

static enum status run_del(struct tool *t, int count, char **args)
{
    if (options_given(t, OPTION_NETMASK) && !options_given(t, OPTION_PROXY))
        return report_usage("--netmask goes with --proxy");
    /* A mistyped address removes nothing, also not the entries of the others. */
    enum status status = arguments_each_address(t, count, args, accept_one);
    return status == FOUND ? arguments_each_address(t, count, args, delete_one) : status;
}

static const struct option_note notes[] = {
    {OPTION_PROXY, "the proxy entry of the address"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_del = {
    .name = "del",
    .synopsis = "[OPTION...] IP... [dev NAME]",
    .summary = "Remove neighbour entries",
    .help = "The words dev NAME and proxy may be used instead of options.\n",
    .run = run_del,
    .least = 1,
    .most = INT_MAX,
    .takes = OPTIONS_ALWAYS | BIT(DEV) | OPTIONS_FAMILY | BIT(PROXY) | BIT(NETMASK),
    .notes = notes,
};

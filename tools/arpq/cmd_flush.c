/* SPDX-License-Identifier: MIT */
/* arpq flush: removes the entries that match the options. */
#include "cmd_flush.h"

#include <errno.h>
#include <sys/socket.h>

#include "options.h"
#include "output.h"
#include "report.h"
#include "select.h"

/* Options that do not select entries. */
#define OPTIONS_NEUTRAL OPTIONS_ALWAYS

/* The library refuses a filter that selects every entry. "flush all" means that, as in ip(8);
 * spared entries stay. */
static int flush_selected(const struct tool *t, uint32_t *removed)
{
    struct arpq_filter filter = t->filter;
    uint32_t others = 0;
    int code = arpq_neigh_flush(t->h, &filter, removed);

    if (code != -EINVAL || filter.family != 0)
        return code;
    filter.family = AF_INET;
    code = arpq_neigh_flush(t->h, &filter, removed);
    filter.family = AF_INET6;
    if (code == 0)
        code = arpq_neigh_flush(t->h, &filter, &others);
    *removed += others;
    return code;
}

static enum status run_flush(struct tool *t, int count, char **args)
{
    uint32_t removed = 0;
    enum status status = select_entries(t, count, args);

    if (status != FOUND)
        return status;
    if ((t->given & ~OPTIONS_NEUTRAL) == 0)
        return report_usage(
            "flush needs an option that selects entries, such as 'dev NAME', or the word all");
    int code = flush_selected(t, &removed);
    if (code == 0 || removed != 0)
        output_removed(t, removed, "entry", "entries");
    if (code == -EPERM || code == -EACCES)
        return report_privilege("removing entries needs CAP_NET_ADMIN");
    if (code != 0)
        return report_kernel(t, "cannot remove entries", code);
    return removed != 0 ? FOUND : NOT_FOUND;
}

static const struct option_note notes[] = {
    {OPTION_STATE, "only entries in these states; else all but permanent and noarp"},
    {OPTION_ROUTER, "only entries of routers"},
    {OPTION_MANAGED, "only entries that the kernel keeps resolved"},
    {OPTION_EXTERN_LEARN, "only entries that a control program learned"},
    {OPTION_EXTERN_VALID, "only entries that a control program validates"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_flush = {
    .name = "flush",
    .synopsis = "OPTION... [NAME] [IP[/LENGTH]] [STATE]",
    .summary = "Remove all entries that the options select",
    .help =
        "Permanent, noarp, externally learned, externally validated and managed entries are\n"
        "spared unless they are named. An entry spared for its state and for a flag needs both\n"
        "to be named. The word all selects every entry that is not spared.\n"
        "The words of ip-neighbour(8) may be used instead of options: dev NAME, nud STATE.\n",
    .run = run_flush,
    .most = 3,
    .takes = OPTIONS_ALWAYS | OPTIONS_FILTER | OPTIONS_STATES,
    .notes = notes,
};

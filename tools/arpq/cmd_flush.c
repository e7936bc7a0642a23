/* SPDX-License-Identifier: MIT */
/* arpq flush: removes the entries that match the options. */
#include "cmd_flush.h"

#include <errno.h>
#include <stdio.h>

#include "json.h"
#include "options.h"
#include "report.h"
#include "usage.h"

static void print_removed(const struct tool *t, uint32_t removed)
{
    if (!t->json) {
        printf("%u %s removed\n", removed, removed == 1 ? "entry" : "entries");
        return;
    }
    struct json_object *object = json_new();

    json_number(object, "removed", removed);
    json_print(object);
}

enum status cmd_flush(const struct tool *t, int count, char **args)
{
    uint32_t removed = 0;

    (void)count;
    (void)args;
    if ((t->given & ~OPTION_BIT(OPTION_JSON)) == 0)
        return usage_error("flush needs an option that says which entries are meant");
    int code = arpq_neigh_flush(t->h, &t->filter, &removed);
    if (code == -EINVAL) /* --state all is the only option */
        return usage_error("flush needs an option that leaves some entries out");
    if (code == 0 || removed != 0)
        print_removed(t, removed);
    if (code != 0)
        return report_kernel(t,
                             code == -EPERM ? "cannot remove entries without CAP_NET_ADMIN"
                                            : "cannot remove entries",
                             code);
    return removed != 0 ? FOUND : NOT_FOUND;
}

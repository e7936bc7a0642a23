/* SPDX-License-Identifier: MIT */
/* arpq version: prints the versions of the tool and of the library. */
#include "cmd_version.h"

#include <stdio.h>

#include "tool.h"

static enum status run_version(struct tool *t, int count, char **args)
{
    (void)t;
    (void)count;
    (void)args;
    printf("arpq %d.%d.%d (libarpq %s)\n", ARPQ_VERSION_MAJOR, ARPQ_VERSION_MINOR,
           ARPQ_VERSION_PATCH, arpq_version());
    return FOUND;
}

const struct command cmd_version = {
    .name = "version",
    .synopsis = "",
    .summary = "Print the versions of the tool and of the library",
    .help = "",
    .run = run_version,
    .takes = BIT(HELP) | BIT(VERSION),
    .needs_no_handle = true,
};

/* SPDX-License-Identifier: MIT */
/* arpq help [COMMAND]: prints the help of a command. */
#include "cmd_help.h"

#include "commands.h"
#include "help.h"
#include "report.h"

static enum status run_help(struct tool *t, int count, char **args)
{
    (void)t;
    if (count == 0) {
        help_print_overview(stdout);
        return FOUND;
    }
    const struct command *command = commands_find(args[0]);
    if (!command) {
        const char *nearest = commands_nearest(args[0]);

        if (nearest)
            return report_usage("'%s': no such command; did you mean '%s'?", args[0], nearest);
        return report_usage("'%s': no such command", args[0]);
    }
    help_print_command(stdout, command);
    return FOUND;
}

const struct command cmd_help = {
    .name = "help",
    .synopsis = "[COMMAND]",
    .summary = "Print the help of a command",
    .help = "",
    .run = run_help,
    .most = 1,
    .takes = BIT(HELP) | BIT(VERSION),
    .needs_no_handle = true,
};

/* SPDX-License-Identifier: MIT */
/* Runs the command of the command line. */
#include <fcntl.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "cmd_version.h"
#include "command.h"
#include "command_line.h"
#include "help.h"
#include "host_names.h"
#include "namespace.h"
#include "options.h"
#include "output.h"
#include "report.h"

/* If the caller has closed one of the descriptors 0 to 2, the next socket would get its number, and
 * output would go to the kernel. A read-only descriptor at that number makes such a write fail. */
static void occupy_standard_descriptors(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* Checks the number of arguments. */
static enum status check_usage(const struct command *command, int count, char **args)
{
    if (count < command->least && !report_has_command())
        return report_usage(
            "an argument is missing: arpq [lookup] %s; 'arpq show' prints the table",
            command->synopsis);
    if (count < command->least)
        return report_usage("an argument is missing: arpq %s %s", command->name, command->synopsis);
    if (count <= command->most)
        return FOUND;
    if (command->most == 0 && (command->takes & BIT(DEV)) && if_nametoindex(args[0]) != 0)
        return report_usage("'%s': this command takes options only; '-i %s' selects the interface",
                            args[0], args[0]);
    if (command->most == 0)
        return report_usage("'%s': this command takes options only", args[0]);
    return report_usage("'%s': this command takes at most %d argument%s", args[command->most],
                        command->most, command->most == 1 ? "" : "s");
}

static enum status run_command(struct tool *t, int count, char **args)
{
    enum status status = check_usage(t->command, count, args);

    if (status != FOUND || t->command->needs_no_handle)
        return status != FOUND ? status : t->command->run(t, count, args);
    status = namespace_enter(t);
    if (status != FOUND)
        return status;
    int code = arpq_open(&t->h, NULL);
    if (code != 0) {
        report_message("cannot open a netlink socket: %s", arpq_strerror(code));
        return ERROR;
    }
    status = arguments_option_devices(t);
    t->several = count > 1;
    if (status == FOUND)
        status = t->command->run(t, count, args);
    host_names_close();
    arpq_close(t->h);
    return status;
}

/* Returns true for "arpq show help", as in ip(8). */
static bool is_help_word(int count, char **args)
{
    return report_has_command() && count == 1 && strcmp(args[0], "help") == 0;
}

static enum status run_tool(struct tool *t, int argc, char **argv)
{
    char **args = NULL;
    int count = 0;
    enum status status = command_line_parse(t, argc, argv, &count, &args);
    const bool help = options_given(t, OPTION_HELP) || is_help_word(count, args);

    if (status == FOUND && help && report_has_command())
        help_print_command(stdout, t->command);
    else if (status == FOUND && help)
        help_print_overview(stdout);
    else if (status == FOUND && options_given(t, OPTION_VERSION))
        status = cmd_version.run(t, 0, NULL);
    else if (status == FOUND && argc == 1) {
        help_print_overview(stderr);
        status = USAGE;
    } else if (status == FOUND)
        status = run_command(t, count, args);
    free(args);
    free(t->excludes);
    return status;
}

int main(int argc, char **argv)
{
    struct tool t = {0};

    occupy_standard_descriptors();
    /* A write that stdio makes in the middle of a list loses the reason of its failure. */
    if (isatty(STDOUT_FILENO) != 1)
        output_buffer();
    if (argc < 1) {
        help_print_overview(stderr);
        return USAGE;
    }
    return (int)output_finish(run_tool(&t, argc, argv));
}

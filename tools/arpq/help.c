/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <string.h>

#include "commands.h"
#include "option_table.h"
#include "options.h"

void help_print_overview(FILE *file)
{
    fputs("usage: arpq [OPTION...] IP...\n       arpq COMMAND [OPTION...] [ARGUMENT...]\n\n", file);
    commands_print_summaries(file);
    fputs("\nWithout a COMMAND it is lookup. 'arpq COMMAND --help' explains a command and its "
          "options;\n"
          "arpq(1) and arpq-COMMAND(1) are the manual.\n"
          "IP is an address (192.0.2.1, fe80::1%eth0, 0xc0000201) or the name of a host.\n"
          "Every command that asks the kernel takes -j (JSON), --netns NAME and --pid PID.\n"
          "Exit status: 0 found, 1 not found, 2 wrong usage, 3 error, 128+N ended by signal N.\n",
          file);
}

static const char *note_of(const struct command *command, enum option_row row)
{
    for (const struct option_note *n = command->notes; n && n->text; n++)
        if (n->row == row)
            return n->text;
    return option_table_entry(row)->help;
}

static void print_option(FILE *file, const struct command *command, enum option_row row)
{
    const struct option_entry *entry = option_table_entry(row);
    char text[64], letter[8] = "    ";

    if (entry->letter != 0)
        snprintf(letter, sizeof letter, "-%c, ", entry->letter);
    snprintf(text, sizeof text, "%s--%s%s%s", letter, entry->name, entry->argument ? " " : "",
             entry->argument ? entry->argument : "");
    if (strlen(text) > 25)
        fprintf(file, "  %s\n  %-26s %s\n", text, "", note_of(command, row));
    else
        fprintf(file, "  %-26s %s\n", text, note_of(command, row));
}

void help_print_command(FILE *file, const struct command *command)
{
    fprintf(file, "usage: arpq %s%s%s\n%s.\n", command->name, command->synopsis[0] ? " " : "",
            command->synopsis, command->summary);
    if (command->help[0] != '\0')
        fprintf(file, "\n%s", command->help);
    fputc('\n', file);
    for (enum option_row row = OPTION_DEV; row < OPTION_ROWS; row++)
        if (command->takes & OPTION_BIT(row))
            print_option(file, command, row);
}

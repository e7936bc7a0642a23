/* SPDX-License-Identifier: MIT */
/* The table of commands. */
#ifndef ARPQ_TOOL_COMMANDS_H
#define ARPQ_TOOL_COMMANDS_H

#include <stdio.h>

#include "command.h"

/* Returns NULL if there is no command of this name. */
const struct command *commands_find(const char *name);
const struct command *commands_default(void); /* returns the command lookup */

/* Returns the name of the command that the user probably meant by text, or NULL if none is
 * similar. */
const char *commands_nearest(const char *text);

/* Checks the first argument of a command line that names no command: it may be a mistyped one. If
 * it is similar to a command, it is not looked up as a host name, because that could take long.
 * next is the following argument, or NULL. */
enum status commands_check_word(const char *text, const char *next);

/* Report an option that the command does not accept. Both return USAGE. argument is the whole
 * argument that the option stands in. */
enum status commands_unknown_option(const struct command *command, const char *name,
                                    const char *argument);
enum status commands_refuse_option(const struct command *command, enum option_row row,
                                   const char *name);

void commands_print_summaries(FILE *file); /* one line for each command */

#endif

/* SPDX-License-Identifier: MIT */
/* The names of the options. */
#ifndef ARPQ_TOOL_OPTION_TABLE_H
#define ARPQ_TOOL_OPTION_TABLE_H

#include "command.h"

/* The form of an option on the command line and in the help. */
struct option_entry {
    const char *name;     /* for example "dev" */
    const char *argument; /* for example "NAME"; NULL if the option takes no argument */
    const char *help;
    char letter; /* for example 'i'; 0 if there is none */
};

const struct option_entry *option_table_entry(enum option_row row);

/* Returns true if the command takes the option, or if command is NULL. */
bool option_table_accepts(const struct command *command, enum option_row row);

/* Both functions return OPTION_ROWS if there is no such option. Several options may share a letter;
 * the command takes only one of them. */
enum option_row option_table_find_letter(const struct command *command, char letter);

/* name may also be the beginning of a name, if only one option of the command begins with it. */
enum option_row option_table_find_name(const struct command *command, const char *name,
                                       size_t length);

#endif

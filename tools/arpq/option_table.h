/* SPDX-License-Identifier: MIT */
/* The names of the options. */
#ifndef ARPQ_TOOL_OPTION_TABLE_H
#define ARPQ_TOOL_OPTION_TABLE_H

#include "command.h"

/* The form of an option on the command line and in the help. */
struct option_entry {
    const char *name;     /* "dev" */
    const char *argument; /* "NAME"; NULL: it takes none */
    const char *help;
    char letter; /* 'i'; 0: none */
};

const struct option_entry *option_table_entry(enum option_row row);

/* True if the command takes the option; for no command (NULL) always. */
bool option_table_accepts(const struct command *command, enum option_row row);

/* Both return OPTION_ROWS if there is no such option. A letter may be that of several options,
 * of which the command takes one. */
enum option_row option_table_find_letter(const struct command *command, char letter);

/* name may be the beginning of the name of a single option that the command takes. */
enum option_row option_table_find_name(const struct command *command, const char *name,
                                       size_t length);

#endif

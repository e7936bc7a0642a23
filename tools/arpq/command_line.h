/* SPDX-License-Identifier: MIT */
/* Parses the command line: the command, its options and its arguments. */
#ifndef ARPQ_TOOL_COMMAND_LINE_H
#define ARPQ_TOOL_COMMAND_LINE_H

#include "tool.h"

/* Fills t from the command line. Stores *count arguments in *args, which the caller frees. Returns
 * FOUND, or another status after reporting an error. --help and --version end the parsing. */
enum status command_line_parse(struct tool *t, int argc, char **argv, int *count, char ***args);

#endif

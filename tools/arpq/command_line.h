/* SPDX-License-Identifier: MIT */
/* Parses the command line: the command, its options and its arguments. */
#ifndef ARPQ_TOOL_COMMAND_LINE_H
#define ARPQ_TOOL_COMMAND_LINE_H

#include "tool.h"

/* Fills t from the command line. Returns FOUND and in *args the *count arguments, to be
 * freed; or USAGE after reporting an error. --help and --version end the parsing. */
enum status command_line_parse(struct tool *t, int argc, char **argv, int *count, char ***args);

#endif

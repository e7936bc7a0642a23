/* SPDX-License-Identifier: MIT */
/* Help texts. */
#ifndef ARPQ_TOOL_HELP_H
#define ARPQ_TOOL_HELP_H

#include <stdio.h>

#include "command.h"

void help_print_overview(FILE *file);
void help_print_command(FILE *file, const struct command *command);

#endif

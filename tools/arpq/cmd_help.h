/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_HELP_H
#define ARPQ_TOOL_CMD_HELP_H

#include "command.h"

extern const struct command cmd_help;

#endif

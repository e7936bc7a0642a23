/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_SHOW_H
#define ARPQ_TOOL_CMD_SHOW_H

#include "command.h"

extern const struct command cmd_show;

#endif

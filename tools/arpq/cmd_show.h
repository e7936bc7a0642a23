/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_SHOW_H
#define ARPQ_TOOL_CMD_SHOW_H

#include "tool.h"

command_function cmd_show;

#endif

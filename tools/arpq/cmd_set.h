/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_SET_H
#define ARPQ_TOOL_CMD_SET_H

#include "tool.h"

command_function cmd_set;

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_GET_H
#define ARPQ_TOOL_CMD_GET_H

#include "tool.h"

command_function cmd_get;

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_IF_H
#define ARPQ_TOOL_CMD_IF_H

#include "tool.h"

command_function cmd_if;

#endif

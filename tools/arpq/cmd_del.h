/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_DEL_H
#define ARPQ_TOOL_CMD_DEL_H

#include "tool.h"

command_function cmd_del;

#endif

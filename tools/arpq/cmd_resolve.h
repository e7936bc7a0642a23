/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_RESOLVE_H
#define ARPQ_TOOL_CMD_RESOLVE_H

#include "tool.h"

command_function cmd_resolve;

#endif

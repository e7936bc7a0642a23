/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_LOOKUP_H
#define ARPQ_TOOL_CMD_LOOKUP_H

#include "tool.h"

command_function cmd_lookup;

#endif

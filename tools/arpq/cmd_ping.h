/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_PING_H
#define ARPQ_TOOL_CMD_PING_H

#include "tool.h"

command_function cmd_ping;

#endif

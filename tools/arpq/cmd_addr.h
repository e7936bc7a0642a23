/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_ADDR_H
#define ARPQ_TOOL_CMD_ADDR_H

#include "tool.h"

command_function cmd_addr;

#endif

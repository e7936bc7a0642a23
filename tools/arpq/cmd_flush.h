/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_FLUSH_H
#define ARPQ_TOOL_CMD_FLUSH_H

#include "tool.h"

command_function cmd_flush;

#endif

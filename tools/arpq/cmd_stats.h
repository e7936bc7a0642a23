/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_STATS_H
#define ARPQ_TOOL_CMD_STATS_H

#include "tool.h"

command_function cmd_stats;

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_STATS_H
#define ARPQ_TOOL_CMD_STATS_H

#include "command.h"

extern const struct command cmd_stats;

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_WATCH_H
#define ARPQ_TOOL_CMD_WATCH_H

#include "tool.h"

command_function cmd_watch;

#endif

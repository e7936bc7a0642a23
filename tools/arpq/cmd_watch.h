/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_WATCH_H
#define ARPQ_TOOL_CMD_WATCH_H

#include "command.h"

extern const struct command cmd_watch;

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_PING_H
#define ARPQ_TOOL_CMD_PING_H

#include "command.h"

extern const struct command cmd_ping;

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_GET_H
#define ARPQ_TOOL_CMD_GET_H

#include "command.h"

extern const struct command cmd_get;

#endif

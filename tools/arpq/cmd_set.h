/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_SET_H
#define ARPQ_TOOL_CMD_SET_H

#include "command.h"

extern const struct command cmd_set;

#endif

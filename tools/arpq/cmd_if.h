/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_IF_H
#define ARPQ_TOOL_CMD_IF_H

#include "command.h"

extern const struct command cmd_if;

#endif

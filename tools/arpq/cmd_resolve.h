/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_RESOLVE_H
#define ARPQ_TOOL_CMD_RESOLVE_H

#include "command.h"

extern const struct command cmd_resolve;

#endif

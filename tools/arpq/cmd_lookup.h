/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_LOOKUP_H
#define ARPQ_TOOL_CMD_LOOKUP_H

#include "command.h"

extern const struct command cmd_lookup;

#endif

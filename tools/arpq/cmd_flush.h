/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_FLUSH_H
#define ARPQ_TOOL_CMD_FLUSH_H

#include "command.h"

extern const struct command cmd_flush;

#endif

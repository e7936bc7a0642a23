/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_DEL_H
#define ARPQ_TOOL_CMD_DEL_H

#include "command.h"

extern const struct command cmd_del;

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_ADDR_H
#define ARPQ_TOOL_CMD_ADDR_H

#include "command.h"

extern const struct command cmd_addr;

#endif

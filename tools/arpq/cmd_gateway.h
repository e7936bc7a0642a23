/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_GATEWAY_H
#define ARPQ_TOOL_CMD_GATEWAY_H

#include "command.h"

extern const struct command cmd_gateway;

#endif

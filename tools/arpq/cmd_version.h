/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_VERSION_H
#define ARPQ_TOOL_CMD_VERSION_H

#include "command.h"

extern const struct command cmd_version;

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_SNIFF_H
#define ARPQ_TOOL_CMD_SNIFF_H

#include "command.h"

extern const struct command cmd_sniff;

#endif

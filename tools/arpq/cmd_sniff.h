/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_SNIFF_H
#define ARPQ_TOOL_CMD_SNIFF_H

#include "tool.h"

command_function cmd_sniff;

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_SWEEP_H
#define ARPQ_TOOL_CMD_SWEEP_H

#include "tool.h"

command_function cmd_sweep;

#endif

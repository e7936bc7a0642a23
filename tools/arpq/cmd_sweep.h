/* SPDX-License-Identifier: MIT */
#ifndef ARPQ_TOOL_CMD_SWEEP_H
#define ARPQ_TOOL_CMD_SWEEP_H

#include "command.h"

extern const struct command cmd_sweep;

#endif

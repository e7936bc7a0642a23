/* SPDX-License-Identifier: MIT */
/* Prints captured ARP and NDP frames, one line for each frame. */
#ifndef ARPQ_TOOL_FRAME_H
#define ARPQ_TOOL_FRAME_H

#include "tool.h"

void frame_print(const struct tool *t, const struct arpq_sniffed *frame);

#endif

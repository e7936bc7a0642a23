/* SPDX-License-Identifier: MIT */
/* Prints events of "arpq watch", one line for each event. */
#ifndef ARPQ_TOOL_EVENT_H
#define ARPQ_TOOL_EVENT_H

#include "tool.h"

void event_print(const struct tool *t, const struct arpq_event *event);

#endif

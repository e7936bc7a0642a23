/* SPDX-License-Identifier: MIT */
/* Prints a gateway as text and as JSON, with the words of ip-route(8). */
#ifndef ARPQ_TOOL_GATEWAY_H
#define ARPQ_TOOL_GATEWAY_H

#include "tool.h"

void gateway_print(const struct tool *t, const struct arpq_gateway *gateway);
void gateway_json(const struct tool *t, const struct arpq_gateway *gateway);

#endif

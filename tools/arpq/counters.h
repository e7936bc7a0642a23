/* SPDX-License-Identifier: MIT */
/* Statistics of an interface, as in ip -s -s. */
#ifndef ARPQ_TOOL_COUNTERS_H
#define ARPQ_TOOL_COUNTERS_H

#include "tool.h"

struct json_object;

void counters_print(const struct arpq_interface_stats *stats); /* omits error counters that are 0 */
void counters_json(struct json_object *object, const struct arpq_interface_stats *stats);

#endif

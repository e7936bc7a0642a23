/* SPDX-License-Identifier: MIT */
/* Prints the hosts that a sweep has found. */
#ifndef ARPQ_TOOL_SWEEP_LIST_H
#define ARPQ_TOOL_SWEEP_LIST_H

#include "devices.h"
#include "tool.h"

/* Prints a host as a line of JSON. Waits for its name until names_deadline. */
void sweep_list_print_json(const struct tool *t, const struct arpq_found *found,
                           int64_t names_deadline);

/* Sorts the list and prints it, as a table or as JSON. */
void sweep_list_print(const struct tool *t, struct devices *devices, struct arpq_found *list,
                      size_t count);

#endif

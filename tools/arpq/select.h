/* SPDX-License-Identifier: MIT */
/* Selects neighbour entries by arguments. */
#ifndef ARPQ_TOOL_SELECT_H
#define ARPQ_TOOL_SELECT_H

#include "tool.h"

/* Adds the arguments to the filter: interfaces, prefixes or states. Checks the whole filter.
 * Reports its errors. */
enum status select_entries(struct tool *t, int count, char **args);

#endif

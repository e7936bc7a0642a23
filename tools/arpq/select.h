/* SPDX-License-Identifier: MIT */
/* The selection of neighbour entries by arguments. */
#ifndef ARPQ_TOOL_SELECT_H
#define ARPQ_TOOL_SELECT_H

#include "tool.h"

/* Adds the arguments, each an interface or a prefix, to the filter. Checks the whole filter.
 * Reports its errors. */
enum status select_entries(struct tool *t, int count, char **args);

#endif

/* SPDX-License-Identifier: MIT */
/* The messages of a sweep that cannot start. */
#ifndef ARPQ_TOOL_SWEEP_ERROR_H
#define ARPQ_TOOL_SWEEP_ERROR_H

#include "tool.h"
#include "values.h"

/* Reports that the sweep of a prefix failed with this error of arpq_sweep_open. Returns the exit
 * status. */
enum status sweep_error_report(const struct tool *t, const struct prefix *prefix, int code);

#endif

/* SPDX-License-Identifier: MIT */
/* Standard output. */
#ifndef ARPQ_TOOL_OUTPUT_H
#define ARPQ_TOOL_OUTPUT_H

#include "tool.h"

/* Gives stdout a large buffer, for a list that the tool prints all at once. */
void output_buffer(void);

/* Prints how many entries or addresses a command has removed. */
void output_removed(const struct tool *t, uint32_t removed, const char *one, const char *many);

/* Flushes stdout. Returns status, or ERROR after reporting that the output was not written. If
 * stdout has no reader, ends the process by SIGPIPE. */
enum status output_finish(enum status status);

#endif

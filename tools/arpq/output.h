/* SPDX-License-Identifier: MIT */
/* The end of the output. */
#ifndef ARPQ_TOOL_OUTPUT_H
#define ARPQ_TOOL_OUTPUT_H

#include "tool.h"

/* Flushes stdout. Returns status, or ERROR after reporting that the output was not written. */
enum status output_finish(enum status status);

#endif

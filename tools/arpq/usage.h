/* SPDX-License-Identifier: MIT */
/* Help texts and usage errors. */
#ifndef ARPQ_TOOL_USAGE_H
#define ARPQ_TOOL_USAGE_H

#include "tool.h"

extern const char usage_synopsis[], usage_options[];

/* Prints the message, unless it is NULL, and a hint at --help. Returns USAGE. */
enum status usage_error(const char *message);

#endif

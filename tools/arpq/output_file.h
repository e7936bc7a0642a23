/* SPDX-License-Identifier: MIT */
/* Replaces a file, so that a reader finds the old content or the new one, but no part of it. */
#ifndef ARPQ_TOOL_OUTPUT_FILE_H
#define ARPQ_TOOL_OUTPUT_FILE_H

#include "tool.h"

/* The file gets the mode 0644. Reports an error. */
enum status output_file_write(const char *path, const char *text, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/* Makes text from outside safe to print. */
#ifndef ARPQ_TOOL_ESCAPE_H
#define ARPQ_TOOL_ESCAPE_H

#include <stdbool.h>

/* Returns a copy, to be freed, in which each backslash and each byte that is not printable
 * ASCII is \xNN. With keep_utf8 (for JSON, which escapes control characters itself) only
 * backslashes and bytes that are not valid UTF-8 are. */
char *escape_text(const char *text, bool keep_utf8);
void escape_print(const char *text); /* to stdout */

#endif

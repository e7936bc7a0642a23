/* SPDX-License-Identifier: MIT */
/* Makes text from outside safe to print. */
#ifndef ARPQ_TOOL_ESCAPE_H
#define ARPQ_TOOL_ESCAPE_H

#include <stddef.h>

/* Returns a copy, to be freed, in which each backslash and each byte that is not printable
 * ASCII is \xNN. */
char *escape_text(const char *text);
void escape_print(const char *text); /* to stdout */

/* Writes such a copy without allocating, and NUL; returns the end of the text. */
#define ESCAPE_SIZE(length) (4 * (length) + 1)
char *escape_write(char *out, const char *text);

/* Writes text as a JSON string with its quotes; returns the end of the text. A byte that is not
 * valid UTF-8, which JSON cannot express, becomes \\xNN. */
#define ESCAPE_JSON_SIZE(length) (6 * (length) + 2)
char *escape_json(char *out, const char *text);

#endif

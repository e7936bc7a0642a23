/* SPDX-License-Identifier: MIT */
/* Makes text that comes from outside the tool safe to print. */
#ifndef ARPQ_TOOL_ESCAPE_H
#define ARPQ_TOOL_ESCAPE_H

#include <stddef.h>

/* Returns a copy in which \xNN replaces each backslash and each byte that is not printable ASCII.
 * The caller frees the copy. */
char *escape_text(const char *text);
void escape_print(const char *text); /* prints the escaped text to stdout */

/* Writes the escaped text and a NUL to out, without allocating memory. Returns the end of the
 * text. */
#define ESCAPE_SIZE(length) (4 * (length) + 1)
char *escape_write(char *out, const char *text);

/* Writes text as the value of a label of a metric, without its quotes, and a NUL. A byte that is not
 * valid UTF-8 becomes \\xNN. */
#define ESCAPE_LABEL_SIZE(length) (5 * (length) + 1)
void escape_label(char *out, const char *text);

/* Writes text as a JSON string with its quotes. Returns the end of the string. JSON cannot express
 * a byte that is not valid UTF-8, so \\xNN replaces it. */
#define ESCAPE_JSON_SIZE(length) (6 * (length) + 2)
char *escape_json(char *out, const char *text);

#endif

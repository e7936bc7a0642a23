/* SPDX-License-Identifier: MIT */
#include "escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* Returns the length of the UTF-8 sequence at s; 0 if it is invalid (RFC 3629 excludes
 * surrogates, over-long forms and code points above U+10FFFF). */
static size_t utf8_length(const unsigned char *s)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

    if (s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

static size_t plain_length(const unsigned char *s, bool keep_utf8)
{
    if (*s == '\\')
        return 0;
    if (keep_utf8)
        return utf8_length(s);
    return *s >= 0x20 && *s < 0x7f;
}

char *escape_text(const char *text, bool keep_utf8)
{
    const unsigned char *in = (const unsigned char *)text;
    char *copy = malloc(4 * strlen(text) + 1), *out = copy;

    if (!copy)
        memory_exhausted();
    while (*in != '\0') {
        size_t length = plain_length(in, keep_utf8);

        if (length == 0) {
            out += sprintf(out, "\\x%02x", *in++);
        } else {
            memcpy(out, in, length);
            out += length;
            in += length;
        }
    }
    *out = '\0';
    return copy;
}

void escape_print(const char *text)
{
    char *safe = escape_text(text, false);

    fputs(safe, stdout);
    free(safe);
}

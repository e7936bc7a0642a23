/* SPDX-License-Identifier: MIT */
#include "escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

static const char digits[] = "0123456789abcdef";

char *escape_write(char *out, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c >= 0x20 && c < 0x7f && c != '\\') {
            *out++ = *text;
            continue;
        }
        *out++ = '\\';
        *out++ = 'x';
        *out++ = digits[c >> 4];
        *out++ = digits[c & 15];
    }
    *out = '\0';
    return out;
}

char *escape_text(const char *text)
{
    char *copy = memory_check(malloc(ESCAPE_SIZE(strlen(text))));

    escape_write(copy, text);
    return copy;
}

void escape_print(const char *text)
{
    char *safe = escape_text(text);

    fputs(safe, stdout);
    free(safe);
}

/* Returns the length of the UTF-8 sequence at s, or 0 if the sequence is invalid. RFC 3629 excludes
 * surrogates, over-long forms and code points above U+10FFFF. */
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

/* Writes a character that must be escaped (RFC 8259 section 7). */
static char *escape_json_character(char *out, unsigned char c)
{
    *out++ = '\\';
    if (c == '"' || c == '\\') {
        *out++ = (char)c;
        return out;
    }
    for (const char *prefix = c >= 0x80 ? "\\x" : "u00"; *prefix != '\0'; prefix++)
        *out++ = *prefix;
    *out++ = digits[c >> 4];
    *out++ = digits[c & 15];
    return out;
}

char *escape_json(char *out, const char *text)
{
    const unsigned char *in = (const unsigned char *)text;

    *out++ = '"';
    while (*in != '\0') {
        const size_t length = *in < 0x80 ? 1 : utf8_length(in);

        if (length == 0 || *in < 0x20 || *in == '"' || *in == '\\') {
            out = escape_json_character(out, *in++);
            continue;
        }
        for (size_t i = 0; i < length; i++)
            *out++ = (char)*in++;
    }
    *out++ = '"';
    return out;
}

void escape_label(char *out, const char *text)
{
    const unsigned char *in = (const unsigned char *)text;

    while (*in != '\0') {
        const size_t length = utf8_length(in);

        if (length == 0) {
            out += sprintf(out, "\\\\x%02x", *in++);
        } else if (*in == '"' || *in == '\\' || *in == '\n') {
            *out++ = '\\';
            *out++ = *in == '\n' ? 'n' : (char)*in;
            in++;
        } else {
            memcpy(out, in, length);
            out += length;
            in += length;
        }
    }
    *out = '\0';
}

/* SPDX-License-Identifier: MIT */
#include "message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "escape.h"

static bool is_quiet;

void message_quiet(bool quiet)
{
    is_quiet = quiet;
}

/* Escapes the text, because names of hosts and interfaces may contain any byte. */
static void print_text(const char *text)
{
    char *safe = escape_text(text);

    fprintf(stderr, "arpq-mqtt: %s\n", safe);
    free(safe);
}

void message_print(const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 with several files */
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    print_text(text);
}

void message_note(const char *format, ...)
{
    char text[1024];
    va_list arguments;

    if (is_quiet)
        return;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 with several files */
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    print_text(text);
}

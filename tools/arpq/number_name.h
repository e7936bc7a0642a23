/* SPDX-License-Identifier: MIT */
/* Tables that name numbers. */
#ifndef ARPQ_TOOL_NUMBER_NAME_H
#define ARPQ_TOOL_NUMBER_NAME_H

#include <stdint.h>

#define NUMBER_STRLEN 32 /* holds every name of the library, too */

/* A table ends with {0, NULL}. */
struct number_name {
    uint32_t number;
    const char *name;
};
#define NO_NAMES (&(const struct number_name){0, NULL})

/* Returns the name of number. If it has no name, writes the decimal number to digits and returns
 * digits. */
const char *number_name_text(const struct number_name *names, uint32_t number,
                             char digits[NUMBER_STRLEN]);

/* Writes the name that the library has for a value of a set (ARPQ_NAMES_*), in lower case and with
 * separator in place of '_'. If it has no name, writes the decimal number. Returns text. */
const char *number_name_lower(uint32_t set, uint32_t value, char separator,
                              char text[NUMBER_STRLEN]);

#endif

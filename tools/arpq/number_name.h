/* SPDX-License-Identifier: MIT */
/* Tables that name numbers. */
#ifndef ARPQ_TOOL_NUMBER_NAME_H
#define ARPQ_TOOL_NUMBER_NAME_H

#include <stdint.h>

#define NUMBER_STRLEN 16

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

#endif

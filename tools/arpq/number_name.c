/* SPDX-License-Identifier: MIT */
#include "number_name.h"

#include <ctype.h>
#include <stdio.h>

#include "arpq.h"

const char *number_name_text(const struct number_name *names, uint32_t number,
                             char digits[NUMBER_STRLEN])
{
    for (; names->name; names++)
        if (names->number == number)
            return names->name;
    snprintf(digits, NUMBER_STRLEN, "%u", number);
    return digits;
}

const char *number_name_lower(uint32_t set, uint32_t value, char separator,
                              char text[NUMBER_STRLEN])
{
    size_t length = 0;

    for (const char *s = arpq_name(set, value); *s != '\0' && length < NUMBER_STRLEN - 1; s++)
        text[length++] = *s == '_' ? separator : (char)tolower((unsigned char)*s);
    text[length] = '\0';
    if (length == 0)
        snprintf(text, NUMBER_STRLEN, "%u", value);
    return text;
}

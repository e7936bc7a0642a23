/* SPDX-License-Identifier: MIT */
#include "number_name.h"

#include <stdio.h>

const char *number_name_text(const struct number_name *names, uint32_t number,
                             char digits[NUMBER_STRLEN])
{
    for (; names->name; names++)
        if (names->number == number)
            return names->name;
    snprintf(digits, NUMBER_STRLEN, "%u", number);
    return digits;
}

/* SPDX-License-Identifier: MIT */
#include "error_name.h"

#include "arpq.h"

const char *error_name(int code)
{
    const char *name = arpq_name(ARPQ_NAMES_ERROR, (uint32_t)code);

    return name[0] != '\0' ? name : "EOTHER";
}

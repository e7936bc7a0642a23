/* SPDX-License-Identifier: MIT */
#include "arpq.h"

#define TEXT_OF(number) #number
#define DOTTED(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *arpq_version(void)
{
    return DOTTED(ARPQ_VERSION_MAJOR, ARPQ_VERSION_MINOR, ARPQ_VERSION_PATCH);
}

/* SPDX-License-Identifier: MIT */
#include "arpq.h"

#define TEXT_OF(number) #number
#define DOTTED(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *arpq_version(void)
{
    return DOTTED(ARPQ_VERSION_MAJOR, ARPQ_VERSION_MINOR, ARPQ_VERSION_PATCH);
}

_Static_assert(ARPQ_ABI == ARPQ_VERSION_MAJOR, "the SONAME ends with the major version");

uint32_t arpq_version_number(void)
{
    return ARPQ_VERSION_NUMBER;
}

uint32_t arpq_abi(void)
{
    return ARPQ_ABI;
}

/* SPDX-License-Identifier: MIT */
#include "handle/options.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

/* A caller's garbage is larger. */
#define SIZE_MOST 4096u

int aq_options_read(const void *from, size_t least, size_t known, void *to, size_t size)
{
    const unsigned char *bytes = from;
    uint32_t given;

    memset(to, 0, size);
    memcpy(&given, from, sizeof given);
    if (given < least || given > SIZE_MOST)
        return -EINVAL;
    for (size_t i = known; i < given; i++)
        if (bytes[i] != 0)
            return -EINVAL;
    memcpy(to, from, given < size ? given : size);
    return 0;
}

/* SPDX-License-Identifier: MIT */
#include "handle/options.h"

#include <errno.h>
#include <string.h>

#include "value/bytes.h"

/* Larger sizes are rejected. An uninitialised size member is usually larger than this. */
#define SIZE_MOST 4096u

struct head {
    uint32_t size, flags;
};

int aq_options_read(const void *from, size_t least, size_t known, uint32_t flags, void *to,
                    size_t size)
{
    const unsigned char *bytes = from;
    struct head head;

    memset(to, 0, size);
    if (!from)
        return 0;
    memcpy(&head.size, from, sizeof head.size);
    if (head.size < least || head.size > SIZE_MOST)
        return -EINVAL;
    memcpy(&head, from, sizeof head);
    if (head.flags & ~flags)
        return -EINVAL;
    if (head.size > known && !aq_bytes_are_zero(bytes + known, head.size - known))
        return -EINVAL;
    memcpy(to, from, head.size < size ? head.size : size);
    return 0;
}

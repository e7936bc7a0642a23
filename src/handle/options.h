/* SPDX-License-Identifier: MIT */
/* Option structs from callers of any release. Each begins with its size and its flags. */
#ifndef AQ_OPTIONS_H
#define AQ_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

/* Copy the members that this release knows from `from` (NULL: all zeros) to `to`, of `size`
 * bytes. Members that the caller's struct lacks become 0. -EINVAL for a size below `least` or
 * above 4096, a flag that is not in `flags`, and bytes other than 0 after the first `known`,
 * which ask for something of a later release. */
int aq_options_read(const void *from, size_t least, size_t known, uint32_t flags, void *to,
                    size_t size);

#endif

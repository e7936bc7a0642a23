/* SPDX-License-Identifier: MIT */
/* Reads option structs from callers of any release. Each struct begins with its size and its
 * flags. */
#ifndef AQ_OPTIONS_H
#define AQ_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

/* Copy the members that this release knows from `from` (NULL: all zeros) to `to`, of `size` bytes.
 * Members that the caller's struct lacks become 0. Returns -EINVAL if the size is below `least` or
 * above 4096, if a flag is not in `flags`, or if a byte after the first `known` bytes is not 0,
 * because such a byte requests a feature of a later release. */
int aq_options_read(const void *from, size_t least, size_t known, uint32_t flags, void *to,
                    size_t size);

#endif

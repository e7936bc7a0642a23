/* SPDX-License-Identifier: MIT */
/* Growing arrays. */
#ifndef AQ_VALUE_ARRAY_H
#define AQ_VALUE_ARRAY_H

#include <stddef.h>

/* Makes room for `more` elements of `size` bytes after the first count. Returns the array, which
 * may have moved, and sets *capacity. Returns NULL and leaves the array unchanged if memory is
 * exhausted. */
void *aq_array_grow(void *array, size_t *capacity, size_t count, size_t more, size_t size);

#endif

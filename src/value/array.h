/* SPDX-License-Identifier: MIT */
/* Arrays that grow. */
#ifndef AQ_VALUE_ARRAY_H
#define AQ_VALUE_ARRAY_H

#include <stddef.h>

/* Room for `more` elements of `size` bytes behind `count` ones: the array, perhaps moved,
 * *room counting what it holds; NULL when there is no memory, the old one as it was. */
void *aq_array_grow(void *array, size_t *room, size_t count, size_t more, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
#include "value/array.h"

#include <stdint.h>
#include <stdlib.h>

#define FIRST_CAPACITY 8u

void *aq_array_grow(void *array, size_t *capacity, size_t count, size_t more, size_t size)
{
    size_t wanted = *capacity ? *capacity : FIRST_CAPACITY;
    void *larger;

    if (array && *capacity - count >= more)
        return array;
    while (wanted - count < more && wanted < SIZE_MAX / 2 / size)
        wanted *= 2;
    larger = wanted - count < more ? NULL : realloc(array, wanted * size);
    if (larger)
        *capacity = wanted;
    return larger;
}

/* SPDX-License-Identifier: MIT */
/* Bytes at any address: numbers in network byte order, and reserved members. */
#ifndef AQ_VALUE_BYTES_H
#define AQ_VALUE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t aq_get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t aq_get32(const uint8_t *at)
{
    return (uint32_t)aq_get16(at) << 16 | aq_get16(at + 2);
}

/* Returns the position after the value. */
static inline uint8_t *aq_put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

static inline bool aq_bytes_are_zero(const void *at, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)at;

    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

#endif
